#include "enrollment/decision_record.h"

#include <google/protobuf/util/time_util.h>

#include "pki/digest.h"
#include "policy/decision_steps.h"
#include "policy/text.h"

namespace engine::enrollment {

namespace {

using google::protobuf::util::TimeUtil;

constexpr std::size_t kMostOctets = 1000;
constexpr std::size_t kMostNames = 32;
constexpr std::size_t kIdOctets = 16;
// Places of the hyphens in a UUID's text, in hexadecimal digits before them.
constexpr std::array<std::size_t, 4> kHyphens = {8, 12, 16, 20};

std::int64_t Nanoseconds(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

// Each part with its length before it, so that no two lists of parts are one text.
void Append(pki::Bytes& all, std::string_view part) {
  all += std::to_string(part.size());
  all += ':';
  all += part;
}

pki::Bytes IdOf(const store::RequestIdentity& identity, const Conclusion& conclusion,
                const certifier::v1::DecisionRecord& record) {
  const auto day = std::chrono::floor<std::chrono::days>(conclusion.decided_at).time_since_epoch().count();
  pki::Bytes all;
  for (const std::int64_t number : {identity.ca_id, std::int64_t{day}, std::int64_t{record.classification()},
                                    std::int64_t{conclusion.outcome}, std::int64_t{record.message().message_type()}}) {
    Append(all, std::to_string(number));
  }
  for (const std::string_view part : {std::string_view(identity.transaction_id),
                                      std::string_view(identity.requester_key), std::string_view(identity.csr_sha256),
                                      std::string_view(conclusion.reason), std::string_view(record.decided_by())}) {
    Append(all, part);
  }
  pki::Bytes id = pki::Digest(pki::DigestAlgorithm::kSha256, all).substr(0, kIdOctets);
  id[6] = static_cast<char>((static_cast<unsigned char>(id[6]) & 0x0fu) | 0x80u);
  id[8] = static_cast<char>((static_cast<unsigned char>(id[8]) & 0x3fu) | 0x80u);
  return id;
}

std::string IdText(pki::ByteView id) {
  std::string text = pki::HexLower(id);
  for (std::size_t i = 0; i < kHyphens.size(); i++) text.insert(kHyphens[i] + i, 1, '-');
  return text;
}

}  // namespace

void Summarise(const pki::CertificateRequest& request, certifier::v1::MessageSummary& message) {
  message.set_subject(policy::Excerpt(request.subject().ToString(), kMostOctets));
  for (const auto& name : request.alternative_names()) {
    if (message.subject_alternative_names_size() == static_cast<int>(kMostNames)) break;
    message.add_subject_alternative_names(policy::Excerpt(pki::ToString(name), kMostOctets));
  }
  message.set_key_algorithm(request.public_key().ToString());
  message.set_has_challenge(!request.challenge().empty());
}

void Explain(const Basis& basis, certifier::v1::DecisionRecord& record) {
  record.set_classification(basis.classification);
  record.set_reference_number(basis.reference_number);
  record.set_entity(basis.entity);
  record.set_policy(basis.policy);
  record.set_policy_version(basis.policy_version);
  policy::AddSteps(basis.steps, record);
}

certifier::v1::DecisionOutcome OutcomeOf(const Answer& answer) {
  if (std::holds_alternative<Issued>(answer)) return certifier::v1::DECISION_OUTCOME_ISSUED;
  if (std::holds_alternative<Pending>(answer)) return certifier::v1::DECISION_OUTCOME_PENDING;
  if (std::holds_alternative<Delayed>(answer)) return certifier::v1::DECISION_OUTCOME_DELAYED;
  return certifier::v1::DECISION_OUTCOME_REJECTED;
}

void Conclude(const store::RequestIdentity& identity, const Conclusion& conclusion,
              certifier::v1::DecisionRecord& record) {
  record.set_outcome(conclusion.outcome);
  record.set_reason(policy::Excerpt(conclusion.reason, kMostOctets));
  *record.mutable_decided_at() = TimeUtil::NanosecondsToTimestamp(Nanoseconds(conclusion.decided_at));
  *record.mutable_took() = TimeUtil::NanosecondsToDuration(conclusion.took.count());
  record.set_engine_version(CERTIFIER_VERSION);
  record.set_decision_id(IdText(IdOf(identity, conclusion, record)));
}

store::NewDecision ToJournal(const store::RequestIdentity& identity, std::int64_t request_id, TimePoint decided_at,
                             const certifier::v1::DecisionRecord& record) {
  store::NewDecision decision;
  decision.decision_id = ParseDecisionId(record.decision_id()).value_or(pki::Bytes());
  decision.ca_id = identity.ca_id;
  if (request_id != 0) decision.request_id = request_id;
  decision.transaction_id = identity.transaction_id;
  decision.csr_sha256 = identity.csr_sha256;
  decision.decided_at = decided_at;
  decision.record = record.SerializeAsString();
  return decision;
}

result::Result<pki::Bytes> ParseDecisionId(std::string_view text) {
  std::string digits(text);
  for (std::size_t i = 0; i < kHyphens.size(); i++) {
    if (digits.size() <= kHyphens[i] || digits[kHyphens[i]] != '-') {
      return result::Fail(result::Reason::kMalformed, "a decision's id is a UUID");
    }
    digits.erase(kHyphens[i], 1);
  }
  auto id = pki::FromHex(digits);
  if (!id || id->size() != kIdOctets) return result::Fail(result::Reason::kMalformed, "a decision's id is a UUID");
  return id;
}

}  // namespace engine::enrollment
