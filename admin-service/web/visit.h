#ifndef CERTIFIER_ADMIN_SERVICE_WEB_VISIT_H
#define CERTIFIER_ADMIN_SERVICE_WEB_VISIT_H

#include <string>
#include <string_view>
#include <vector>

#include "certifier/v1/operator.pb.h"
#include "result/result.h"
#include "service/operator_credentials.h"
#include "web/engine.h"
#include "web/http_message.h"
#include "web/templates.h"

namespace web {

// Visit is one request of an operator who is logged in. A POST has proven that it comes from a form of ours.
struct Visit {
  const Request& request;
  std::vector<std::string> arguments;  // What the path has where the route has {}.
  Engine& engine;
  const service::OperatorCredentials& credentials;
  certifier::v1::Operator who;
  std::string csrf;

  // Call is Engine::Call as this operator.
  template <class Stub, class Ask, class Answer>
  result::Result<Answer> Call(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Ask&, Answer*), const Ask& ask) {
    return engine.Call(credentials, rpc, ask);
  }
};

// Page answers a visit; an error becomes a page that says so.
using Page = result::Result<Response> (*)(Visit& visit);

// Heading is what stands above a page.
struct Heading {
  std::string title;
  std::string section;  // Of the navigation: "requests"; empty: none.
};

// ShowPage is the template `name` filled with `model` within the layout. `model` gets "csrf" too, for forms.
Response ShowPage(const Visit& visit, const std::string& name, Model model, const Heading& heading);
// ShowStrangersPage is the same for who is not logged in.
Response ShowStrangersPage(const std::string& name, const Model& model, const std::string& title);

// Redirect sends the browser on by GET, after a form too. `to` is a path of ours, safe in a header.
Response Redirect(const std::string& to);

// PathSegment escapes text for one segment of a path, or a value of a query.
std::string PathSegment(std::string_view text);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_VISIT_H
