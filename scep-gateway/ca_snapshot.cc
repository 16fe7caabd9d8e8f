#include "ca_snapshot.h"

#include <algorithm>

#include "ascii.h"

namespace gateway {
namespace {

using certifier::v1::CaBundle;
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

Result<void> CheckUsage(const pki::Certificate& certificate) {
  ASSIGN_OR_RETURN(const auto extensions, certificate.extensions());
  unsigned usage = 0;
  for (const pki::Extension& extension : extensions) {
    if (extension.oid == pki::kKeyUsageOid) usage = KeyUsageBits(extension.value);
    if (extension.oid == pki::kBasicConstraintsOid && IsCaConstraint(extension.value)) {
      return Fail(Reason::kUnauthorized, "the RA certificate is a CA certificate");
    }
  }
  if (usage != (pki::kDigitalSignature | pki::kKeyEncipherment)) {
    return Fail(Reason::kUnauthorized, "the RA lacks digitalSignature or keyEncipherment");
  }
  return {};
}

Result<std::shared_ptr<const scep::Recipient>> ReadRecipient(const std::string& ca, const RegistrationAuthority& ra) {
  ASSIGN_OR_RETURN(pki::Certificate certificate, pki::Certificate::Parse(ra.certificate()));
  ASSIGN_OR_RETURN(const pki::PublicKey certified, certificate.public_key());
  ASSIGN_OR_RETURN(std::shared_ptr<const pki::PrivateKey> key, pki::PrivateKey::FromPkcs8(ra.private_key()));
  if (certified.type() != pki::KeyType::kRsa) return Fail(Reason::kBadAlgorithm, "the RA's key is not RSA");
  if (!(certified == key->public_key())) return Fail(Reason::kConflict, "the RA's key is not its certificate's");
  auto recipient = std::make_shared<scep::Recipient>();
  recipient->ca = ca;
  recipient->certificate = std::move(certificate);
  recipient->decryption_key = key;
  recipient->signing_key = key;
  return recipient;
}

Result<void> CheckPublished(const scep::Recipient& recipient, const CaBundle& bundle, pki::TimePoint now) {
  RETURN_IF_ERROR(CheckUsage(recipient.certificate));
  ASSIGN_OR_RETURN(const pki::Certificate ca, pki::Certificate::Parse(bundle.certificate()));
  return pki::VerifyIssuedBy(recipient.certificate, ca, now);
}

pki::Bytes RenderCertificates(const Recipients& published, const CaBundle& bundle) {
  std::vector<pki::ByteView> certificates;
  for (const auto& recipient : published) certificates.push_back(recipient->certificate.der());
  certificates.push_back(bundle.certificate());
  for (const std::string& certificate : bundle.chain()) certificates.push_back(certificate);
  return pki::CertsOnly(certificates);
}

class EntryReader {
 public:
  EntryReader(const CaBundle& bundle, pki::TimePoint now, std::vector<SnapshotBuild::LeftOut>& left_out)
      : bundle_(bundle), now_(now), left_out_(left_out) {}

  Result<CaEntry> Read() {
    Recipients published, retired;
    for (const RegistrationAuthority& ra : bundle_.registration_authorities()) {
      switch (ra.state()) {
        case certifier::v1::REGISTRATION_AUTHORITY_STATE_CURRENT: {
          ASSIGN_OR_RETURN(auto recipient, ReadRecipient(bundle_.name(), ra));
          RETURN_IF_ERROR(CheckPublished(*recipient, bundle_, now_));
          published.push_back(std::move(recipient));
          break;
        }
        case certifier::v1::REGISTRATION_AUTHORITY_STATE_RETIRED:
          ReadRetired(ra, retired);
          break;
        case certifier::v1::REGISTRATION_AUTHORITY_STATE_UNSPECIFIED:
        case certifier::v1::RegistrationAuthorityState_INT_MIN_SENTINEL_DO_NOT_USE_:
        case certifier::v1::RegistrationAuthorityState_INT_MAX_SENTINEL_DO_NOT_USE_:
          break;  // A state of a later engine: neither published nor used.
      }
    }
    if (published.empty()) return Fail(Reason::kNotFound, "no current registration authority");
    CaEntry entry{bundle_.name(), published, RenderCertificates(published, bundle_)};
    entry.recipients.insert(entry.recipients.end(), retired.begin(), retired.end());
    return entry;
  }

 private:
  void ReadRetired(const RegistrationAuthority& ra, Recipients& retired) {
    auto recipient = ReadRecipient(bundle_.name(), ra);
    if (recipient) {
      retired.push_back(*std::move(recipient));
    } else {
      left_out_.push_back({bundle_.name(), false, recipient.error()});
    }
  }

  const CaBundle& bundle_;
  const pki::TimePoint now_;
  std::vector<SnapshotBuild::LeftOut>& left_out_;
};

}  // namespace

const CaEntry* CaSnapshot::Find(std::string_view name) const {
  const auto found =
      std::find_if(cas_.begin(), cas_.end(), [&](const CaEntry& ca) { return EqualsIgnoringCase(ca.name, name); });
  return found == cas_.end() ? nullptr : &*found;
}

SnapshotBuild BuildSnapshot(const certifier::v1::WatchResponse& directory, pki::TimePoint now) {
  SnapshotBuild build;
  auto snapshot = std::make_shared<CaSnapshot>();
  snapshot->version_ = directory.version();
  for (const CaBundle& bundle : directory.cas()) {
    auto entry = EntryReader(bundle, now, build.left_out).Read();
    if (!entry) {
      build.left_out.push_back({bundle.name(), true, entry.error()});
      continue;
    }
    if (bundle.is_default()) snapshot->default_ = snapshot->cas_.size();
    snapshot->cas_.push_back(*std::move(entry));
  }
  const auto append = [&](const CaEntry& ca) {
    snapshot->recipients_.insert(snapshot->recipients_.end(), ca.recipients.begin(), ca.recipients.end());
  };
  if (const CaEntry* first = snapshot->default_ca()) append(*first);
  for (const CaEntry& ca : snapshot->cas_) {
    if (&ca != snapshot->default_ca()) append(ca);
  }
  build.snapshot = std::move(snapshot);
  return build;
}

}  // namespace gateway
