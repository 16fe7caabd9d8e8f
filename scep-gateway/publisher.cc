#include "publisher.h"

#include <algorithm>

#include "ascii.h"
#include "certifier/v1/ca_directory.grpc.pb.h"
#include "pki/digest.h"
#include "service/log.h"
#include "service/status_mapping.h"

namespace gateway {
namespace {

using certifier::v1::CrlDescription;
using result::Fail;
using result::Reason;

constexpr int kMostRetries = 10;  // Of `retry`, that a pause is long.
constexpr std::size_t kEtagOctets = 16;

std::string Lower(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string KeyOf(std::string_view ca, std::uint32_t generation) {
  return Lower(ca) + "/" + std::to_string(generation);
}

pki::TimePoint TimeOf(const google::protobuf::Timestamp& timestamp) {
  return pki::TimePoint(std::chrono::seconds(timestamp.seconds()));
}

PublishedFile FileOf(std::string octets, pki::TimePoint modified, pki::TimePoint refreshed) {
  PublishedFile file;
  file.etag = '"' + pki::HexLower(pki::Digest(pki::DigestAlgorithm::kSha256, octets).substr(0, kEtagOctets)) + '"';
  file.octets = std::make_shared<const std::string>(std::move(octets));
  file.modified = modified;
  file.refreshed = refreshed;
  return file;
}

result::Result<PublishedFile> CertificateFile(const std::string& der) {
  ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::Parse(der));
  ASSIGN_OR_RETURN(const auto not_before, certificate.not_before());
  ASSIGN_OR_RETURN(const auto not_after, certificate.not_after());
  return FileOf(der, not_before, not_after);
}

}  // namespace

Publisher::Publisher(std::shared_ptr<grpc::Channel> channel, Settings settings)
    : channel_(std::move(channel)), settings_(settings), thread_([this] { Run(); }) {}

Publisher::~Publisher() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    if (fetching_ != nullptr) fetching_->TryCancel();
  }
  changed_.notify_all();
  thread_.join();
}

void Publisher::Add(const certifier::v1::CaBundle& bundle, const certifier::v1::CaBundle::CaGeneration& generation,
                    Entries& entries) {
  auto certificate = CertificateFile(generation.certificate());
  if (!certificate) return;  // The directory's own check logs it.
  Entry& entry = entries[KeyOf(bundle.name(), generation.number())];
  entry.publication.ca = bundle.name();
  entry.publication.certificate = std::make_shared<const PublishedFile>(*std::move(certificate));
  entry.generation = generation.number();
  entry.wanted = generation.crl_number();
}

void Publisher::Adopt(const certifier::v1::WatchResponse& directory) {
  Entries entries;
  std::map<std::string, std::string> active;
  for (const auto& bundle : directory.cas()) {
    Add(bundle, bundle.active(), entries);
    if (bundle.has_next()) Add(bundle, bundle.next(), entries);
    for (const auto& retired : bundle.retired()) Add(bundle, retired, entries);
    active[Lower(bundle.name())] = KeyOf(bundle.name(), bundle.active().number());
  }
  {
    const std::lock_guard lock(mutex_);
    for (auto& [name, entry] : entries) {
      const auto known = entries_.find(name);
      if (known == entries_.end()) continue;
      entry.publication.crl = known->second.publication.crl;
      entry.held = known->second.held;
      // An engine that is a moment behind the one before may still name an older CRL; none takes a newer one's place.
      entry.wanted = std::max(entry.wanted, entry.held);
      entry.satisfied = known->second.satisfied;
      entry.complained = known->second.complained;
    }
    entries_ = std::move(entries);
    active_ = std::move(active);
    ++adoptions_;
  }
  changed_.notify_all();
}

std::optional<Publication> Publisher::Find(std::string_view name) const {
  std::string key = Lower(name);
  const std::lock_guard lock(mutex_);
  if (const auto active = active_.find(key); active != active_.end()) key = active->second;
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  return found->second.publication;
}

bool Publisher::has_directory() const {
  const std::lock_guard lock(mutex_);
  return adoptions_ > 0;
}

void Publisher::Run() {
  int pause = 1;
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    const auto tasks = Tasks();
    const auto adoptions = adoptions_;
    lock.unlock();
    bool is_done = true;
    for (const Task& task : tasks) is_done = Keep(task, Fetch(task)) && is_done;
    lock.lock();
    const auto is_woken = [&] { return is_stopping_ || adoptions_ != adoptions; };
    if (is_done) {
      pause = 1;
      changed_.wait(lock, is_woken);
    } else {
      changed_.wait_for(lock, settings_.retry * pause, is_woken);
      pause = std::min(pause * 2, kMostRetries);
    }
  }
}

// Tasks is called under the lock.
std::vector<Publisher::Task> Publisher::Tasks() const {
  std::vector<Task> tasks;
  for (const auto& [name, entry] : entries_) {
    if (entry.wanted != 0 && entry.wanted != entry.satisfied)
      tasks.push_back({name, entry.publication.ca, entry.generation, entry.wanted});
  }
  return tasks;
}

result::Result<Publisher::Fetched> Publisher::Fetch(const Task& task) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + settings_.deadline);
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return Fail(Reason::kUnavailable, "stopping");
    fetching_ = &context;
  }
  certifier::v1::FetchCrlRequest request;
  request.set_ca(task.ca);
  request.set_generation(task.generation);
  const auto stub = certifier::v1::CaDirectoryService::NewStub(channel_);
  const auto stream = stub->FetchCrl(&context, request);
  CrlDescription description;
  std::string octets;
  bool is_too_large = false;
  certifier::v1::FetchCrlResponse response;
  while (!is_too_large && stream->Read(&response)) {
    if (response.has_crl()) {
      description = response.crl();
      octets.reserve(std::min<std::uint64_t>(description.size(), settings_.max_crl_octets));
    }
    octets += response.piece();
    is_too_large = std::max<std::uint64_t>(description.size(), octets.size()) > settings_.max_crl_octets;
  }
  if (is_too_large) context.TryCancel();
  const grpc::Status status = stream->Finish();
  {
    const std::lock_guard lock(mutex_);
    fetching_ = nullptr;
  }
  if (is_too_large) return Fail(Reason::kPolicyRefused, "the CRL is larger than --max-crl");
  if (!status.ok()) return tl::unexpected<result::Error>(service::FromStatus(status));
  if (octets.empty() || octets.size() != description.size()) {
    return Fail(Reason::kMalformed, "the engine sent a CRL of another size than it said");
  }
  return Fetched{description.crl_number(),
                 FileOf(std::move(octets), TimeOf(description.this_update()), TimeOf(description.next_update()))};
}

bool Publisher::Keep(const Task& task, result::Result<Fetched> fetched) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(task.key);
  if (is_stopping_ || found == entries_.end()) return true;
  Entry& entry = found->second;
  if (!fetched) {
    if (std::exchange(entry.complained, task.wanted) != task.wanted) {
      service::LogWarning("crl_fetch_failed", {{"ca", std::string_view(task.ca)},
                                               {"crl_number", static_cast<std::int64_t>(task.wanted)},
                                               {"detail", std::string_view(fetched.error().detail)}});
    }
    return false;
  }
  // An engine that is a moment behind the one that the directory came from sends an older one.
  const bool is_wanted = fetched->number >= task.wanted;
  if (is_wanted) entry.satisfied = task.wanted;
  if (fetched->number > entry.held) {
    service::LogInfo("crl_published", {{"ca", std::string_view(task.ca)},
                                       {"crl_number", static_cast<std::int64_t>(fetched->number)},
                                       {"octets", static_cast<std::int64_t>(fetched->file.octets->size())}});
    entry.held = fetched->number;
    entry.publication.crl = std::make_shared<const PublishedFile>(std::move(fetched->file));
  }
  return is_wanted;
}

}  // namespace gateway
