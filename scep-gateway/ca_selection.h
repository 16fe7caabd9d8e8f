#ifndef CERTIFIER_SCEP_GATEWAY_CA_SELECTION_H
#define CERTIFIER_SCEP_GATEWAY_CA_SELECTION_H

#include "ca_snapshot.h"

namespace gateway {

// CaHint is how a request may name its CA; both parts may be empty.
struct CaHint {
  std::string profile;     // Path segment.
  std::string identifier;  // `message` of an operation that has no other use for it.
};

// SelectCa chooses by path, then by identifier, then the default CA (requirements H-13). A name that no CA has falls
// back to the default, since many clients send one that they cannot change. Where the default CA's strict_ca_identifier
// is set it is not found, but the words that clients send when nobody configured one ("default", "CAIdentifier", a
// number) still mean the default.
// Unavailable if the default CA is needed and there is none.
result::Result<const CaEntry*> SelectCa(const CaSnapshot& snapshot, const CaHint& hint);

// SelectRecipients returns whom a PKIOperation may be addressed to: the RAs of the CA that the path names, else those
// of every CA, the default's first. Not found as above; unavailable if there is none at all.
result::Result<Recipients> SelectRecipients(const CaSnapshot& snapshot, const std::string& profile);

// SelectCrl finds the CA that `wanted` names by its issuer (RFC 8894 section 3.3.4). Generations of a CA share their
// name: one is chosen by its own serial number, else the one that the message was addressed to, else the active one.
// The CA that the message was addressed to comes before another of the same name. Unknown certificate; policy refused
// where the CA does not serve GetCRL.
result::Result<CrlName> SelectCrl(const CaSnapshot& snapshot, const scep::IssuerAndSerialNumber& wanted,
                                  const scep::Recipient& recipient);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_CA_SELECTION_H
