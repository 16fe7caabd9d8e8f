// What a refused enrolment costs: one look-up, which is one round trip (tests/integration/store/round_trips_pgtest.cc),
// and no signature.
#include <catch2/catch.hpp>

#include "enrollment/pre_shared_key.h"
#include "enrollment/requester.h"
#include "enrollment_fixture.h"
#include "pki/digest.h"

namespace {

namespace store = engine::store;
using engine::enrollment::Proposal;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Reply;
using engine_test::VERDICT_DENY;

// CountingStore counts each call of a store that answers it.
class CountingStore final : public store::EnrollmentStore {
 public:
  explicit CountingStore(store::EnrollmentStore& counted) : counted_(counted) {}

  void Find(store::EnrollmentQuery query, store::Callback<store::EnrollmentFacts> done) override {
    finds++;
    counted_.Find(std::move(query), std::move(done));
  }
  void FindForPoll(store::RequestIdentity identity, store::Callback<std::optional<store::PriorRequest>> done) override {
    others++;
    counted_.FindForPoll(std::move(identity), std::move(done));
  }
  void FindCertificates(store::CertificateQuery query, store::Callback<store::CertificateFacts> done) override {
    others++;
    counted_.FindCertificates(std::move(query), std::move(done));
  }
  void FindActivity(store::ActivityQuery query, store::Callback<store::Activity> done) override {
    others++;
    counted_.FindActivity(std::move(query), std::move(done));
  }
  void Record(store::NewRequest request, store::Callback<store::RecordOutcome> done) override {
    records++;
    counted_.Record(std::move(request), std::move(done));
  }

  std::atomic<int> finds = 0, records = 0, others = 0;

 private:
  store::EnrollmentStore& counted_;
};

// CountingKey counts what it is asked to sign.
class CountingKey final : public pki::SigningKey {
 public:
  explicit CountingKey(std::shared_ptr<const pki::SigningKey> key) : key_(std::move(key)) {}
  result::Result<pki::Bytes> Sign(pki::DigestAlgorithm digest, pki::ByteView data) const override {
    signatures++;
    return key_->Sign(digest, data);
  }
  const pki::PublicKey& public_key() const override { return key_->public_key(); }

  mutable int signatures = 0;

 private:
  const std::shared_ptr<const pki::SigningKey> key_;
};

// CostFixture submits what its store counts, and decides for a CA whose signatures are counted.
class CostFixture : public EnrollmentFixture {
 public:
  std::string SubmitCounted(const std::string& challenge) {
    const auto request = Device().Request({.challenge = challenge});
    const auto signer = Device().SignerCertificate();
    auto reply = std::make_shared<std::promise<Reply>>();
    counting_submitter.Submit({"demo", "tx-1", 19, signer, request, "192.0.2.7", now()},
                              [reply](auto answer) { reply->set_value(engine_test::ReplyOf(std::move(answer))); });
    return engine_test::Await(reply->get_future()).outcome;
  }

  // Signatures that the decision makes which "issued" or "badRequest" is the outcome of.
  int Signatures(const std::string& challenge, const std::string& outcome) {
    auto ca = engine::authority::OpenCa(this->store.LoadDirectory()->cas.at(0), sealers.ca_keys,
                                        sealers.registration_authority_keys);
    REQUIRE(ca);
    const auto key = std::make_shared<const CountingKey>(ca->key);
    ca->key = key;
    const Proposal proposal = ProposalTo(*std::move(ca), challenge);
    const auto decision = decider.Decide(proposal, FactsOf(proposal, challenge), {});
    REQUIRE(decision);
    CHECK((decision->answer ? "badRequest" : "issued") == outcome);
    return key->signatures;
  }

  // ReasonOf is why the only message was refused, as the journal has it.
  std::string ReasonOfRefusal() {
    const auto decisions = this->store.FindDecisions({{}, {}, "tx-1", {}}, 2);
    REQUIRE(decisions->size() == 1);
    certifier::v1::DecisionRecord record;
    REQUIRE(record.ParseFromString(decisions->front().record));
    return record.reason();
  }

  CountingStore counted{this->store};
  const engine::enrollment::Submitter counting_submitter{
      {directory, counted, this->store, workers, decider, key_index, guard, clock}, {}};

 private:
  Proposal ProposalTo(engine::authority::CertificationAuthority&& opened, const std::string& challenge) const {
    const auto ca = std::make_shared<const engine::authority::CertificationAuthority>(std::move(opened));
    auto requester = *engine::enrollment::ReadRequester(Device().SignerCertificate());
    auto request = Device().Parsed({.challenge = challenge});
    const store::RequestIdentity identity = {ca->ca_id, "tx-1", requester.key_sha256,
                                             pki::Digest(pki::DigestAlgorithm::kSha256, request.der())};
    auto subject = request.subject().ToString();
    return {engine::enrollment::RequestType::kPkcsReq,
            directory.snapshot(),
            ca,
            ca->ca_generation_id,
            requester.certificate,
            true,
            true,
            std::move(request),
            std::move(subject),
            identity,
            "192.0.2.7",
            now(),
            true};
  }
  store::EnrollmentFacts FactsOf(const Proposal& proposal, const std::string& challenge) {
    store::EnrollmentFacts found;
    this->store.Find({proposal.identity, engine::enrollment::PreSharedKeyDigest(key_index, challenge)},
                     [&](auto facts) { found = *std::move(facts); });
    return found;
  }
};

TEST_CASE_METHOD(CostFixture, "a wrong challenge costs one look-up and no signature", "[enrollment][cost]") {
  CHECK(Signatures("wrong", "badRequest") == 0);
  REQUIRE(SubmitCounted("wrong") == "badRequest");
  CHECK(ReasonOfRefusal() == "key_unknown");
  CHECK(counted.finds == 1);
  CHECK(counted.others == 0);
  CHECK(counted.records == 0);
}

TEST_CASE_METHOD(CostFixture, "what the policy denies costs one look-up and no signature", "[enrollment][cost]") {
  ApplyPolicy("default", VERDICT_DENY, VERDICT_DENY);
  const std::string key = Mint();
  CHECK(Signatures(key, "badRequest") == 0);
  REQUIRE(SubmitCounted(key) == "badRequest");
  CHECK(ReasonOfRefusal().find("require_key: ") == 0);
  CHECK(counted.finds == 1);
  CHECK(counted.others == 0);
  CHECK(counted.records == 0);
}

TEST_CASE_METHOD(CostFixture, "what is issued costs a look-up, a row and a signature", "[enrollment][cost]") {
  const std::string key = Mint();
  CHECK(Signatures(key, "issued") == 1);
  REQUIRE(SubmitCounted(key) == "issued");
  CHECK(counted.finds == 1);
  CHECK(counted.others == 0);
  CHECK(counted.records == 1);
}

}  // namespace
