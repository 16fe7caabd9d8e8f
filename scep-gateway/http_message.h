#ifndef CERTIFIER_SCEP_GATEWAY_HTTP_MESSAGE_H
#define CERTIFIER_SCEP_GATEWAY_HTTP_MESSAGE_H

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace gateway {

// HttpRequest is one complete request, within the limits.
struct HttpRequest {
  std::string method;
  // Path and query as they stood on the request line, nothing decoded; scheme and authority are cut off.
  std::string target;
  std::string body;
  // Numeric address of the connection's peer, without a port; IPv4 as IPv4 on a dual-stack socket too. Behind a trusted
  // proxy the gateway puts the source in its place (SourceOf), before anything looks at it.
  std::string peer;
  // X-Forwarded-For as it came; anybody can send it.
  std::string forwarded_for;
  // The fields of those names, or empty.
  std::string if_none_match;
  std::string if_modified_since;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain";
  std::string body;
  // The body instead of `body`, where it is large and many get the same: it is sent from there and never copied.
  std::shared_ptr<const std::string> shared_body;
  // Fields that are left out when empty or zero.
  std::string cache_control;
  std::string allow;
  std::string etag;
  std::string last_modified;
  std::chrono::seconds retry_after{0};
};

// Respond answers one request: once, from any thread, at any time; if the connection is gone by then it does nothing.
using Respond = std::function<void(HttpResponse)>;
// HttpHandler takes a request on the event loop's thread, so it must not block.
using HttpHandler = std::function<void(HttpRequest, Respond)>;

// StatusResponse is a short fixed text for a status without content of its own (requirements H-55); 429 and 503 carry
// Retry-After.
HttpResponse StatusResponse(int status);

// Framing is how a response is put on its connection.
struct Framing {
  bool closes = false;      // Connection: close.
  bool omits_body = false;  // The request was HEAD: Content-Length counts the body, which is not sent.
};

// WriteResponse is the whole message in octets, but for a shared body, which belongs behind them unless the framing
// omits it. A 304 has no content, and no length or type of one (RFC 9110 section 15.4.5). `date` is an IMF-fixdate.
// There is no Server field (requirements H-54).
std::string WriteResponse(const HttpResponse& response, Framing framing, std::string_view date);

// HttpDate writes an IMF-fixdate (RFC 9110 section 5.6.7).
std::string HttpDate(std::chrono::system_clock::time_point when);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_HTTP_MESSAGE_H
