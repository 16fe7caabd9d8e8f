// How long an outcome stands, what takes its place, and what it uses up, asked of the store in memory and of
// PostgreSQL.
#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

template <class Stores>
class Outcomes : public Bench<Stores> {
 public:
  using Bench<Stores>::Bench;

  Kind KindOf(const NewRequest& request) {
    const auto outcome = this->Record(request);
    INFO((outcome ? "" : outcome.error().detail));
    REQUIRE(outcome);
    return outcome->kind;
  }
  // Issue records an issued request, and says its id.
  std::int64_t Issue(const NewRequest& request) {
    const auto outcome = this->Record(request);
    INFO((outcome ? "" : outcome.error().detail));
    REQUIRE(outcome);
    REQUIRE(outcome->kind == Kind::kRecorded);
    return outcome->request_id;
  }
  PriorRequest IdenticalTo(const NewRequest& request) {
    const auto facts = this->Find(request.identity);
    REQUIRE(facts);
    REQUIRE(facts->identical);
    return *facts->identical;
  }
  PriorRequest Polled(const std::string& transaction) {
    const auto found = this->Poll(transaction);
    REQUIRE(found);
    return *found;
  }
  // Successor is the same PKCS#10 once more, for what took the place of an issued request.
  NewRequest Successor(const std::string& transaction, std::int64_t superseded, std::optional<std::int64_t> key = {}) {
    NewRequest request = this->Issued(transaction, key, "csr");
    request.superseded_request_id = superseded;
    return request;
  }
};

TEMPLATE_TEST_CASE("an issued outcome says what it is", "[store][outcomes]", MemoryStores, PostgresStores) {
  Outcomes<TestType> bench;
  const auto issued = bench.Issued("tx", {}, "csr");
  const auto before = std::chrono::system_clock::now() - std::chrono::minutes(1);
  bench.Issue(issued);
  for (const auto& prior : {bench.IdenticalTo(issued), bench.Polled("tx")}) {
    CHECK(prior.certificate == issued.certificate->certificate);
    CHECK(prior.ca_generation_id == bench.ca_generation_id);
    CHECK(std::chrono::abs(prior.not_after - issued.certificate->not_after) < std::chrono::milliseconds(1));
    CHECK(prior.issued_at > before);
    CHECK(prior.issued_at < std::chrono::system_clock::now() + std::chrono::minutes(1));
    CHECK_FALSE(prior.renewed_certificate_id);
  }
}

TEMPLATE_TEST_CASE("what took an outcome's place is the outcome from then on", "[store][outcomes]", MemoryStores,
                   PostgresStores) {
  Outcomes<TestType> bench;
  const auto first = bench.Issue(bench.Issued("tx", {}, "csr"));
  const std::string transaction = GENERATE("tx", "another");
  const auto successor = bench.Successor(transaction, first);
  const auto second = bench.Issue(successor);
  CHECK(bench.IdenticalTo(successor).request_id == second);
  CHECK(bench.IdenticalTo(bench.Issued("third", {}, "csr")).request_id == second);
  CHECK(bench.Polled(transaction).request_id == second);
  CHECK(bench.Certificates() == 2);
}

TEMPLATE_TEST_CASE("an outcome whose place nothing took stands as before", "[store][outcomes]", MemoryStores,
                   PostgresStores) {
  Outcomes<TestType> bench;
  const auto key = bench.MakeKey(1);
  const auto issued = bench.Issued("tx", key, "csr");
  const auto first = bench.Issue(issued);
  const auto outcome = bench.Record(bench.Successor("tx", first, key));
  REQUIRE(outcome);
  CHECK(outcome->kind != Kind::kRecorded);
  CHECK(bench.IdenticalTo(issued).request_id == first);
  CHECK(bench.Polled("tx").request_id == first);
}

TEMPLATE_TEST_CASE("of copies that would take an outcome's place one does, and the others get its outcome",
                   "[store][outcomes]", MemoryStores, PostgresStores) {
  Outcomes<TestType> bench;
  const auto first = bench.Issue(bench.Issued("tx", {}, "csr"));
  std::vector<NewRequest> copies;
  for (int i = 0; i < 8; i++) copies.push_back(bench.Successor("tx", first));
  const auto outcomes = bench.RecordAll(copies);
  CHECK(CountOf(outcomes, Kind::kRecorded) == 1);
  CHECK(CountOf(outcomes, Kind::kPrior) == 7);
  for (const auto& outcome : outcomes) {
    if (outcome->kind == Kind::kPrior) CHECK(outcome->prior->request_id != first);
  }
  CHECK(bench.Certificates() == 2);
}

TEMPLATE_TEST_CASE("a request that waits takes an outcome's place too", "[store][outcomes]", MemoryStores,
                   PostgresStores) {
  Outcomes<TestType> bench;
  const auto first = bench.Issue(bench.Issued("tx", {}, "csr"));
  NewRequest waits = bench.Pending("tx", "csr");
  waits.superseded_request_id = first;
  REQUIRE(bench.KindOf(waits) == Kind::kRecorded);
  CHECK(bench.Polled("tx").state == RequestState::kPending);
}

TEMPLATE_TEST_CASE("a renewal that was rejected or that expired uses up none", "[store][outcomes]", MemoryStores,
                   PostgresStores) {
  Outcomes<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto issued = bench.Issued("first");
  bench.Issue(issued);
  const SignerCertificate signer{issued.certificate->serial_number, issued.certificate->certificate};
  const auto renewable = [&] {
    return *Wait<EnrollmentFacts>([&](auto done) {
              bench.stores.enrollment().Find({bench.Identity("renewal"), {}, signer}, done);
            })->renewable;
  };
  const auto renewal = [&](NewRequest request) {
    request.renewal = NewRenewal{renewable().certificate_id, 2};
    return request;
  };
  const auto rejected = bench.Issue(renewal(bench.Pending("rejected")));
  bench.Issue(renewal(bench.Issued("issued")));
  CHECK(renewable().renewal_count == 2);
  CHECK(bench.KindOf(renewal(bench.Issued("too many"))) == Kind::kExhausted);
  REQUIRE(administration.Reject(rejected, "no", "alice"));
  CHECK(renewable().renewal_count == 1);
  const auto waiting = bench.Issue(renewal(bench.Pending("expires")));
  CHECK(bench.KindOf(renewal(bench.Issued("too many"))) == Kind::kExhausted);
  const auto month = std::chrono::hours(24) * 30;
  REQUIRE(administration.Expire(std::chrono::system_clock::now() + month * 2, {month, month}));
  REQUIRE(administration.GetRequest(waiting)->state == RequestState::kExpired);
  CHECK(bench.KindOf(renewal(bench.Issued("again"))) == Kind::kRecorded);
  CHECK(renewable().renewal_count == 2);
}

TEMPLATE_TEST_CASE("a renewal is approved only while what it renews is good", "[store][outcomes]", MemoryStores,
                   PostgresStores) {
  Outcomes<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto issued = bench.Issued("first", bench.MakeKey());
  bench.Issue(issued);
  NewRequest renewal = bench.Pending("renewal");
  renewal.renewal = NewRenewal{administration.ListCertificates({}, {})->front().certificate_id, 1};
  const auto id = bench.Issue(renewal);
  const Bytes serial_number = issued.certificate->serial_number;
  CHECK(administration.GetRequest(id)->renewed_serial_number == serial_number);
  CHECK_FALSE(administration.GetRequest(id)->is_renewed_revoked);
  const auto approve = [&] {
    return administration.Approve({id,
                                   renewal.identity.csr_sha256,
                                   bench.Certificate(),
                                   bench.policy_version_id,
                                   ApprovedBy("alice"),
                                   {},
                                   bench.Decision(id)});
  };
  NewRevocation suspension;
  suspension.reason = pki::CrlReason::kCertificateHold;
  suspension.revoked_by = "alice";
  REQUIRE(administration.Revoke(serial_number, "", suspension));
  CHECK(administration.GetRequest(id)->is_renewed_revoked);
  CHECK(approve().error().reason == Reason::kConflict);
  REQUIRE(administration.Reactivate(serial_number, ""));
  CHECK(approve());
  CHECK(bench.Certificates() == 2);
}

TEST_CASE("what an inactive entity's key vouched for is not approved", "[store][outcomes]") {
  Outcomes<PostgresStores> bench;
  auto& administration = bench.stores.administration();
  NewRequest held = bench.Pending("tx");
  held.pre_shared_key_id = bench.MakeKey();
  const auto id = bench.Issue(held);
  const auto set_status = [&](const std::string& status) {
    Execute(bench.stores.settings().connection, "UPDATE entities SET status = '" + status + "'");
  };
  set_status("inactive");
  CHECK_FALSE(administration.GetRequest(id)->is_entity_active);
  CHECK(administration
            .Approve({id,
                      held.identity.csr_sha256,
                      bench.Certificate(),
                      bench.policy_version_id,
                      ApprovedBy("alice"),
                      {},
                      bench.Decision(id)})
            .error()
            .reason == Reason::kConflict);
  CHECK(bench.Certificates() == 0);
  set_status("active");
  CHECK(administration.Approve({id,
                                held.identity.csr_sha256,
                                bench.Certificate(),
                                bench.policy_version_id,
                                ApprovedBy("alice"),
                                {},
                                bench.Decision(id)}));
}

TEMPLATE_TEST_CASE("two keys that bring one transactionID at once are flagged", "[store][outcomes]", MemoryStores,
                   PostgresStores) {
  Outcomes<TestType> bench;
  std::vector<NewRequest> requests;
  for (const char* requester : {"a", "b", "c"}) {
    NewRequest request = bench.Pending("tx", requester);
    request.identity.requester_key = bench.DigestOf(requester);
    requests.push_back(request);
  }
  const auto outcomes = bench.RecordAll(requests);
  REQUIRE(CountOf(outcomes, Kind::kRecorded) == 3);
  int flagged = 0;
  for (const auto& outcome : outcomes) {
    flagged += bench.stores.administration().GetRequest(outcome->request_id)->has_collision ? 1 : 0;
  }
  CHECK(flagged == 2);
}

TEMPLATE_TEST_CASE("the addresses of one IPv6 network wait as one source", "[store][outcomes][bounds]", MemoryStores,
                   PostgresStores) {
  PendingLimits limits;
  limits.per_source = 2;
  Outcomes<TestType> bench(limits);
  int made = 0;
  const auto kind_from = [&](const std::string& source) {
    NewRequest request = bench.Pending("tx " + std::to_string(++made));
    request.source_address = source;
    return bench.KindOf(request);
  };
  CHECK(kind_from("2001:db8:0:1::1") == Kind::kRecorded);
  CHECK(kind_from("2001:db8:0:1:ffff::2") == Kind::kRecorded);
  CHECK(kind_from("2001:db8:0:1::3") == Kind::kTooMuch);
  CHECK(kind_from("2001:db8:0:2::1") == Kind::kRecorded);
}

}  // namespace
}  // namespace store_test
