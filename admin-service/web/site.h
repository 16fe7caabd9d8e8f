#ifndef CERTIFIER_ADMIN_SERVICE_WEB_SITE_H
#define CERTIFIER_ADMIN_SERVICE_WEB_SITE_H

#include <string>
#include <vector>

#include "web/engine.h"
#include "web/http_message.h"
#include "web/visit.h"

namespace web {

// Route is where a page is: "/requests/{}/approve" takes any one segment for {}.
struct Route {
  std::string method;
  std::string pattern;
  Page page;
};

// Routes are all pages but those of who is not logged in.
const std::vector<Route>& Routes();

// Site answers every request: it lets in who shows the token of a session, has pages answer, and puts the fields on
// each answer that keep other sites and injected markup from doing anything. It keeps nothing between two requests.
// Safe from any thread.
class Site {
 public:
  explicit Site(Engine& engine) : engine_(engine) {}
  Response Handle(const Request& request);

 private:
  // Guarded is Answer; what escapes it is logged here, once, and becomes a 500.
  Response Guarded(const Request& request, std::string& login);
  Response Answer(const Request& request, std::string& login);
  Response AnswerOperator(const Request& request, std::string& login);
  Response ShowLogin(const Request& request, int status, const std::string& problem);
  Response LogIn(const Request& request);
  Response LogInByCertificate(const Request& request);
  // The cookies of a session that has begun; whoever was logged in here before is so no longer.
  Response Enter(const Request& request, const std::string& token);
  Response LogOut(const Request& request);
  Response Serve(Visit& visit);

  Engine& engine_;
};

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_SITE_H
