#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_FIELDS_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_FIELDS_H

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "pki/crl.h"
#include "store/page.h"
#include "store/types.h"

// Single values to and from libpqxx.
namespace engine::store {

inline pqxx::binarystring Blob(const Bytes& octets) {
  return pqxx::binarystring(octets);
}
inline Bytes BlobOf(const pqxx::field& field) {
  return pqxx::binarystring(field).str();
}

// Seconds since 1970 with microseconds, as to_timestamp() takes them and extract(epoch) gives them.
std::string Epoch(TimePoint time);
TimePoint TimeOf(const pqxx::field& field);
std::optional<TimePoint> OptionalTimeOf(const pqxx::field& field);

// CrlReasonOf reads column `revocations.reason`; internal for a text that the schema does not allow.
Result<pki::CrlReason> CrlReasonOf(const pqxx::field& field);

// ArrayOf is what a statement takes for bigint[]: "{1,2}".
std::optional<std::string> ArrayOf(const std::optional<std::vector<std::int64_t>>& numbers);
// TextOrNull is what a statement takes for NULL where there is no text, which it borrows. NulInText.
const char* TextOrNull(const std::optional<std::string>& text);

// BeforeId is the id that a page ends before.
std::int64_t BeforeId(const Page& page);

// Lists of text that holds no U+001F travel joined by it.
std::string JoinedText(const std::vector<std::string>& parts);
std::vector<std::string> SplitText(std::string_view joined);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_FIELDS_H
