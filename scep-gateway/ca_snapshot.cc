#include "ca_snapshot.h"

#include <algorithm>

#include "ascii.h"
#include "generation_reader.h"
#include "scep/reply.h"

namespace gateway {
namespace {

using certifier::v1::CaBundle;
using result::Result;
using Certificates = std::vector<pki::Certificate>;

constexpr std::string_view kOneCertificate = "application/x-x509-ca-cert";
constexpr std::string_view kSeveralCertificates = "application/x-x509-ca-ra-cert";

void Append(const Certificates& from, std::vector<pki::ByteView>& to) {
  for (const pki::Certificate& certificate : from) to.emplace_back(certificate.der());
}

// ChainWithin is the part of `chain` that the option names.
Certificates ChainWithin(const Certificates& chain, certifier::v1::Chain option) {
  if (option == certifier::v1::CHAIN_ISSUER) return {};
  Certificates kept = chain;
  if (option == certifier::v1::CHAIN_NO_ROOT && !kept.empty() && kept.back().is_self_issued()) kept.pop_back();
  return kept;
}

std::vector<pki::ByteView> BundleOf(const PublishedGeneration& published, const Certificates& chain) {
  std::vector<pki::ByteView> certificates;
  Append(published.authorities, certificates);
  certificates.emplace_back(published.issuing.certificate.der());
  Append(chain, certificates);
  return certificates;
}

void RenderCertificates(const PublishedGeneration& published, CaEntry& entry) {
  const Certificates chain = ChainWithin(published.issuing.chain, entry.options.chain());
  entry.chain_certificates = pki::CertsOnly(BundleOf(published, chain));
  const bool is_root = published.issuing.chain.empty();
  const bool is_single =
      published.authorities.empty() && (is_root || entry.options.ca_only_chain() != certifier::v1::CA_ONLY_CHAIN_P7);
  entry.certificates = is_single ? published.issuing.certificate.der() : entry.chain_certificates;
  entry.certificates_type = is_single ? kOneCertificate : kSeveralCertificates;
}

}  // namespace

// SnapshotBuilder gathers the CAs of one directory.
class SnapshotBuilder {
 public:
  SnapshotBuilder(pki::TimePoint now, const OpenEngineKey& open_key) : now_(now), open_key_(open_key) {}

  SnapshotBuild Build(const certifier::v1::WatchResponse& directory) {
    snapshot_->version_ = directory.version();
    if (directory.has_scep_service()) snapshot_->serving_ = ScepServing(directory.scep_service());
    for (const CaBundle& bundle : directory.cas()) Add(bundle);
    if (const CaEntry* first = snapshot_->default_ca()) AppendRecipients(*first);
    for (const CaEntry& ca : snapshot_->cas_) {
      if (&ca != snapshot_->default_ca()) AppendRecipients(ca);
    }
    build_.snapshot = std::move(snapshot_);
    return std::move(build_);
  }

 private:
  void Add(const CaBundle& bundle) {
    if (bundle.is_disabled()) return;
    auto entry = Read(bundle);
    if (!entry) {
      snapshot_->left_out_.push_back(bundle.name());
      return build_.left_out.push_back({bundle.name(), true, entry.error()});
    }
    if (bundle.is_default()) snapshot_->default_ = snapshot_->cas_.size();
    snapshot_->cas_.push_back(*std::move(entry));
  }

  Result<CaEntry> Read(const CaBundle& bundle) {
    const GenerationReader reader(bundle, bundle.active(), open_key_);
    ASSIGN_OR_RETURN(PublishedGeneration published, reader.ReadPublished(now_));
    CaEntry entry;
    entry.name = bundle.name();
    entry.options = bundle.options();
    entry.recipients = published.recipients;
    RenderCertificates(published, entry);
    entry.issuing.push_back(std::move(published.issuing));
    if (bundle.has_next()) AddNext(bundle, entry);
    AddRetired(bundle, bundle.active(), entry);
    for (const auto& retired : bundle.retired()) AddRetired(bundle, retired, entry);
    const ScepServing& serving = snapshot_->serving_;
    const bool has_next = !entry.next_ca_certificates.empty();
    entry.capabilities = scep::Capabilities(
        AlgorithmPolicyOf(bundle.options()),
        {.next_ca = has_next && serving.Allows(certifier::v1::SCEP_OPERATION_GET_NEXT_CA_CERT),
         .renewal = bundle.options().renewal() && serving.Allows(certifier::v1::SCEP_OPERATION_RENEWAL)});
    return entry;
  }

  void AddNext(const CaBundle& bundle, CaEntry& entry) {
    auto next = GenerationReader(bundle, bundle.next(), open_key_).ReadPublished(now_);
    if (!next) return build_.left_out.push_back({bundle.name(), false, next.error()});
    entry.recipients.insert(entry.recipients.end(), next->recipients.begin(), next->recipients.end());
    entry.issuing.push_back(std::move(next->issuing));
    entry.next_ca_certificates = bundle.next_ca_certificates();
  }

  void AddRetired(const CaBundle& bundle, const CaBundle::CaGeneration& generation, CaEntry& entry) {
    const GenerationReader reader(bundle, generation, open_key_);
    std::vector<result::Error> left_out;
    const Recipients retired = reader.ReadRetired(left_out);
    entry.recipients.insert(entry.recipients.end(), retired.begin(), retired.end());
    for (auto& error : left_out) build_.left_out.push_back({bundle.name(), false, std::move(error)});
    if (generation.number() == bundle.active().number()) return;
    if (auto issuing = reader.ReadIssuing()) entry.issuing.push_back(*std::move(issuing));
  }

  void AppendRecipients(const CaEntry& ca) {
    snapshot_->recipients_.insert(snapshot_->recipients_.end(), ca.recipients.begin(), ca.recipients.end());
  }

  const pki::TimePoint now_;
  const OpenEngineKey& open_key_;
  std::shared_ptr<CaSnapshot> snapshot_ = std::make_shared<CaSnapshot>();
  SnapshotBuild build_;
};

bool IsIssuedBy(const CaEntry& ca, const pki::Certificate& certificate) {
  const auto begins = certificate.not_before();
  return begins && std::any_of(ca.issuing.begin(), ca.issuing.end(), [&](const CaEntry::IssuingCa& issuing) {
           const auto at_earliest = issuing.certificate.not_before();
           return at_earliest &&
                  pki::VerifyIssuedBy(certificate, issuing.certificate, std::max(*begins, *at_earliest)).has_value();
         });
}

std::vector<pki::ByteView> CertificatesAbove(const CaEntry& ca, pki::ByteView certificate, pki::TimePoint now) {
  const auto option = ca.options.reply_chain();
  if (option == certifier::v1::REPLY_CHAIN_LEAF) return {};
  const auto leaf = pki::Certificate::Parse(certificate);
  if (!leaf) return {};
  for (const CaEntry::IssuingCa& issuing : ca.issuing) {
    if (!pki::VerifyIssuedBy(*leaf, issuing.certificate, now)) continue;
    std::vector<pki::ByteView> above;
    const bool keeps_root = option != certifier::v1::REPLY_CHAIN_NO_ROOT;
    if (keeps_root || !issuing.certificate.is_self_issued()) above.emplace_back(issuing.certificate.der());
    if (option == certifier::v1::REPLY_CHAIN_LEAF_ISSUER) return above;
    for (const pki::Certificate& higher : issuing.chain) {
      if (keeps_root || !higher.is_self_issued()) above.emplace_back(higher.der());
    }
    return above;
  }
  return {};
}

const CaEntry* CaSnapshot::Find(std::string_view name) const {
  const auto found =
      std::find_if(cas_.begin(), cas_.end(), [&](const CaEntry& ca) { return EqualsIgnoringCase(ca.name, name); });
  return found == cas_.end() ? nullptr : &*found;
}

bool CaSnapshot::IsLeftOut(std::string_view name) const {
  return std::any_of(left_out_.begin(), left_out_.end(),
                     [&](const std::string& left_out) { return EqualsIgnoringCase(left_out, name); });
}

SnapshotBuild BuildSnapshot(const certifier::v1::WatchResponse& directory, pki::TimePoint now,
                            const OpenEngineKey& open_key) {
  return SnapshotBuilder(now, open_key).Build(directory);
}

}  // namespace gateway
