#include "pki/crl.h"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <catch2/catch.hpp>
#include <map>

#include "identity.h"

using namespace testing;
using pki::Bytes;
using pki::CrlReason;
using pki::DigestAlgorithm;

namespace {

struct Free {
  void operator()(ASN1_STRING* p) const { ASN1_STRING_free(p); }  // Of every type.
  void operator()(AUTHORITY_KEYID* p) const { AUTHORITY_KEYID_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_CRL* p) const { X509_CRL_free(p); }
  void operator()(X509_STORE* p) const { X509_STORE_free(p); }
  void operator()(X509_STORE_CTX* p) const { X509_STORE_CTX_free(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
};
template <class T>
using Ptr = std::unique_ptr<T, Free>;

constexpr std::time_t kNow = 1704067200;  // 2024-01-01.
constexpr std::time_t kDay = 24 * 60 * 60;

pki::TimePoint At(std::time_t time) {
  return std::chrono::system_clock::from_time_t(time);
}

pki::Certificate Issue(const pki::PrivateKey& subject, const pki::PrivateKey& issuer, const std::string& name) {
  const bool is_ca = name == "ca";
  const auto key_identifier = pki::Digest(DigestAlgorithm::kSha1, issuer.public_key().subject_public_key());
  pki::TbsCertificate tbs = {
      Must(pki::RandomSerialNumber()),
      CommonName("ca"),
      CommonName(name),
      At(kNow - kDay),
      At(kNow + 365 * kDay),
      subject.public_key().spki(),
      {pki::BasicConstraintsExtension(is_ca),
       pki::KeyUsageExtension(is_ca ? pki::kKeyCertSign | pki::kCrlSign : pki::kDigitalSignature),
       pki::SubjectKeyIdentifierExtension(subject.public_key().subject_public_key()),
       pki::AuthorityKeyIdentifierExtension(key_identifier)}};
  return Must(pki::Certificate::Parse(Must(pki::SignCertificate(tbs, issuer, DigestAlgorithm::kSha256))));
}

Ptr<X509_CRL> ReadCrl(const Bytes& der) {
  const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
  Ptr<X509_CRL> crl(d2i_X509_CRL(nullptr, &cursor, static_cast<long>(der.size())));
  REQUIRE(crl != nullptr);
  CHECK(cursor == reinterpret_cast<const unsigned char*>(der.data()) + der.size());
  return crl;
}

Ptr<X509> ReadX509(const pki::Certificate& certificate) {
  const auto* cursor = reinterpret_cast<const unsigned char*>(certificate.der().data());
  Ptr<X509> read(d2i_X509(nullptr, &cursor, static_cast<long>(certificate.der().size())));
  REQUIRE(read != nullptr);
  return read;
}

// World is a CA with two certificates.
struct World {
  std::shared_ptr<const pki::PrivateKey> ca_key = Key("ca", "ecdsa-p256");
  pki::Certificate ca = Issue(*ca_key, *ca_key, "ca");
  pki::Certificate bad = Issue(*Key("device"), *ca_key, "bad");
  pki::Certificate good = Issue(*Key("device"), *ca_key, "good");

  pki::TbsCrl Tbs(std::vector<pki::RevokedCertificate> revoked = {}) const {
    return {Bytes(ca.subject()), ca.subject_key_identifier(), At(kNow), At(kNow + 7 * kDay), 1, std::move(revoked)};
  }
  pki::RevokedCertificate Entry(CrlReason reason = CrlReason::kKeyCompromise) const {
    return {Bytes(bad.serial_number()), At(kNow - 60), reason, std::nullopt};
  }
  Bytes Sign(const pki::TbsCrl& tbs) const { return Must(pki::SignCrl(tbs, *ca_key, DigestAlgorithm::kSha256)); }

  // Verdict is what `openssl verify -crl_check -x509_strict` says of a certificate at a time.
  int Verdict(const pki::Certificate& certificate, const Bytes& crl, std::time_t at = kNow + 60) const {
    const auto read = ReadX509(certificate), root = ReadX509(ca);
    const auto list = ReadCrl(crl);
    const Ptr<X509_STORE> store(X509_STORE_new());
    REQUIRE(X509_STORE_add_cert(store.get(), root.get()) == 1);
    REQUIRE(X509_STORE_add_crl(store.get(), list.get()) == 1);
    const Ptr<X509_STORE_CTX> context(X509_STORE_CTX_new());
    REQUIRE(X509_STORE_CTX_init(context.get(), store.get(), read.get(), nullptr) == 1);
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_X509_STRICT);
    X509_STORE_CTX_set_time(context.get(), 0, at);
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
  }
};

X509_REVOKED* OnlyEntry(X509_CRL& crl) {
  auto* entries = X509_CRL_get_REVOKED(&crl);
  REQUIRE(sk_X509_REVOKED_num(entries) == 1);
  return sk_X509_REVOKED_value(entries, 0);
}

std::time_t TimeOf(const ASN1_TIME* time) {
  std::tm utc{};
  REQUIRE(ASN1_TIME_to_tm(time, &utc) == 1);
  return timegm(&utc);
}

std::vector<pki::RevokedCertificate> Many(std::size_t count) {
  std::vector<pki::RevokedCertificate> revoked(count);
  for (auto& entry : revoked) {
    entry = {Must(pki::RandomSerialNumber()).octets, At(kNow - 60), CrlReason::kKeyCompromise, std::nullopt};
  }
  return revoked;
}

}  // namespace

TEST_CASE_METHOD(World, "OpenSSL reads a CRL of ours and finds it signed by the CA", "[pki][crl]") {
  const auto key = Key("crl", GENERATE("rsa-2048", "ecdsa-p256", "ecdsa-p384"));
  const auto own = Issue(*key, *key, "ca");
  auto tbs = Tbs({Entry()});
  tbs.number = 0x1234567890;
  tbs.issuer_key_identifier = own.subject_key_identifier();
  const auto crl = ReadCrl(Must(pki::SignCrl(tbs, *key, DigestAlgorithm::kSha256)));
  const Ptr<EVP_PKEY> public_key(X509_get_pubkey(ReadX509(own).get()));
  CHECK(X509_CRL_verify(crl.get(), public_key.get()) == 1);
  CHECK(X509_CRL_get_version(crl.get()) == X509_CRL_VERSION_2);
  CHECK(TimeOf(X509_CRL_get0_lastUpdate(crl.get())) == kNow);
  CHECK(TimeOf(X509_CRL_get0_nextUpdate(crl.get())) == kNow + 7 * kDay);
  CHECK(X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_subject_name(ReadX509(own).get())) == 0);
  const Ptr<ASN1_INTEGER> number(
      static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(crl.get(), NID_crl_number, nullptr, nullptr)));
  REQUIRE(number != nullptr);
  std::uint64_t value = 0;
  CHECK(ASN1_INTEGER_get_uint64(&value, number.get()) == 1);
  CHECK(value == 0x1234567890);
  const Ptr<AUTHORITY_KEYID> authority(
      static_cast<AUTHORITY_KEYID*>(X509_CRL_get_ext_d2i(crl.get(), NID_authority_key_identifier, nullptr, nullptr)));
  REQUIRE(authority != nullptr);
  CHECK(ASN1_OCTET_STRING_cmp(authority->keyid, X509_get0_subject_key_id(ReadX509(own).get())) == 0);
  CHECK(X509_CRL_get_ext_count(crl.get()) == 2);
}

TEST_CASE_METHOD(World, "a CRL with one octet changed is not the CA's any more", "[pki][crl]") {
  Bytes der = Sign(Tbs({Entry()}));
  const auto at = der.find(Entry().serial_number);
  REQUIRE(at != Bytes::npos);
  der[at + 5] = static_cast<char>(der[at + 5] ^ 1);
  const Ptr<EVP_PKEY> public_key(X509_get_pubkey(ReadX509(ca).get()));
  CHECK(X509_CRL_verify(ReadCrl(der).get(), public_key.get()) != 1);
}

TEST_CASE_METHOD(World, "a strict verifier refuses who is on the CRL and takes who is not", "[pki][crl]") {
  const Bytes crl = Sign(Tbs({Entry()}));
  CHECK(Verdict(bad, crl) == X509_V_ERR_CERT_REVOKED);
  CHECK(Verdict(good, crl) == X509_V_OK);
  CHECK(Verdict(good, crl, kNow + 8 * kDay) == X509_V_ERR_CRL_HAS_EXPIRED);
}

TEST_CASE_METHOD(World, "a CRL without entries refuses nobody", "[pki][crl]") {
  const Bytes crl = Sign(Tbs());
  CHECK(X509_CRL_get_REVOKED(ReadCrl(crl).get()) == nullptr);
  CHECK(Verdict(bad, crl) == X509_V_OK);
}

TEST_CASE_METHOD(World, "each reason is what OpenSSL reads, and unspecified is not written", "[pki][crl]") {
  const std::map<CrlReason, int> known = {{CrlReason::kKeyCompromise, CRL_REASON_KEY_COMPROMISE},
                                          {CrlReason::kCaCompromise, CRL_REASON_CA_COMPROMISE},
                                          {CrlReason::kAffiliationChanged, CRL_REASON_AFFILIATION_CHANGED},
                                          {CrlReason::kSuperseded, CRL_REASON_SUPERSEDED},
                                          {CrlReason::kCessationOfOperation, CRL_REASON_CESSATION_OF_OPERATION},
                                          {CrlReason::kCertificateHold, CRL_REASON_CERTIFICATE_HOLD},
                                          {CrlReason::kPrivilegeWithdrawn, CRL_REASON_PRIVILEGE_WITHDRAWN},
                                          {CrlReason::kAaCompromise, CRL_REASON_AA_COMPROMISE}};
  for (const auto& [reason, number] : known) {
    INFO(pki::ToString(reason));
    const auto crl = ReadCrl(Sign(Tbs({Entry(reason)})));
    const Ptr<ASN1_ENUMERATED> read(
        static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(OnlyEntry(*crl), NID_crl_reason, nullptr, nullptr)));
    REQUIRE(read != nullptr);
    CHECK(ASN1_ENUMERATED_get(read.get()) == number);
    CHECK(pki::CrlReasonFromString(pki::ToString(reason)) == reason);
  }
  const auto crl = ReadCrl(Sign(Tbs({Entry(CrlReason::kUnspecified)})));
  CHECK(X509_REVOKED_get_ext_count(OnlyEntry(*crl)) == 0);
  CHECK(pki::CrlReasonFromString("unspecified") == CrlReason::kUnspecified);
  CHECK_FALSE(pki::CrlReasonFromString("keycompromise"));
  CHECK_FALSE(pki::CrlReasonFromString("removeFromCRL"));
}

TEST_CASE_METHOD(World, "an entry has its serial number, its time and the invalidity date", "[pki][crl]") {
  auto entry = Entry();
  entry.serial_number = Bytes(16, '\xff');
  entry.invalidity_date = At(kNow - 30 * kDay);
  const auto crl = ReadCrl(Sign(Tbs({entry})));
  const X509_REVOKED* read = OnlyEntry(*crl);
  const Ptr<BIGNUM> serial_number(ASN1_INTEGER_to_BN(X509_REVOKED_get0_serialNumber(read), nullptr));
  const Ptr<BIGNUM> wanted(BN_bin2bn(reinterpret_cast<const unsigned char*>(entry.serial_number.data()), 16, nullptr));
  CHECK(BN_cmp(serial_number.get(), wanted.get()) == 0);
  CHECK(TimeOf(X509_REVOKED_get0_revocationDate(read)) == kNow - 60);
  const Ptr<ASN1_GENERALIZEDTIME> date(
      static_cast<ASN1_GENERALIZEDTIME*>(X509_REVOKED_get_ext_d2i(read, NID_invalidity_date, nullptr, nullptr)));
  REQUIRE(date != nullptr);
  CHECK(ASN1_STRING_type(date.get()) == V_ASN1_GENERALIZEDTIME);
  CHECK(TimeOf(date.get()) == kNow - 30 * kDay);
}

TEST_CASE_METHOD(World, "what cannot stand in a CRL is not signed", "[pki][crl]") {
  for (const std::size_t length : {0, 21}) {
    auto entry = Entry();
    entry.serial_number = Bytes(length, '\x01');
    CHECK(pki::SignCrl(Tbs({entry}), *ca_key, DigestAlgorithm::kSha256).error().reason == result::Reason::kInternal);
  }
  auto late = Tbs();
  late.next_update = late.this_update;
  CHECK(pki::SignCrl(late, *ca_key, DigestAlgorithm::kSha256).error().reason == result::Reason::kInternal);
  CHECK(pki::SignCrl(Tbs(), *ca_key, DigestAlgorithm::kMd5).error().reason == result::Reason::kBadAlgorithm);
}

TEST_CASE_METHOD(World, "a CRL of 100,000 entries has at most 5 MiB and finds each of them", "[pki][crl][large]") {
  auto revoked = Many(100'000);
  revoked[77'777] = Entry();
  const Bytes der = Sign(Tbs(revoked));
  CHECK(der.size() > 4'000'000);
  CHECK(der.size() < 5u << 20);
  CHECK(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(ReadCrl(der).get())) == 100'000);
  CHECK(Verdict(bad, der) == X509_V_ERR_CERT_REVOKED);
  CHECK(Verdict(good, der) == X509_V_OK);
}

TEST_CASE_METHOD(World, "signing 100,000 entries, measured ten times", "[.measure]") {
  const auto tbs = Tbs(Many(100'000));
  for (int i = 0; i < 10; i++) {
    const auto began = std::chrono::steady_clock::now();
    const Bytes der = Sign(tbs);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    WARN(der.size() << " octets in " << took.count() << " ms");
  }
}
