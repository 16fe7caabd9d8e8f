#include "web/site.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "service/log.h"
#include "web/session.h"
#include "web/shown_certificate.h"
#include "web/static_files.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using result::Reason;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kStreamSuffix = "/events";
constexpr char kContentSecurityPolicy[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

struct Fault {
  int status;
  const char* title;
};

// HTTP's word for why a page could not be shown, or a form not be carried out.
Fault FaultOf(Reason reason) {
  switch (reason) {
    case Reason::kMalformed:
    case Reason::kBadAlgorithm:
    case Reason::kBadMessageCheck:
    case Reason::kBadTime:
      return {400, "That cannot be"};
    case Reason::kUnauthorized:
      return {403, "You may not do this"};
    case Reason::kUnknownCertificate:
    case Reason::kNotFound:
      return {404, "There is no such thing"};
    case Reason::kPolicyRefused:
      return {403, "Refused"};
    case Reason::kConflict:
      return {409, "It is no longer as you saw it"};
    case Reason::kUnavailable:
      return {503, "Not now"};
    case Reason::kInternal:
      return {500, "Something is wrong on our side"};
  }
  return {500, "Something is wrong on our side"};
}

Response ErrorPage(const Visit* visit, const Fault& fault, const std::string& detail) {
  const Model model = {{"title", fault.title}, {"detail", detail}};
  Response response = visit == nullptr ? ShowStrangersPage("error", model, fault.title)
                                       : ShowPage(*visit, "error", model, {fault.title, ""});
  response.status = fault.status;
  return response;
}

// A browser says where a request comes from; who is none must know the form's token all the same.
bool ComesFromElsewhere(const Request& request) {
  if (!request.fetch_site.empty() && request.fetch_site != "same-origin") return true;
  return !request.origin.empty() && request.origin != "https://" + request.host;
}

// Where to go after the login: a path of ours, or home.
std::string SafePath(const std::string& path) {
  const bool is_plain = std::ranges::all_of(path, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '-' ||
           c == '_' || c == '.';
  });
  return is_plain && path.starts_with("/") && !path.starts_with("//") && path != "/login" ? path : "/";
}

std::vector<std::string> Segments(const std::string& path) {
  std::vector<std::string> segments;
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    segments.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return segments;
}

// The arguments of a path that the pattern takes.
std::optional<std::vector<std::string>> Match(const std::string& pattern, const std::string& path) {
  const auto wanted = Segments(pattern), given = Segments(path);
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "{}") {
      arguments.push_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return arguments;
}

void AddSecurityFields(Response& response) {
  response.fields.insert(response.fields.end(), {{"Content-Security-Policy", kContentSecurityPolicy},
                                                 {"X-Content-Type-Options", "nosniff"},
                                                 {"X-Frame-Options", "DENY"},
                                                 {"Referrer-Policy", "same-origin"},
                                                 {"Cross-Origin-Opener-Policy", "same-origin"},
                                                 {"Cross-Origin-Resource-Policy", "same-origin"}});
  const bool is_kept =
      std::ranges::any_of(response.fields, [](const auto& field) { return field.first == "Cache-Control"; });
  if (!is_kept) response.fields.emplace_back("Cache-Control", "no-store");
}

bool IsStream(const Request& request) {
  return request.path.ends_with(kStreamSuffix);
}

// A stream is followed nowhere: its page looks for itself.
Response ToLogin(const Request& request) {
  if (!IsStream(request)) return Redirect("/login?next=" + PathSegment(SafePath(request.path)));
  return Response{.status = 401, .content_type = "text/plain; charset=utf-8", .body = "not logged in\n"};
}

void LogException(const std::string& path, const std::exception& surprise) {
  service::LogError("web_exception", {{"path", path}, {"detail", std::string_view(surprise.what())}});
}

// What escapes a stream is logged here, once, and ends it.
NextPiece GuardedStream(NextPiece next, const std::string& path) {
  return [next = std::move(next), path]() -> std::optional<std::string> {
    try {
      return next();
    } catch (const std::exception& surprise) {
      LogException(path, surprise);
      return std::nullopt;
    }
  };
}

service::OperatorCredentials From(const Request& request) {
  service::OperatorCredentials credentials;
  credentials.source = request.source;
  credentials.is_watching = request.is_watching || IsStream(request);
  credentials.token = TokenIn(request.cookie, kSessionCookie);
  return credentials;
}

}  // namespace

Response Site::Handle(const Request& request) {
  const auto began = Clock::now();
  std::string login;
  Response response = Guarded(request, login);
  AddSecurityFields(response);
  if (response.next) response.next = GuardedStream(std::move(response.next), request.path);
  const std::chrono::duration<double> took = Clock::now() - began;
  service::LogInfo("web", {{"method", request.method},
                           {"path", request.path},
                           {"status", std::int64_t{response.status}},
                           {"operator", login},
                           {"source", request.source},
                           {"seconds", took.count()}});
  return response;
}

Response Site::Guarded(const Request& request, std::string& login) {
  try {
    return Answer(request, login);
  } catch (const std::exception& surprise) {
    LogException(request.path, surprise);
    return Response{.status = 500, .content_type = "text/plain; charset=utf-8", .body = "internal error\n"};
  }
}

Response Site::Answer(const Request& request, std::string& login) {
  if (request.method != "GET" && request.method != "POST") {
    Response response = ErrorPage(nullptr, {405, "No page takes this"}, "");
    response.fields.emplace_back("Allow", "GET, HEAD, POST");
    return response;
  }
  if (request.path.starts_with(kStaticPrefix)) {
    auto file = ServeStatic(request.path);
    return file ? *std::move(file) : ErrorPage(nullptr, {404, "There is no such file"}, "");
  }
  if (request.method == "POST" && ComesFromElsewhere(request)) {
    return ErrorPage(nullptr, {403, "Refused"}, "This form was sent from another site.");
  }
  if (request.path == "/login/certificate" && request.method == "POST") return LogInByCertificate(request);
  if (request.path == "/login") return request.method == "POST" ? LogIn(request) : ShowLogin(request, 200, "");
  return AnswerOperator(request, login);
}

Response Site::ShowLogin(const Request& request, int status, const std::string& problem) {
  pki::Secret visitor = TokenIn(request.cookie, kVisitorCookie);
  const bool is_new = visitor.empty();
  if (is_new) {
    auto drawn = pki::RandomSecret(kTokenOctets);
    if (!drawn) return ErrorPage(nullptr, FaultOf(Reason::kInternal), "");
    visitor = *std::move(drawn);
  }
  Model model = {{"csrf", CsrfToken(visitor)},
                 {"next", SafePath(request.Parameter("next"))},
                 {"name", request.Parameter("login")},
                 {"problem", problem}};
  if (const auto shown = ShownCertificateOf(request)) {
    model[shown->problem.empty() ? "certificate" : "bad_certificate"] = {
        {"name", shown->name}, {"sha256", pki::HexLower(shown->sha256)}, {"problem", shown->problem}};
  }
  Response response = ShowStrangersPage("login", model, "Log in");
  response.status = status;
  if (is_new) response.fields.emplace_back("Set-Cookie", SetCookie(kVisitorCookie, visitor.Reveal()));
  return response;
}

Response Site::LogIn(const Request& request) {
  if (!IsCsrfToken(TokenIn(request.cookie, kVisitorCookie), request.Parameter("csrf"))) {
    return ShowLogin(request, 403, "The form was too old. Please try again.");
  }
  service::OperatorCredentials source;
  source.source = request.source;
  v1::LogInRequest ask;
  ask.set_login(request.Parameter("login"));
  ask.set_password(request.Parameter("password"));
  const auto answer = engine_.Call(source, &v1::OperatorService::Stub::LogIn, ask);
  if (!answer) {
    const bool is_wrong = answer.error().reason == Reason::kUnauthorized || answer.error().reason == Reason::kMalformed;
    return ShowLogin(request, is_wrong ? 403 : 503,
                     is_wrong ? "The login or the password is wrong." : answer.error().detail);
  }
  return Enter(request, answer->token());
}

Response Site::LogInByCertificate(const Request& request) {
  if (!IsCsrfToken(TokenIn(request.cookie, kVisitorCookie), request.Parameter("csrf"))) {
    return ShowLogin(request, 403, "The form was too old. Please try again.");
  }
  const auto shown = ShownCertificateOf(request);
  if (!shown || !shown->problem.empty()) {
    return ShowLogin(request, 403, "This connection came without a certificate that lets anybody in.");
  }
  service::OperatorCredentials credentials;
  credentials.source = request.source;
  credentials.certificate_sha256 = shown->sha256;
  v1::LogInByCertificateRequest ask;
  ask.set_certificate(request.certificate->der);
  const auto answer = engine_.Call(credentials, &v1::OperatorService::Stub::LogInByCertificate, ask);
  if (answer) return Enter(request, answer->token());
  const bool is_refused = answer.error().reason == Reason::kUnauthorized || answer.error().reason == Reason::kMalformed;
  if (is_refused) return ShowLogin(request, 403, "This certificate lets nobody in.");
  return ShowLogin(request, 503, answer.error().detail);
}

Response Site::Enter(const Request& request, const std::string& token) {
  if (const auto before = From(request); !before.token.empty()) {
    (void)engine_.Call(before, &v1::OperatorService::Stub::LogOut, v1::LogOutRequest());
  }
  Response response = Redirect(SafePath(request.Parameter("next")));
  response.fields.emplace_back("Set-Cookie", SetCookie(kSessionCookie, token));
  response.fields.emplace_back("Set-Cookie", ClearCookie(kVisitorCookie));
  return response;
}

Response Site::LogOut(const Request& request) {
  (void)engine_.Call(From(request), &v1::OperatorService::Stub::LogOut, v1::LogOutRequest());
  Response response = Redirect("/login");
  response.fields.emplace_back("Set-Cookie", ClearCookie(kSessionCookie));
  return response;
}

Response Site::AnswerOperator(const Request& request, std::string& login) {
  const auto credentials = From(request);
  if (credentials.token.empty()) return ToLogin(request);
  const auto answer = engine_.Call(credentials, &v1::OperatorService::Stub::WhoAmI, v1::WhoAmIRequest());
  if (!answer && answer.error().reason == Reason::kUnauthorized) {
    Response response = ToLogin(request);
    // What a page asks by itself may come late, and end the session that has begun in another tab since.
    if (!credentials.is_watching) response.fields.emplace_back("Set-Cookie", ClearCookie(kSessionCookie));
    return response;
  }
  if (!answer) return ErrorPage(nullptr, FaultOf(answer.error().reason), answer.error().detail);
  login = answer->operator_().login();
  Visit visit{request, {}, engine_, credentials, answer->operator_(), CsrfToken(credentials.token)};
  if (request.method == "POST" && !IsCsrfToken(credentials.token, request.Parameter("csrf"))) {
    return ErrorPage(&visit, {403, "Refused"},
                     "The form is not of this session. Go back, load the page again and repeat.");
  }
  if (request.path == "/logout" && request.method == "POST") return LogOut(request);
  return Serve(visit);
}

Response Site::Serve(Visit& visit) {
  for (const Route& route : Routes()) {
    if (route.method != visit.request.method) continue;
    auto arguments = Match(route.pattern, visit.request.path);
    if (!arguments) continue;
    visit.arguments = *std::move(arguments);
    auto response = route.page(visit);
    if (response) return *std::move(response);
    return ErrorPage(&visit, FaultOf(response.error().reason), response.error().detail);
  }
  return ErrorPage(&visit, {404, "There is no such page"}, visit.request.path);
}

}  // namespace web
