#include "ca_selection.h"

#include <algorithm>

#include "ascii.h"

namespace gateway {
namespace {

using result::Fail;
using result::Reason;

// NamesNoCa: Windows and Intune always send "default", sscep "CAIdentifier", certmonger 0, 1, 2 ... (requirements
// H-12).
bool NamesNoCa(const std::string& name) {
  const bool is_number = std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  return is_number || EqualsIgnoringCase(name, "default") || EqualsIgnoringCase(name, "CAIdentifier");
}

bool IsStrict(const CaSnapshot& snapshot) {
  const CaEntry* const ca = snapshot.default_ca();
  return ca != nullptr && ca->options.strict_ca_identifier();
}

auto LeftOut() {
  return Fail(Reason::kUnavailable, "the CA of that name is left out");
}

auto UnknownName() {
  return Fail(Reason::kNotFound, "no CA of that name");
}

pki::ByteView WithoutLeadingZeros(pki::ByteView octets) {
  const auto first = octets.find_first_not_of('\0');
  return first == pki::ByteView::npos ? octets.substr(0, 0) : octets.substr(first);
}

// Fit is how well a generation is what `wanted` names; 0 for one that it does not name.
int FitOf(const CaEntry& ca, const CaEntry::IssuingCa& issuing, const scep::IssuerAndSerialNumber& wanted,
          const scep::Recipient& recipient) {
  const auto name = pki::Name::Parse(wanted.issuer);
  const auto subject = issuing.certificate.subject_name();
  const bool is_named = issuing.certificate.subject() == wanted.issuer || (name && subject && subject->Matches(*name));
  if (!is_named) return 0;
  const bool is_addressed = ca.name == recipient.ca;
  const bool is_itself =
      WithoutLeadingZeros(issuing.certificate.serial_number()) == WithoutLeadingZeros(wanted.serial_number);
  return 1 + (is_addressed && issuing.generation == recipient.generation ? 1 : 0) + (is_itself ? 2 : 0) +
         (is_addressed ? 4 : 0);
}

}  // namespace

result::Result<CrlName> SelectCrl(const CaSnapshot& snapshot, const scep::IssuerAndSerialNumber& wanted,
                                  const scep::Recipient& recipient) {
  int best = 0;
  const CaEntry* chosen = nullptr;
  CrlName name;
  for (const CaEntry& ca : snapshot.cas()) {
    for (const CaEntry::IssuingCa& issuing : ca.issuing) {
      const int fit = FitOf(ca, issuing, wanted, recipient);
      if (fit <= best) continue;
      best = fit;
      chosen = &ca;
      name = {ca.name, issuing.generation};
    }
  }
  if (chosen == nullptr) return Fail(Reason::kUnknownCertificate, "no CA of that name");
  if (!chosen->options.getcrl()) return Fail(Reason::kPolicyRefused, "GetCRL is switched off");
  return name;
}

result::Result<const CaEntry*> SelectCa(const CaSnapshot& snapshot, const CaHint& hint) {
  for (const std::string* name : {&hint.profile, &hint.identifier}) {
    if (const CaEntry* named = snapshot.Find(*name)) return named;
    if (snapshot.IsLeftOut(*name)) return LeftOut();
    if (IsStrict(snapshot) && !NamesNoCa(*name)) return UnknownName();
  }
  if (const CaEntry* ca = snapshot.default_ca()) return ca;
  return Fail(Reason::kUnavailable, "no default CA");
}

result::Result<Recipients> SelectRecipients(const CaSnapshot& snapshot, const std::string& profile) {
  if (const CaEntry* named = snapshot.Find(profile)) return named->recipients;
  if (snapshot.IsLeftOut(profile)) return LeftOut();
  if (IsStrict(snapshot) && !NamesNoCa(profile)) return UnknownName();
  if (snapshot.recipients().empty()) return Fail(Reason::kUnavailable, "no CA");
  return snapshot.recipients();
}

}  // namespace gateway
