#ifndef CERTIFIER_ENGINE_AUTHORITY_ROLLOVER_H
#define CERTIFIER_ENGINE_AUTHORITY_ROLLOVER_H

#include <functional>

#include "authority/directory.h"
#include "authority/generation_maker.h"

namespace engine::authority {

// Rollover takes a CA to its next key and certificate in two steps, so that devices can learn of the next one from the
// one that they trust (RFC 8894 section 4.7, requirements part 4).
class Rollover {
 public:
  // References must outlive it.
  Rollover(store::AdministrationStore& store, Directory& directory, const GenerationMaker& maker, Clock clock);

  // Stage makes the next generation, of the same subject, with the same kind of RA and by the same issuer, signs the
  // answer to GetNextCACert with the active one, and stores both. An empty algorithm and 0 days: as the active one has
  // them. Not found for an unknown CA; conflict if one is staged, or if the CA that signed this one is not active;
  // malformed as GenerationMaker::Make. A subordinate CA's next certificate is signed with its issuer's key, which
  // `may_sign` is asked for by the issuer's name, before anything is made; its error is the answer.
  struct Wanted {
    std::string key_algorithm;
    std::uint32_t validity_days = 0;
  };
  using MaySign = std::function<result::Result<void>(const std::string& issuer)>;
  result::Result<void> Stage(const std::string& ca, const Wanted& wanted, const std::string& login,
                             const MaySign& may_sign);
  // Activate makes the staged generation the active one; Unstage takes it back. Conflict if none is staged.
  result::Result<void> Activate(const std::string& ca, const std::string& login);
  result::Result<void> Unstage(const std::string& ca, const std::string& login);

 private:
  result::Result<GenerationSpecification> SpecificationOf(const CertificationAuthority& active,
                                                          const Wanted& wanted) const;

  store::AdministrationStore& store_;
  Directory& directory_;
  const GenerationMaker& maker_;
  const Clock clock_;
};

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_ROLLOVER_H
