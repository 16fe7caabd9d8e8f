#include "scep/reply.h"

namespace scep {

// Renewal and GetNextCACert are not answered yet, so they are not promised. LF alone: a client that splits there would
// keep a CR (requirements C-01).
std::string Capabilities(const AlgorithmPolicy& policy) {
  std::string body = "AES\n";
  if (policy.allow_des3) body += "DES3\n";
  body += "POSTPKIOperation\nSCEPStandard\n";
  if (policy.allow_sha1) body += "SHA-1\n";
  body += "SHA-256\nSHA-512\n";
  return body;
}

}  // namespace scep
