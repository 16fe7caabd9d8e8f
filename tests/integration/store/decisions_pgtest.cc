// What every store promises where two decide at once, and of every octet that it is given.
#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

// All runs each call on a thread of its own and returns when all are back.
std::vector<Result<void>> All(const std::vector<std::function<Result<void>()>>& calls) {
  std::vector<Result<void>> results(calls.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < calls.size(); i++) threads.emplace_back([&, i] { results[i] = calls[i](); });
  for (auto& thread : threads) thread.join();
  return results;
}

std::size_t CountOf(const std::vector<Result<void>>& results, Reason reason) {
  std::size_t count = 0;
  for (const auto& result : results) count += !result && result.error().reason == reason ? 1u : 0u;
  return count;
}

Bytes EveryOctet() {
  Bytes octets;
  for (int value = 0; value < 256; value++) octets += static_cast<char>(value);
  return octets;
}

TEMPLATE_TEST_CASE("of operators who decide at once one wins, and the others conflict", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto id = bench.RecordPending("tx");
  const auto digest = bench.Identity("tx").csr_sha256;
  std::vector<std::function<Result<void>()>> calls;
  for (int i = 0; i < 3; i++) {
    calls.push_back([&, own = bench.Certificate()] {
      return administration.Approve(
          {id, digest, own, bench.policy_version_id, ApprovedBy("alice"), {}, bench.Decision(id)});
    });
    calls.push_back([&] { return administration.Reject(id, "unknown device", "bob"); });
  }
  CHECK(CountOf(All(calls), Reason::kConflict) == 5);
  const bool is_issued = administration.GetRequest(id)->state == RequestState::kIssued;
  CHECK(bench.Certificates() == (is_issued ? 1u : 0u));
  CHECK(administration.GetRequest(id)->rejection_reason == (is_issued ? "" : "unknown device"));
}

TEMPLATE_TEST_CASE("only what waits expires, and what has expired cannot be decided", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  REQUIRE(bench.Record(bench.Issued("issued")));
  const auto rejected = bench.RecordPending("rejected");
  REQUIRE(administration.Reject(rejected, "why", "alice"));
  const auto waiting = bench.RecordPending("waiting");
  const auto later = bench.Now() + std::chrono::hours(1);
  CHECK(administration.Expire(later, {std::chrono::seconds(0), std::chrono::hours(24)}).value() == 1);
  CHECK(administration.Expire(later, {std::chrono::seconds(0), std::chrono::hours(24)}).value() == 0);
  CHECK(bench.Poll("issued")->state == RequestState::kIssued);
  CHECK(bench.Poll("rejected")->state == RequestState::kRejected);
  const auto digest = bench.Identity("waiting").csr_sha256;
  CHECK(administration
            .Approve({waiting,
                      digest,
                      bench.Certificate(),
                      bench.policy_version_id,
                      ApprovedBy("alice"),
                      {},
                      bench.Decision(waiting)})
            .error()
            .reason == Reason::kConflict);
  CHECK(administration.Reject(waiting, "why", "alice").error().reason == Reason::kConflict);
  CHECK_FALSE(bench.Find(bench.Identity("waiting"))->identical);
}

TEMPLATE_TEST_CASE("a poll finds the newest request of its transaction and key, and nobody else's", "[store]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  REQUIRE(bench.Record(bench.Issued("tx", {}, "first")));
  const auto newest = bench.RecordPending("tx", "second");
  CHECK(bench.Poll("tx")->request_id == newest);
  CHECK(bench.Poll("tx")->certificate.empty());
  CHECK_FALSE(bench.Poll("tx2"));
  auto foreign = bench.Pending("tx");
  foreign.identity.requester_key = bench.DigestOf("another requester");
  CHECK(bench.Record(foreign)->kind == Kind::kRecorded);
  CHECK(bench.Poll("tx")->request_id == newest);
}

TEMPLATE_TEST_CASE("a CA issues a serial number once, and another CA may have it too", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  REQUIRE(administration.CreateCa(bench.NamedCa("other")));
  const auto directory = administration.LoadDirectory().value();
  const auto first = bench.Issued("one");
  REQUIRE(bench.Record(first));
  const auto serial_number = first.certificate->serial_number;

  const auto key = bench.MakeKey(1);
  auto again = bench.Issued("two", key);
  again.certificate->serial_number = serial_number;
  CHECK(bench.Record(again).error().reason == Reason::kInternal);
  CHECK(bench.UseCount(key) == 0);
  CHECK_FALSE(bench.Poll("two"));
  const auto held = bench.RecordPending("held");
  CHECK(administration
            .Approve({held,
                      bench.Identity("held").csr_sha256,
                      *again.certificate,
                      bench.policy_version_id,
                      ApprovedBy("alice"),
                      {},
                      bench.Decision(held)})
            .error()
            .reason == Reason::kConflict);
  CHECK(bench.Poll("held")->state == RequestState::kPending);

  auto elsewhere = bench.Issued("one");
  elsewhere.identity.ca_id = directory.cas.at(1).ca_id;
  elsewhere.certificate->ca_generation_id = directory.cas.at(1).ca_generation_id;
  elsewhere.certificate->serial_number = serial_number;
  REQUIRE(bench.Record(elsewhere)->kind == Kind::kRecorded);
  CHECK(administration.GetCertificate(serial_number, "").error().reason == Reason::kConflict);
  CHECK(administration.GetCertificate(serial_number, "Other")->certificate == elsewhere.certificate->certificate);
  CHECK(administration.GetCertificate(serial_number, "demo")->certificate == first.certificate->certificate);
  CHECK(administration.ListCertificates({.ca = "OTHER"}, {})->size() == 1);
}

TEMPLATE_TEST_CASE("what is recorded comes back octet for octet", "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  NewRequest request = bench.Pending(EveryOctet().substr(0, 255));
  request.sealed_csr = EveryOctet() + EveryOctet();
  request.identity.requester_key = EveryOctet().substr(224);
  request.identity.csr_sha256 = EveryOctet().substr(0, 32);
  request.fingerprints = EveryOctet().substr(0, 68);
  request.unsigned_fingerprints = EveryOctet().substr(188);
  request.subject = "CN=\"O'Brien\\, \\\\ {NULL} %s $1;--\",O=Žluťoučký kůň";
  request.subject_alternative_names = {"dns:a\"b'c\\d{,}.example", "email:NULL", "uri:urn:€"};
  request.source_address = "2001:db8::7";
  request.received_at = bench.Now() - std::chrono::hours(500'000) + std::chrono::microseconds(123'457);
  const auto id = bench.Record(request)->request_id;
  const auto read = bench.stores.administration().GetRequest(id).value();
  CHECK(read.transaction_id == request.identity.transaction_id);
  CHECK(read.csr_sha256 == request.identity.csr_sha256);
  CHECK(read.sealed_csr == request.sealed_csr);
  CHECK(read.subject == request.subject);
  CHECK(read.subject_alternative_names == request.subject_alternative_names);
  CHECK(read.fingerprints == request.fingerprints);
  CHECK(read.unsigned_fingerprints == request.unsigned_fingerprints);
  CHECK((read.received_at == request.received_at));
  CHECK_FALSE(read.decided_at);
  CHECK(bench.Find(request.identity)->identical->request_id == id);
  const auto by_digest =
      bench.stores.administration().ListRequests({.fingerprint = request.fingerprints.substr(36)}, {});
  CHECK(by_digest->size() == 1);
}

TEMPLATE_TEST_CASE("a key comes back with everything that binds it", "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto strict = administration.ApplyPolicy({"strict", R"({"name": "strict"})", "test"});
  NewKey key;
  key.entity = "DEVICE";
  key.ca = "Demo";
  key.policy = "Strict";
  key.reference_number = "R-1";
  key.digest = EveryOctet().substr(0, 32);
  key.use_limit = 1'000'000;
  key.not_before = bench.Now() + std::chrono::microseconds(1);
  key.expires_at = bench.Now() + std::chrono::hours(200'000) + std::chrono::microseconds(999'999);
  key.bound_subject = "CN=O'Brien\\,x";
  key.bound_alternative_names = {"dns:a.example", "ip:2001:db8::1"};
  key.created_by = "alice";
  REQUIRE(administration.CreateKey(key));
  const auto found = bench.Find(bench.Identity("tx"), key.digest)->key;
  REQUIRE(found);
  CHECK(found->policy_id == strict->policy_id);
  CHECK(found->use_limit == 1'000'000);
  CHECK(found->use_count == 0);
  CHECK((found->not_before == key.not_before && found->expires_at == key.expires_at));
  CHECK(found->binding.subject == key.bound_subject);
  CHECK(found->binding.alternative_names == key.bound_alternative_names);
  const auto listing = administration.ListKeys("Device", {}).value().at(0);
  CHECK(listing.entity + "/" + listing.ca + "/" + listing.policy == "device/demo/strict");
  CHECK((listing.not_before == key.not_before && listing.expires_at == key.expires_at));
  CHECK(listing.bound_alternative_names == key.bound_alternative_names);
  CHECK(administration.ListKeys("nobody", {})->empty());
  key.reference_number = "R-2";
  CHECK(administration.CreateKey(key).error().reason == Reason::kConflict);
  key.digest[0] = 'x';
  key.policy = "lax";
  CHECK(administration.CreateKey(key).error().reason == Reason::kNotFound);
}

}  // namespace
}  // namespace store_test
