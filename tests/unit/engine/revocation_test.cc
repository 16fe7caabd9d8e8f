#include <openssl/x509.h>

#include <catch2/catch.hpp>

#include "enrollment_fixture.h"
#include "issuance/crl_issuer.h"
#include "issuance/revoker.h"

namespace {

using engine::issuance::CrlIssuer;
using engine::issuance::Revocable;
using engine::issuance::Revoker;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using pki::CrlReason;
using result::Reason;

// RevocationFixture has one certificate, and makes CRLs that live eight days.
class RevocationFixture : public EnrollmentFixture {
 public:
  RevocationFixture() {
    const Device device;
    const auto reply = Submit(device, {.ask = {.challenge = Mint()}});
    REQUIRE(reply.outcome == "issued");
    certificate.serial_number = pki::Bytes(pki::Certificate::Parse(reply.certificate)->serial_number());
  }

  std::shared_ptr<const engine::authority::CertificationAuthority> Ca() const {
    return directory.snapshot()->FindCa("demo");
  }
  // IssueDue makes what is due and reads it, as an engine does.
  std::size_t IssueDue() {
    const auto made = issuer_of_crls.IssueDue();
    REQUIRE(made);
    REQUIRE(directory.Reload());
    return *made;
  }
  Reason ReasonOf(const result::Result<void>& result) const {
    REQUIRE_FALSE(result);
    return result.error().reason;
  }
  engine::store::NewRevocation Because(CrlReason reason) const { return {reason, std::nullopt, "", "alice"}; }

  static constexpr std::chrono::hours kLifetime{8 * 24};
  Revocable certificate;
  const CrlIssuer issuer_of_crls{store, directory, clock, {kLifetime, 2}};
  const Revoker revoker{store, clock};
};

// Entries is how many OpenSSL finds in a CRL that the CA has signed; negative where it has not.
int Entries(const engine::authority::CertificationAuthority& ca) {
  const auto* cursor = reinterpret_cast<const unsigned char*>(ca.crl->der.data());
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> crl(
      d2i_X509_CRL(nullptr, &cursor, static_cast<long>(ca.crl->der.size())), X509_CRL_free);
  const auto* certificate = reinterpret_cast<const unsigned char*>(ca.certificate.der().data());
  const std::unique_ptr<X509, decltype(&X509_free)> issuer(
      d2i_X509(nullptr, &certificate, static_cast<long>(ca.certificate.der().size())), X509_free);
  if (!crl || !issuer || X509_CRL_verify(crl.get(), X509_get0_pubkey(issuer.get())) != 1) return -1;
  const auto* entries = X509_CRL_get_REVOKED(crl.get());
  return entries == nullptr ? 0 : sk_X509_REVOKED_num(entries);
}

TEST_CASE_METHOD(RevocationFixture, "a CA gets its first CRL at once, signed and with its times", "[crl]") {
  CHECK(Ca()->crl == nullptr);
  CHECK(IssueDue() == 1);
  REQUIRE(Ca()->crl != nullptr);
  CHECK(Ca()->crl->number == 1);
  CHECK(Ca()->crl->this_update == std::chrono::floor<std::chrono::seconds>(now()));
  CHECK(Ca()->crl->next_update == Ca()->crl->this_update + kLifetime);
  CHECK(Entries(*Ca()) == 0);
  CHECK(IssueDue() == 0);
}

TEST_CASE_METHOD(RevocationFixture, "a CRL is made anew at half of its life and not before", "[crl]") {
  IssueDue();
  Pass(kLifetime / 2 - std::chrono::minutes(1));
  CHECK(IssueDue() == 0);
  Pass(std::chrono::minutes(2));
  CHECK(IssueDue() == 1);
  CHECK(Ca()->crl->number == 2);
}

TEST_CASE_METHOD(RevocationFixture, "each CA has CRLs and numbers of its own", "[crl]") {
  CreateCa("plant");
  CHECK(IssueDue() == 2);
  REQUIRE(revoker.Revoke(certificate, Because(CrlReason::kSuperseded)));
  CHECK(IssueDue() == 1);
  CHECK(Ca()->crl->number == 2);
  CHECK(Entries(*Ca()) == 1);
  const auto plant = directory.snapshot()->FindCa("plant");
  CHECK(plant->crl->number == 1);
  CHECK(Entries(*plant) == 0);
}

TEST_CASE_METHOD(RevocationFixture, "a CRL that no longer says all is a change of the directory", "[crl]") {
  IssueDue();
  int heard = 0;
  const auto subscription = directory.Subscribe([&heard] { ++heard; });
  REQUIRE(revoker.Suspend(certificate, Because(CrlReason::kUnspecified)));
  REQUIRE(directory.Reload());
  CHECK(heard == 1);
  CHECK(Ca()->crl->number == 1);
  CHECK(IssueDue() == 1);
  CHECK(heard == 2);
  REQUIRE(revoker.Reactivate(certificate, "alice"));
  CHECK(IssueDue() == 1);
  CHECK(Entries(*Ca()) == 0);
  REQUIRE(directory.Reload());
  CHECK(heard == 3);
}

TEST_CASE_METHOD(RevocationFixture, "a CRL that did not change is kept and not read again", "[crl]") {
  IssueDue();
  const auto before = Ca()->crl;
  CreateCa("plant");
  CHECK(Ca()->crl == before);
}

TEST_CASE_METHOD(RevocationFixture, "a revocation that makes no sense is malformed and changes nothing", "[crl]") {
  auto future = Because(CrlReason::kKeyCompromise), ancient = future, wordy = future, broken = future;
  future.invalidity_date = now() + std::chrono::seconds(1);
  ancient.invalidity_date = engine::TimePoint();
  wordy.comment = std::string(1001, 'x');
  broken.comment = std::string(1, '\0');
  for (const auto& bad : {future, ancient, wordy, broken, Because(CrlReason::kCertificateHold)}) {
    CHECK(ReasonOf(revoker.Revoke(certificate, bad)) == Reason::kMalformed);
  }
  CHECK(ReasonOf(revoker.Suspend(certificate, future)) == Reason::kMalformed);
  CHECK_FALSE(store.GetCertificate(certificate.serial_number, "").value().revocation);
  wordy.comment.resize(1000);
  wordy.invalidity_date = now();
  CHECK(revoker.Revoke(certificate, wordy));
}

}  // namespace
