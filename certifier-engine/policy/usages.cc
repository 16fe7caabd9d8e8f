#include "policy/usages.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pki/extensions.h"
#include "policy/extension_kinds.h"

namespace engine::policy {

namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 5> kKeyUsages = {
    {{"digital_signature", pki::kDigitalSignature},
     {"non_repudiation", pki::kNonRepudiation},
     {"key_encipherment", pki::kKeyEncipherment},
     {"data_encipherment", pki::kDataEncipherment},
     {"key_agreement", pki::kKeyAgreement}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kPurposes = {
    {{"server_auth", "1.3.6.1.5.5.7.3.1"},
     {"client_auth", "1.3.6.1.5.5.7.3.2"},
     {"code_signing", "1.3.6.1.5.5.7.3.3"},
     {"email_protection", "1.3.6.1.5.5.7.3.4"},
     {"ipsec_ike", "1.3.6.1.5.5.7.3.17"}}};

// anyExtendedKeyUsage, OCSPSigning, and the CMC roles of CA and RA (RFC 6402 section 2.10).
constexpr std::array<std::string_view, 4> kForbiddenPurposes = {"2.5.29.37.0", "1.3.6.1.5.5.7.3.9",
                                                                "1.3.6.1.5.5.7.3.27", "1.3.6.1.5.5.7.3.28"};

}  // namespace

std::optional<unsigned> KeyUsageBit(std::string_view name) {
  const auto found = std::ranges::find(kKeyUsages, name, [](const auto& row) { return row.first; });
  if (found == kKeyUsages.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> KeyUsageNames(unsigned bits) {
  std::vector<std::string> names;
  for (const auto& [name, bit] : kKeyUsages) {
    if ((bits & bit) != 0) names.emplace_back(name);
  }
  return names;
}

unsigned ImpossibleUsages(pki::KeyType type) {
  switch (type) {
    case pki::KeyType::kRsa:
      return pki::kKeyAgreement;
    case pki::KeyType::kEcdsaP256:
    case pki::KeyType::kEcdsaP384:
    case pki::KeyType::kEcdsaP521:
      return pki::kKeyEncipherment | pki::kDataEncipherment;
  }
  return ~0u;
}

std::optional<std::string> PurposeOid(std::string_view name) {
  const auto found = std::ranges::find(kPurposes, name, [](const auto& row) { return row.first; });
  if (found != kPurposes.end()) return std::string(found->second);
  const bool is_forbidden = std::ranges::find(kForbiddenPurposes, name) != kForbiddenPurposes.end();
  if (is_forbidden || !IsOid(name)) return std::nullopt;
  return std::string(name);
}

std::string PurposeName(std::string_view oid) {
  const auto found = std::ranges::find(kPurposes, oid, [](const auto& row) { return row.second; });
  return std::string(found == kPurposes.end() ? oid : found->first);
}

}  // namespace engine::policy
