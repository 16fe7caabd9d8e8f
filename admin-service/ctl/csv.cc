#include "ctl/csv.h"

#include <algorithm>

namespace ctl {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// CsvReader goes through a text once.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  result::Result<std::vector<CsvRecord>> Read();

 private:
  result::Result<CsvRecord> ReadRecord();
  result::Result<std::string> ReadField();
  result::Result<std::string> ReadQuoted();
  bool Skip(std::string_view token);
  bool SkipLineEnd();
  tl::unexpected<result::Error> Fault(const std::string& what) const {
    return result::Fail(result::Reason::kMalformed, "line " + std::to_string(line_) + ": " + what);
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

bool CsvReader::Skip(std::string_view token) {
  if (!rest_.starts_with(token)) return false;
  rest_.remove_prefix(token.size());
  return true;
}

bool CsvReader::SkipLineEnd() {
  if (!Skip("\r\n") && !Skip("\n")) return false;
  ++line_;
  return true;
}

result::Result<std::string> CsvReader::ReadQuoted() {
  std::string field;
  const std::size_t first_line = line_;
  while (field.size() <= kMaxCsvFieldOctets) {
    if (rest_.empty()) {
      line_ = first_line;
      return Fault("a quoted field does not end");
    }
    if (Skip("\"\"")) {
      field += '"';
    } else if (Skip("\"")) {
      return field;
    } else {
      if (rest_.front() == '\n') ++line_;
      field += rest_.front();
      rest_.remove_prefix(1);
    }
  }
  line_ = first_line;
  return Fault("a field is longer than " + std::to_string(kMaxCsvFieldOctets) + " octets");
}

result::Result<std::string> CsvReader::ReadField() {
  if (Skip("\"")) return ReadQuoted();
  const std::string_view field = rest_.substr(0, rest_.find_first_of(",\"\r\n"));
  if (field.size() > kMaxCsvFieldOctets) {
    return Fault("a field is longer than " + std::to_string(kMaxCsvFieldOctets) + " octets");
  }
  rest_.remove_prefix(field.size());
  return std::string(field);
}

result::Result<CsvRecord> CsvReader::ReadRecord() {
  CsvRecord record{line_, {}};
  do {
    if (record.fields.size() == kMaxCsvFields) return Fault("more than 128 fields");
    ASSIGN_OR_RETURN(std::string field, ReadField());
    record.fields.push_back(std::move(field));
  } while (Skip(","));
  if (!rest_.empty() && !SkipLineEnd()) {
    return Fault("a field that holds a quote or a carriage return must be quoted whole");
  }
  return record;
}

result::Result<std::vector<CsvRecord>> CsvReader::Read() {
  if (rest_.size() > kMaxCsvOctets) return result::Fail(result::Reason::kMalformed, "the file is larger than 64 MiB");
  Skip(kByteOrderMark);
  std::vector<CsvRecord> records;
  while (!rest_.empty()) {
    if (SkipLineEnd()) continue;
    ASSIGN_OR_RETURN(CsvRecord record, ReadRecord());
    if (!records.empty() && record.fields.size() != records.front().fields.size()) {
      line_ = record.line;
      return Fault(std::to_string(record.fields.size()) + " fields, but the first line has " +
                   std::to_string(records.front().fields.size()));
    }
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace

result::Result<std::vector<CsvRecord>> ReadCsv(std::string_view text) {
  return CsvReader(text).Read();
}

std::string WriteCsv(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    // A record of one empty field would read as an empty line.
    const bool is_plain = fields[i].find_first_of(",\"\r\n") == std::string::npos && (i > 0 || !fields[i].empty()) &&
                          !(i == 0 && fields[i].starts_with(kByteOrderMark));
    if (is_plain) {
      line += fields[i];
      continue;
    }
    line += '"';
    for (const char octet : fields[i]) line += octet == '"' ? "\"\"" : std::string(1, octet);
    line += '"';
  }
  return line + "\n";
}

}  // namespace ctl
