#ifndef CERTIFIER_ENGINE_ISSUANCE_CRL_ISSUER_H
#define CERTIFIER_ENGINE_ISSUANCE_CRL_ISSUER_H

#include "authority/directory.h"
#include "clock.h"
#include "store/revocation_store.h"

namespace engine::issuance {

// CrlIssuer makes the CRLs of the CAs in this engine's directory. Any number of engines may run one: the store lets one
// at a time make the CRL of a CA.
class CrlIssuer {
 public:
  struct Settings {
    // From thisUpdate to nextUpdate. A new one is made when half of it has passed, so that it can fail for as long.
    std::chrono::seconds lifetime = std::chrono::hours(24) * 7;
    // Older CRLs of each CA that the store keeps.
    std::uint64_t kept = 2;
  };
  // References must outlive the issuer.
  CrlIssuer(store::RevocationStore& store, const authority::Directory& directory, Clock clock, Settings settings);

  // IssueDue makes a CRL for every CA that has none, whose revocations changed, or whose CRL has lived half its life,
  // and says how many it made. One that fails is logged, and the others go on. Unavailable if the store cannot tell
  // which are due.
  result::Result<std::size_t> IssueDue() const;

 private:
  result::Result<bool> Issue(const authority::CertificationAuthority& ca) const;

  store::RevocationStore& store_;
  const authority::Directory& directory_;
  const Clock clock_;
  const Settings settings_;
};

}  // namespace engine::issuance

#endif  // CERTIFIER_ENGINE_ISSUANCE_CRL_ISSUER_H
