#include "store/postgres/fact_finder.h"

#include "store/postgres/activity.h"
#include "store/postgres/activity_queries.h"
#include "store/postgres/arrays.h"
#include "store/postgres/enrollment_queries.h"
#include "store/postgres/request_states.h"
#include "store/postgres/retrieval_queries.h"

namespace engine::store {

namespace {

constexpr char kSeparator = '\x1f';
using Type = ArrayParameter::Type;

// Columns request_id, state, csr_sha256, subject, renewed_certificate_id from `column` on.
result::Result<std::optional<PriorRequest>> ReadPrior(const Rows& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  PriorRequest prior;
  prior.request_id = rows.integer(row, column);
  ASSIGN_OR_RETURN(prior.state, RequestStateFromText(rows.octets(row, column + 1)));
  prior.csr_sha256 = rows.text(row, column + 2);
  prior.subject = rows.text(row, column + 3);
  if (!rows.is_null(row, column + 4)) prior.renewed_certificate_id = rows.integer(row, column + 4);
  return prior;
}

// The same, and then certificate, is_revoked, ca_generation_id, issued_at, not_after.
result::Result<std::optional<PriorRequest>> ReadOutcome(const Rows& rows, int row, int column) {
  ASSIGN_OR_RETURN(auto prior, ReadPrior(rows, row, column));
  if (!prior || rows.is_null(row, column + 5)) return prior;
  prior->certificate = rows.text(row, column + 5);
  prior->is_revoked = rows.integer(row, column + 6) != 0;
  prior->ca_generation_id = rows.integer(row, column + 7);
  prior->issued_at = rows.time(row, column + 8);
  prior->not_after = rows.time(row, column + 9);
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

// Columns entity_id, name, is_active, subject, alternative names, attributes from `column` on.
EntityStanding ReadEntity(const Rows& rows, int row, int column) {
  EntityStanding entity;
  entity.entity_id = rows.integer(row, column);
  entity.name = rows.text(row, column + 1);
  entity.is_active = rows.integer(row, column + 2) != 0;
  entity.binding = {rows.text(row, column + 3), Split(rows.octets(row, column + 4))};
  entity.attributes = rows.text(row, column + 5);
  return entity;
}

std::optional<KeyRecord> ReadKey(const Rows& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  KeyRecord key;
  key.pre_shared_key_id = rows.integer(row, column);
  key.reference_number = rows.text(row, column + 1);
  key.ca_id = rows.integer(row, column + 2);
  if (!rows.is_null(row, column + 3)) key.policy_id = rows.integer(row, column + 3);
  key.use_limit = static_cast<std::uint32_t>(rows.integer(row, column + 4));
  key.use_count = static_cast<std::uint32_t>(rows.integer(row, column + 5));
  key.not_before = rows.time(row, column + 6);
  key.expires_at = rows.time(row, column + 7);
  key.binding = {rows.text(row, column + 8), Split(rows.octets(row, column + 9))};
  key.attributes = rows.text(row, column + 10);
  key.reserved_count = static_cast<std::uint32_t>(rows.integer(row, column + 11));
  key.is_disabled = rows.integer(row, column + 12) != 0;
  key.is_reserved_for_requester = rows.integer(row, column + 13) != 0;
  key.entity = ReadEntity(rows, row, column + 14);
  return key;
}

RenewableCertificate ReadRenewable(const Rows& rows, int row) {
  RenewableCertificate certificate;
  certificate.certificate_id = rows.integer(row, 1);
  certificate.ca_id = rows.integer(row, 2);
  certificate.policy_id = rows.integer(row, 3);
  certificate.is_revoked = rows.integer(row, 4) != 0;
  certificate.renewal_count = static_cast<std::uint32_t>(rows.integer(row, 5));
  if (!rows.is_null(row, 6)) certificate.entity = ReadEntity(rows, row, 6);
  return certificate;
}

// Each signer's certificate, in their order, where it is one of ours.
result::Result<std::vector<std::optional<RenewableCertificate>>> FindRenewable(
    Session& session, const std::vector<const SignerCertificate*>& signers) {
  ArrayParameter serial_number(Type::kBytea);
  ArrayParameter certificate(Type::kBytea);
  for (const SignerCertificate* signer : signers) {
    serial_number.Add(signer->serial_number);
    certificate.Add(signer->certificate);
  }
  ASSIGN_OR_RETURN(const Rows rows, session.Run(kFindRenewable.name, {serial_number.Encoded(), certificate.Encoded()}));
  std::vector<std::optional<RenewableCertificate>> found(signers.size());
  for (int row = 0; row < rows.size(); row++) {
    found.at(static_cast<std::size_t>(rows.integer(row, 0) - 1)) = ReadRenewable(rows, row);
  }
  return found;
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

FactFinder::FactFinder(const PostgresSettings& settings)
    : keeper_(settings, {kFindFacts, kFindRenewable, kFindForPoll, kFindCertificates, kFindActivity}) {}

void FactFinder::Process(std::vector<Lookup> lookups) {
  std::vector<const FactLookup*> facts;
  std::vector<const EnrollmentQuery*> queries;
  std::vector<const PollLookup*> polls;
  std::vector<const CertificateLookup*> certificates;
  std::vector<const ActivityLookup*> activities;
  for (const Lookup& lookup : lookups) {
    if (const auto* fact = std::get_if<FactLookup>(&lookup)) {
      facts.push_back(fact);
      queries.push_back(&fact->query);
    } else if (const auto* poll = std::get_if<PollLookup>(&lookup)) {
      polls.push_back(poll);
    } else if (const auto* activity = std::get_if<ActivityLookup>(&lookup)) {
      activities.push_back(activity);
    } else {
      certificates.push_back(&std::get<CertificateLookup>(lookup));
    }
  }
  if (!facts.empty()) AnswerAll(facts, FindFacts(queries));
  if (!polls.empty()) AnswerAll(polls, FindForPoll(polls));
  if (!certificates.empty()) AnswerAll(certificates, FindCertificates(certificates));
  if (!activities.empty()) AnswerAll(activities, FindActivity(activities));
}

result::Result<std::vector<EnrollmentFacts>> FactFinder::FindFacts(const std::vector<const EnrollmentQuery*>& queries) {
  IdentityColumns identity;
  ArrayParameter csr_sha256(Type::kBytea);
  ArrayParameter key_digest(Type::kBytea);
  ArrayParameter subject(Type::kText);
  for (const EnrollmentQuery* query : queries) {
    identity.Add(query->identity);
    csr_sha256.Add(query->identity.csr_sha256);
    key_digest.AddOrNull(query->key_digest);
    subject.Add(query->subject);
  }
  ASSIGN_OR_RETURN(Session* const session, keeper_.Get());
  ASSIGN_OR_RETURN(const Rows rows,
                   session->Run(kFindFacts.name, {identity.ca_id.Encoded(), identity.transaction_id.Encoded(),
                                                  identity.requester_key.Encoded(), csr_sha256.Encoded(),
                                                  key_digest.Encoded(), subject.Encoded()}));
  std::vector<EnrollmentFacts> found(queries.size());
  for (int row = 0; row < rows.size(); row++) {
    EnrollmentFacts& facts = found.at(static_cast<std::size_t>(rows.integer(row, 0) - 1));
    ASSIGN_OR_RETURN(facts.identical, ReadOutcome(rows, row, 1));
    ASSIGN_OR_RETURN(facts.open, ReadPrior(rows, row, 11));
    facts.key = ReadKey(rows, row, 16);
  }
  // Most messages are signed with throw-away certificates: only what else there is costs a round trip.
  std::vector<const SignerCertificate*> signers;
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < queries.size(); i++) {
    if (!queries[i]->signer) continue;
    signers.push_back(&*queries[i]->signer);
    asked.push_back(i);
  }
  if (signers.empty()) return found;
  ASSIGN_OR_RETURN(auto renewable, FindRenewable(*session, signers));
  for (std::size_t i = 0; i < asked.size(); i++) found[asked[i]].renewable = std::move(renewable[i]);
  return found;
}

result::Result<std::vector<CertificateFacts>> FactFinder::FindCertificates(
    const std::vector<const CertificateLookup*>& lookups) {
  ArrayParameter serial_number(Type::kBytea);
  std::vector<const SignerCertificate*> signers;
  for (const CertificateLookup* lookup : lookups) {
    serial_number.Add(lookup->query.serial_number);
    signers.push_back(&lookup->query.signer);
  }
  ASSIGN_OR_RETURN(Session* const session, keeper_.Get());
  ASSIGN_OR_RETURN(auto renewable, FindRenewable(*session, signers));
  ASSIGN_OR_RETURN(const Rows rows, session->Run(kFindCertificates.name, {serial_number.Encoded()}));
  std::vector<CertificateFacts> found(lookups.size());
  for (std::size_t i = 0; i < found.size(); i++) found[i].signer = std::move(renewable[i]);
  for (int row = 0; row < rows.size(); row++) {
    auto& facts = found.at(static_cast<std::size_t>(rows.integer(row, 0) - 1));
    facts.certificates.push_back({rows.integer(row, 1), rows.text(row, 2)});
  }
  return found;
}

result::Result<std::vector<Activity>> FactFinder::FindActivity(const std::vector<const ActivityLookup*>& lookups) {
  std::vector<const ActivityQuery*> queries;
  for (const ActivityLookup* lookup : lookups) queries.push_back(&lookup->query);
  ASSIGN_OR_RETURN(Session* const session, keeper_.Get());
  return store::FindActivity(*session, queries);
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
    ASSIGN_OR_RETURN(prior, ReadOutcome(rows, row, 1));
  }
  return found;
}

}  // namespace engine::store
