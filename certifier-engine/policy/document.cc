#include "policy/document.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <utility>

#include "authority/object_name.h"
#include "pki/der.h"
#include "pki/extensions.h"

namespace engine::policy {

namespace {

using certifier::v1::Decision_IsValid;

constexpr std::uint32_t kMaxValidityDays = 3650, kMaxGraceDays = 365, kMaxRenewals = 1000;
constexpr std::uint32_t kDefaultMaxNames = 16, kMaxNames = 256;
constexpr int kMaxListLength = 64;
constexpr std::size_t kMaxPatternLength = 255, kMaxDescriptionLength = 1000;

constexpr std::array<std::pair<std::string_view, unsigned>, 5> kKeyUsages = {
    {{"digital_signature", pki::kDigitalSignature},
     {"non_repudiation", pki::kNonRepudiation},
     {"key_encipherment", pki::kKeyEncipherment},
     {"data_encipherment", pki::kDataEncipherment},
     {"key_agreement", pki::kKeyAgreement}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kExtendedKeyUsages = {
    {{"server_auth", "1.3.6.1.5.5.7.3.1"},
     {"client_auth", "1.3.6.1.5.5.7.3.2"},
     {"code_signing", "1.3.6.1.5.5.7.3.3"},
     {"email_protection", "1.3.6.1.5.5.7.3.4"},
     {"ipsec_ike", "1.3.6.1.5.5.7.3.17"}}};

constexpr std::array<std::string_view, 4> kNameKinds = {"dns", "ip", "email", "uri"};

constexpr std::array<std::pair<std::string_view, AllowedKey>, 5> kKeys = {
    {{"rsa-2048", {pki::KeyType::kRsa, 2048}},
     {"rsa-3072", {pki::KeyType::kRsa, 3072}},
     {"rsa-4096", {pki::KeyType::kRsa, 4096}},
     {"ecdsa-p256", {pki::KeyType::kEcdsaP256, 256}},
     {"ecdsa-p384", {pki::KeyType::kEcdsaP384, 384}}}};

// Find looks `name` up in one of the tables above; null if it is not there.
template <class Table>
auto Find(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, [](const auto& row) { return row.first; });
  return found == table.end() ? nullptr : &found->second;
}

// Faults gathers what is wrong with a document.
class Faults {
 public:
  void Add(std::string fault) { text_ += (text_.empty() ? "" : "; ") + std::move(fault); }
  void Require(bool holds, std::string fault) {
    if (!holds) Add(std::move(fault));
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void ReadPatterns(const google::protobuf::RepeatedPtrField<std::string>& patterns, const std::string& field,
                  std::vector<std::string>& read, Faults& faults) {
  faults.Require(patterns.size() <= kMaxListLength, field + " has more than 64 entries");
  for (const auto& pattern : patterns) {
    faults.Require(!pattern.empty() && pattern.size() <= kMaxPatternLength, field + ": a pattern has 1 to 255 octets");
    read.push_back(pattern);
  }
}

void ReadSubject(const certifier::v1::SubjectRule& document, Policy& policy, Faults& faults) {
  policy.subject.common_name_is_entity = document.common_name_is_entity();
  policy.subject.may_be_empty = document.may_be_empty();
  ReadPatterns(document.common_name_patterns(), "subject.common_name_patterns", policy.subject.common_name_patterns,
               faults);
}

void ReadAlternativeNames(const certifier::v1::SubjectAlternativeNameRule& document, Policy& policy, Faults& faults) {
  AlternativeNameRule& rule = policy.alternative_names;
  for (const auto& kind : document.allowed_kinds()) {
    faults.Require(std::ranges::find(kNameKinds, kind) != kNameKinds.end(),
                   "subject_alternative_name.allowed_kinds: \"" + kind + "\" is not dns, ip, email or uri");
    rule.allowed_kinds.push_back(kind);
  }
  ReadPatterns(document.dns_patterns(), "subject_alternative_name.dns_patterns", rule.dns_patterns, faults);
  faults.Require(document.max_count() <= kMaxNames, "subject_alternative_name.max_count is above 256");
  rule.max_count = document.max_count() == 0 ? kDefaultMaxNames : document.max_count();
}

void ReadKeys(const certifier::v1::Policy& document, Policy& policy, Faults& faults) {
  faults.Require(!document.allowed_keys().empty(), "allowed_keys is empty");
  for (const auto& name : document.allowed_keys()) {
    if (const AllowedKey* key = Find(kKeys, name)) {
      policy.allowed_keys.push_back(*key);
    } else {
      faults.Add("allowed_keys: \"" + name + "\" is not rsa-2048, rsa-3072, rsa-4096, ecdsa-p256 or ecdsa-p384");
    }
  }
}

void ReadUsages(const certifier::v1::Policy& document, Policy& policy, Faults& faults) {
  faults.Require(!document.key_usage().empty(), "key_usage is empty");
  for (const auto& name : document.key_usage()) {
    if (const unsigned* bit = Find(kKeyUsages, name)) {
      policy.key_usage |= *bit;
    } else {
      faults.Add("key_usage: \"" + name + "\" is not one that an end entity may have");
    }
  }
  faults.Require(document.extended_key_usage().size() <= kMaxListLength, "extended_key_usage has more than 64 entries");
  for (const auto& name : document.extended_key_usage()) {
    const std::string_view* known = Find(kExtendedKeyUsages, name);
    const std::string oid(known != nullptr ? *known : std::string_view(name));
    faults.Require(pki::der::EncodeOid(oid).has_value(),
                   "extended_key_usage: \"" + name + "\" is neither a known purpose nor a dotted OID");
    policy.extended_key_usage.push_back(oid);
  }
}

Decision ReadDecision(certifier::v1::Decision decision, const std::string& field, Faults& faults) {
  if (!Decision_IsValid(decision)) faults.Add(field + " is not a decision");
  if (decision == certifier::v1::DECISION_ISSUE) return Decision::kIssue;
  if (decision == certifier::v1::DECISION_HOLD) return Decision::kHold;
  return Decision::kRefuse;
}

void ReadRenewal(const certifier::v1::RenewalRule& document, Policy& policy, Faults& faults) {
  RenewalRule& rule = policy.renewal;
  if (document.decision() != certifier::v1::DECISION_UNSPECIFIED) {
    rule.decision = ReadDecision(document.decision(), "renewal.decision", faults);
  }
  faults.Require(document.window_percent() <= 100, "renewal.window_percent is above 100");
  if (document.window_percent() != 0) rule.window_percent = document.window_percent();
  faults.Require(document.grace_days() <= kMaxGraceDays, "renewal.grace_days is above 365");
  rule.grace = std::chrono::hours(24) * document.grace_days();
  rule.key_may_stay = document.key_may_stay();
  faults.Require(document.max_renewals() <= kMaxRenewals, "renewal.max_renewals is above 1000");
  if (document.max_renewals() != 0) rule.max_renewals = document.max_renewals();
}

}  // namespace

result::Result<Policy> FromProto(const certifier::v1::Policy& document) {
  Policy policy;
  Faults faults;
  policy.name = document.name();
  faults.Require(authority::IsObjectName(document.name()), "name is not 1 to 64 characters of [A-Za-z0-9._-]");
  faults.Require(document.description().size() <= kMaxDescriptionLength, "description has more than 1000 octets");
  ReadSubject(document.subject(), policy, faults);
  ReadAlternativeNames(document.subject_alternative_name(), policy, faults);
  ReadKeys(document, policy, faults);
  faults.Require(document.validity_days() >= 1 && document.validity_days() <= kMaxValidityDays,
                 "validity_days is not 1 to 3650");
  policy.validity = std::chrono::hours(24) * document.validity_days();
  ReadUsages(document, policy, faults);
  policy.with_key = ReadDecision(document.with_key(), "with_key", faults);
  policy.without_key = ReadDecision(document.without_key(), "without_key", faults);
  ReadRenewal(document.renewal(), policy, faults);
  faults.Require(policy.without_key != Decision::kIssue,
                 "without_key may not be DECISION_ISSUE: nobody would have vouched for the device");
  if (!faults.text().empty()) return result::Fail(result::Reason::kMalformed, faults.text());
  return policy;
}

result::Result<std::string> ToJson(const certifier::v1::Policy& document) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(document, &json, options).ok()) {
    return result::Fail(result::Reason::kInternal, "a policy could not be written as JSON");
  }
  return json;
}

result::Result<certifier::v1::Policy> FromJson(const std::string& json) {
  certifier::v1::Policy document;
  if (!google::protobuf::util::JsonStringToMessage(json, &document).ok()) {
    return result::Fail(result::Reason::kMalformed, "a stored policy is not the JSON of certifier.v1.Policy");
  }
  return document;
}

}  // namespace engine::policy
