#include <catch2/catch.hpp>

#include "authority_key.h"
#include "device.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;
using std::chrono::hours;
using testing::Must;

namespace {

constexpr hours kDay{24};
constexpr char kRenewable[] = "renewable", kAutomatic[] = "automatic";

Bytes Names(const std::string& dns_name) {
  return testing::ExtensionRequest(testing::kPkcs9Extensions, dns_name);
}

// Holder is a device with a certificate of "demo", by which it signs from now on, in another transaction.
Device Holder(const std::string& policy) {
  Device device;
  const auto challenge = testing::Challenge(Shared().admin.CreateKey({.policy = policy}).value);
  const Bytes csr = device.CsrWith({challenge, Names("a.example")});
  device.identity.certificate = Enrol(device, device.RequestOf(csr).Build());
  device.transaction_id = Device().transaction_id;
  return device;
}

// Successor is the PKCS#10 for the next certificate: the same names, another key.
Bytes Successor(const Device& holder, const std::string& dns_name = "a.example") {
  Device next("demo", "other");
  next.name = holder.name;
  return next.CsrWith({Names(dns_name)});
}

Bytes WithoutNames(const Device& holder) {
  Device next("demo", "other");
  next.name = holder.name;
  return next.CsrWith({});
}

Bytes Renewal(const Device& holder, const Bytes& csr, std::string_view type) {
  return holder.RequestOf(csr).WithType(type).Build();
}

// CheckRefused asks by both types, none of which may bring a certificate.
void CheckRefused(const Device& holder, const Bytes& csr) {
  for (const char* type : {"17", "19"}) {
    CAPTURE(type);
    CHECK(Verdict(holder, Renewal(holder, csr, type)) == "FAILURE 2");
  }
  CHECK(Certificates(holder) == 0);
}

void CheckRenews(const Device& holder, std::string_view type) {
  const CertRep rep = Ask(holder, Renewal(holder, Successor(holder), type));
  CHECK(rep.verdict() == "SUCCESS");
  const pki::Certificate renewed = Open(rep, holder.identity);  // Named by the old certificate, opened by its key.
  CHECK(renewed.spki() == testing::Key("other")->public_key().spki());
  CHECK(renewed.subject() == holder.identity.certificate.subject());
  CHECK(Extension(renewed, pki::kSubjectAlternativeNameOid).has_value());
  CHECK(renewed.der() != holder.identity.certificate.der());
}

// Like is what `certificate` says.
pki::TbsCertificate Like(const pki::Certificate& certificate) {
  return {{Bytes(certificate.serial_number())}, Bytes(certificate.issuer()),   Bytes(certificate.subject()),
          Must(certificate.not_before()),       Must(certificate.not_after()), Bytes(certificate.spki()),
          Must(certificate.extensions())};
}

testing::Identity SignedBy(const pki::TbsCertificate& tbs, const pki::PrivateKey& issuer, const std::string& key) {
  const auto der = Must(pki::SignCertificate(tbs, issuer, pki::DigestAlgorithm::kSha256));
  return {testing::Key(key), Must(pki::Certificate::Parse(der))};
}

std::string RowOf(const Device& holder) {
  return "t.serial_number = '\\x" + pki::HexLower(holder.identity.certificate.serial_number()) + "'";
}

void Revoke(const Device& holder, const std::string& state, const std::string& reason) {
  engine_test::Execute(Shared().engine.database(),
                       "INSERT INTO revocations (certificate_id, state, reason, revoked_at, revoked_by) SELECT "
                       "t.certificate_id, '" +
                           state + "', '" + reason + "', now(), 'alice' FROM certificates t WHERE " + RowOf(holder));
}

void Release(const Device& holder) {
  engine_test::Execute(Shared().engine.database(),
                       "DELETE FROM revocations WHERE certificate_id IN (SELECT t.certificate_id FROM certificates t "
                       "WHERE " +
                           RowOf(holder) + ")");
}

// Expire puts one in the place of the certificate that ended yesterday, signed by the CA all the same.
void Expire(Device& holder) {
  auto tbs = Like(holder.identity.certificate);
  tbs.not_before -= 40 * kDay;
  tbs.not_after = std::chrono::system_clock::now() - kDay;
  holder.identity = SignedBy(tbs, *CaKey(Shared().engine, "demo"), "device");
  engine_test::Execute(Shared().engine.database(),
                       "BEGIN; ALTER TABLE certificates DISABLE TRIGGER USER; UPDATE certificates t SET certificate = "
                       "'\\x" +
                           pki::HexLower(holder.identity.certificate.der()) + "' WHERE " + RowOf(holder) +
                           "; ALTER TABLE certificates ENABLE TRIGGER USER; COMMIT");
}

}  // namespace

TEST_CASE("T-59 a renewal with a broken self-signature is FAILURE badRequest", "[conformance][renewal]") {
  const Device holder = Holder(kRenewable);
  Bytes csr = Successor(holder);
  csr.back() ^= 1;
  CheckRefused(holder, csr);
}

TEST_CASE("T-82 type 17 by a valid certificate renews without a challenge", "[conformance][renewal]") {
  CheckRenews(Holder(kRenewable), "17");
}

TEST_CASE("T-83 type 19 by a valid certificate renews without a challenge", "[conformance][renewal]") {
  CheckRenews(Holder(kRenewable), "19");
}

TEST_CASE("T-84 a renewal before its window is FAILURE badRequest", "[conformance][renewal]") {
  const Device holder = Holder(kAutomatic);
  CheckRefused(holder, Successor(holder));
}

TEST_CASE("T-85 a revoked, suspended or expired certificate renews nothing", "[conformance][renewal]") {
  const Device revoked = Holder(kRenewable), suspended = Holder(kRenewable);
  Revoke(revoked, "revoked", "keyCompromise");
  CheckRefused(revoked, Successor(revoked));
  Revoke(suspended, "suspended", "certificateHold");
  CheckRefused(suspended, Successor(suspended));
  Release(suspended);
  CheckRenews(suspended, "17");
  Device expired = Holder(kRenewable);
  Expire(expired);
  CheckRefused(expired, Successor(expired));
}

TEST_CASE("T-86 a certificate with the name and number of ours but other octets renews nothing",
          "[conformance][renewal]") {
  const Device holder = Holder(kRenewable);
  Device forged = holder;
  auto tbs = Like(holder.identity.certificate);
  forged.identity = SignedBy(tbs, *testing::Key("device"), "device");  // The same but for the signature.
  CheckRefused(forged, Successor(holder));
  tbs.spki = testing::Key("third")->public_key().spki();
  forged.identity = SignedBy(tbs, *testing::Key("third"), "third");
  CheckRefused(forged, Successor(holder));
  CheckRenews(holder, "17");
}

TEST_CASE("T-87 a certificate of an unrelated CA renews nothing", "[conformance][renewal]") {
  Device holder = Holder(kRenewable);
  auto tbs = Like(holder.identity.certificate);
  tbs.issuer = testing::CommonName("unrelated CA");
  holder.identity = SignedBy(tbs, *testing::Key("unrelated CA"), "device");
  CheckRefused(holder, Successor(holder));
}

TEST_CASE("T-88 a renewal for another subject or alternative name is FAILURE badRequest", "[conformance][renewal]") {
  const Device holder = Holder(kRenewable);
  Device other = holder;
  other.name = "somebody-else";
  CheckRefused(holder, Successor(other));
  CheckRefused(holder, Successor(holder, "b.example"));
  CheckRefused(holder, WithoutNames(holder));
  CheckRenews(holder, "17");
}

TEST_CASE("T-89 a renewal for the old key is FAILURE badRequest where keys may not stay", "[conformance][renewal]") {
  const Device holder = Holder(kRenewable);
  CheckRefused(holder, holder.CsrWith({Names("a.example")}));
  CheckRenews(holder, "17");
}

TEST_CASE("T-95 a holder gets the certificate that it asks for, and FAILURE badCertId for an unknown one",
          "[conformance][renewal]") {
  const Device holder = Holder(kAutomatic), other = Holder(kAutomatic);
  const auto ask = [](const Device& device, const Bytes& wanted) {
    return Ask(device, device.Signed(device.Enveloped(wanted).Build()).WithType("21").Build());
  };
  const CertRep rep = ask(holder, other.identity.certificate.issuer_and_serial_number());
  CHECK(rep.verdict() == "SUCCESS");
  CHECK(Open(rep, holder.identity).der() == other.identity.certificate.der());
  auto tbs = Like(other.identity.certificate);
  tbs.serial_number = Must(pki::RandomSerialNumber());
  const auto unknown = SignedBy(tbs, *testing::Key("third"), "third").certificate;
  CHECK(ask(holder, unknown.issuer_and_serial_number()).verdict() == "FAILURE 4");
  const Device stranger;
  CHECK(ask(stranger, other.identity.certificate.issuer_and_serial_number()).verdict() == "FAILURE 2");
}
