#include "fixed.h"

#include <cstdlib>

#include "pki/der.h"

namespace fuzz {

namespace der = pki::der;

namespace {

pki::Bytes RsaEncryption() {
  return der::Encode(der::kSequence, {*der::EncodeOid("1.2.840.113549.1.1.1"), pki::ByteView("\x05\x00", 2)});
}

pki::Bytes PublicKeyInfo() {
  pki::Bytes modulus(256, '\x5b');
  modulus[0] = '\xc3';
  const pki::Bytes key = der::Encode(
      der::kSequence, {der::EncodeUnsigned(modulus), der::EncodeUnsigned(pki::ByteView("\x01\x00\x01", 3))});
  return der::Encode(der::kSequence, {RsaEncryption(), der::Encode(der::kBitString, {pki::ByteView("\0", 1), key})});
}

pki::Certificate Make() {
  const pki::Bytes name = pki::Name::FromString("CN=ra")->der();
  const pki::Bytes time = der::Encode(der::kUtcTime, pki::ByteView("240101000000Z"));
  const pki::Bytes body =
      der::Encode(der::kSequence, {der::EncodeUnsigned("\x2a"), RsaEncryption(), name,
                                   der::Encode(der::kSequence, {time, time}), name, PublicKeyInfo()});
  const pki::Bytes signature = der::Encode(der::kBitString, pki::Bytes(257, '\0'));
  auto certificate = pki::Certificate::Parse(der::Encode(der::kSequence, {body, RsaEncryption(), signature}));
  if (!certificate) std::abort();
  return *std::move(certificate);
}

}  // namespace

pki::Certificate FixedCertificate() {
  static const pki::Certificate kCertificate = Make();
  return kCertificate;
}

std::shared_ptr<const scep::Recipient> FixedRecipient() {
  static const auto kRecipient = std::make_shared<const scep::Recipient>(scep::Recipient{
      "demo", 1, FixedCertificate(), std::make_shared<const FixedKey>(), FixedCertificate(), nullptr, {}, false});
  return kRecipient;
}

}  // namespace fuzz
