#include <catch2/catch.hpp>

#include "openssl_x509.h"
#include "pki/certificate.h"

using namespace testing;
using pki::Bytes;
using pki::Certificate;
using pki::DigestAlgorithm;

namespace {

pki::TimePoint At(std::time_t time) {
  return std::chrono::system_clock::from_time_t(time);
}
constexpr std::time_t kBegin = 1704067200, kNow = kBegin + 1000, kEnd = kBegin + 100000;

struct Shape {
  std::string subject = "device";
  std::string issuer = "ca";
  bool is_ca = false;
  unsigned usage = pki::kDigitalSignature;
};

Certificate Issue(const pki::PrivateKey& subject, const pki::PrivateKey& issuer, const Shape& shape) {
  const auto key_identifier = pki::Digest(DigestAlgorithm::kSha1, issuer.public_key().subject_public_key());
  const pki::TbsCertificate tbs = {Must(pki::RandomSerialNumber()),
                                   CommonName(shape.issuer),
                                   CommonName(shape.subject),
                                   At(kBegin),
                                   At(kEnd),
                                   subject.public_key().spki(),
                                   {pki::BasicConstraintsExtension(shape.is_ca), pki::KeyUsageExtension(shape.usage),
                                    pki::SubjectKeyIdentifierExtension(subject.public_key().subject_public_key()),
                                    pki::AuthorityKeyIdentifierExtension(key_identifier)}};
  return Must(Certificate::Parse(Must(pki::SignCertificate(tbs, issuer, DigestAlgorithm::kSha256))));
}

const Shape kCa = {.subject = "ca", .issuer = "ca", .is_ca = true, .usage = pki::kKeyCertSign};

struct World {
  std::shared_ptr<const pki::PrivateKey> ca_key = Key("ca", "ecdsa-p256");
  std::shared_ptr<const pki::PrivateKey> device_key = Key("device", "ecdsa-p256");
  Certificate ca = Issue(*ca_key, *ca_key, kCa);
  Certificate device = Issue(*device_key, *ca_key, {});
};

bool IsIssuedBy(const Certificate& certificate, const Certificate& issuer, std::time_t now = kNow) {
  return pki::VerifyIssuedBy(certificate, issuer, At(now)).has_value();
}

Certificate Damaged(const Certificate& certificate) {
  Bytes encoding = certificate.der();
  encoding.back() = static_cast<char>(encoding.back() ^ 1);
  return Must(Certificate::Parse(encoding));
}

}  // namespace

TEST_CASE_METHOD(World, "a certificate is issued by who signed it", "[pki][certificate]") {
  CHECK(IsIssuedBy(device, ca));
  CHECK(IsIssuedBy(ca, ca));
  CHECK(reference::IsSignedBy(device.der(), ca.der()));
}

TEST_CASE_METHOD(World, "a certificate out of its time is refused", "[pki][certificate]") {
  CHECK_FALSE(IsIssuedBy(device, ca, kBegin - 1));
  CHECK_FALSE(IsIssuedBy(device, ca, kEnd + 1));
}

TEST_CASE_METHOD(World, "a certificate of another CA of the same name is refused", "[pki][certificate]") {
  const auto other = Key("other", "ecdsa-p256");
  CHECK_FALSE(IsIssuedBy(Issue(*device_key, *other, {}), ca));
  CHECK_FALSE(IsIssuedBy(device, Issue(*other, *other, kCa)));
}

TEST_CASE_METHOD(World, "a certificate whose issuer has another name is refused", "[pki][certificate]") {
  CHECK_FALSE(IsIssuedBy(Issue(*device_key, *ca_key, {.issuer = "other"}), ca));
}

TEST_CASE_METHOD(World, "what a device signed is refused", "[pki][certificate]") {
  CHECK_FALSE(IsIssuedBy(Issue(*ca_key, *device_key, {.subject = "other", .issuer = "device"}), device));
}

TEST_CASE_METHOD(World, "a damaged signature is refused, a CA's own too", "[pki][certificate]") {
  CHECK_FALSE(IsIssuedBy(Damaged(device), ca));
  CHECK_FALSE(IsIssuedBy(Damaged(ca), Damaged(ca)));
}

TEST_CASE_METHOD(World, "a certificate that another CA issued did not issue itself", "[pki][certificate]") {
  const Shape intermediate = {.subject = "intermediate", .is_ca = true, .usage = pki::kKeyCertSign};
  const Certificate between = Issue(*device_key, *ca_key, intermediate);
  CHECK(IsIssuedBy(between, ca));
  CHECK_FALSE(IsIssuedBy(between, between));
  CHECK_FALSE(IsIssuedBy(device, device));
}

TEST_CASE("a certificate that OpenSSL cannot read is malformed", "[pki][certificate]") {
  CertificateShape shape;
  shape.extensions = Element(pki::der::Context(3, true), {"\xff\xff"});
  const auto odd = MakeIdentity(Key("device", "ecdsa-p256"), shape).certificate;
  CHECK_FALSE(IsIssuedBy(odd, odd));
}
