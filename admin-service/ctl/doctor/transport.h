#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_TRANSPORT_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_TRANSPORT_H

#include <optional>
#include <string>
#include <string_view>

#include "pki/bytes.h"
#include "result/result.h"

namespace doctor {

// Call is one request of a SCEP client (RFC 8894 section 4.1).
struct Call {
  std::string operation;
  std::optional<std::string> message;  // Of the query, before it is percent-encoded; nothing: there is none.
  std::optional<pki::Bytes> body;      // Sent by POST; nothing: GET.
};

// QueryOf is the query of a call: "operation=GetCACert&message=demo", percent-encoded.
std::string QueryOf(const Call& call);
// PercentEncode escapes all but RFC 3986's unreserved characters.
std::string PercentEncode(std::string_view text);

// Answer is what came back over HTTP, whatever its status.
struct Answer {
  int status = 0;
  std::string content_type;
  std::string location;  // Where a redirect leads; it is not followed.
  pki::Bytes body;
  // What is wrong with the server's TLS certificate; empty where nothing is, and where there is no TLS.
  std::string tls_problem = {};
};

// Transport carries calls to the one server that it was made for.
class Transport {
 public:
  virtual ~Transport() = default;
  // Send waits for the answer, within the implementation's bounds on time and length. Unavailable: none came;
  // malformed: one that is longer than the bound.
  virtual result::Result<Answer> Send(const Call& call) = 0;
};

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_TRANSPORT_H
