#ifndef CERTIFIER_TESTS_INTEGRATION_STORE_STORE_FIXTURE_H
#define CERTIFIER_TESTS_INTEGRATION_STORE_STORE_FIXTURE_H

#include <catch2/catch.hpp>
#include <future>
#include <pqxx/pqxx>
#include <string>

#include "pki/digest.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/postgres_enrollment_store.h"
#include "support/memory_store.h"
#include "tests/integration/engine/cluster.h"

namespace store_test {

using namespace engine::store;
using Kind = RecordOutcome::Kind;
using result::Reason;

// MemoryStores and PostgresStores are the two implementations of the same contract.
class MemoryStores {
 public:
  explicit MemoryStores(const PendingLimits& limits = {}) : store_(limits) {}
  EnrollmentStore& enrollment() { return store_; }
  AdministrationStore& administration() { return store_; }

 private:
  MemoryStore store_;
};

class PostgresStores {
 public:
  explicit PostgresStores(PostgresSettings settings = {}) : settings_(Connected(std::move(settings))) {}
  explicit PostgresStores(const PendingLimits& limits) : PostgresStores(With(limits)) {}
  EnrollmentStore& enrollment() { return enrollment_; }
  AdministrationStore& administration() { return administration_; }
  ConnectionPool& pool() { return administration_.pool(); }
  const PostgresSettings& settings() const { return settings_; }

 private:
  static PostgresSettings With(const PendingLimits& limits) {
    PostgresSettings settings;
    settings.pending = limits;
    return settings;
  }
  static PostgresSettings Connected(PostgresSettings settings) {
    if (settings.connection.empty()) settings.connection = engine_test::Cluster::Get().MakeDatabase();
    return settings;
  }
  const PostgresSettings settings_;
  PostgresEnrollmentStore enrollment_{settings_};
  PostgresAdministrationStore administration_{settings_};
};

// Execute runs `sql` by itself, past the store.
inline void Execute(const std::string& connection, const std::string& sql) {
  pqxx::connection session(connection);
  pqxx::work work(session);
  work.exec(sql);
  work.commit();
}

inline PostgresSettings On(const std::string& connection) {
  PostgresSettings settings;
  settings.connection = connection;
  return settings;
}

// Wait is the answer to one call of an EnrollmentStore, within 20 s.
template <class T, class Start>
Result<T> Wait(Start start) {
  auto answer = std::make_shared<std::promise<Result<T>>>();
  auto future = answer->get_future();
  start([answer](Result<T> result) { answer->set_value(std::move(result)); });
  REQUIRE(future.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  return future.get();
}

// Bench is a store with the CA "demo", its policy, and the entity "device".
template <class Stores>
class Bench {
 public:
  template <class... Arguments>
  explicit Bench(Arguments... arguments) : stores(std::move(arguments)...) {
    auto& administration = stores.administration();
    const auto policy = administration.ApplyPolicy({"default", R"({"name": "default"})", "test"});
    REQUIRE(policy);
    policy_version_id = policy->policy_version_id;
    REQUIRE(administration.CreateCa(NamedCa("demo")));
    REQUIRE(administration.CreateEntity({"device", "", "test"}));
    const auto directory = administration.LoadDirectory();
    REQUIRE(directory);
    ca_id = directory->cas.at(0).ca_id;
    ca_generation_id = directory->cas.at(0).ca_generation_id;
  }

  static NewCa NamedCa(const std::string& name) {
    NewCa ca;
    ca.name = name;
    ca.policy = "default";
    ca.created_by = "test";
    ca.generation = GenerationOf(name);
    return ca;
  }
  static NewGeneration GenerationOf(const std::string& name) {
    NewGeneration generation;
    generation.key_algorithm = "rsa-2048";
    generation.certificate = "certificate of " + name;
    generation.sealed_key = "sealed";
    generation.not_before = Now();
    generation.not_after = Now() + std::chrono::hours(24);
    generation.registration_authorities = {
        {RegistrationAuthorityUsage::kCombined, "ra of " + name, "sealed too", generation.not_after}};
    return generation;
  }
  static TimePoint Now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

  // MakeKey is the id of a key that is good for `uses` certificates.
  std::int64_t MakeKey(std::uint32_t uses = 1) {
    const std::string number = std::to_string(++made_);
    NewKey key;
    key.entity = "device";
    key.ca = "demo";
    key.reference_number = "R" + number;
    key.digest = DigestOf("key" + number);
    key.use_limit = uses;
    key.not_before = Now();
    key.expires_at = Now() + std::chrono::hours(1);
    key.created_by = "test";
    const auto created = stores.administration().CreateKey(key);
    INFO((created ? "" : created.error().detail));
    REQUIRE(created);
    return stores.administration().ListKeys("device", {}).value().front().pre_shared_key_id;
  }
  KeyListing Listed(std::int64_t key) {
    const auto keys = stores.administration().ListKeys("device", {}).value();
    for (const auto& listing : keys) {
      if (listing.pre_shared_key_id == key) return listing;
    }
    FAIL("the key is not listed");
    return {};
  }
  std::uint32_t UseCount(std::int64_t key) { return Listed(key).use_count; }

  static Bytes DigestOf(const std::string& text) {
    Bytes digest = text;
    digest.resize(32, '.');
    return digest;
  }
  // Without a name for it, each transaction has a PKCS#10 of its own.
  RequestIdentity Identity(const std::string& transaction, const std::string& csr = {}) const {
    return {ca_id, transaction, DigestOf("requester"), DigestOf(csr.empty() ? "csr of " + transaction : csr)};
  }

  NewRequest Pending(const std::string& transaction, const std::string& csr = {}) const {
    NewRequest request;
    request.identity = Identity(transaction, csr);
    request.sealed_csr = "sealed " + csr;
    request.subject = "CN=device of " + transaction;
    request.subject_alternative_names = {"dns:a.example", "ip:192.0.2.1"};
    request.key_algorithm = "rsa-2048";
    request.source_address = "192.0.2.7";
    request.received_at = Now();
    request.policy_version_id = policy_version_id;
    request.fingerprints = Fingerprints(transaction, 'r');
    request.unsigned_fingerprints = Fingerprints(transaction, 'u');
    return request;
  }
  // Held is one that waits, and that `key` vouches for.
  NewRequest Held(const std::string& transaction, std::int64_t key, bool releases_use = false) const {
    NewRequest request = Pending(transaction);
    request.pre_shared_key_id = key;
    request.has_challenge = true;
    request.releases_use = releases_use;
    return request;
  }
  // 68 octets: MD5, SHA-1 and SHA-256, each of one letter's own.
  static Bytes Fingerprints(const std::string& seed, char set) {
    return Digest(seed, set, 16) + Digest(seed, set, 20) + Digest(seed, set, 32);
  }
  static Bytes Digest(const std::string& seed, char set, std::size_t length) {
    Bytes digest = set + std::to_string(length) + seed;
    digest.resize(length, '.');
    return digest;
  }

  NewRequest Issued(const std::string& transaction, std::optional<std::int64_t> key = {}, const std::string& csr = {}) {
    NewRequest request = Pending(transaction, csr);
    request.state = RequestState::kIssued;
    request.pre_shared_key_id = key;
    request.has_challenge = key.has_value();
    request.fingerprints.clear();
    request.unsigned_fingerprints.clear();
    request.certificate = Certificate();
    return request;
  }
  // Decision is of an approval of that request, each with an id of its own.
  NewDecision Decision(std::int64_t request_id) {
    NewDecision decision;
    decision.decision_id = pki::Digest(pki::DigestAlgorithm::kMd5, std::to_string(++decisions));
    decision.ca_id = ca_id;
    decision.request_id = request_id;
    decision.transaction_id = "approved";
    decision.decided_at = Now();
    decision.record = "approved";
    return decision;
  }
  NewCertificate Certificate() {
    const Bytes serial_number = "serial" + std::to_string(++made_);
    return {ca_generation_id, serial_number, "certificate " + serial_number, Now(), Now() + std::chrono::hours(1)};
  }

  Result<RecordOutcome> Record(const NewRequest& request) {
    return Wait<RecordOutcome>([&](auto done) { stores.enrollment().Record(request, done); });
  }
  // RecordAll begins every call before it waits for the first.
  std::vector<Result<RecordOutcome>> RecordAll(const std::vector<NewRequest>& requests) {
    std::vector<std::future<Result<RecordOutcome>>> answers;
    for (const auto& request : requests) {
      auto answer = std::make_shared<std::promise<Result<RecordOutcome>>>();
      answers.push_back(answer->get_future());
      stores.enrollment().Record(request, [answer](auto outcome) { answer->set_value(std::move(outcome)); });
    }
    std::vector<Result<RecordOutcome>> outcomes;
    for (auto& answer : answers) {
      REQUIRE(answer.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
      outcomes.push_back(answer.get());
    }
    return outcomes;
  }
  std::int64_t RecordPending(const std::string& transaction, const std::string& csr = {}) {
    const auto outcome = Record(Pending(transaction, csr));
    REQUIRE(outcome);
    REQUIRE(outcome->kind == Kind::kRecorded);
    return outcome->request_id;
  }
  Result<EnrollmentFacts> Find(const RequestIdentity& identity, const Bytes& key_digest = {}) {
    return Wait<EnrollmentFacts>([&](auto done) { stores.enrollment().Find({identity, key_digest}, done); });
  }
  std::optional<PriorRequest> Poll(const std::string& transaction) {
    auto identity = Identity(transaction);
    identity.csr_sha256.clear();
    const auto found =
        Wait<std::optional<PriorRequest>>([&](auto done) { stores.enrollment().FindForPoll(identity, done); });
    REQUIRE(found);
    return *found;
  }
  std::size_t Requests() { return stores.administration().ListRequests({}, {}).value().size(); }
  std::size_t Certificates() { return stores.administration().ListCertificates({}, {}).value().size(); }

  Stores stores;
  std::atomic<std::int64_t> decisions = 0;
  std::int64_t ca_id = 0, ca_generation_id = 0, policy_version_id = 0;

 private:
  int made_ = 0;
};

// CountOf is how many outcomes are of that kind.
// ApprovedBy is an operator's yes to the first version of a template.
inline Approval ApprovedBy(const std::string& login, const std::vector<std::string>& groups = {}) {
  return {login, groups, Bytes(16, 'f'), 1, std::chrono::system_clock::now()};
}

inline std::size_t CountOf(const std::vector<Result<RecordOutcome>>& outcomes, Kind kind) {
  std::size_t count = 0;
  for (const auto& outcome : outcomes) count += outcome && outcome->kind == kind ? 1u : 0u;
  return count;
}

}  // namespace store_test

#endif  // CERTIFIER_TESTS_INTEGRATION_STORE_STORE_FIXTURE_H
