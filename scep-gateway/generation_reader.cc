#include "generation_reader.h"

#include <algorithm>

namespace gateway {
namespace {

using certifier::v1::RegistrationAuthority;
using result::Fail;
using result::Reason;
using result::Result;

// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, ... }: a SEQUENCE that opens with TRUE.
bool IsCaConstraint(pki::ByteView value) {
  return value.size() > 4 && value[2] == 0x01 && value[4] != 0x00;
}

// KeyUsageBits reads the first octet of the BIT STRING in extnValue; bit 0 of RFC 5280 is the octet's highest.
unsigned KeyUsageBits(pki::ByteView value) {
  if (value.size() < 4 || value[0] != 0x03) return 0;
  const auto octet = static_cast<unsigned char>(value[3]);
  return ((octet & 0x80u) != 0 ? pki::kDigitalSignature : 0u) | ((octet & 0x20u) != 0 ? pki::kKeyEncipherment : 0u);
}

struct Usage {
  unsigned key_usage = 0;
  bool is_ca = false;
};

Result<Usage> UsageOf(const pki::Certificate& certificate) {
  ASSIGN_OR_RETURN(const auto extensions, certificate.extensions());
  Usage usage;
  for (const pki::Extension& extension : extensions) {
    if (extension.oid == pki::kKeyUsageOid) usage.key_usage = KeyUsageBits(extension.value);
    if (extension.oid == pki::kBasicConstraintsOid) usage.is_ca = IsCaConstraint(extension.value);
  }
  return usage;
}

// CheckAuthority is the check of an RA that is published; `needed` are its keyUsage bits.
Result<void> CheckAuthority(const pki::Certificate& certificate, unsigned needed, const pki::Certificate& ca,
                            pki::TimePoint now) {
  ASSIGN_OR_RETURN(const Usage usage, UsageOf(certificate));
  if (usage.is_ca) return Fail(Reason::kUnauthorized, "the RA certificate is a CA certificate");
  if (usage.key_usage != needed) {
    return Fail(Reason::kUnauthorized, "the RA's keyUsage is not digitalSignature or keyEncipherment as it is used");
  }
  return pki::VerifyIssuedBy(certificate, ca, now);
}

struct Identity {
  pki::Certificate certificate;
  std::shared_ptr<const pki::PrivateKey> key;
};

Result<Identity> ReadIdentity(const RegistrationAuthority& ra) {
  ASSIGN_OR_RETURN(pki::Certificate certificate, pki::Certificate::Parse(ra.certificate()));
  ASSIGN_OR_RETURN(const pki::PublicKey certified, certificate.public_key());
  ASSIGN_OR_RETURN(std::shared_ptr<const pki::PrivateKey> key, pki::PrivateKey::FromPkcs8(ra.private_key()));
  if (certified.type() != pki::KeyType::kRsa) return Fail(Reason::kBadAlgorithm, "the RA's key is not RSA");
  if (!(certified == key->public_key())) return Fail(Reason::kConflict, "the RA's key is not its certificate's");
  return Identity{std::move(certificate), std::move(key)};
}

}  // namespace

scep::AlgorithmPolicy AlgorithmPolicyOf(const certifier::v1::CaOptions& options) {
  scep::AlgorithmPolicy policy;
  policy.allow_sha1 = options.sha1();
  policy.allow_des3 = options.des3();
  policy.allow_md5 = options.legacy_md5();
  policy.allow_des = options.legacy_des();
  policy.min_signer_bits = static_cast<int>(options.min_signer_bits());
  return policy;
}

// PairsIn puts the one that signs beside the one that receives: a combined one is both, and of split ones the newest
// stand together, since they are renewed together.
std::vector<GenerationReader::Pair> GenerationReader::PairsIn(certifier::v1::RegistrationAuthorityState state) const {
  std::vector<Pair> pairs;
  std::vector<const Authority*> signing, encryption;
  for (const Authority& authority : generation_.registration_authorities()) {
    if (authority.state() != state) continue;
    if (authority.usage() == certifier::v1::REGISTRATION_AUTHORITY_USAGE_COMBINED) {
      pairs.push_back({&authority, &authority});
    } else if (authority.usage() == certifier::v1::REGISTRATION_AUTHORITY_USAGE_SIGNING) {
      signing.push_back(&authority);
    } else if (authority.usage() == certifier::v1::REGISTRATION_AUTHORITY_USAGE_ENCRYPTION) {
      encryption.push_back(&authority);
    }
  }
  for (std::size_t i = 0; i < std::min(signing.size(), encryption.size()); i++) {
    pairs.push_back({signing[i], encryption[i]});
  }
  return pairs;
}

Result<std::shared_ptr<const scep::Recipient>> GenerationReader::Read(const Pair& pair) const {
  ASSIGN_OR_RETURN(Identity encryption, ReadIdentity(*pair.encryption));
  ASSIGN_OR_RETURN(Identity signing, ReadIdentity(*pair.signing));
  auto recipient = std::make_shared<scep::Recipient>();
  recipient->ca = bundle_.name();
  recipient->generation = generation_.number();
  recipient->certificate = std::move(encryption.certificate);
  recipient->decryption_key = std::move(encryption.key);
  recipient->signing_certificate = std::move(signing.certificate);
  recipient->signing_key = std::move(signing.key);
  recipient->policy = AlgorithmPolicyOf(bundle_.options());
  return recipient;
}

Result<std::shared_ptr<const scep::Recipient>> GenerationReader::ReadCaItself() const {
  ASSIGN_OR_RETURN(pki::Certificate certificate, pki::Certificate::Parse(generation_.certificate()));
  ASSIGN_OR_RETURN(const pki::PublicKey key, certificate.public_key());
  if (key.type() != pki::KeyType::kRsa) return Fail(Reason::kBadAlgorithm, "the CA has no RA, and its key is not RSA");
  EngineKey engine_key = open_key_({bundle_.name(), generation_.number()}, key);
  auto recipient = std::make_shared<scep::Recipient>();
  recipient->ca = bundle_.name();
  recipient->generation = generation_.number();
  recipient->certificate = certificate;
  recipient->decryption_key = std::move(engine_key.decryption);
  recipient->signing_certificate = std::move(certificate);
  recipient->signing_key = std::move(engine_key.signing);
  recipient->policy = AlgorithmPolicyOf(bundle_.options());
  recipient->is_remote = true;
  return recipient;
}

Result<CaEntry::IssuingCa> GenerationReader::ReadIssuing() const {
  CaEntry::IssuingCa issuing;
  issuing.generation = generation_.number();
  ASSIGN_OR_RETURN(issuing.certificate, pki::Certificate::Parse(generation_.certificate()));
  for (const std::string& der : generation_.chain()) {
    ASSIGN_OR_RETURN(pki::Certificate certificate, pki::Certificate::Parse(der));
    issuing.chain.push_back(std::move(certificate));
  }
  return issuing;
}

Result<PublishedGeneration> GenerationReader::ReadPublished(pki::TimePoint now) const {
  PublishedGeneration published;
  ASSIGN_OR_RETURN(published.issuing, ReadIssuing());
  const pki::Certificate& ca = published.issuing.certificate;
  if (generation_.registration_authorities().empty()) {
    ASSIGN_OR_RETURN(const Usage usage, UsageOf(ca));
    if (usage.key_usage != (pki::kDigitalSignature | pki::kKeyEncipherment)) {
      return Fail(Reason::kUnauthorized, "the CA has no RA, and lacks digitalSignature or keyEncipherment");
    }
    ASSIGN_OR_RETURN(auto recipient, ReadCaItself());
    published.recipients.push_back(std::move(recipient));
    return published;
  }
  for (const Pair& pair : PairsIn(certifier::v1::REGISTRATION_AUTHORITY_STATE_CURRENT)) {
    ASSIGN_OR_RETURN(auto recipient, Read(pair));
    const bool is_combined = pair.signing == pair.encryption;
    const unsigned both = pki::kDigitalSignature | pki::kKeyEncipherment;
    RETURN_IF_ERROR(
        CheckAuthority(recipient->signing_certificate, is_combined ? both : pki::kDigitalSignature, ca, now));
    published.authorities.push_back(recipient->signing_certificate);
    if (!is_combined) {
      RETURN_IF_ERROR(CheckAuthority(recipient->certificate, pki::kKeyEncipherment, ca, now));
      published.authorities.push_back(recipient->certificate);
    }
    published.recipients.push_back(std::move(recipient));
  }
  if (published.recipients.empty()) return Fail(Reason::kNotFound, "no current registration authority");
  return published;
}

Recipients GenerationReader::ReadRetired(std::vector<result::Error>& left_out) const {
  Recipients retired;
  const auto add = [&](Result<std::shared_ptr<const scep::Recipient>> recipient) {
    if (recipient) {
      retired.push_back(*std::move(recipient));
    } else {
      left_out.push_back(std::move(recipient).error());
    }
  };
  for (const auto state :
       {certifier::v1::REGISTRATION_AUTHORITY_STATE_NEXT, certifier::v1::REGISTRATION_AUTHORITY_STATE_RETIRED}) {
    for (const Pair& pair : PairsIn(state)) add(Read(pair));
  }
  const bool is_retired = generation_.number() != bundle_.active().number();
  const bool has_own_key = generation_.registration_authorities().empty() && !generation_.is_crl_only();
  if (is_retired && has_own_key) add(ReadCaItself());
  return retired;
}

}  // namespace gateway
