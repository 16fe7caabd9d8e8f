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

auto UnknownName() {
  return Fail(Reason::kNotFound, "no CA of that name");
}

}  // namespace

result::Result<const CaEntry*> SelectCa(const CaSnapshot& snapshot, const CaHint& hint) {
  for (const std::string* name : {&hint.profile, &hint.identifier}) {
    if (const CaEntry* named = snapshot.Find(*name)) return named;
    if (IsStrict(snapshot) && !NamesNoCa(*name)) return UnknownName();
  }
  if (const CaEntry* ca = snapshot.default_ca()) return ca;
  return Fail(Reason::kUnavailable, "no default CA");
}

result::Result<Recipients> SelectRecipients(const CaSnapshot& snapshot, const std::string& profile) {
  if (const CaEntry* named = snapshot.Find(profile)) return named->recipients;
  if (IsStrict(snapshot) && !NamesNoCa(profile)) return UnknownName();
  if (snapshot.recipients().empty()) return Fail(Reason::kUnavailable, "no CA");
  return snapshot.recipients();
}

}  // namespace gateway
