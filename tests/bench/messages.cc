#include "messages.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

namespace bench {

namespace {

using Key = std::shared_ptr<const pki::PrivateKey>;

result::Result<Enrollment> MakeMessage(const MessagePlan& plan, const Key& key, std::size_t number,
                                       const std::string& run) {
  ASSIGN_OR_RETURN(auto subject, pki::Name::FromString("CN=device-" + run + "-" + std::to_string(number) + ",O=Bench"));
  ASSIGN_OR_RETURN(auto client, scep::Client::Create(key, subject, plan.registration_authority));
  client.set_transaction_id(scep::TransactionId(run + "-" + std::to_string(number)));
  pki::CertificateRequestTemplate request{
      .subject = subject, .challenge = plan.challenges[number % plan.challenges.size()], .alternative_names = {}};
  ASSIGN_OR_RETURN(const auto csr, pki::SignCertificateRequest(request, *key, pki::DigestAlgorithm::kSha256));
  ASSIGN_OR_RETURN(auto message, client.MakePkcsReq(csr));
  return Enrollment{std::move(client), std::move(message)};
}

result::Result<std::vector<Key>> MakeKeys(std::size_t count) {
  std::vector<Key> keys;
  for (std::size_t i = 0; i < count; i++) {
    ASSIGN_OR_RETURN(auto key, pki::PrivateKey::Generate("rsa-2048"));
    keys.emplace_back(std::move(key));
  }
  return keys;
}

}  // namespace

result::Result<std::vector<Enrollment>> MakeMessages(const MessagePlan& plan) {
  ASSIGN_OR_RETURN(const auto keys, MakeKeys(plan.client_keys));
  ASSIGN_OR_RETURN(const auto run_octets, pki::RandomBytes(4));
  const std::string run = pki::HexLower(run_octets);
  std::vector<std::optional<Enrollment>> made(plan.count);
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // Guards failure.
  std::optional<result::Error> failure;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < std::max(1u, std::thread::hardware_concurrency()); t++) {
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < plan.count; i = next++) {
        auto enrollment = MakeMessage(plan, keys[i % keys.size()], i, run);
        if (enrollment) {
          made[i].emplace(*std::move(enrollment));
        } else {
          const std::lock_guard lock(mutex);
          failure = enrollment.error();
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  if (failure) return tl::unexpected(*failure);
  std::vector<Enrollment> enrollments;
  enrollments.reserve(plan.count);
  for (auto& enrollment : made) enrollments.push_back(*std::move(enrollment));
  return enrollments;
}

}  // namespace bench
