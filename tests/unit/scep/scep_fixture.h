#ifndef CERTIFIER_TESTS_UNIT_SCEP_SCEP_FIXTURE_H
#define CERTIFIER_TESTS_UNIT_SCEP_SCEP_FIXTURE_H

#include <catch2/catch.hpp>

#include "message_builder.h"
#include "scep/reply.h"
#include "scep/request.h"

namespace testing {

inline constexpr std::string_view kTransaction = "AbC+/=0123";
inline constexpr std::string_view kNonce = "0123456789abcdef";

inline const Identity& Ra() {
  static const Identity ra = MakeIdentity(Key("ra"), {.common_name = "RA", .serial_number = "\x11"});
  return ra;
}
inline const Identity& OtherRa() {
  static const Identity ra = MakeIdentity(Key("other ra"), {.common_name = "Other RA", .serial_number = "\x12"});
  return ra;
}
inline const Identity& Client() {
  static const Identity client = MakeIdentity(Key("client"));
  return client;
}
inline const Identity& EcClient() {
  static const Identity client = MakeIdentity(Key("ec client", "ecdsa-p256"));
  return client;
}

inline std::shared_ptr<const scep::Recipient> RecipientOf(const Identity& identity,
                                                          const scep::AlgorithmPolicy& policy = {}) {
  return std::make_shared<const scep::Recipient>(
      scep::Recipient{"ca", 1, identity.certificate, identity.key, identity.certificate, identity.key, policy, false});
}

inline const pki::Bytes& Csr() {
  static const pki::Bytes csr = CertificationRequest(*Client().key);
  return csr;
}

inline Envelope SoundEnvelope() {
  return std::move(Envelope(Csr()).To(Ra().certificate));
}

// Request is a sound PKCSReq around `envelope`; a test makes one thing wrong.
inline Message Request(pki::Bytes envelope = SoundEnvelope().Build()) {
  return std::move(
      Message(std::move(envelope)).WithType("19").WithTransactionId(kTransaction).WithNonce(kNonce).SignedBy(Client()));
}

inline tl::expected<scep::Request, scep::Refusal> Decode(pki::ByteView message,
                                                         const scep::AlgorithmPolicy& policy = {}) {
  return scep::DecodeRequest(message, {RecipientOf(Ra(), policy)});
}

inline scep::Request Accepted(pki::ByteView message, const scep::AlgorithmPolicy& policy = {}) {
  auto decoded = Decode(message, policy);
  INFO((decoded.has_value() ? "" : decoded.error().error.detail));
  REQUIRE(decoded.has_value());
  return *std::move(decoded);
}

inline scep::Refusal Refused(pki::ByteView message, const scep::AlgorithmPolicy& policy = {}) {
  auto decoded = Decode(message, policy);
  REQUIRE_FALSE(decoded.has_value());
  return std::move(decoded).error();
}

// FailureOf is the failInfo of a refusal that is answered by a CertRep.
inline scep::FailInfo FailureOf(pki::ByteView message, const scep::AlgorithmPolicy& policy = {}) {
  const scep::Refusal refusal = Refused(message, policy);
  INFO(refusal.error.detail);
  REQUIRE(refusal.reply.has_value());
  REQUIRE(refusal.recipient != nullptr);
  CHECK(refusal.reply->transaction_id.octets() == kTransaction);
  return refusal.fail_info;
}

inline bool IsUnanswerable(pki::ByteView message) {
  const scep::Refusal refusal = Refused(message);
  return !refusal.reply.has_value();
}

}  // namespace testing

#endif  // CERTIFIER_TESTS_UNIT_SCEP_SCEP_FIXTURE_H
