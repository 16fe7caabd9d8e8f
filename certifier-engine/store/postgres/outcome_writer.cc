#include "store/postgres/outcome_writer.h"

#include <algorithm>
#include <array>
#include <set>

#include "store/postgres/arrays.h"
#include "store/postgres/enrollment_queries.h"
#include "store/postgres/request_states.h"

namespace engine::store {

namespace {

using Type = ArrayParameter::Type;

std::string Joined(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : "\x1f") + name;
  return joined;
}

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
    columns_[7].Add(Joined(request.subject_alternative_names));
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
      return;
    }
    columns_[16].Add(BinaryInteger(certificate->ca_generation_id));
    columns_[17].Add(certificate->serial_number);
    columns_[18].Add(certificate->certificate);
    columns_[19].Add(BinaryTime(certificate->not_before));
    columns_[20].Add(BinaryTime(certificate->not_after));
  }

  void AddRenewal(const std::optional<NewRenewal>& renewal) {
    columns_[22].AddOptional(renewal ? std::optional(renewal->certificate_id) : std::nullopt);
    columns_[23].AddOptional(renewal ? std::optional<std::int64_t>(renewal->limit) : std::nullopt);
  }

  std::array<ArrayParameter, 24> columns_ = {
      ArrayParameter(Type::kInt8),  ArrayParameter(Type::kBytea),       ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kBytea), ArrayParameter(Type::kText),        ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kText),  ArrayParameter(Type::kText),        ArrayParameter(Type::kText),
      ArrayParameter(Type::kText),  ArrayParameter(Type::kTimestamptz), ArrayParameter(Type::kBool),
      ArrayParameter(Type::kInt8),  ArrayParameter(Type::kInt8),        ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kBytea), ArrayParameter(Type::kInt8),        ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kBytea), ArrayParameter(Type::kTimestamptz), ArrayParameter(Type::kTimestamptz),
      ArrayParameter(Type::kInt8),  ArrayParameter(Type::kInt8),        ArrayParameter(Type::kInt8)};
};

using IdentityKey = std::tuple<std::int64_t, Bytes, Bytes>;

IdentityKey KeyOf(const RequestIdentity& identity) {
  return {identity.ca_id, identity.transaction_id, identity.requester_key};
}

}  // namespace

OutcomeWriter::OutcomeWriter(const PostgresSettings& settings)
    : keeper_(settings, {kLockKeys, kRecord}), finder_(settings) {}

void OutcomeWriter::Process(std::vector<Recording> recordings) {
  // Copies within one batch would compete for the uses of their key: the first goes with the batch, the others by
  // themselves after it, when they find its row.
  std::set<IdentityKey> seen;
  std::vector<const Recording*> together;
  std::vector<const NewRequest*> requests;
  std::vector<const Recording*> later;
  for (const Recording& recording : recordings) {
    if (seen.insert(KeyOf(recording.request.identity)).second) {
      together.push_back(&recording);
      requests.push_back(&recording.request);
    } else {
      later.push_back(&recording);
    }
  }
  const auto written = Write(requests);
  for (std::size_t i = 0; i < together.size(); i++) {
    if (written) {
      Answer(*together[i], (*written)[i], together.size() == 1);
    } else if (written.error().reason == result::Reason::kInternal && together.size() > 1) {
      RecordAlone(*together[i]);  // One bad row must not fail the others.
    } else {
      together[i]->done(tl::unexpected(written.error()));
    }
  }
  for (const Recording* recording : later) RecordAlone(*recording);
}

void OutcomeWriter::RecordAlone(const Recording& recording) {
  const auto written = Write({&recording.request});
  if (written) {
    Answer(recording, (*written)[0], true);
  } else {
    recording.done(tl::unexpected(written.error()));
  }
}

result::Result<OutcomeWriter::Written> OutcomeWriter::Write(const std::vector<const NewRequest*>& requests) {
  Columns columns;
  ArrayParameter keys(Type::kInt8);
  bool has_key = false;
  for (const NewRequest* request : requests) {
    columns.Add(*request);
    if (request->pre_shared_key_id && request->state == RequestState::kIssued) {
      keys.Add(BinaryInteger(*request->pre_shared_key_id));
      has_key = true;
    }
  }
  std::vector<Session::Step> steps;
  if (has_key) steps.push_back({kLockKeys.name, {keys.Encoded()}});
  steps.push_back({kRecord.name, columns.Encoded()});
  ASSIGN_OR_RETURN(Session* const session, keeper_.Get());
  ASSIGN_OR_RETURN(const Rows rows, session->Transact(steps));
  Written written(requests.size());
  for (int row = 0; row < rows.size(); row++) {
    written.at(static_cast<std::size_t>(rows.integer(row, 0) - 1)) = rows.integer(row, 1);
  }
  return written;
}

void OutcomeWriter::Answer(const Recording& recording, const result::Result<std::optional<std::int64_t>>& written,
                           bool is_alone) {
  if (written && *written) {
    return recording.done(RecordOutcome{RecordOutcome::Kind::kRecorded, **written, std::nullopt});
  }
  // The row was not written: another one stands, or the key is used up.
  const EnrollmentQuery query{recording.request.identity, {}, {}};
  auto facts = finder_.FindFacts({&query});
  if (!facts) return recording.done(tl::unexpected(facts.error()));
  auto& prior = facts->front().identical ? facts->front().identical : facts->front().open;
  if (prior) {
    const std::int64_t request_id = prior->request_id;
    return recording.done(RecordOutcome{RecordOutcome::Kind::kPrior, request_id, std::move(prior)});
  }
  // In a batch a neighbour that was not written may have stood before this one in the count of uses.
  if (!is_alone) return RecordAlone(recording);
  recording.done(RecordOutcome{RecordOutcome::Kind::kExhausted, 0, std::nullopt});
}

}  // namespace engine::store
