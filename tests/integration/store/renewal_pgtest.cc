// What a renewal leaves in the store, asked of the one in memory and of PostgreSQL.
#include "store_fixture.h"

namespace store_test {
namespace {

// Renewable enrols the first certificate of a Bench, and gives the signer that a renewal of it brings.
template <class Stores>
SignerCertificate Enrol(Bench<Stores>& bench) {
  const auto request = bench.Issued("first", bench.MakeKey());
  REQUIRE(bench.Record(request)->kind == Kind::kRecorded);
  return {request.certificate->serial_number, request.certificate->certificate};
}

template <class Stores>
std::optional<RenewableCertificate> Renewable(Bench<Stores>& bench, const SignerCertificate& signer) {
  const auto facts = Wait<EnrollmentFacts>([&](auto done) {
    bench.stores.enrollment().Find({bench.Identity("renewal"), {}, signer}, done);
  });
  REQUIRE(facts);
  return facts->renewable;
}

template <class Stores>
NewRequest Renewal(Bench<Stores>& bench, const RenewableCertificate& renewed, const std::string& transaction,
                   std::uint32_t limit) {
  NewRequest request = bench.Issued(transaction);
  if (renewed.entity) request.entity_id = renewed.entity->entity_id;
  request.renewal = NewRenewal{renewed.certificate_id, limit};
  return request;
}

TEMPLATE_TEST_CASE("a signer is found where it is ours octet for octet", "[store][renewal]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto signer = Enrol(bench);
  const auto renewable = Renewable(bench, signer);
  REQUIRE(renewable);
  CHECK(renewable->ca_id == bench.ca_id);
  CHECK(renewable->entity->name == "device");
  CHECK(renewable->entity->entity_id != 0);
  CHECK(renewable->entity->is_active);
  CHECK_FALSE(renewable->is_revoked);
  CHECK(renewable->renewal_count == 0);
  signer.certificate += "x";
  CHECK_FALSE(Renewable(bench, signer));
}

TEMPLATE_TEST_CASE("a renewal belongs to the entity of what it renews and counts", "[store][renewal]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  const auto signer = Enrol(bench);
  const auto outcome = bench.Record(Renewal(bench, *Renewable(bench, signer), "renewal", 3));
  REQUIRE(outcome->kind == Kind::kRecorded);
  const auto listed = bench.stores.administration().GetRequest(outcome->request_id);
  CHECK(listed->entity == "device");
  CHECK(listed->reference_number.empty());
  CHECK(bench.stores.administration().ListCertificates({}, {})->front().entity == "device");
  CHECK(Renewable(bench, signer)->renewal_count == 1);
}

TEMPLATE_TEST_CASE("of ten renewals of one certificate at once so many are made as may be", "[store][renewal]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const auto renewable = *Renewable(bench, Enrol(bench));
  std::vector<NewRequest> renewals;
  for (int i = 0; i < 10; i++) renewals.push_back(Renewal(bench, renewable, "renewal" + std::to_string(i), 3));
  const auto outcomes = bench.RecordAll(renewals);
  CHECK(CountOf(outcomes, Kind::kRecorded) == 3);
  CHECK(CountOf(outcomes, Kind::kExhausted) == 7);
  CHECK(bench.Certificates() == 4);
}

TEMPLATE_TEST_CASE("a certificate is found by its serial number, and who asks if it is one of ours", "[store][renewal]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const auto signer = Enrol(bench);
  const auto find = [&](const Bytes& serial_number, const SignerCertificate& asker) {
    return Wait<CertificateFacts>([&](auto done) {
             bench.stores.enrollment().FindCertificates({serial_number, asker}, done);
           })
        .value();
  };
  const auto facts = find(signer.serial_number, signer);
  REQUIRE(facts.certificates.size() == 1);
  CHECK(facts.certificates[0].ca_id == bench.ca_id);
  CHECK(facts.certificates[0].certificate == signer.certificate);
  CHECK(facts.signer->entity->name == "device");
  const auto nothing = find("another", {"another", "another"});
  CHECK(nothing.certificates.empty());
  CHECK_FALSE(nothing.signer);
}

TEMPLATE_TEST_CASE("a revoked or suspended certificate is known as such, and is no answer to its request",
                   "[store][renewal]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const auto signer = Enrol(bench);
  CHECK_FALSE(bench.Find(bench.Identity("first"))->identical->is_revoked);
  const auto reason = GENERATE(pki::CrlReason::kKeyCompromise, pki::CrlReason::kCertificateHold);
  NewRevocation revocation;
  revocation.reason = reason;
  revocation.revoked_by = "test";
  REQUIRE(bench.stores.administration().Revoke(signer.serial_number, "", revocation));
  CHECK(Renewable(bench, signer)->is_revoked);
  CHECK(bench.Find(bench.Identity("first"))->identical->is_revoked);
  CHECK(bench.Poll("first")->is_revoked);
}

}  // namespace
}  // namespace store_test
