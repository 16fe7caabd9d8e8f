#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_LIVE_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_LIVE_H

#include <google/protobuf/message.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "web/visit.h"

namespace web {

// DigestOf is 32 hexadecimal digits: a page has them of what it shows, and its stream says those of what is so by now.
std::string DigestOf(const google::protobuf::Message& message);

// Event is one of a stream, which says a digest.
std::string Event(const std::string& digest);

// LiveModel is what _live.mustache needs to keep `page` current by the stream `events`; both are paths of ours.
Model LiveModel(const std::string& page, const std::string& events, const google::protobuf::Message& shown);

// StreamOf asks the engine the same again and again, as the operator of the visit, and says each answer's digest that
// is another than the one before. It ends as soon as the engine gives him no answer any more; while there is no engine,
// it goes on. `counted` leaves of an answer what counts, where not all of it does.
template <class Stub, class Ask, class Answer>
result::Result<Response> StreamOf(
    Visit& visit, grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Ask&, Answer*), const Ask& ask,
    Answer (*counted)(Answer) = [](Answer whole) { return whole; }) {
  ASSIGN_OR_RETURN(auto first, visit.Call(rpc, ask));
  std::string shown = DigestOf(counted(std::move(first)));
  Response response{.content_type = "text/event-stream", .body = "retry: 2000\n" + Event(shown)};
  const auto credentials = std::make_shared<const service::OperatorCredentials>(visit.credentials.Copy());
  response.next = [&engine = visit.engine, credentials, rpc, ask, counted,
                   said = std::move(shown)]() mutable -> std::optional<std::string> {
    auto answer = engine.Call(*credentials, rpc, ask);
    if (!answer && answer.error().reason != result::Reason::kUnavailable) return std::nullopt;
    const std::string digest = answer ? DigestOf(counted(*std::move(answer))) : said;
    if (digest == said) return ":\n\n";
    return Event(said = digest);
  };
  return response;
}

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_LIVE_H
