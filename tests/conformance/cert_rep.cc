#include "cert_rep.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "scep/message.h"
#include "tests/unit/pki/openssl_cms.h"

namespace conformance {

namespace {

namespace der = pki::der;
using testing::Element;
using testing::Must;
using testing::Oid;

constexpr std::string_view kDataOid = "1.2.840.113549.1.7.1", kSignedDataOid = "1.2.840.113549.1.7.2",
                           kContentTypeOid = "1.2.840.113549.1.9.3", kMessageDigestOid = "1.2.840.113549.1.9.4",
                           kSigningTimeOid = "1.2.840.113549.1.9.5", kRsaOid = "1.2.840.113549.1.1.1";

pki::DigestAlgorithm DigestNamed(const std::string& oid) {
  static const std::map<std::string, pki::DigestAlgorithm> digests = {
      {"1.2.840.113549.2.5", pki::DigestAlgorithm::kMd5},
      {"1.3.14.3.2.26", pki::DigestAlgorithm::kSha1},
      {"2.16.840.1.101.3.4.2.4", pki::DigestAlgorithm::kSha224},
      {"2.16.840.1.101.3.4.2.1", pki::DigestAlgorithm::kSha256},
      {"2.16.840.1.101.3.4.2.2", pki::DigestAlgorithm::kSha384},
      {"2.16.840.1.101.3.4.2.3", pki::DigestAlgorithm::kSha512}};
  REQUIRE(digests.contains(oid));  // A plain digest, not a signature's OID (requirements M-43).
  return digests.at(oid);
}

std::string OidIn(ByteView sequence_contents) {
  der::Reader reader(sequence_contents);
  return der::OidToString(Must(reader.Next(der::kObjectIdentifier)).value);
}

// Reader of one reply; each step consumes a part of it.
class ReplyReader {
 public:
  explicit ReplyReader(const Bytes& message) { rep_.message = message; }

  CertRep Read() {
    der::Reader info(Must(der::ReadOnly(rep_.message, der::kSequence)).value);
    REQUIRE(Must(info.Next(der::kObjectIdentifier)).encoding == Oid(kSignedDataOid));
    const der::Tlv content = Must(info.Next(der::Context(0, true)));
    REQUIRE(info.empty());
    ReadSignedData(Must(der::ReadOnly(content.value, der::kSequence)).value);
    ReadScepAttributes();
    return std::move(rep_);
  }

 private:
  void ReadSignedData(ByteView contents) {
    der::Reader parts(contents);
    REQUIRE(Must(parts.Next(der::kInteger)).value == "\x01");
    rep_.digest = OidIn(Must(der::ReadOnly(Must(parts.Next(der::kSet)).value, der::kSequence)).value);
    ReadContent(Must(parts.Next(der::kSequence)).value);
    const der::Tlv certificates = Must(parts.Next(der::Context(0, true)));
    rep_.signer = Must(pki::Certificate::Parse(certificates.value));
    const der::Tlv signer_infos = Must(parts.Next(der::kSet));
    REQUIRE(parts.empty());
    ReadSignerInfo(Must(der::ReadOnly(signer_infos.value, der::kSequence)).value);
  }

  void ReadContent(ByteView contents) {
    der::Reader parts(contents);
    REQUIRE(Must(parts.Next(der::kObjectIdentifier)).encoding == Oid(kDataOid));
    if (parts.empty()) return;
    const der::Tlv content = Must(parts.Next(der::Context(0, true)));
    rep_.content = Bytes(Must(der::ReadOnly(content.value, der::kOctetString)).value);
    REQUIRE(parts.empty());
  }

  void ReadSignerInfo(ByteView contents) {
    der::Reader parts(contents);
    REQUIRE(Must(parts.Next(der::kInteger)).value == "\x01");
    REQUIRE(Must(parts.Next(der::kSequence)).encoding == rep_.signer.issuer_and_serial_number());
    REQUIRE(OidIn(Must(parts.Next(der::kSequence)).value) == rep_.digest);
    ReadAttributes(Must(parts.Next(der::Context(0, true))).value);
    REQUIRE(Must(parts.Next(der::kSequence)).encoding ==
            Element(der::kSequence, {Oid(kRsaOid), Element(der::kNull, {})}));
    rep_.signature = Bytes(Must(parts.Next(der::kOctetString)).value);
    REQUIRE(parts.empty());
  }

  void ReadAttributes(ByteView contents) {
    ByteView before;
    for (der::Reader attributes(contents); !attributes.empty();) {
      const der::Tlv attribute = Must(attributes.Next(der::kSequence));
      REQUIRE(before < attribute.encoding);
      before = attribute.encoding;
      der::Reader parts(attribute.value);
      const std::string oid = der::OidToString(Must(parts.Next(der::kObjectIdentifier)).value);
      der::Reader values(Must(parts.Next(der::kSet)).value);
      const Bytes value(Must(values.Next()).encoding);
      REQUIRE((values.empty() && parts.empty()));
      REQUIRE(rep_.attributes.emplace(oid, value).second);
    }
  }

  std::optional<Bytes> Value(std::string_view oid, std::uint8_t tag) const {
    const auto found = rep_.attributes.find(std::string(oid));
    if (found == rep_.attributes.end()) return std::nullopt;
    return Bytes(Must(der::ReadOnly(found->second, tag)).value);
  }

  Bytes Required(std::string_view oid, std::uint8_t tag) const {
    CAPTURE(oid);
    const auto value = Value(oid, tag);
    REQUIRE(value.has_value());
    return *value;
  }

  void ReadScepAttributes() {
    REQUIRE(rep_.attributes[std::string(kContentTypeOid)] == Oid(kDataOid));
    REQUIRE(Required(kMessageDigestOid, der::kOctetString) ==
            pki::Digest(DigestNamed(rep_.digest), rep_.content.value_or("")));
    REQUIRE(Required(scep::kMessageTypeOid, der::kPrintableString) == "3");
    rep_.status = Required(scep::kPkiStatusOid, der::kPrintableString);
    rep_.fail_info = Value(scep::kFailInfoOid, der::kPrintableString);
    rep_.transaction_id = Required(scep::kTransactionIdOid, der::kPrintableString);
    rep_.sender_nonce = Required(scep::kSenderNonceOid, der::kOctetString);
    rep_.recipient_nonce = Value(scep::kRecipientNonceOid, der::kOctetString);
  }

  CertRep rep_;
};

void CheckOutcome(const CertRep& rep) {
  static std::set<Bytes> nonces;
  REQUIRE(nonces.insert(rep.sender_nonce).second);
  REQUIRE((rep.status == "0" || rep.status == "2" || rep.status == "3"));
  REQUIRE(rep.fail_info.has_value() == (rep.status == "2"));
  REQUIRE(rep.content.has_value() == (rep.status == "0"));
  if (rep.fail_info) REQUIRE((rep.fail_info->size() == 1 && *rep.fail_info >= "0" && *rep.fail_info <= "4"));
}

void Blank(Bytes& message, ByteView part) {
  const auto at = message.find(part);
  REQUIRE(at != Bytes::npos);
  message.replace(at, part.size(), part.size(), '\0');
}

}  // namespace

std::string CertRep::verdict() const {
  if (status == "0") return "SUCCESS";
  if (status == "3") return "PENDING";
  return "FAILURE " + fail_info.value_or("without failInfo");
}

CertRep ReadCertRep(const HttpReply& reply) {
  INFO(reply.head);
  REQUIRE(reply.status == 200);
  REQUIRE(reply.Field("Content-Type") == "application/x-pki-message");
  REQUIRE(IsDer(reply.body));
  REQUIRE(testing::reference::Verify(reply.body).has_value());
  CertRep rep = ReplyReader(reply.body).Read();
  CheckOutcome(rep);
  return rep;
}

bool IsDer(ByteView octets) {
  for (der::Reader reader(octets); !reader.empty();) {
    const auto element = reader.Next();
    if (!element || der::Encode(element->tag, element->value) != element->encoding) return false;
    const bool is_constructed = (element->tag & 0x20u) != 0;
    if (is_constructed && !IsDer(element->value)) return false;
  }
  return true;
}

pki::EnvelopedData EnvelopeOf(const CertRep& rep) {
  REQUIRE(rep.verdict() == "SUCCESS");
  REQUIRE(IsDer(*rep.content));
  der::Reader info(Must(der::ReadOnly(*rep.content, der::kSequence)).value);
  Must(info.Next(der::kObjectIdentifier));
  const der::Tlv enveloped = Must(info.Next(der::Context(0, true)));
  der::Reader parts(Must(der::ReadOnly(enveloped.value, der::kSequence)).value);
  Must(parts.Next(der::kInteger));
  const der::Tlv recipients = Must(parts.Next(der::kSet));
  REQUIRE(der::ReadOnly(recipients.value, der::kSequence).has_value());  // One, and a KeyTransRecipientInfo.
  return Must(pki::ParseEnvelopedData(*rep.content));
}

pki::Certificate Open(const CertRep& rep, const testing::Identity& recipient) {
  const pki::EnvelopedData envelope = EnvelopeOf(rep);
  REQUIRE(envelope.recipients.size() == 1);
  REQUIRE(envelope.recipients[0].issuer == recipient.certificate.issuer());
  REQUIRE(envelope.recipients[0].serial_number == recipient.certificate.serial_number());
  const pki::Secret content = Must(pki::DecryptContent(envelope, envelope.recipients[0], *recipient.key));
  const auto certificates = Must(pki::ParseCertsOnly(content.Reveal()));
  REQUIRE(certificates.size() == 1);
  return certificates[0];
}

Bytes WithoutChance(const CertRep& rep) {
  Bytes message = rep.message;
  Blank(message, rep.sender_nonce);
  Blank(message, rep.signature);
  Blank(message, rep.attributes.at(std::string(kSigningTimeOid)));
  if (rep.recipient_nonce) Blank(message, *rep.recipient_nonce);
  return message;
}

}  // namespace conformance
