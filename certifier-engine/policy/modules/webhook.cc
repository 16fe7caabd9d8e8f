#include <algorithm>
#include <nlohmann/json.hpp>

#include "pki/digest.h"
#include "policy/modules.h"
#include "policy/name_set.h"
#include "policy/text.h"
#include "policy/usages.h"
#include "policy/webhook_caller.h"

namespace engine::policy {

namespace {

using nlohmann::json;
using result::Result;

constexpr std::uint32_t kDefaultTimeoutMs = 3000, kLeastTimeoutMs = 100, kMostTimeoutMs = 30'000, kMostRetries = 5;
constexpr std::size_t kMostUrlOctets = 1000, kMostSecretName = 64, kMostReasonOctets = 200, kMostNames = 64;

struct Settings {
  std::string url, secret;
  std::chrono::milliseconds timeout{0};
  unsigned retries = 0;
  Verdict on_failure = Verdict::kDeny;
  bool may_accept = false;
};

json TemplateOf(const issuance::CertificateTemplate& certificate) {
  json names = json::array(), purposes = json::array();
  for (const auto& name : certificate.alternative_names) names.push_back(pki::ToString(name));
  for (const auto& oid : certificate.extended_key_usage) purposes.push_back(PurposeName(oid));
  json document = {{"subject", certificate.subject.ToString()},
                   {"subject_alternative_names", names},
                   {"key_usage", KeyUsageNames(certificate.key_usage)},
                   {"extended_key_usage", purposes}};
  if (certificate.not_after) document["not_after"] = TimeText(*certificate.not_after);
  return document;
}

// The question. Of the challenge it holds no more than whether a key vouched.
json QuestionOf(const Facts& facts, const Draft& draft) {
  json names = json::array();
  for (const auto& name : facts.request.alternative_names()) names.push_back(pki::ToString(name));
  json question = {
      {"version", 1},
      {"ca", facts.ca},
      {"is_renewal", facts.signer != nullptr},
      {"source_address", facts.source_address},
      {"subject", facts.request.subject().ToString()},
      {"subject_alternative_names", names},
      {"key_algorithm", facts.request.public_key().ToString()},
      {"spki_sha256", pki::HexLower(pki::Digest(pki::DigestAlgorithm::kSha256, facts.request.public_key().spki()))},
      {"template", TemplateOf(draft.certificate)}};
  if (facts.key != nullptr) question["reference_number"] = facts.key->reference_number;
  if (facts.entity != nullptr) {
    question["entity"] = facts.entity->name;
    question["attributes"] = facts.entity->attributes;
  }
  return question;
}

Result<void> Malformed(const std::string& what) {
  return result::Fail(result::Reason::kMalformed, "the answer's " + what);
}

// What an answer may change. Each reader leaves the draft alone where it fails.
Result<void> TakeSubject(const json& value, Draft& draft, Finding& finding) {
  if (!value.is_string()) return Malformed("subject is no text");
  auto subject = pki::Name::FromString(value.get<std::string>());
  if (!subject) return Malformed("subject is no name: " + subject.error().detail);
  draft.certificate.subject = *std::move(subject);
  finding.changes.push_back("subject: " + draft.certificate.subject.ToString());
  return {};
}

Result<void> TakeAlternativeNames(const json& value, Draft& draft, Finding& finding) {
  if (!value.is_array() || value.size() > kMostNames) return Malformed("subject_alternative_names are no list of 64");
  std::vector<pki::GeneralName> names;
  for (const auto& text : value) {
    auto name = text.is_string() ? pki::ParseGeneralName(text.get<std::string>()) : Result<pki::GeneralName>();
    if (!name || !IsOfItsKind(*name)) return Malformed("subject_alternative_names hold what is no KIND:VALUE");
    names.push_back(*std::move(name));
  }
  draft.certificate.alternative_names = std::move(names);
  finding.changes.push_back("alternative_names: " + value.dump());
  return {};
}

Result<void> TakeValidity(const json& value, const Facts& facts, Draft& draft, Finding& finding) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() == 0) return Malformed("validity_seconds is no number");
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(facts.ca_not_after - facts.now).count();
  const auto wanted = std::min(value.get<std::uint64_t>(), static_cast<std::uint64_t>(std::max<std::int64_t>(left, 0)));
  draft.certificate.not_after = facts.now + std::chrono::seconds(static_cast<std::int64_t>(wanted));
  finding.changes.push_back("not_after: " + TimeText(*draft.certificate.not_after));
  return {};
}

Result<void> TakePurposes(const json& value, Draft& draft, Finding& finding) {
  if (!value.is_array() || value.size() > kMostNames) return Malformed("extended_key_usage is no list of 64");
  std::vector<std::string> purposes;
  for (const auto& name : value) {
    auto oid = name.is_string() ? PurposeOid(name.get<std::string>()) : std::nullopt;
    if (!oid) return Malformed("extended_key_usage holds what is no purpose of a device");
    purposes.push_back(*std::move(oid));
  }
  draft.certificate.extended_key_usage = std::move(purposes);
  finding.changes.push_back("extended_key_usage: " + value.dump());
  return {};
}

Result<void> TakeTemplate(const json& changes, const Facts& facts, Draft& draft, Finding& finding) {
  if (!changes.is_object()) return Malformed("template is no object");
  for (const auto& [field, value] : changes.items()) {
    if (field == "subject") {
      RETURN_IF_ERROR(TakeSubject(value, draft, finding));
    } else if (field == "subject_alternative_names") {
      RETURN_IF_ERROR(TakeAlternativeNames(value, draft, finding));
    } else if (field == "validity_seconds") {
      RETURN_IF_ERROR(TakeValidity(value, facts, draft, finding));
    } else if (field == "extended_key_usage") {
      RETURN_IF_ERROR(TakePurposes(value, draft, finding));
    } else {
      return Malformed("template has a field that nothing reads");
    }
  }
  return {};
}

Result<Verdict> VerdictOf(const json& answer) {
  const std::string text = answer.value("verdict", "");
  if (text == "accept") return Verdict::kAccept;
  if (text == "pass") return Verdict::kPass;
  if (text == "hold") return Verdict::kHold;
  if (text == "deny") return Verdict::kDeny;
  return result::Fail(result::Reason::kMalformed, "the answer's verdict is not accept, pass, hold or deny");
}

std::string ReasonOf(const json& answer) {
  const auto found = answer.find("reason");
  if (found == answer.end() || !found->is_string()) return "the webhook answered";
  return "the webhook answered: " + Excerpt(found->get<std::string>(), kMostReasonOctets);
}

class Webhook final : public Module {
 public:
  explicit Webhook(Settings settings) : settings_(std::move(settings)) {}

  Finding Judge(const Facts& facts, Draft& draft) const override {
    const auto body = Ask(facts, draft);
    if (!body) return Say(settings_.on_failure, "the webhook did not answer: " + body.error().detail);
    Draft changed = draft;
    auto finding = Read(*body, facts, changed);
    if (!finding)
      return Say(settings_.on_failure, "the webhook answered with nothing valid: " + finding.error().detail);
    draft = std::move(changed);
    return *std::move(finding);
  }

 private:
  Result<std::string> Ask(const Facts& facts, const Draft& draft) const {
    if (facts.webhooks == nullptr) return result::Fail(result::Reason::kUnavailable, "no webhook is called here");
    return facts.webhooks->Post({settings_.url, settings_.secret,
                                 QuestionOf(facts, draft).dump(-1, ' ', true, json::error_handler_t::replace),
                                 settings_.timeout, settings_.retries});
  }

  Result<Finding> Read(const std::string& body, const Facts& facts, Draft& draft) const {
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object()) return result::Fail(result::Reason::kMalformed, "the answer is no JSON object");
    if (!answer.contains("verdict") || !answer["verdict"].is_string()) {
      return result::Fail(result::Reason::kMalformed, "the answer has no verdict");
    }
    ASSIGN_OR_RETURN(const Verdict verdict, VerdictOf(answer));
    Finding finding = Say(verdict, ReasonOf(answer));
    // Nothing is to be changed then, and no fault in a change makes another verdict of it.
    if (verdict == Verdict::kDeny) return finding;
    if (answer.contains("template")) RETURN_IF_ERROR(TakeTemplate(answer["template"], facts, draft, finding));
    if (verdict != Verdict::kAccept) return finding;
    if (settings_.may_accept) {
      draft.is_vouched_for = true;
    } else {
      finding.verdict = Verdict::kPass;
    }
    return finding;
  }

  const Settings settings_;
};

}  // namespace

bool IsSecretName(std::string_view name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return !name.empty() && name.size() <= kMostSecretName && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

ModulePtr MakeModule(const certifier::v1::Webhook& parameters, Faults& faults) {
  Settings settings;
  settings.url = parameters.url();
  const bool is_url = settings.url.starts_with("https://") && settings.url.size() <= kMostUrlOctets &&
                      std::ranges::all_of(settings.url, [](char octet) { return octet > ' ' && octet < '\x7f'; });
  faults.Require(is_url, "url is not https://HOST[:PORT]/PATH");
  settings.secret = parameters.secret();
  faults.Require(IsSecretName(settings.secret), "secret is not 1 to 64 characters of [A-Za-z0-9_-]");
  const auto timeout = parameters.timeout_ms() == 0 ? kDefaultTimeoutMs : parameters.timeout_ms();
  faults.Require(timeout >= kLeastTimeoutMs && timeout <= kMostTimeoutMs, "timeout_ms is not 100 to 30000");
  settings.timeout = std::chrono::milliseconds(timeout);
  faults.Require(parameters.retries() <= kMostRetries, "retries is above 5");
  settings.retries = parameters.retries();
  settings.on_failure = VerdictOr(parameters.on_failure(), Verdict::kDeny, "on_failure", faults);
  faults.Require(settings.on_failure != Verdict::kAccept, "on_failure may not be accept");
  settings.may_accept = parameters.may_accept();
  return std::make_unique<Webhook>(std::move(settings));
}

}  // namespace engine::policy
