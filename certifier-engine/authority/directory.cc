#include "authority/directory.h"

#include <algorithm>
#include <chrono>

#include "pki/digest.h"
#include "service/log.h"

namespace engine::authority {

namespace {

void AppendPart(pki::Bytes& text, std::string_view part) {
  text += std::to_string(part.size());
  text += ':';
  text += part;
}

// DigestOf changes with anything of the directory that the snapshot is made from.
pki::Bytes DigestOf(const store::DirectoryRecord& record) {
  pki::Bytes text;
  for (const auto& ca : record.cas) {
    AppendPart(text, ca.name);
    AppendPart(text, std::to_string(ca.ca_id) + "," + std::to_string(ca.ca_generation_id) + "," +
                         std::to_string(ca.policy_id) + (ca.is_active ? "a" : "-") + (ca.is_default ? "d" : "-") +
                         (ca.is_crl_complete ? "c" : "-") + std::to_string(ca.crl.crl_number) + "," +
                         std::to_string(static_cast<int>(ca.state)) + std::to_string(static_cast<int>(ca.mode)) +
                         (ca.is_crl_only ? "o" : "-"));
    AppendPart(text, ca.options);
    AppendPart(text, ca.next_ca_certificates);
    AppendPart(text, ca.certificate);
    AppendPart(text, ca.sealed_key);
    for (const auto& authority : ca.registration_authorities) {
      AppendPart(text, std::to_string(static_cast<int>(authority.state)));
      AppendPart(text, authority.certificate);
      AppendPart(text, authority.sealed_key);
    }
  }
  for (const auto& policy : record.policies) {
    AppendPart(text, policy.name);
    AppendPart(text, std::to_string(policy.policy_id) + "," + std::to_string(policy.policy_version_id));
  }
  AppendPart(text, std::to_string(record.scep_service.version));
  return pki::Digest(pki::DigestAlgorithm::kSha256, text);
}

void KeepForCrlAlone(CertificationAuthority& ca) {
  ca.registration_authorities.clear();
  ca.decryption_key.reset();
}

// NextVersion grows with each change and, since it follows the clock, most likely also from one engine's to another's.
std::uint64_t NextVersion(std::uint64_t current) {
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
  return std::max(current + 1, static_cast<std::uint64_t>(now.count()));
}

}  // namespace

Directory::Directory(store::AdministrationStore& store, Sealers sealers, PolicyReader read_policies)
    : store_(store),
      sealers_(std::move(sealers)),
      read_policies_(std::move(read_policies)),
      snapshot_(std::make_shared<Snapshot>()) {}

std::shared_ptr<const Snapshot> Directory::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

result::Result<std::shared_ptr<const Crl>> Directory::LoadCrl(const store::CaRecord& record) const {
  const auto number = static_cast<std::uint64_t>(record.crl.crl_number);
  if (number == 0) return nullptr;
  const auto known = snapshot()->FindForCrl(record.ca_generation_id);
  const auto known_crl = known ? known->crl : nullptr;
  if (known_crl && known_crl->number == number) return known_crl;
  auto der = store_.GetCrl(record.ca_generation_id, record.crl.crl_number);
  if (der) {
    return std::make_shared<const Crl>(
        Crl{number, record.crl.this_update, record.crl.next_update, record.crl.revoked_count, *std::move(der)});
  }
  // Already replaced by several newer ones; the next look finds the newest.
  if (der.error().reason == result::Reason::kNotFound) return known_crl;
  return tl::unexpected<result::Error>(der.error());
}

result::Result<std::shared_ptr<Snapshot>> Directory::Open(const store::DirectoryRecord& record) const {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->policies = read_policies_(record.policies);
  snapshot->scep_service = record.scep_service;
  for (const auto& ca : record.cas) {
    auto opened = OpenCa(ca, sealers_.ca_keys, sealers_.registration_authority_keys);
    if (opened) {
      ASSIGN_OR_RETURN(opened->crl, LoadCrl(ca));
      if (!ca.is_active) KeepForCrlAlone(*opened);
      auto& generations = !ca.is_active                                 ? snapshot->disabled_generations
                          : ca.state == store::GenerationState::kActive ? snapshot->cas
                                                                        : snapshot->other_generations;
      generations.push_back(std::make_shared<const CertificationAuthority>(*std::move(opened)));
    } else {
      service::LogError(
          "ca_unusable",
          {{"ca", ca.name}, {"generation", std::int64_t{ca.generation_number}}, {"detail", opened.error().detail}});
    }
  }
  return snapshot;
}

result::Result<void> Directory::Reload() {
  const std::lock_guard reloading(reloading_);
  ASSIGN_OR_RETURN(const store::DirectoryRecord record, store_.LoadDirectory());
  pki::Bytes digest = DigestOf(record);
  if (digest == loaded_digest_) return {};
  ASSIGN_OR_RETURN(auto opened, Open(record));
  opened->version = NextVersion(snapshot()->version);
  loaded_digest_ = std::move(digest);
  service::LogInfo("directory_loaded", {{"version", static_cast<std::int64_t>(opened->version)},
                                        {"cas", static_cast<std::int64_t>(opened->cas.size())}});
  {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(opened);
  }
  Notify();
  return {};
}

Directory::Subscription Directory::Subscribe(std::function<void()> changed) {
  auto subscription = std::make_shared<const std::function<void()>>(std::move(changed));
  const std::lock_guard lock(mutex_);
  subscribers_.push_back(subscription);
  return subscription;
}

void Directory::Notify() {
  std::vector<Subscription> called;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(subscribers_, [](const auto& subscriber) { return subscriber.expired(); });
    for (const auto& subscriber : subscribers_) {
      if (auto alive = subscriber.lock()) called.push_back(std::move(alive));
    }
  }
  for (const auto& subscriber : called) (*subscriber)();
}

}  // namespace engine::authority
