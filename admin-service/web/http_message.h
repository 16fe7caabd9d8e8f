#ifndef CERTIFIER_ADMIN_SERVICE_WEB_HTTP_MESSAGE_H
#define CERTIFIER_ADMIN_SERVICE_WEB_HTTP_MESSAGE_H

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pki/tls_server.h"

namespace web {

// Request is one complete request, within the limits, as a browser sent it: nothing in it is to be believed but
// `source` and `certificate`.
struct Request {
  std::string method;  // "GET" (HEAD too) or "POST".
  std::string path;    // Percent-decoded, without the query.
  // Of the query and of a form, decoded; of several with one name the first counts.
  std::multimap<std::string, std::string> parameters;
  std::string cookie;  // The Cookie field.
  std::string host, origin, fetch_site;
  // Whether a page of ours asks by itself, as it says: such a request keeps no session from ending.
  bool is_watching = false;
  std::string source;  // Numeric address of the connection's peer.
  // What the browser showed when the connection began, whether it verifies or not.
  std::optional<pki::PeerCertificate> certificate = {};

  // Parameter is the first value of that name, or empty.
  std::string Parameter(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
  }
};

// NextPiece is what a stream says next: nothing where it is empty, and nullopt at its end. It is called once in each
// interval, from one thread, which it may block, and does not throw.
using NextPiece = std::function<std::optional<std::string>()>;

struct Response {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  // Further fields.
  std::vector<std::pair<std::string, std::string>> fields = {};
  // Where it is set the answer is a stream, which begins with `body`.
  NextPiece next = {};
};

// Handler answers a request on a thread of the server, which it may block.
using Handler = std::function<Response(const Request&)>;

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_HTTP_MESSAGE_H
