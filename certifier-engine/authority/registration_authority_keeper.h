#ifndef CERTIFIER_ENGINE_AUTHORITY_REGISTRATION_AUTHORITY_KEEPER_H
#define CERTIFIER_ENGINE_AUTHORITY_REGISTRATION_AUTHORITY_KEEPER_H

#include "authority/directory.h"
#include "authority/generation_maker.h"

namespace engine::authority {

// RegistrationAuthorityKeeper renews RAs before they end and forgets the keys of those that were retired long ago. Any
// number of engines may run one: the store takes one renewal of those that run at once.
class RegistrationAuthorityKeeper {
 public:
  struct Settings {
    // How long before its end an RA is renewed. More than the retirement, since who fetched the old one uses it as
    // long.
    std::chrono::seconds renewal_before = std::chrono::hours(24) * 60;
    // How long a successor is known to the gateways before it is published: more than one may be cut off unnoticed.
    std::chrono::seconds lead = std::chrono::seconds(60);
    // How long a retired RA opens envelopes and signs replies (requirements N-04).
    std::chrono::seconds retirement = std::chrono::hours(24) * 30;
  };
  // References must outlive it.
  RegistrationAuthorityKeeper(store::AdministrationStore& store, Directory& directory, const GenerationMaker& maker,
                              Clock clock, Settings settings);

  // StageDue makes successors for the RAs of every active generation that end soon, unless the CA ends with them, and
  // says how many generations got some. One that fails is logged, and the others go on.
  std::size_t StageDue();
  // PublishStaged puts successors that gateways know for long enough in the place of the RAs before, which are retired.
  // Unavailable if the store is away.
  result::Result<void> PublishStaged();
  // DestroyRetired forgets the keys of RAs whose retirement is over. Unavailable if the store is away.
  result::Result<void> DestroyRetired();

 private:
  bool IsDue(const CertificationAuthority& ca) const;
  result::Result<void> Stage(const CertificationAuthority& ca);

  store::AdministrationStore& store_;
  Directory& directory_;
  const GenerationMaker& maker_;
  const Clock clock_;
  const Settings settings_;
};

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_REGISTRATION_AUTHORITY_KEEPER_H
