#include "targets.h"

#include <cstdlib>

#include "ctl/csv.h"
#include "fixed.h"
#include "pki/certificate_identifier.h"
#include "pki/certificate_request.h"
#include "pki/cms.h"
#include "pki/der.h"
#include "request_reader.h"
#include "scep/attributes.h"
#include "scep_query.h"
#include "transparency/checkpoint.h"

namespace fuzz {

namespace {

namespace der = pki::der;

void Require(bool holds) {
  if (!holds) std::abort();
}

void ReadAttributes(const pki::SignedData& signed_data) {
  const auto id = scep::ReadTransactionId(signed_data.attributes);
  if (id) Require(!id->octets().empty() && id->octets().size() <= 255);
  const auto nonce = scep::ReadNonce(signed_data.attributes, scep::kSenderNonceOid);
  if (nonce && *nonce) Require(!(*nonce)->octets().empty() && (*nonce)->octets().size() <= 64);
  static_cast<void>(scep::ReadText(signed_data.attributes, scep::kMessageTypeOid));
  if (id) static_cast<void>(scep::PrintableTransactionId(*id));
}

void RunSignedData(pki::ByteView input) {
  const auto signed_data = pki::ParseSignedData(input);
  if (!signed_data) return;
  ReadAttributes(*signed_data);
  static_cast<void>(pki::VerifySigner(*signed_data));
}

// The input is the contents of signedAttrs; what stands around it is sound.
void RunAttributes(pki::ByteView input) {
  const pki::Certificate signer = FixedCertificate();
  const pki::Bytes sha256 = der::Encode(der::kSequence, *der::EncodeOid("2.16.840.1.101.3.4.2.1"));
  const pki::Bytes rsa = der::Encode(der::kSequence, *der::EncodeOid("1.2.840.113549.1.1.1"));
  const pki::Bytes version = der::EncodeUnsigned("\x01");
  const pki::Bytes signer_info = der::Encode(
      der::kSequence, {version, signer.issuer_and_serial_number(), sha256, der::Encode(der::Context(0, true), input),
                       rsa, der::Encode(der::kOctetString, pki::Bytes(256, 's'))});
  const pki::Bytes content = der::Encode(der::kSequence, *der::EncodeOid("1.2.840.113549.1.7.1"));
  const pki::Bytes signed_data = der::Encode(
      der::kSequence, {version, der::Encode(der::kSet, sha256), content,
                       der::Encode(der::Context(0, true), signer.der()), der::Encode(der::kSet, signer_info)});
  RunSignedData(der::Encode(
      der::kSequence, {*der::EncodeOid("1.2.840.113549.1.7.2"), der::Encode(der::Context(0, true), signed_data)}));
}

void RunEnvelope(pki::ByteView input) {
  const auto envelope = pki::ParseEnvelopedData(input);
  if (!envelope) return;
  const FixedKey key;
  for (const auto& recipient : envelope->recipients) {
    static_cast<void>(pki::MatchesRecipient(recipient, FixedCertificate()));
    const auto content = pki::DecryptContent(*envelope, recipient, key);
    if (content) Require(content->Reveal().size() < envelope->encrypted_content.size());
  }
}

void RunCertificationRequest(pki::ByteView input) {
  const bool looks_like_one = pki::LooksLikeCertificateRequest(input);
  const auto request = pki::CertificateRequest::Parse(input);
  if (!request) return;
  Require(looks_like_one && request->der() == input);
  static_cast<void>(request->subject().ToString());
  static_cast<void>(request->subject().CommonName());
  Require(request->challenge().Reveal().size() <= 255);
  for (const auto& name : request->alternative_names()) static_cast<void>(pki::ToString(name));
}

void RunIssuerAndSerialNumber(pki::ByteView input) {
  const auto wanted = scep::ParseIssuerAndSerialNumber(input);
  if (wanted) static_cast<void>(pki::IsNamedBy(wanted->issuer, wanted->serial_number, FixedCertificate()));
}

void RunCertificate(pki::ByteView input) {
  const auto certificate = pki::Certificate::Parse(input);
  if (!certificate) return;
  Require(certificate->der() == input);
  static_cast<void>(certificate->subject_name());
  static_cast<void>(certificate->not_before());
  static_cast<void>(certificate->not_after());
  static_cast<void>(certificate->subject_key_identifier());
  if (const auto& key = certificate->public_key()) Require(key->spki() == certificate->spki());
}

void RunQuery(pki::ByteView input) {
  const auto query = gateway::ParseScepTarget(input, gateway::DefaultPaths());
  if (query) static_cast<void>(gateway::DecodeIdentifier(query->message));
  for (const std::string_view message : {input, query ? std::string_view(query->message) : std::string_view()}) {
    const auto decoded = gateway::DecodeMessageParameter(message);
    if (decoded) Require(!decoded->empty() && decoded->front() == '\x30');
  }
  static_cast<void>(gateway::DecodeMessageBody(pki::Bytes(input)));
}

// The first octet says where the stream is cut in two.
void RunHttp(pki::ByteView input) {
  if (input.empty()) return;
  const std::size_t cut = static_cast<unsigned char>(input[0]) % input.size();
  gateway::RequestReader reader({.target_octets = 1 << 12, .header_octets = 1 << 12, .header_count = 16}, 1 << 12);
  for (const pki::ByteView part : {input.substr(1, cut), input.substr(std::min(input.size(), 1 + cut))}) {
    reader.Append(part);
    while (reader.Advance() == gateway::RequestReader::Progress::kComplete) {
      const auto request = reader.Take();
      Require(request.body.size() <= 1 << 12);
    }
    Require(reader.held() <= input.size() + (1 << 13));
  }
}

void RunCsv(pki::ByteView input) {
  const auto records = ctl::ReadCsv(input);
  if (!records) return;
  std::string text;
  for (const auto& record : *records) {
    Require(record.fields.size() == records->front().fields.size());
    text += ctl::WriteCsv(record.fields);
  }
  const auto again = ctl::ReadCsv(text);
  Require(again && again->size() == records->size());
  for (std::size_t i = 0; i < records->size(); ++i) Require((*again)[i].fields == (*records)[i].fields);
}

// A note, or the text of a verifier key. What is read is written again as it was.
void RunNote(pki::ByteView input) {
  static const auto kKnown =
      transparency::VerifierKey::Parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const auto note = transparency::ParseNote(input);
  if (note) Require(transparency::ToString(*note) == input && note->text.ends_with('\n'));
  const auto text = transparency::OpenNote(input, {&*kKnown, 1});
  if (text) Require(note && note->text == *text);
  const auto key = transparency::VerifierKey::Parse(input);
  if (key) Require(key->ToString() == input);
}

void RunCheckpoint(pki::ByteView input) {
  const auto checkpoint = transparency::ParseCheckpoint(input);
  if (!checkpoint) return;
  Require(checkpoint->head.size < transparency::kTreeSizeLimit);
  const auto text = transparency::WriteCheckpoint(*checkpoint);
  Require(text && *text == input);
}

void RunMessage(pki::ByteView input) {
  const auto request = scep::DecodeRequest(input, {FixedRecipient()});
  if (request) {
    Require(request->recipient != nullptr && !request->reply.transaction_id.octets().empty());
  } else if (request.error().reply) {
    Require(request.error().recipient != nullptr);
  }
}

}  // namespace

const std::vector<Target>& Targets() {
  static const std::vector<Target> kTargets = {{"signed_data", RunSignedData},
                                               {"attributes", RunAttributes},
                                               {"envelope", RunEnvelope},
                                               {"certification_request", RunCertificationRequest},
                                               {"issuer_and_serial_number", RunIssuerAndSerialNumber},
                                               {"certificate", RunCertificate},
                                               {"query", RunQuery},
                                               {"http", RunHttp},
                                               {"message", RunMessage},
                                               {"csv", RunCsv},
                                               {"note", RunNote},
                                               {"checkpoint", RunCheckpoint}};
  return kTargets;
}

}  // namespace fuzz
