#include "failure_report.h"

#include <algorithm>

#include "pki/cms.h"
#include "pki/name.h"
#include "pki/uuid.h"
#include "scep_refusal.h"

namespace gateway {

namespace {

// Of a stranger's issuer, of whose length the sender decides.
constexpr std::size_t kMostIssuerOctets = 200;

// The CA whose certificate `stranger` is; null where it is none of ours.
const CaEntry* CaNamed(const scep::IssuerAndSerialNumber& stranger, const CaSnapshot& snapshot) {
  pki::EnvelopedData::Recipient recipient;
  recipient.issuer = stranger.issuer;
  recipient.serial_number = stranger.serial_number;
  for (const CaEntry& ca : snapshot.cas()) {
    for (const auto& issuing : ca.issuing) {
      if (pki::MatchesRecipient(recipient, issuing.certificate)) return &ca;
    }
  }
  return nullptr;
}

// The beginning of UTF-8, whole characters of it.
std::string Beginning(const std::string& text) {
  std::size_t size = std::min(text.size(), kMostIssuerOctets);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0u) == 0x80u) --size;
  return text.substr(0, size);
}

}  // namespace

void NameFailure(FailureReport& report) {
  const auto day = std::chrono::floor<std::chrono::days>(report.received_at).time_since_epoch().count();
  report.decision_id = pki::DigestUuid({report.ca, report.transaction_id.octets(), report.reason, report.source_address,
                                        std::to_string(day) + " " + std::to_string(report.message_type)});
}

std::string ReasonOf(const scep::Refusal& refusal, const CaSnapshot& snapshot) {
  if (!refusal.stranger) return Describe(refusal.error);
  if (const CaEntry* const ca = CaNamed(*refusal.stranger, snapshot)) {
    return "addressed_to_ca: the envelope is encrypted to the certificate of the CA " + ca->name +
           " itself, and its RA opens envelopes";
  }
  const auto issuer = pki::Name::Parse(refusal.stranger->issuer);
  const std::string name = issuer ? issuer->ToString() : "an issuer that cannot be read";
  return "addressed_to_stranger: the envelope is encrypted to certificate " +
         pki::HexLower(pki::ByteView(refusal.stranger->serial_number).substr(0, 20)) + " of " + Beginning(name) +
         ", which is none of ours";
}

}  // namespace gateway
