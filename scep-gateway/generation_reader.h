#ifndef CERTIFIER_SCEP_GATEWAY_GENERATION_READER_H
#define CERTIFIER_SCEP_GATEWAY_GENERATION_READER_H

#include "ca_snapshot.h"

namespace gateway {

// AlgorithmPolicyOf is what a message to a CA with these options may use.
scep::AlgorithmPolicy AlgorithmPolicyOf(const certifier::v1::CaOptions& options);

// PublishedGeneration is what of one generation of a CA is published, and who stands for it.
struct PublishedGeneration {
  Recipients recipients;
  // Of the RAs, in the order in which GetCACert gives them: signing before encryption. Empty for a CA without an RA.
  std::vector<pki::Certificate> authorities;
  CaEntry::IssuingCa issuing;
};

// GenerationReader reads one generation of one CA.
class GenerationReader {
 public:
  using Generation = certifier::v1::CaBundle::CaGeneration;
  // The references must outlive it.
  GenerationReader(const certifier::v1::CaBundle& bundle, const Generation& generation, const OpenEngineKey& open_key)
      : bundle_(bundle), generation_(generation), open_key_(open_key) {}

  // ReadPublished reads the RAs that are current, or the CA itself, with every check of requirements G-13 at `now`.
  result::Result<PublishedGeneration> ReadPublished(pki::TimePoint now) const;
  // ReadRetired reads the RAs that only finish what they began: those that are retired, and in a retired generation
  // without an RA the CA itself. Pairs that cannot be read are added to `left_out`.
  Recipients ReadRetired(std::vector<result::Error>& left_out) const;
  result::Result<CaEntry::IssuingCa> ReadIssuing() const;

 private:
  using Authority = certifier::v1::RegistrationAuthority;
  struct Pair {
    const Authority* signing = nullptr;
    const Authority* encryption = nullptr;
  };

  std::vector<Pair> PairsIn(certifier::v1::RegistrationAuthorityState state) const;
  result::Result<std::shared_ptr<const scep::Recipient>> Read(const Pair& pair) const;
  result::Result<std::shared_ptr<const scep::Recipient>> ReadCaItself() const;

  const certifier::v1::CaBundle& bundle_;
  const Generation& generation_;
  const OpenEngineKey& open_key_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_GENERATION_READER_H
