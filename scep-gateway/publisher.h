#ifndef CERTIFIER_SCEP_GATEWAY_PUBLISHER_H
#define CERTIFIER_SCEP_GATEWAY_PUBLISHER_H

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "certifier/v1/ca_directory.pb.h"
#include "pki/certificate.h"

namespace gateway {

// PublishedFile is something for everybody to fetch, in DER.
struct PublishedFile {
  std::shared_ptr<const std::string> octets;
  std::string etag;          // With its quotes.
  pki::TimePoint modified;   // A CRL's thisUpdate, a certificate's notBefore.
  pki::TimePoint refreshed;  // When there is another one at the latest: a CRL's nextUpdate, a certificate's notAfter.
};

// Publication is what is published of one generation of a CA.
struct Publication {
  std::string ca;  // Its name, as the engine spells it.
  std::shared_ptr<const PublishedFile> certificate;
  std::shared_ptr<const PublishedFile> crl;  // Null until there is one.
};

// Publisher holds the certificate and the newest CRL of every generation of every CA, also while no engine can be
// reached. It fetches a CRL, on a thread of its own, only when the directory names another one than it has.
class Publisher {
 public:
  struct Settings {
    // For one CRL to arrive.
    std::chrono::milliseconds deadline = std::chrono::seconds(60);
    // After a failure, and after each further one twice as long, up to ten times this.
    std::chrono::milliseconds retry = std::chrono::milliseconds(500);
    // A larger CRL is not fetched; the one before stays.
    std::uint64_t max_crl_octets = 64 << 20;
  };

  Publisher(std::shared_ptr<grpc::Channel> channel, Settings settings);
  // Hangs up and joins.
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Adopt takes over which CAs there are and which CRLs they have; it does not block. What is not named any more is
  // dropped. A CA whose certificate does not parse is not published.
  void Adopt(const certifier::v1::WatchResponse& directory);

  // Find finds the active generation by "NAME", any one by "NAME/NUMBER", without regard to case; nothing if there is
  // no such CA or generation. All three are safe from any thread.
  std::optional<Publication> Find(std::string_view name) const;
  // Whether a directory was adopted yet.
  bool has_directory() const;

 private:
  struct Entry {
    Publication publication;
    std::uint32_t generation = 0;  // Its number.
    std::uint64_t wanted = 0;      // cRLNumber that the directory names; 0: none.
    std::uint64_t held = 0;        // cRLNumber of the CRL that is published.
    std::uint64_t satisfied = 0;   // The `wanted` that was answered with it or with a newer one.
    std::uint64_t complained = 0;  // The `wanted` whose failure was logged.
  };
  struct Task {
    std::string key, ca;
    std::uint32_t generation = 0;
    std::uint64_t wanted = 0;
  };
  struct Fetched {
    std::uint64_t number = 0;
    PublishedFile file;
  };

  using Entries = std::map<std::string, Entry>;
  static void Add(const certifier::v1::CaBundle& bundle, const certifier::v1::CaBundle::CaGeneration& generation,
                  Entries& entries);
  void Run();
  std::vector<Task> Tasks() const;
  result::Result<Fetched> Fetch(const Task& task);
  // Keep tells whether the task is done.
  bool Keep(const Task& task, result::Result<Fetched> fetched);

  const std::shared_ptr<grpc::Channel> channel_;
  const Settings settings_;
  mutable std::mutex mutex_;                   // Guards all below but the thread.
  std::map<std::string, Entry> entries_;       // By name in lower case, "/", and number of the generation.
  std::map<std::string, std::string> active_;  // By name in lower case, the key of its active generation's entry.
  std::uint64_t adoptions_ = 0;
  bool is_stopping_ = false;
  grpc::ClientContext* fetching_ = nullptr;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_PUBLISHER_H
