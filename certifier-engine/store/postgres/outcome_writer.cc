#include "store/postgres/outcome_writer.h"

#include <algorithm>
#include <array>
#include <set>

#include "service/address.h"
#include "store/postgres/activity.h"
#include "store/postgres/activity_queries.h"
#include "store/postgres/arrays.h"
#include "store/postgres/enrollment_queries.h"
#include "store/postgres/fields.h"
#include "store/postgres/request_states.h"

namespace engine::store {

namespace {

using Type = ArrayParameter::Type;

// Columns are the parameters of kRecord, in its order.
class Columns {
 public:
  void Add(const NewRequest& request) {
    columns_[0].Add(BinaryInteger(request.identity.ca_id));
    columns_[1].Add(request.identity.transaction_id);
    columns_[2].Add(request.identity.requester_key);
    columns_[3].Add(request.identity.csr_sha256);
    columns_[4].Add(ToText(request.state));
    columns_[5].Add(request.sealed_csr);
    columns_[6].Add(request.subject);
    columns_[7].Add(JoinedText(request.subject_alternative_names));
    columns_[8].Add(request.key_algorithm);
    columns_[9].Add(request.source_address);
    columns_[10].Add(BinaryTime(request.received_at));
    columns_[11].Add(std::string_view(request.has_challenge ? "\1" : "\0", 1));
    columns_[12].AddOptional(request.pre_shared_key_id);
    columns_[13].Add(BinaryInteger(request.policy_version_id));
    columns_[14].AddOrNull(request.fingerprints);
    columns_[15].AddOrNull(request.unsigned_fingerprints);
    AddCertificate(request);
    columns_[21].AddOptional(request.entity_id);
    AddRenewal(request.renewal);
    columns_[24].Add(std::string_view(request.refuses_collision ? "\1" : "\0", 1));
    columns_[25].Add(service::SourceKey(request.source_address));
    columns_[26].AddOrNull(request.held_template);
    columns_[27].AddOrNull(request.decision);
    columns_[28].Add(std::string_view(request.releases_use ? "\1" : "\0", 1));
    columns_[29].AddOrNull(request.subject_key);
    AddTerms(request);
    columns_[34].Add(request.gateway);
  }

  Session::Parameters Encoded() const {
    Session::Parameters parameters;
    for (const ArrayParameter& column : columns_) parameters.push_back(column.Encoded());
    return parameters;
  }

 private:
  void AddCertificate(const NewRequest& request) {
    const std::optional<NewCertificate>& certificate = request.certificate;
    if (!certificate) {
      columns_[16].AddOptional(request.ca_generation_id);
      for (std::size_t i = 17; i < 21; i++) columns_[i].AddNull();
      columns_[33].AddNull();
      return;
    }
    columns_[16].Add(BinaryInteger(certificate->ca_generation_id));
    columns_[17].Add(certificate->serial_number);
    columns_[18].Add(certificate->certificate);
    columns_[19].Add(BinaryTime(certificate->not_before));
    columns_[20].Add(BinaryTime(certificate->not_after));
    columns_[33].AddOrNull(JoinedText(certificate->names));
  }

  void AddRenewal(const std::optional<NewRenewal>& renewal) {
    columns_[22].AddOptional(renewal ? std::optional(renewal->certificate_id) : std::nullopt);
    columns_[23].AddOptional(renewal ? std::optional<std::int64_t>(renewal->limit) : std::nullopt);
  }

  void AddTerms(const NewRequest& request) {
    if (request.state != RequestState::kPending) {
      for (std::size_t i = 30; i < 33; i++) columns_[i].AddNull();
      return;
    }
    columns_[30].Add(BinaryInteger(request.terms.approvals));
    columns_[31].AddOrNull(JoinedText(request.terms.groups));
    const auto& alone = request.terms.key_maker_may_approve_alone;
    if (!alone) columns_[32].AddNull();
    if (alone) columns_[32].Add(std::string_view(*alone ? "\1" : "\0", 1));
  }

  std::array<ArrayParameter, 35> columns_ = {
      ArrayParameter(Type::kInt8),  ArrayParameter(Type::kBytea),       ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kBytea), ArrayParameter(Type::kText),        ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kText),  ArrayParameter(Type::kText),        ArrayParameter(Type::kText),
      ArrayParameter(Type::kText),  ArrayParameter(Type::kTimestamptz), ArrayParameter(Type::kBool),
      ArrayParameter(Type::kInt8),  ArrayParameter(Type::kInt8),        ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kBytea), ArrayParameter(Type::kInt8),        ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kBytea), ArrayParameter(Type::kTimestamptz), ArrayParameter(Type::kTimestamptz),
      ArrayParameter(Type::kInt8),  ArrayParameter(Type::kInt8),        ArrayParameter(Type::kInt8),
      ArrayParameter(Type::kBool),  ArrayParameter(Type::kBytea),       ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kBytea), ArrayParameter(Type::kBool),        ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kInt8),  ArrayParameter(Type::kText),        ArrayParameter(Type::kBool),
      ArrayParameter(Type::kText),  ArrayParameter(Type::kText)};
};

// Taken is what only one row of a batch may have: its transaction, and the entities and keys that it is judged by.
class Taken {
 public:
  bool Take(const NewRequest& request) {
    std::vector<std::string> locks;
    if (request.judged_on) locks = LocksOf(request.judged_on->query);
    for (const std::string& lock : locks) {
      if (locks_.contains(lock)) return false;
    }
    if (!transactions_.emplace(request.identity.ca_id, request.identity.transaction_id).second) return false;
    locks_.insert(locks.begin(), locks.end());
    return true;
  }

 private:
  std::set<std::pair<std::int64_t, Bytes>> transactions_;
  std::set<std::string> locks_;
};

// Whether a failure may be one row's own.
bool IsOfOneRow(const result::Error& error) {
  return error.reason == result::Reason::kInternal || error.reason == result::Reason::kConflict;
}

void AnswerFailure(const Recording& recording, const result::Error& error) {
  if (error.reason != result::Reason::kConflict) return recording.done(tl::unexpected(error));
  recording.done(RecordOutcome{RecordOutcome::Kind::kChanged, 0, std::nullopt});
}

}  // namespace

OutcomeWriter::OutcomeWriter(const PostgresSettings& settings)
    : limits_(settings.pending),
      keeper_(settings, {kLockPending, kLockActivity, kCheckActivity, kLockKeys, kForgetSuperseded, kRecord,
                         kRememberSuperseded, kSupersede, kNotifyEngines, kAttachAlias}),
      finder_(settings) {}

void OutcomeWriter::Process(std::vector<Recording> recordings) {
  // Copies within one batch would compete for the uses of their key, two keys with one transactionID would not see
  // each other, and two requests of one entity would both have the last place of its limit: the first goes with the
  // batch, the others by themselves after it, when they find its row.
  Taken taken;
  std::vector<const Recording*> together;
  std::vector<const Recording*> later;
  for (const Recording& recording : recordings) {
    (taken.Take(recording.request) ? together : later).push_back(&recording);
  }
  RecordTogether(together);
  for (const Recording* recording : later) RecordAlone(*recording);
}

void OutcomeWriter::RecordTogether(const std::vector<const Recording*>& together) {
  if (together.empty()) return;
  std::vector<const NewRequest*> requests;
  for (const Recording* recording : together) requests.push_back(&recording->request);
  const auto written = Write(requests);
  if (!written && written.error().reason == result::Reason::kUnavailable && RecordApart(together)) return;
  for (std::size_t i = 0; i < together.size(); i++) {
    if (written) {
      Answer(*together[i], (*written)[i], {together.size() == 1, false});
    } else if (IsOfOneRow(written.error()) && together.size() > 1) {
      RecordAlone(*together[i]);  // One bad row must not fail the others.
    } else {
      AnswerFailure(*together[i], written.error());
    }
  }
}

// What is judged on an entity waits for its lock and counts what it has: where that takes too long, the others must not
// fail with it.
bool OutcomeWriter::RecordApart(const std::vector<const Recording*>& together) {
  std::vector<const Recording*> judged, others;
  for (const Recording* recording : together) {
    (recording->request.judged_on ? judged : others).push_back(recording);
  }
  if (judged.empty() || together.size() == 1) return false;
  RecordTogether(others);
  for (const Recording* recording : judged) RecordAlone(*recording);
  return true;
}

void OutcomeWriter::RecordAlone(const Recording& recording) {
  const auto written = Write({&recording.request});
  if (written) {
    Answer(recording, written->front(), {true, true});
  } else {
    AnswerFailure(recording, written.error());
  }
}

result::Result<std::vector<OutcomeWriter::Written>> OutcomeWriter::Write(
    const std::vector<const NewRequest*>& requests) {
  Columns columns;
  ArrayParameter keys(Type::kInt8);
  ArrayParameter superseded(Type::kInt8);
  bool has_key = false;
  bool has_superseded = false;
  bool has_pending = false;
  for (const NewRequest* request : requests) {
    columns.Add(*request);
    has_pending = has_pending || request->state == RequestState::kPending;
    if (request->pre_shared_key_id) {
      keys.Add(BinaryInteger(*request->pre_shared_key_id));
      has_key = true;
    }
    if (request->superseded_request_id) {
      superseded.Add(BinaryInteger(*request->superseded_request_id));
      has_superseded = true;
    }
  }
  std::vector<Session::Step> steps;
  if (has_pending) steps.push_back({kLockPending.name, {}});
  for (auto& step : CheckSteps(requests)) steps.push_back(std::move(step));
  if (has_key) steps.push_back({kLockKeys.name, {keys.Encoded()}});
  if (has_superseded) steps.push_back({kForgetSuperseded.name, {superseded.Encoded()}});
  auto parameters = columns.Encoded();
  for (const std::uint64_t limit : {limits_.per_source, limits_.per_ca, limits_.per_requester_key}) {
    parameters.push_back(BinaryInteger(static_cast<std::int64_t>(limit)));
  }
  steps.push_back({kRecord.name, std::move(parameters)});
  if (has_superseded) steps.push_back({kRememberSuperseded.name, {superseded.Encoded()}});
  for (auto& step : SupersedeSteps(requests)) steps.push_back(std::move(step));
  ASSIGN_OR_RETURN(Session* const session, keeper_.Get());
  ASSIGN_OR_RETURN(const Rows rows, session->Transact(steps));
  std::vector<Written> written(requests.size());
  for (int row = 0; row < rows.size(); row++) {
    Written& one = written.at(static_cast<std::size_t>(rows.integer(row, 0) - 1));
    if (!rows.is_null(row, 1)) one.request_id = rows.integer(row, 1);
    one.collides = rows.integer(row, 2) != 0;
    one.is_too_much = rows.integer(row, 3) != 0;
    one.is_exhausted = rows.integer(row, 4) != 0;
  }
  return written;
}

result::Result<std::optional<PriorRequest>> OutcomeWriter::Stands(const NewRequest& request) {
  const EnrollmentQuery query{request.identity, {}};
  ASSIGN_OR_RETURN(auto facts, finder_.FindFacts({&query}));
  auto& found = facts.front();
  return std::move(found.identical ? found.identical : found.open);
}

// What is about to wait may be the open request of the same key and subject, under another transactionID (P-34).
result::Result<std::optional<RecordOutcome>> OutcomeWriter::AttachAlias(const NewRequest& request) {
  if (request.state != RequestState::kPending || request.renewal) return std::nullopt;
  ASSIGN_OR_RETURN(Session* const session, keeper_.Get());
  ASSIGN_OR_RETURN(
      const Rows rows,
      session->Run(kAttachAlias.name, {BinaryInteger(request.identity.ca_id), request.identity.transaction_id,
                                       request.identity.requester_key, request.subject,
                                       BinaryInteger(static_cast<std::int64_t>(limits_.aliases))}));
  if (rows.size() == 0) return std::nullopt;
  if (rows.integer(0, 0) == 0) return RecordOutcome{RecordOutcome::Kind::kTooMuch, 0, std::nullopt};
  PriorRequest prior;
  prior.request_id = rows.integer(0, 1);
  ASSIGN_OR_RETURN(prior.state, RequestStateFromText(rows.octets(0, 2)));
  prior.csr_sha256 = rows.text(0, 3);
  prior.subject = rows.text(0, 4);
  const std::int64_t request_id = prior.request_id;
  return RecordOutcome{RecordOutcome::Kind::kPrior, request_id, std::move(prior)};
}

void OutcomeWriter::Answer(const Recording& recording, const Written& written, Attempt attempt) {
  using Kind = RecordOutcome::Kind;
  if (written.request_id) return recording.done(RecordOutcome{Kind::kRecorded, *written.request_id, std::nullopt});
  // The row was left out: another one stands, the key is used up, or there is no place for it.
  auto prior = Stands(recording.request);
  if (!prior) return recording.done(tl::unexpected(prior.error()));
  if (*prior) {
    const std::int64_t request_id = (*prior)->request_id;
    return recording.done(RecordOutcome{Kind::kPrior, request_id, *std::move(prior)});
  }
  if (written.collides) return recording.done(RecordOutcome{Kind::kCollision, 0, std::nullopt});
  auto alias = AttachAlias(recording.request);
  if (!alias) return recording.done(tl::unexpected(alias.error()));
  if (*alias) return recording.done(**std::move(alias));
  if (written.is_too_much) return recording.done(RecordOutcome{Kind::kTooMuch, 0, std::nullopt});
  // In a batch a neighbour that was not written may have stood before this one in the count of uses.
  if (written.is_exhausted && attempt.is_alone) return recording.done(RecordOutcome{Kind::kExhausted, 0, std::nullopt});
  if (!attempt.is_last) return RecordAlone(recording);
  recording.done(RecordOutcome{Kind::kMoved, 0, std::nullopt});
}

}  // namespace engine::store
