#include "scep/reply.h"

namespace scep {

// LF alone: a client that splits there would keep a CR (requirements C-01). SHA-384 is in no registry, and is what
// makes strongSwan 5.9.8 (Debian 12) use AES: it tests keywords with their ordinals as masks, so SCEPStandard (8) is
// found only where SHA-384 (bit 3) stands, and AES (0) never. Clients that take the strongest digest take SHA-512 as
// before.
std::string Capabilities(const AlgorithmPolicy& policy, const Offer& offer) {
  std::string body = "AES\n";
  if (policy.allow_des3) body += "DES3\n";
  if (offer.next_ca) body += "GetNextCACert\n";
  body += "POSTPKIOperation\n";
  if (offer.renewal) body += "Renewal\n";
  body += "SCEPStandard\n";
  if (policy.allow_sha1) body += "SHA-1\n";
  body += "SHA-256\nSHA-384\nSHA-512\n";
  return body;
}

}  // namespace scep
