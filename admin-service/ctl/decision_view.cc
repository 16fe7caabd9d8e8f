#include "ctl/decision_view.h"

#include <google/protobuf/util/time_util.h>

#include "ctl/fields.h"
#include "ctl/json_printer.h"

namespace ctl {

namespace v1 = certifier::v1;

namespace {

using google::protobuf::util::TimeUtil;

constexpr std::size_t kLeastText = 16;
constexpr std::int64_t kMicrosecondsShown = 10'000;  // Above it whole milliseconds are enough.

template <class Enum>
std::string NameOf(Enum value) {
  const auto* const descriptor = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value);
  return descriptor == nullptr ? std::to_string(value) : EnumName(*descriptor);
}

std::string DurationText(const google::protobuf::Duration& duration) {
  const std::int64_t microseconds = TimeUtil::DurationToMicroseconds(duration);
  if (microseconds < kMicrosecondsShown) return std::to_string(microseconds) + " us";
  return std::to_string(TimeUtil::DurationToMilliseconds(duration)) + " ms";
}

std::string MessageText(const v1::DecisionRecord& decision) {
  std::string text = NameOf(decision.classification());
  if (decision.message().message_type() != 0) {
    text += " (messageType " + std::to_string(decision.message().message_type()) + ")";
  }
  if (decision.message_count() > 1) text += ", " + std::to_string(decision.message_count()) + " times";
  return text;
}

std::string KeyText(const v1::DecisionRecord& decision) {
  if (!decision.reference_number().empty()) return decision.reference_number();
  return decision.message().has_challenge() ? "a challenge that is no key of ours" : "none";
}

std::string AlgorithmsText(const v1::MessageSummary& message) {
  if (message.digest_algorithm().empty()) return message.content_encryption_algorithm();
  if (message.content_encryption_algorithm().empty()) return message.digest_algorithm();
  return message.digest_algorithm() + ", " + message.content_encryption_algorithm();
}

Table StepTable(const v1::DecisionRecord& decision) {
  Table table({{"CHAIN", 0, 2},
               {"MODULE"},
               {"VERDICT"},
               {.title = "SAW", .least_width = kLeastText, .is_wrapped = true},
               {.title = "CHANGED", .least_width = kLeastText, .is_wrapped = true},
               {"TOOK", 0, 1}});
  for (const v1::DecisionStep& step : decision.steps()) {
    table.Add({step.chain(), std::to_string(step.position()) + " " + step.module(), NameOf(step.verdict()), step.saw(),
               Joined(step.changes()), DurationText(step.took())});
  }
  return table;
}

}  // namespace

void ShowDecision(Output& output, const v1::DecisionRecord& decision) {
  const v1::MessageSummary& message = decision.message();
  const std::string policy = decision.policy().empty()
                                 ? ""
                                 : decision.policy() + " (version " + std::to_string(decision.policy_version()) + ")";
  output.Values({
      {"decision", decision.decision_id()},
      {"outcome", NameOf(decision.outcome())},
      {"reason", decision.reason()},
      {"decided", TimeAndDistance(decision.has_decided_at(), decision.decided_at(), output.now())},
      {"last",
       decision.message_count() > 1 ? TimeAndDistance(decision.has_last_at(), decision.last_at(), output.now()) : ""},
      {"decided by", decision.decided_by()},
      {"message", MessageText(decision)},
      {"request", decision.request_id()},
      {"CA", message.ca()},
      {"transaction ID", message.transaction_id()},
      {"subject", message.subject()},
      {"alternative names", Joined(message.subject_alternative_names())},
      {"key", message.key_algorithm()},
      {"PKCS#10 SHA-256", message.request_sha256()},
      {"source", message.source_address()},
      {"algorithms", AlgorithmsText(message)},
      {"pre-shared key", KeyText(decision)},
      {"entity", decision.entity()},
      {"policy", policy},
      {"engine", decision.engine_version()},
      {"took", DurationText(decision.took())},
  });
  if (decision.steps_size() == 0) return;
  output.Text("");
  output.Rows(StepTable(decision));
}

}  // namespace ctl
