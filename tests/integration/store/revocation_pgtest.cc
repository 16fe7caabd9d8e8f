// What every store promises of revocation and of CRLs.
#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

using pki::CrlReason;

// RevocationBench has certificates, and makes CRLs at times of its own.
template <class Stores>
class RevocationBench : public Bench<Stores> {
 public:
  AdministrationStore& store() { return this->stores.administration(); }

  Bytes MakeCertificate(std::chrono::hours lifetime = std::chrono::hours(1)) {
    auto request = this->Issued("tx" + std::to_string(++made_));
    request.certificate->not_after = this->Now() + lifetime;
    REQUIRE(this->Record(request)->kind == Kind::kRecorded);
    return request.certificate->serial_number;
  }
  static NewRevocation Because(CrlReason reason) { return {reason, std::nullopt, "comment", "alice"}; }
  Result<void> Revoke(const Bytes& serial_number, CrlReason reason = CrlReason::kKeyCompromise) {
    return store().Revoke(serial_number, "", Because(reason));
  }
  std::optional<Revocation> RevocationOf(const Bytes& serial_number) {
    return store().GetCertificate(serial_number, "").value().revocation;
  }

  // Issue makes the CRL that is due at `now`, good for a day; nothing where none is.
  std::optional<CrlDraft> Issue(TimePoint now, std::uint64_t kept = 100) {
    std::optional<CrlDraft> seen;
    const auto issued = store().IssueCrl({this->ca_generation_id, now, kept}, [&](const CrlDraft& draft) {
      seen = draft;
      return Result<NewCrl>(NewCrl{now, now + kLife, "crl " + std::to_string(draft.crl_number)});
    });
    INFO((issued ? "" : issued.error().detail));
    REQUIRE(issued);
    CHECK(*issued == seen.has_value());
    return seen;
  }
  std::optional<CrlDraft> Issue() { return Issue(this->Now()); }
  bool IsDue(TimePoint now) { return store().DueCrls(now).value() == std::vector{this->ca_generation_id}; }
  bool IsDue() { return IsDue(this->Now()); }
  CaRecord Ca() { return store().LoadDirectory().value().cas.at(0); }

  static constexpr std::chrono::hours kLife{24};

 private:
  int made_ = 0;
};

std::vector<Bytes> SerialsOf(const std::optional<CrlDraft>& draft) {
  std::vector<Bytes> serials;
  for (const auto& entry : draft.value().revoked) serials.push_back(entry.serial_number);
  return serials;
}

Reason ReasonOf(const Result<void>& result) {
  REQUIRE_FALSE(result);
  return result.error().reason;
}

TEMPLATE_TEST_CASE("a revocation is recorded whole, and the certificate is shown with it", "[store][crl]", MemoryStores,
                   PostgresStores) {
  RevocationBench<TestType> bench;
  const auto serial_number = bench.MakeCertificate();
  CHECK_FALSE(bench.RevocationOf(serial_number));
  NewRevocation revocation = bench.Because(CrlReason::kCaCompromise);
  revocation.invalidity_date = bench.Now() - std::chrono::hours(5);
  revocation.comment = "lost in \xc3\xa5land 'n' \"quotes\"";
  const auto before = std::chrono::system_clock::now() - std::chrono::seconds(1);
  REQUIRE(bench.store().Revoke(serial_number, "DEMO", revocation));
  const auto recorded = bench.RevocationOf(serial_number);
  REQUIRE(recorded);
  CHECK(recorded->reason == CrlReason::kCaCompromise);
  CHECK_FALSE(recorded->is_suspension());
  CHECK(recorded->invalidity_date == revocation.invalidity_date);
  CHECK(recorded->comment == revocation.comment);
  CHECK(recorded->revoked_by == "alice");
  CHECK(recorded->revoked_at > before);
  CHECK(recorded->revoked_at < before + std::chrono::minutes(1));
  const auto listed = bench.store().ListCertificates({}, {}).value();
  CHECK(listed.front().revocation->comment == revocation.comment);
}

TEMPLATE_TEST_CASE("every reason is stored and read back", "[store][crl]", MemoryStores, PostgresStores) {
  RevocationBench<TestType> bench;
  for (const auto reason : {CrlReason::kUnspecified, CrlReason::kKeyCompromise, CrlReason::kCaCompromise,
                            CrlReason::kAffiliationChanged, CrlReason::kSuperseded, CrlReason::kCessationOfOperation,
                            CrlReason::kCertificateHold, CrlReason::kPrivilegeWithdrawn, CrlReason::kAaCompromise}) {
    const auto serial_number = bench.MakeCertificate();
    REQUIRE(bench.Revoke(serial_number, reason));
    CHECK(bench.RevocationOf(serial_number)->reason == reason);
    CHECK(bench.RevocationOf(serial_number)->is_suspension() == (reason == CrlReason::kCertificateHold));
  }
}

TEMPLATE_TEST_CASE("what is suspended becomes good again, or revoked since then", "[store][crl]", MemoryStores,
                   PostgresStores) {
  RevocationBench<TestType> bench;
  const auto serial_number = bench.MakeCertificate();
  REQUIRE(bench.Revoke(serial_number, CrlReason::kCertificateHold));
  REQUIRE(bench.store().Reactivate(serial_number, ""));
  CHECK_FALSE(bench.RevocationOf(serial_number));
  REQUIRE(bench.Revoke(serial_number, CrlReason::kCertificateHold));
  const auto suspended_at = bench.RevocationOf(serial_number)->revoked_at;
  REQUIRE(bench.Revoke(serial_number, CrlReason::kSuperseded));
  CHECK(bench.RevocationOf(serial_number)->reason == CrlReason::kSuperseded);
  CHECK(bench.RevocationOf(serial_number)->revoked_at == suspended_at);
}

TEMPLATE_TEST_CASE("a change that there is not is a conflict and changes nothing", "[store][crl]", MemoryStores,
                   PostgresStores) {
  RevocationBench<TestType> bench;
  const auto good = bench.MakeCertificate(), suspended = bench.MakeCertificate(), revoked = bench.MakeCertificate();
  REQUIRE(bench.Revoke(suspended, CrlReason::kCertificateHold));
  REQUIRE(bench.Revoke(revoked));
  CHECK(ReasonOf(bench.store().Reactivate(good, "")) == Reason::kConflict);
  CHECK(ReasonOf(bench.Revoke(suspended, CrlReason::kCertificateHold)) == Reason::kConflict);
  CHECK(ReasonOf(bench.Revoke(revoked, CrlReason::kSuperseded)) == Reason::kConflict);
  CHECK(ReasonOf(bench.Revoke(revoked, CrlReason::kCertificateHold)) == Reason::kConflict);
  CHECK(ReasonOf(bench.store().Reactivate(revoked, "")) == Reason::kConflict);
  CHECK(bench.RevocationOf(revoked)->reason == CrlReason::kKeyCompromise);
  CHECK(ReasonOf(bench.Revoke("no serial")) == Reason::kNotFound);
  CHECK(ReasonOf(bench.store().Revoke(good, "nobody", bench.Because(CrlReason::kSuperseded))) == Reason::kNotFound);
  CHECK(ReasonOf(bench.store().Reactivate("no serial", "")) == Reason::kNotFound);
}

TEMPLATE_TEST_CASE("of operators who revoke and reactivate at once the last word is a revocation", "[store][crl]",
                   MemoryStores, PostgresStores) {
  RevocationBench<TestType> bench;
  const auto serial_number = bench.MakeCertificate();
  REQUIRE(bench.Revoke(serial_number, CrlReason::kCertificateHold));
  std::vector<std::thread> operators;
  std::atomic<int> revoked = 0;
  for (int i = 0; i < 3; i++) {
    operators.emplace_back([&] { (void)bench.store().Reactivate(serial_number, ""); });
    operators.emplace_back([&] { revoked += bench.Revoke(serial_number).has_value() ? 1 : 0; });
  }
  for (auto& one : operators) one.join();
  CHECK(revoked == 1);
  CHECK(bench.RevocationOf(serial_number)->reason == CrlReason::kKeyCompromise);
}

TEMPLATE_TEST_CASE("a new CA is due, and then only when something changed or half of the CRL's life is over",
                   "[store][crl]", MemoryStores, PostgresStores) {
  RevocationBench<TestType> bench;
  CHECK(bench.IsDue());
  CHECK(bench.Ca().crl.crl_number == 0);
  const auto now = bench.Now();
  CHECK(bench.Issue(now)->crl_number == 1);
  CHECK_FALSE(bench.IsDue(now));
  CHECK_FALSE(bench.Issue(now));
  const auto half = now + bench.kLife / 2;
  CHECK_FALSE(bench.IsDue(half - std::chrono::seconds(1)));
  CHECK(bench.IsDue(half));
  CHECK(bench.Issue(half)->crl_number == 2);
  const auto ca = bench.Ca();
  CHECK(ca.crl.crl_number == 2);
  CHECK(ca.crl.this_update == half);
  CHECK(ca.crl.next_update == half + bench.kLife);
  CHECK(bench.store().GetCrl(bench.ca_generation_id, 2).value() == "crl 2");
}

TEMPLATE_TEST_CASE("each change makes a CRL due, and the CRL says it", "[store][crl]", MemoryStores, PostgresStores) {
  RevocationBench<TestType> bench;
  const auto first = bench.MakeCertificate(), second = bench.MakeCertificate();
  CHECK(SerialsOf(bench.Issue()).empty());
  REQUIRE(bench.Revoke(first));
  CHECK(bench.IsDue());
  CHECK_FALSE(bench.Ca().is_crl_complete);
  CHECK(SerialsOf(bench.Issue()) == std::vector{first});
  CHECK(bench.Ca().is_crl_complete);
  REQUIRE(bench.Revoke(second, CrlReason::kCertificateHold));
  const auto held = bench.Issue();
  CHECK(SerialsOf(held) == std::vector{first, second});
  CHECK(held->revoked[0].reason == CrlReason::kKeyCompromise);
  CHECK(held->revoked[1].reason == CrlReason::kCertificateHold);
  REQUIRE(bench.store().Reactivate(second, ""));
  CHECK(SerialsOf(bench.Issue()) == std::vector{first});
  REQUIRE(bench.Revoke(second, CrlReason::kCertificateHold));
  bench.Issue();
  REQUIRE(bench.Revoke(second, CrlReason::kSuperseded));
  const auto superseded = bench.Issue();
  CHECK(superseded->revoked[1].reason == CrlReason::kSuperseded);
  CHECK(superseded->crl_number == 6);
  CHECK(bench.Ca().crl.revoked_count == 2);
  CHECK_FALSE(bench.IsDue());
}

TEMPLATE_TEST_CASE("an entry stays until a CRL was made after its certificate's end", "[store][crl]", MemoryStores,
                   PostgresStores) {
  RevocationBench<TestType> bench;
  const auto brief = bench.MakeCertificate(std::chrono::hours(1)),
             longer = bench.MakeCertificate(std::chrono::hours(500));
  REQUIRE(bench.Revoke(brief));
  REQUIRE(bench.Revoke(longer));
  const auto now = bench.Now();
  const std::vector both = {brief, longer};
  CHECK(SerialsOf(bench.Issue(now)) == both);
  CHECK(SerialsOf(bench.Issue(now + bench.kLife)) == both);
  CHECK(SerialsOf(bench.Issue(now + 2 * bench.kLife)) == std::vector{longer});
}

TEMPLATE_TEST_CASE("of the older CRLs so many stay as were asked for", "[store][crl]", MemoryStores, PostgresStores) {
  RevocationBench<TestType> bench;
  for (int i = 0; i < 5; i++) bench.Issue(bench.Now() + i * bench.kLife, 2);
  const auto crl = [&](int number) { return bench.store().GetCrl(bench.ca_generation_id, number); };
  CHECK(crl(5).value() == "crl 5");
  CHECK(crl(3).value() == "crl 3");
  CHECK(crl(2).error().reason == Reason::kNotFound);
  CHECK(crl(6).error().reason == Reason::kNotFound);
}

TEMPLATE_TEST_CASE("a CRL that cannot be signed leaves nothing and stays due", "[store][crl]", MemoryStores,
                   PostgresStores) {
  RevocationBench<TestType> bench;
  const auto failed = bench.store().IssueCrl({bench.ca_generation_id, bench.Now(), 2}, [](const CrlDraft&) {
    return Result<NewCrl>(result::Fail(Reason::kUnavailable, "the key is away"));
  });
  CHECK(failed.error().reason == Reason::kUnavailable);
  CHECK(bench.IsDue());
  CHECK(bench.Issue()->crl_number == 1);
}

TEST_CASE("while one engine makes a CRL another one leaves it alone", "[store][crl]") {
  RevocationBench<PostgresStores> bench;
  PostgresAdministrationStore other(bench.stores.settings());
  Result<bool> meanwhile = true;
  const RevocationStore::CrlTurn turn = {bench.ca_generation_id, bench.Now(), 2};
  const auto sign = [](const CrlDraft&) {
    return Result<NewCrl>(
        NewCrl{Bench<PostgresStores>::Now(), Bench<PostgresStores>::Now() + std::chrono::hours(1), "crl"});
  };
  const auto issued = bench.store().IssueCrl(turn, [&](const CrlDraft& draft) {
    meanwhile = other.IssueCrl(turn, sign);
    return sign(draft);
  });
  CHECK(issued.value());
  CHECK_FALSE(meanwhile.value());
  CHECK(bench.Ca().crl.crl_number == 1);
}

TEST_CASE("a revocation that commits while a CRL is made has another one follow", "[store][crl]") {
  RevocationBench<PostgresStores> bench;
  const auto serial_number = bench.MakeCertificate();
  PostgresAdministrationStore other(bench.stores.settings());
  const auto now = bench.Now();
  const auto issued = bench.store().IssueCrl({bench.ca_generation_id, now, 2}, [&](const CrlDraft& draft) {
    CHECK(draft.revoked.empty());
    REQUIRE(other.Revoke(serial_number, "", bench.Because(CrlReason::kKeyCompromise)));
    return Result<NewCrl>(NewCrl{now, now + bench.kLife, "crl"});
  });
  REQUIRE(issued.value());
  CHECK(bench.IsDue());
  CHECK(SerialsOf(bench.Issue()) == std::vector{serial_number});
}

}  // namespace
}  // namespace store_test
