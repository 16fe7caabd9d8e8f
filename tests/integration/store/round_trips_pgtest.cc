// What a call of enrolment costs, counted on the wire.
#include "postgres_proxy.h"
#include "store_fixture.h"

namespace store_test {
namespace {

// Remote is a bench whose enrolment store can be reached only where its round trips are counted. Its sessions are open:
// opening one takes round trips of its own.
class Remote : public Bench<PostgresStores> {
 public:
  Remote() {
    REQUIRE(FindRemotely());
    REQUIRE(Wait<RecordOutcome>([&](auto done) { store.Record(Pending("before"), done); }));
  }
  Result<EnrollmentFacts> FindRemotely(const std::optional<SignerCertificate>& signer = {}) {
    EnrollmentQuery query{Identity("tx"), DigestOf("no key of ours")};
    query.signer = signer;
    query.subject = "CN=device";
    return Wait<EnrollmentFacts>([&](auto done) { store.Find(query, done); });
  }

  PostgresProxy proxy{stores.settings().connection};
  PostgresEnrollmentStore store{proxy.Settings()};
};

TEST_CASE_METHOD(Remote, "the facts of a request are one round trip", "[store][round trips]") {
  for (int i = 0; i < 5; i++) {
    const auto before = proxy.round_trips();
    REQUIRE(FindRemotely());
    CHECK(proxy.round_trips() - before == 1);
  }
}

TEST_CASE_METHOD(Remote, "whose signer may be one of ours takes one more", "[store][round trips]") {
  const auto before = proxy.round_trips();
  REQUIRE(FindRemotely(SignerCertificate{"serial", "certificate"}));
  CHECK(proxy.round_trips() - before == 2);
}

TEST_CASE_METHOD(Remote, "a poll is one round trip, and so is what counts and what records", "[store][round trips]") {
  auto before = proxy.round_trips();
  REQUIRE(
      Wait<std::optional<PriorRequest>>([&](auto done) { store.FindForPoll(Identity("before"), done); })->has_value());
  CHECK(proxy.round_trips() - before == 1);
  before = proxy.round_trips();
  ActivityQuery query;
  query.ca_id = ca_id;
  REQUIRE(Wait<Activity>([&](auto done) { store.FindActivity(query, done); }));
  CHECK(proxy.round_trips() - before == 1);
  before = proxy.round_trips();
  REQUIRE(Wait<RecordOutcome>([&](auto done) { store.Record(Issued("tx"), done); })->kind == Kind::kRecorded);
  CHECK(proxy.round_trips() - before == 1);
}

TEST_CASE("a round trip ends with ReadyForQuery, wherever the octets are cut", "[store][round trips]") {
  // ParseComplete; a row whose value ends as ReadyForQuery does; ReadyForQuery.
  const std::string said(
      "1\0\0\0\4"
      "D\0\0\0\xdZZ\0\0\0\5IZ\0"
      "Z\0\0\0\5I",
      25);
  for (std::size_t cut = 0; cut <= said.size(); cut++) {
    RoundTripCounter counter;
    const auto first = counter.Read(std::string_view(said).substr(0, cut));
    CHECK(first + counter.Read(std::string_view(said).substr(cut)) == 1);
  }
}

}  // namespace
}  // namespace store_test
