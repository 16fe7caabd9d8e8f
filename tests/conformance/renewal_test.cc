#include <catch2/catch.hpp>

#include "authority_key.h"
#include "renewing.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;
using testing::Must;
namespace der = pki::der;

namespace {

constexpr std::chrono::hours kDay(24);

std::string RowOf(const pki::Certificate& certificate) {
  return "serial_number = '\\x" + pki::HexLower(certificate.serial_number()) + "'";
}

// Like is what a certificate says, for one to sign that says almost the same.
pki::TbsCertificate Like(const pki::Certificate& certificate) {
  return {{Bytes(certificate.serial_number())}, Bytes(certificate.issuer()),   Bytes(certificate.subject()),
          Must(certificate.not_before()),       Must(certificate.not_after()), Bytes(certificate.spki()),
          Must(certificate.extensions())};
}

pki::Certificate SignedBy(const pki::PrivateKey& issuer, const pki::TbsCertificate& tbs) {
  return Must(pki::Certificate::Parse(Must(pki::SignCertificate(tbs, issuer, pki::DigestAlgorithm::kSha256))));
}

// Forged is a certificate with the issuer and serial number of another, signed by somebody.
pki::Certificate Forged(const pki::Certificate& like, const pki::PrivateKey& key) {
  auto tbs = Like(like);
  tbs.spki = key.public_key().spki();
  return SignedBy(key, tbs);
}

// MoveEnd lets a device have had, all along, a certificate of the CA that is as long and ends so.
void MoveEnd(Renewing& device, std::chrono::system_clock::time_point end) {
  auto tbs = Like(device.certificate);
  tbs.not_before = end - (tbs.not_after - tbs.not_before);
  tbs.not_after = end;
  device.certificate = device.next.identity.certificate = SignedBy(*CaKey(Shared().engine, "demo"), tbs);
  engine_test::Execute(
      Shared().engine.database(),
      "BEGIN; ALTER TABLE certificates DISABLE TRIGGER certificates_append_only; UPDATE certificates SET certificate = "
      "'\\x" +
          pki::HexLower(device.certificate.der()) + "' WHERE " + RowOf(device.certificate) +
          "; ALTER TABLE certificates ENABLE TRIGGER certificates_append_only; COMMIT");
}

Bytes GetCert(const Device& device, ByteView issuer, ByteView serial_number) {
  const Bytes wanted = der::Encode(der::kSequence, {issuer, der::Encode(der::kInteger, serial_number)});
  return device.Signed(device.Enveloped(wanted).Build()).WithType("21").Build();
}

}  // namespace

TEST_CASE("T-59 a renewal whose CSR has a broken self-signature is FAILURE 2, as type 17 and 19") {
  const Renewing device;
  for (const char* type : {"17", "19"}) {
    Bytes csr = device.Csr();
    csr.back() = static_cast<char>(csr.back() ^ 1);
    CHECK(device.IsRefused(csr, type));
  }
}

TEST_CASE("T-82 type 17 by a valid certificate is SUCCESS without a challenge, enveloped to the old certificate") {
  CheckRenewed(Renewing(), "17");
}

TEST_CASE("T-83 the same as type 19 is SUCCESS") {
  CheckRenewed(Renewing(), "19");
}

TEST_CASE("T-84 a renewal outside the window is FAILURE 2") {
  const auto now = std::chrono::system_clock::now();
  for (const char* type : {"17", "19"}) {
    // Of 30 days, and the window is the last half.
    Renewing fresh("automatic"), early("automatic"), due("automatic");
    MoveEnd(early, now + kDay * 16);
    MoveEnd(due, now + kDay * 14);
    CHECK(fresh.IsRefused(fresh.Csr(), type));
    CHECK(early.IsRefused(early.Csr(), type));
    CheckRenewed(due, type);
  }
}

TEST_CASE("T-85 a revoked, suspended or expired certificate renews nothing, FAILURE 2") {
  const auto now = std::chrono::system_clock::now();
  const Administrator& admin = Shared().admin;
  for (const char* type : {"17", "19"}) {
    const Renewing revoked, suspended;
    Renewing expired, expiring;
    admin.Revoke(revoked.certificate);
    admin.Suspend(suspended.certificate);
    MoveEnd(expired, now - std::chrono::hours(1));
    for (const Renewing& device : {revoked, suspended, expired}) CHECK(device.IsRefused(device.Csr(), type));
    // It was the state, and the end.
    admin.Reactivate(suspended.certificate);
    CheckRenewed(suspended, type);
    MoveEnd(expiring, now + std::chrono::hours(1));
    CheckRenewed(expiring, type);
  }
}

TEST_CASE("an expired certificate renews within its policy's grace, and after it is FAILURE 2") {
  const auto now = std::chrono::system_clock::now();
  for (const char* type : {"17", "19"}) {
    Renewing within("forgiving"), after("forgiving");
    MoveEnd(within, now - kDay);
    MoveEnd(after, now - kDay * 3);
    CheckRenewed(within, type);
    CHECK(after.IsRefused(after.Csr(), type));
  }
}

TEST_CASE("T-86 a signer with the same issuer and serial number but other octets is FAILURE 2") {
  const Renewing device;
  for (const char* key : {"device", "somebody"}) {
    Renewing forger = device;
    forger.next.identity = {testing::Key(key), Forged(device.certificate, *testing::Key(key))};
    for (const char* type : {"17", "19"}) CHECK(forger.IsRefused(device.Csr(), type));
  }
  CheckRenewed(device);
}

TEST_CASE("T-87 a valid certificate of another CA renews nothing, FAILURE 2") {
  // Of a CA of ours, and of one that nobody knows.
  Renewing ours("renewable", "elliptic");
  ours.next.ca = "demo";
  ours.next.ra = Device("demo").ra;
  for (const char* type : {"17", "19"}) CHECK(ours.IsRefused(ours.Csr(), type));
  Renewing foreign;
  const auto authority = testing::MakeIdentity(testing::Key("somebody"), {.common_name = "Another CA"});
  auto tbs = Like(foreign.certificate);
  tbs.issuer = pki::Bytes(authority.certificate.subject());
  foreign.next.identity.certificate = SignedBy(*authority.key, tbs);
  for (const char* type : {"17", "19"}) CHECK(foreign.IsRefused(foreign.Csr(), type));
}

TEST_CASE("T-88 a renewal for another subject or other alternative names is FAILURE 2") {
  const Renewing device;
  const Bytes attribute = testing::ExtensionRequest(testing::kPkcs9Extensions, "a.example");
  for (const char* type : {"17", "19"}) {
    CHECK(device.IsRefused(device.Csr("somebody-else"), type));
    CHECK(device.IsRefused(device.Csr({}, {attribute}), type));
  }
  CheckRenewed(device);
}

TEST_CASE("T-89 a renewal for the old key is FAILURE 2 where the policy does not let it stay") {
  const Renewing device;
  for (const char* type : {"17", "19"}) CHECK(device.IsRefused(device.Csr({}, {}, "device"), type));
  CheckRenewed(device);
}

TEST_CASE("T-95 GetCert by a holder is exactly the certificate that it names, and FAILURE 4 for an unknown one") {
  const Renewing holder, other;
  const auto& wanted = other.certificate;
  const CertRep rep = Ask(holder.next, GetCert(holder.next, wanted.issuer(), wanted.serial_number()));
  REQUIRE(rep.verdict() == "SUCCESS");
  CHECK(Open(rep, holder.next.identity).der() == wanted.der());
  CHECK(Verdict(holder.next, GetCert(holder.next, wanted.issuer(), "\x01\x02")) == "FAILURE 4");
  CHECK(Verdict(holder.next, GetCert(holder.next, testing::CommonName("nobody"), wanted.serial_number())) ==
        "FAILURE 4");
  const Device stranger;
  CHECK(Verdict(stranger, GetCert(stranger, wanted.issuer(), wanted.serial_number())) == "FAILURE 2");
}
