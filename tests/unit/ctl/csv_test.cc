#include "ctl/csv.h"

#include <catch2/catch.hpp>

namespace ctl {

namespace {

using Fields = std::vector<std::string>;

std::vector<Fields> Read(std::string_view text) {
  const auto records = ReadCsv(text);
  INFO((records ? "" : records.error().detail));
  REQUIRE(records);
  std::vector<Fields> fields;
  for (const auto& record : *records) fields.push_back(record.fields);
  return fields;
}

std::string FaultOf(std::string_view text) {
  const auto records = ReadCsv(text);
  REQUIRE_FALSE(records);
  CHECK(records.error().reason == result::Reason::kMalformed);
  return records.error().detail;
}

}  // namespace

TEST_CASE("records are read with either line end, a byte order mark and empty lines", "[ctl][csv]") {
  const std::vector<Fields> expected = {{"a", "b"}, {"1", ""}, {"", "2"}};
  CHECK(Read("a,b\n1,\n,2\n") == expected);
  CHECK(Read("a,b\r\n1,\r\n,2") == expected);
  CHECK(Read("\xef\xbb\xbf"
             "a,b\n\n1,\n\r\n,2\n\n") == expected);
  CHECK(Read("").empty());
}

TEST_CASE("quoted fields hold commas, quotes and line ends", "[ctl][csv]") {
  CHECK(Read("\"a,\"\"b\"\"\",\"c\r\nd\"\n\"\",e") == std::vector<Fields>{{"a,\"b\"", "c\r\nd"}, {"", "e"}});
}

TEST_CASE("a record knows the line that it begins on", "[ctl][csv]") {
  const auto records = ReadCsv("a\n\n\"b\nc\"\nd\n");
  REQUIRE(records);
  REQUIRE(records->size() == 3);
  CHECK((*records)[1].line == 3);
  CHECK((*records)[2].line == 5);
}

TEST_CASE("what is no CSV is refused with its line", "[ctl][csv]") {
  CHECK(FaultOf("a,b\n1\n") == "line 2: 1 fields, but the first line has 2");
  CHECK(FaultOf("a\n\"" + std::string(kMaxCsvFieldOctets + 1, '\n')).starts_with("line 2: a field is longer"));
  CHECK(FaultOf("a\nb\n\"open\n\n") == "line 3: a quoted field does not end");
  CHECK(FaultOf("a\nx\"y\n").starts_with("line 2: "));
  CHECK(FaultOf("a\n\"x\"y\n").starts_with("line 2: "));
  CHECK(FaultOf("a\rb\n").starts_with("line 1: "));
}

TEST_CASE("a field, a record and a file have bounds", "[ctl][csv]") {
  const std::string longest(kMaxCsvFieldOctets, 'x');
  CHECK(Read(longest + ",\"" + longest + "\"").front() == Fields{longest, longest});
  CHECK(FaultOf(longest + "x").find("longer") != std::string::npos);
  CHECK(FaultOf("\"" + longest + "x\"").find("longer") != std::string::npos);
  CHECK(Read(std::string(kMaxCsvFields - 1, ',')).front().size() == kMaxCsvFields);
  CHECK(FaultOf(std::string(kMaxCsvFields, ',')).find("128") != std::string::npos);
  CHECK(Read(std::string(kMaxCsvOctets, '\n')).empty());
  CHECK(FaultOf(std::string(kMaxCsvOctets + 1, '\n')).find("64 MiB") != std::string::npos);
}

TEST_CASE("what is written is read again", "[ctl][csv]") {
  for (const Fields& fields :
       std::vector<Fields>{{""}, {"a", ""}, {"a,b", "c\"d", "e\r\nf"}, {"a\rb", "'"}, {"\xef\xbb\xbfx"}}) {
    CHECK(Read(WriteCsv(fields)) == std::vector<Fields>{fields});
  }
}

}  // namespace ctl
