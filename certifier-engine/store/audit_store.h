#ifndef CERTIFIER_ENGINE_STORE_AUDIT_STORE_H
#define CERTIFIER_ENGINE_STORE_AUDIT_STORE_H

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/page.h"
#include "store/types.h"

namespace engine::store {

// AuditEventRecord is one event of the audit log.
struct AuditEventRecord {
  std::int64_t audit_event_id = 0;
  std::string event;                            // The octets that are sealed: one line of JSON, below 8 KB.
  std::optional<std::uint64_t> log_index = {};  // Its place in the log; nothing: no seal covers it yet.
};

// AuditFilter is what a list is narrowed to; empty members narrow nothing.
struct AuditFilter {
  std::string kind = {};
  std::string actor = {};  // Login, or "engine".
  std::string ca = {};     // Name, in capitals or not.
  // What it is about, in capitals or not: a request's number, a serial number in hexadecimal, a key's reference number,
  // the name of an entity, a policy or a setting, a login.
  std::string about = {};
  std::optional<TimePoint> since = {};  // Events of this time or later,
  std::optional<TimePoint> until = {};  // and before this one.
  CaIds ca_ids = {};                    // Whose events may be seen; nothing: those of none, too.
};

// AuditPlace is an event's place in a list: the newest first, by time and then by id.
struct AuditPlace {
  std::int64_t time_us = 0;  // Microseconds since 1970.
  std::int64_t audit_event_id = 0;
};

// AuditPage is a part of a list. It may have fewer events than were asked for, or none, and yet not be the last: no
// call looks at more than so many events.
struct AuditPage {
  std::vector<AuditEventRecord> events = {};
  std::optional<AuditPlace> next = {};  // Where the next page begins; nothing: there is none.
};

// AuditSealRecord is a transparency::Seal of the events [first_index, end_index).
struct AuditSealRecord {
  std::uint64_t first_index = 0, end_index = 0;
  std::string note;
  Bytes frontier;
  Bytes leaf_hashes;
};

// AuditLogKeyRecord is the key that signs the log.
struct AuditLogKeyRecord {
  std::string verifier_key;  // As transparency::VerifierKey writes it.
  Bytes sealed_seed;
};

// CaKeyUse is what a gateway does with the key of a CA's generation.
struct CaKeyUse {
  std::string ca;  // Name.
  std::uint32_t generation = 0;
  std::string operation;        // "unwrap" or "sign_reply".
  std::string gateway, source;  // Name and IP address.

  auto operator<=>(const CaKeyUse&) const = default;
};

// CaKeyUseCount is how often it did, from the first to the last time.
struct CaKeyUseCount {
  CaKeyUse use;
  std::uint64_t uses = 0;
  TimePoint since, until;
};

// AuditStore reads the audit log and seals it. Events are written by the transactions that they tell of. The database's
// failures are as in types.h. Safe from any thread.
class AuditStore {
 public:
  virtual ~AuditStore() = default;

  // ListAuditEvents lists at most `size` events behind `after`; nothing: from the newest on.
  virtual Result<AuditPage> ListAuditEvents(const AuditFilter& filter, const std::optional<AuditPlace>& after,
                                            std::uint32_t size) = 0;
  // GetAuditEvent: kNotFound, for one that is not of these CAs too.
  virtual Result<AuditEventRecord> GetAuditEvent(std::int64_t audit_event_id, const CaIds& ca_ids) = 0;

  // FindAuditSeal is the seal that covers this place; nothing where none does.
  virtual Result<std::optional<AuditSealRecord>> FindAuditSeal(std::uint64_t log_index) = 0;
  // NewestAuditSeal is the last one; nothing before the first.
  virtual Result<std::optional<AuditSealRecord>> NewestAuditSeal() = 0;
  // ListSealedEvents are those of the places [first, end), in their order.
  virtual Result<std::vector<AuditEventRecord>> ListSealedEvents(std::uint64_t first, std::uint64_t end) = 0;
  // ListUnsealedEvents are those that no seal covers, by id, behind `after`.
  virtual Result<std::vector<AuditEventRecord>> ListUnsealedEvents(std::int64_t after, std::uint32_t size) = 0;

  // FindAuditLogKey is the log's key; nothing: it has none yet.
  virtual Result<std::optional<AuditLogKeyRecord>> FindAuditLogKey() = 0;
  // AddAuditLogKey makes `key` the log's, unless it has one, and gives the one that it then has.
  virtual Result<AuditLogKeyRecord> AddAuditLogKey(const AuditLogKeyRecord& key) = 0;

  // RecordKeyUses makes an event of each, all or none. Those of a CA that is not there are left out.
  virtual Result<void> RecordKeyUses(const std::vector<CaKeyUseCount>& counts) = 0;

  // MakeSeal makes the seal of `events`, at least one, that follows `last`, the newest one.
  using MakeSeal = std::function<Result<AuditSealRecord>(const std::optional<AuditSealRecord>& last,
                                                         const std::vector<std::string>& events)>;
  // SealAuditEvents has at most `most` events sealed that no seal covers, the lowest ids first, and gives their number;
  // 0: there is none, or another engine is at it. What MakeSeal makes is stored, or nobody sees it.
  virtual Result<std::size_t> SealAuditEvents(std::uint32_t most, const MakeSeal& make) = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_AUDIT_STORE_H
