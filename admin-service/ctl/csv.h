#ifndef CERTIFIER_ADMIN_SERVICE_CTL_CSV_H
#define CERTIFIER_ADMIN_SERVICE_CTL_CSV_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "result/result.h"

namespace ctl {

// CsvRecord is one record and the line that it begins on, from 1.
struct CsvRecord {
  std::size_t line = 1;
  std::vector<std::string> fields;
};

inline constexpr std::size_t kMaxCsvOctets = 64 << 20, kMaxCsvFieldOctets = 4096, kMaxCsvFields = 128;

// ReadCsv reads RFC 4180: fields between commas, in quotes where they hold commas, quotes (doubled) or line ends; lines
// end in CRLF or LF. A byte order mark before the first and empty lines are dropped. Every record has as many fields as
// the first. Malformed, with the line: anything else, and what passes the bounds above.
result::Result<std::vector<CsvRecord>> ReadCsv(std::string_view text);

// WriteCsv is a record as ReadCsv reads it, with its line end (LF).
std::string WriteCsv(const std::vector<std::string>& fields);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_CSV_H
