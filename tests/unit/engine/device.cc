#include "device.h"

#include <map>
#include <mutex>
#include <stdexcept>

#include "pki/der.h"

namespace engine_test {

namespace {

namespace der = pki::der;

constexpr char kChallengePasswordOid[] = "1.2.840.113549.1.9.7";
constexpr char kExtensionRequestOid[] = "1.2.840.113549.1.9.14";

template <class T>
T Must(result::Result<T> made) {
  if (!made) throw std::runtime_error(made.error().detail);
  return *std::move(made);
}

// Devices are made on any thread.
std::shared_ptr<const pki::PrivateKey> KeyOf(const std::string& algorithm, int number) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  static std::map<std::pair<std::string, int>, std::shared_ptr<const pki::PrivateKey>> keys;
  auto& key = keys[{algorithm, number}];
  if (!key) key = Must(pki::PrivateKey::Generate(algorithm));
  return key;
}

pki::Bytes Attribute(const char* oid, pki::ByteView value) {
  return der::Encode(der::kSequence, {Must(der::EncodeOid(oid)), der::Encode(der::kSet, value)});
}

std::vector<pki::Extension> ExtensionsOf(const Ask& ask) {
  std::vector<pki::Extension> extensions = ask.extensions;
  std::vector<pki::GeneralName> names;
  for (const auto& name : ask.alternative_names) names.push_back(Must(pki::ParseGeneralName(name)));
  if (!names.empty()) {
    extensions.push_back({std::string(pki::kSubjectAlternativeNameOid), false, Must(pki::EncodeGeneralNames(names))});
  }
  return extensions;
}

}  // namespace

Device::Device(const std::string& algorithm, int number) : key_(KeyOf(algorithm, number)) {}

pki::Bytes Device::Request(const Ask& ask) const {
  std::vector<pki::Bytes> attributes;
  if (!ask.challenge.empty()) {
    attributes.push_back(Attribute(kChallengePasswordOid, der::Encode(der::kUtf8String, ask.challenge)));
  }
  if (const auto extensions = ExtensionsOf(ask); !extensions.empty()) {
    attributes.push_back(Attribute(kExtensionRequestOid, Must(pki::EncodeExtensions(extensions))));
  }
  const auto subject =
      ask.subject.empty() ? der::Encode(der::kSequence, "") : Must(pki::Name::FromString(ask.subject)).der();
  const auto info =
      der::Encode(der::kSequence, {der::EncodeUnsigned(pki::ByteView("\0", 1)), subject, key_->public_key().spki(),
                                   der::EncodeSetOf(attributes, der::Context(0, true))});
  const auto digest = pki::DigestAlgorithm::kSha256;
  const auto signature = pki::Bytes(1, '\0') + Must(key_->Sign(digest, info));
  return der::Encode(der::kSequence, {info, pki::SignatureAlgorithmIdentifier(key_->public_key(), digest),
                                      der::Encode(der::kBitString, signature)});
}

pki::CertificateRequest Device::Parsed(const Ask& ask) const {
  return Must(pki::CertificateRequest::Parse(Request(ask)));
}

pki::Bytes Device::SignerCertificate() const {
  const auto now = std::chrono::system_clock::now();
  pki::TbsCertificate tbs;
  tbs.serial_number = Must(pki::RandomSerialNumber());
  tbs.issuer = tbs.subject = Must(pki::Name::FromString("CN=throw-away")).der();
  tbs.not_before = now;
  tbs.not_after = now + std::chrono::hours(24);
  tbs.spki = key_->public_key().spki();
  return Must(pki::SignCertificate(tbs, *key_, pki::DigestAlgorithm::kSha256));
}

}  // namespace engine_test
