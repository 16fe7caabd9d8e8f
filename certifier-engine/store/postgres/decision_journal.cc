#include "store/postgres/decision_journal.h"

#include <algorithm>
#include <map>

#include "service/log.h"
#include "service/metrics.h"
#include "store/postgres/arrays.h"
#include "store/postgres/decision_queries.h"

namespace engine::store {

namespace {

using Type = ArrayParameter::Type;

// How long a decision may wait for others to be written with.
constexpr std::chrono::milliseconds kInterval{100};
// Rows of one round trip.
constexpr std::size_t kMostAtOnce = 512;

service::BatchBounds BoundsOf(const PostgresSettings& settings) {
  return {std::min<std::size_t>(kMostAtOnce, settings.max_queued_decisions), settings.max_queued_decisions, kInterval};
}

// The same decision once, in the order of their ids.
std::vector<NewDecision> Folded(std::vector<NewDecision> decisions) {
  std::map<Bytes, NewDecision> folded;
  for (NewDecision& decision : decisions) {
    const auto [place, is_first] = folded.try_emplace(decision.decision_id);
    if (is_first) {
      place->second = std::move(decision);
      continue;
    }
    place->second.message_count += decision.message_count;
    place->second.decided_at = std::max(place->second.decided_at, decision.decided_at);
  }
  std::vector<NewDecision> once;
  once.reserve(folded.size());
  for (auto& [id, decision] : folded) once.push_back(std::move(decision));
  return once;
}

// RefusalColumns are what the audit log says of refusals; nulls for what is none.
struct RefusalColumns {
  void Add(const std::optional<Refusal>& refusal) {
    if (!refusal) {
      for (auto* column : {&reason, &actor, &source_address, &subject, &reference_number, &entity, &gateway})
        column->AddNull();
      return;
    }
    reason.Add(refusal->reason);
    actor.Add(refusal->actor);
    source_address.Add(refusal->source_address);
    subject.Add(refusal->subject);
    reference_number.Add(refusal->reference_number);
    entity.Add(refusal->entity);
    gateway.Add(refusal->gateway);
  }
  ArrayParameter reason{Type::kText}, actor{Type::kText}, source_address{Type::kText}, subject{Type::kText},
      reference_number{Type::kText}, entity{Type::kText}, gateway{Type::kText};
};

void NoteLost(std::size_t count, const result::Error& error) {
  static auto& lost =
      service::CounterFor("certifier_decisions_lost_total", "Decision records that could not be written.", {});
  lost.Add(static_cast<double>(count));
  service::LogError("decisions_lost", {{"count", static_cast<std::int64_t>(count)}, {"detail", error.detail}});
}

}  // namespace

PostgresDecisionJournal::PostgresDecisionJournal(const PostgresSettings& settings)
    : keeper_(settings, {kNoteDecisions}),
      notes_("journal", BoundsOf(settings),
             [this](std::vector<NewDecision> decisions) { Write(std::move(decisions)); }) {}

bool PostgresDecisionJournal::Note(NewDecision decision) {
  return notes_.Add(decision);
}

void PostgresDecisionJournal::Write(std::vector<NewDecision> decisions) {
  const std::vector<NewDecision> once = Folded(std::move(decisions));
  const auto written = WriteRows(once);
  if (written) return;
  // One bad row must not cost the others; a lost connection costs all that it was to carry.
  if (written.error().reason != result::Reason::kInternal || once.size() == 1) {
    return NoteLost(once.size(), written.error());
  }
  for (const NewDecision& decision : once) {
    if (const auto alone = WriteRows({decision}); !alone) NoteLost(1, alone.error());
  }
}

result::Result<void> PostgresDecisionJournal::WriteRows(const std::vector<NewDecision>& decisions) {
  ArrayParameter id(Type::kBytea), decided_at(Type::kTimestamptz), ca_id(Type::kInt8), request_id(Type::kInt8),
      transaction_id(Type::kBytea), csr_sha256(Type::kBytea), record(Type::kBytea), message_count(Type::kInt8),
      is_failure(Type::kBool);
  RefusalColumns refusals;
  for (const NewDecision& decision : decisions) {
    id.Add(decision.decision_id);
    decided_at.Add(BinaryTime(decision.decided_at));
    ca_id.Add(BinaryInteger(decision.ca_id));
    request_id.AddOptional(decision.request_id);
    transaction_id.Add(decision.transaction_id);
    csr_sha256.AddOrNull(decision.csr_sha256);
    record.Add(decision.record);
    message_count.Add(BinaryInteger(static_cast<std::int64_t>(decision.message_count)));
    is_failure.Add(BinaryBoolean(decision.is_failure));
    refusals.Add(decision.refusal);
  }
  ASSIGN_OR_RETURN(Session* const session, keeper_.Get());
  RETURN_IF_ERROR(session->Run(
      kNoteDecisions.name, {id.Encoded(), decided_at.Encoded(), ca_id.Encoded(), request_id.Encoded(),
                            transaction_id.Encoded(), csr_sha256.Encoded(), record.Encoded(), message_count.Encoded(),
                            refusals.reason.Encoded(), refusals.actor.Encoded(), refusals.source_address.Encoded(),
                            refusals.subject.Encoded(), refusals.reference_number.Encoded(), refusals.entity.Encoded(),
                            refusals.gateway.Encoded(), is_failure.Encoded()}));
  return {};
}

}  // namespace engine::store
