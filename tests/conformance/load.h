#ifndef CERTIFIER_TESTS_CONFORMANCE_LOAD_H
#define CERTIFIER_TESTS_CONFORMANCE_LOAD_H

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "device.h"
#include "scep/client.h"

namespace conformance {

// LoadWish is what one device does, over and over.
struct LoadWish {
  int publisher = 0;  // Port of the gateway that is asked for the CA certificates.
  int receiver = 0;   // And of the one that is asked for certificates.
  std::string ca;
  std::string key;                    // Name of the device's key.
  std::string challenge = {};         // Empty: the requests wait, and are polled at the publisher.
  bool has_fresh_certificate = true;  // GetCACert before each request; else only before the first.
};

// Load enrols without a pause from a thread of its own until it ends, and keeps what went wrong: all but SUCCESS, or
// PENDING where there is no challenge. A 503 with Retry-After is asked again and counted. It uses no assertion, since
// these belong to the test's thread.
class Load {
 public:
  explicit Load(LoadWish wish);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  int successes() const { return successes_; }
  int retries() const { return retries_; }
  std::vector<std::string> failures() const;

 private:
  void Run();
  void Keep(const std::string& failure);
  std::optional<pki::Certificate> Fetch();
  // Each is empty if all went as it should.
  std::string Enrol(const pki::Certificate& ra, int number);
  std::string Expect(scep::PkiStatus expected, int port, const scep::Client& client, const Bytes& message);
  std::optional<HttpReply> Send(int port, const std::string& request);

  const LoadWish wish_;
  const std::shared_ptr<const pki::PrivateKey> key_;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<int> successes_ = 0, retries_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> failures_;  // Guarded by mutex_.
  std::thread thread_;
};

// AllGoOn waits until each of `loads` has succeeded so many times more; false if one does not.
bool AllGoOn(const std::vector<const Load*>& loads, int times);
// FailuresOf are those of all.
std::vector<std::string> FailuresOf(const std::vector<const Load*>& loads);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_LOAD_H
