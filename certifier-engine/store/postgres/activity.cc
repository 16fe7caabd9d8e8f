#include "store/postgres/activity.h"

#include <array>
#include <charconv>

#include "store/postgres/activity_queries.h"
#include "store/postgres/arrays.h"
#include "store/postgres/fields.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;
using Type = ArrayParameter::Type;

constexpr const char* kRevokedByPolicy = "policy";

std::int64_t Microseconds(TimePoint time) {
  return std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
}

// Columns are the parameters of kFindActivity, in its order.
class Columns {
 public:
  void Add(const ActivityQuery& query) {
    columns_[0].Add(BinaryInteger(query.ca_id));
    columns_[1].AddOptional(query.entity_id);
    columns_[2].Add(query.subject_key);
    columns_[3].AddOptional(query.renewed_certificate_id);
    columns_[4].AddOptional(query.request_id);
    columns_[5].Add(BinaryInteger(Microseconds(query.now)));
    columns_[6].Add(BinaryBoolean(query.wants_certificates));
    columns_[7].Add(BinaryInteger(query.recent_requests));
    columns_[8].Add(BinaryBoolean(query.wants_key_use));
  }
  Session::Parameters Encoded() const {
    Session::Parameters parameters;
    for (const ArrayParameter& column : columns_) parameters.push_back(column.Encoded());
    return parameters;
  }

 private:
  std::array<ArrayParameter, 9> columns_ = {
      ArrayParameter(Type::kInt8), ArrayParameter(Type::kInt8), ArrayParameter(Type::kBytea),
      ArrayParameter(Type::kInt8), ArrayParameter(Type::kInt8), ArrayParameter(Type::kInt8),
      ArrayParameter(Type::kBool), ArrayParameter(Type::kInt8), ArrayParameter(Type::kBool)};
};

// Numbers joined by commas.
Result<std::vector<std::int64_t>> ReadNumbers(std::string_view text) {
  std::vector<std::int64_t> numbers;
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc()) return Fail(Reason::kInternal, "database: a list of numbers is none");
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
  }
  return numbers;
}

Result<KeyUse> KeyUseOf(std::int64_t number) {
  if (number == 0) return KeyUse::kNobody;
  if (number == 1) return KeyUse::kSameEntity;
  if (number == 2) return KeyUse::kOthers;
  return Fail(Reason::kInternal, "database: an unknown use of a key");
}

Result<Activity> ActivityOf(std::string_view certificates, std::string_view requests, std::int64_t key_use) {
  Activity activity;
  ASSIGN_OR_RETURN(activity.active_certificates, ReadNumbers(certificates));
  ASSIGN_OR_RETURN(const auto times, ReadNumbers(requests));
  for (const std::int64_t time : times) activity.recent_requests.emplace_back(std::chrono::microseconds(time));
  ASSIGN_OR_RETURN(activity.key_use, KeyUseOf(key_use));
  return activity;
}

// The text of an array with one element, as libpqxx sends it.
std::string One(const std::string& element) {
  return "{" + element + "}";
}
std::string One(std::int64_t number) {
  return One(std::to_string(number));
}
std::string One(const std::optional<std::int64_t>& number) {
  return number ? One(*number) : One(std::string("NULL"));
}
std::string One(bool is_set) {
  return One(std::string(is_set ? "t" : "f"));
}
// An element that may hold anything.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}
std::string OneBlob(const Bytes& octets) {
  return One(Quoted("\\x" + pki::HexLower(octets)));
}

}  // namespace

Result<std::vector<Activity>> FindActivity(Session& session, const std::vector<const ActivityQuery*>& queries) {
  Columns columns;
  for (const ActivityQuery* query : queries) columns.Add(*query);
  ASSIGN_OR_RETURN(const Rows rows, session.Run(kFindActivity.name, columns.Encoded()));
  std::vector<Activity> found(queries.size());
  for (int row = 0; row < rows.size(); row++) {
    Activity& activity = found.at(static_cast<std::size_t>(rows.integer(row, 0) - 1));
    ASSIGN_OR_RETURN(activity, ActivityOf(rows.octets(row, 1), rows.octets(row, 2), rows.integer(row, 3)));
    activity.digest = rows.text(row, 4);
  }
  return found;
}

Result<Activity> FindActivity(Work& work, const ActivityQuery& query) {
  const auto row = work.exec_prepared1(
      kFindActivity.name, One(query.ca_id), One(query.entity_id), OneBlob(query.subject_key),
      One(query.renewed_certificate_id), One(query.request_id), One(Microseconds(query.now)),
      One(query.wants_certificates), One(std::int64_t{query.recent_requests}), One(query.wants_key_use));
  const auto certificates = row["certificates"].as<std::string>();
  const auto requests = row["requests"].as<std::string>();
  ASSIGN_OR_RETURN(Activity activity, ActivityOf(certificates, requests, row["key_use"].as<std::int64_t>()));
  activity.digest = BlobOf(row["digest"]);
  return activity;
}

std::vector<std::string> LocksOf(const ActivityQuery& query) {
  std::vector<std::string> locks;
  const bool asks_entity = query.entity_id && (query.wants_certificates || query.recent_requests > 0);
  if (asks_entity) locks.push_back("certifier entity " + std::to_string(*query.entity_id));
  if (query.wants_key_use) locks.push_back("certifier key " + pki::HexLower(query.subject_key));
  return locks;
}

std::vector<Session::Step> CheckSteps(const std::vector<const NewRequest*>& requests) {
  Columns columns;
  ArrayParameter digests(Type::kBytea);
  ArrayParameter names(Type::kText);
  bool is_any_judged = false;
  for (const NewRequest* request : requests) {
    if (!request->judged_on) continue;
    is_any_judged = true;
    columns.Add(request->judged_on->query);
    digests.Add(request->judged_on->digest);
    for (const std::string& name : LocksOf(request->judged_on->query)) names.Add(name);
  }
  if (!is_any_judged) return {};
  auto parameters = columns.Encoded();
  parameters.push_back(digests.Encoded());
  return {{kLockActivity.name, {names.Encoded()}}, {kCheckActivity.name, std::move(parameters)}};
}

std::vector<Session::Step> SupersedeSteps(const std::vector<const NewRequest*>& requests) {
  ArrayParameter certificates(Type::kInt8);
  ArrayParameter serial_numbers(Type::kBytea);
  ArrayParameter generations(Type::kInt8);
  ArrayParameter revokers(Type::kText);
  bool is_any_revoked = false;
  for (const NewRequest* request : requests) {
    if (!request->certificate) continue;
    for (const std::int64_t certificate_id : request->revokes) {
      is_any_revoked = true;
      certificates.Add(BinaryInteger(certificate_id));
      serial_numbers.Add(request->certificate->serial_number);
      generations.Add(BinaryInteger(request->certificate->ca_generation_id));
      revokers.Add(kRevokedByPolicy);
    }
  }
  if (!is_any_revoked) return {};
  return {
      {kSupersede.name, {certificates.Encoded(), serial_numbers.Encoded(), generations.Encoded(), revokers.Encoded()}},
      {kNotifyEngines.name, {}}};
}

Result<void> CheckActivity(Work& work, const JudgedActivity& judged) {
  std::string names;
  for (const std::string& name : LocksOf(judged.query)) names += (names.empty() ? "" : ",") + name;
  work.exec_prepared(kLockActivity.name, One(names));
  ASSIGN_OR_RETURN(const Activity activity, FindActivity(work, judged.query));
  if (activity.digest == judged.digest) return {};
  return Fail(Reason::kConflict, "what the entity or the public key has changed meanwhile; approve it again");
}

void Supersede(Work& work, const std::vector<std::int64_t>& certificates, const NewCertificate& successor,
               const std::string& revoked_by) {
  if (certificates.empty()) return;
  // In one statement, which locks them in the order in which an operator's revocation would wait.
  std::string ids, serial_numbers, generations, revokers;
  for (const std::int64_t certificate_id : certificates) {
    const char* const comma = ids.empty() ? "" : ",";
    ids += comma + std::to_string(certificate_id);
    serial_numbers += comma + Quoted("\\x" + pki::HexLower(successor.serial_number));
    generations += comma + std::to_string(successor.ca_generation_id);
    revokers += comma + Quoted(revoked_by);
  }
  work.exec_prepared0(kSupersede.name, One(ids), One(serial_numbers), One(generations), One(revokers));
  work.exec0(kNotify);
}

}  // namespace engine::store
