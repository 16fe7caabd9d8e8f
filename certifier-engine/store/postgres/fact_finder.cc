#include "store/postgres/fact_finder.h"

#include "store/postgres/arrays.h"
#include "store/postgres/enrollment_queries.h"
#include "store/postgres/request_states.h"

namespace engine::store {

namespace {

constexpr char kSeparator = '\x1f';
using Type = ArrayParameter::Type;

// Columns request_id, state, csr_sha256, subject from `column` on.
result::Result<std::optional<PriorRequest>> ReadPrior(const Rows& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  PriorRequest prior;
  prior.request_id = rows.integer(row, column);
  ASSIGN_OR_RETURN(prior.state, RequestStateFromText(rows.octets(row, column + 1)));
  prior.csr_sha256 = rows.text(row, column + 2);
  prior.subject = rows.text(row, column + 3);
  return prior;
}

std::vector<std::string> Split(std::string_view joined) {
  std::vector<std::string> parts;
  while (!joined.empty()) {
    const auto end = joined.find(kSeparator);
    parts.emplace_back(joined.substr(0, end));
    joined = end == std::string_view::npos ? std::string_view() : joined.substr(end + 1);
  }
  return parts;
}

std::optional<KeyRecord> ReadKey(const Rows& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  KeyRecord key;
  key.pre_shared_key_id = rows.integer(row, column);
  key.reference_number = rows.text(row, column + 1);
  key.ca_id = rows.integer(row, column + 2);
  if (!rows.is_null(row, column + 3)) key.policy_id = rows.integer(row, column + 3);
  key.entity = rows.text(row, column + 4);
  key.is_entity_active = rows.integer(row, column + 5) != 0;
  key.use_limit = static_cast<std::uint32_t>(rows.integer(row, column + 6));
  key.use_count = static_cast<std::uint32_t>(rows.integer(row, column + 7));
  key.not_before = rows.time(row, column + 8);
  key.expires_at = rows.time(row, column + 9);
  key.bound_subject = rows.text(row, column + 10);
  key.bound_alternative_names = Split(rows.octets(row, column + 11));
  return key;
}

struct IdentityColumns {
  ArrayParameter ca_id{Type::kInt8};
  ArrayParameter transaction_id{Type::kBytea};
  ArrayParameter requester_key{Type::kBytea};
  void Add(const RequestIdentity& identity) {
    ca_id.Add(BinaryInteger(identity.ca_id));
    transaction_id.Add(identity.transaction_id);
    requester_key.Add(identity.requester_key);
  }
};

template <class Answer, class Pending>
void AnswerAll(const std::vector<const Pending*>& pending, result::Result<std::vector<Answer>> answers) {
  for (std::size_t i = 0; i < pending.size(); i++) {
    if (answers) {
      pending[i]->done(std::move((*answers)[i]));
    } else {
      pending[i]->done(tl::unexpected(answers.error()));
    }
  }
}

}  // namespace

FactFinder::FactFinder(const PostgresSettings& settings) : keeper_(settings, {kFindFacts, kFindForPoll}) {}

void FactFinder::Process(std::vector<Lookup> lookups) {
  std::vector<const FactLookup*> facts;
  std::vector<const EnrollmentQuery*> queries;
  std::vector<const PollLookup*> polls;
  for (const Lookup& lookup : lookups) {
    if (const auto* fact = std::get_if<FactLookup>(&lookup)) {
      facts.push_back(fact);
      queries.push_back(&fact->query);
    } else {
      polls.push_back(&std::get<PollLookup>(lookup));
    }
  }
  if (!facts.empty()) AnswerAll(facts, FindFacts(queries));
  if (!polls.empty()) AnswerAll(polls, FindForPoll(polls));
}

result::Result<std::vector<EnrollmentFacts>> FactFinder::FindFacts(const std::vector<const EnrollmentQuery*>& queries) {
  IdentityColumns identity;
  ArrayParameter csr_sha256(Type::kBytea);
  ArrayParameter key_digest(Type::kBytea);
  for (const EnrollmentQuery* query : queries) {
    identity.Add(query->identity);
    csr_sha256.Add(query->identity.csr_sha256);
    key_digest.AddOrNull(query->key_digest);
  }
  ASSIGN_OR_RETURN(Session* const session, keeper_.Get());
  ASSIGN_OR_RETURN(
      const Rows rows,
      session->Run(kFindFacts.name, {identity.ca_id.Encoded(), identity.transaction_id.Encoded(),
                                     identity.requester_key.Encoded(), csr_sha256.Encoded(), key_digest.Encoded()}));
  std::vector<EnrollmentFacts> found(queries.size());
  for (int row = 0; row < rows.size(); row++) {
    EnrollmentFacts& facts = found.at(static_cast<std::size_t>(rows.integer(row, 0) - 1));
    ASSIGN_OR_RETURN(facts.identical, ReadPrior(rows, row, 1));
    if (facts.identical) facts.identical->certificate = rows.text(row, 5);
    ASSIGN_OR_RETURN(facts.open, ReadPrior(rows, row, 6));
    facts.key = ReadKey(rows, row, 10);
  }
  return found;
}

result::Result<std::vector<std::optional<PriorRequest>>> FactFinder::FindForPoll(
    const std::vector<const PollLookup*>& lookups) {
  IdentityColumns identity;
  for (const PollLookup* lookup : lookups) identity.Add(lookup->identity);
  ASSIGN_OR_RETURN(Session* const session, keeper_.Get());
  ASSIGN_OR_RETURN(const Rows rows,
                   session->Run(kFindForPoll.name, {identity.ca_id.Encoded(), identity.transaction_id.Encoded(),
                                                    identity.requester_key.Encoded()}));
  std::vector<std::optional<PriorRequest>> found(lookups.size());
  for (int row = 0; row < rows.size(); row++) {
    auto& prior = found.at(static_cast<std::size_t>(rows.integer(row, 0) - 1));
    ASSIGN_OR_RETURN(prior, ReadPrior(rows, row, 1));
    if (prior) prior->certificate = rows.text(row, 5);
  }
  return found;
}

}  // namespace engine::store
