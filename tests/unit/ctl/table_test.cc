#include "ctl/table.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "ctl/terminal_text.h"

namespace {

std::size_t WidestLine(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, ctl::DisplayWidth(line));
  return widest;
}

ctl::Table Queue() {
  ctl::Table table({{"ID"}, {"SUBJECT", 8}, {"SOURCE", 0, 1}, {"MD5"}});
  table.Add({"1", "CN=a router with a long name", "192.0.2.1", "2C0CACE7 D3F299ED"});
  table.Add({"22", "CN=b", "", "00000000 11111111"});
  return table;
}

}  // namespace

TEST_CASE("columns are aligned and an empty cell shows as a dash", "[ctl][table]") {
  CHECK(Queue().Render(0) ==
        "ID  SUBJECT                       SOURCE     MD5\n"
        "1   CN=a router with a long name  192.0.2.1  2C0CACE7 D3F299ED\n"
        "22  CN=b                          -          00000000 11111111\n");
}

TEST_CASE("a narrow terminal gets shortened values", "[ctl][table]") {
  CHECK(Queue().Render(48) ==
        "ID  SUBJECT         SOURCE     MD5\n"
        "1   CN=a router w…  192.0.2.1  2C0CACE7 D3F299ED\n"
        "22  CN=b            -          00000000 11111111\n");
}

TEST_CASE("a narrower one loses the columns that may go, never a fingerprint", "[ctl][table]") {
  const std::string text = Queue().Render(34);
  CHECK(WidestLine(text) <= 34);
  CHECK(text.find("SOURCE") == std::string::npos);
  CHECK(text.find("2C0CACE7 D3F299ED") != std::string::npos);
}

TEST_CASE("the narrowest keeps what may not be left out", "[ctl][table]") {
  const std::string text = Queue().Render(5);
  CHECK(text.find("CN=a ro…") != std::string::npos);
  CHECK(text.find("00000000 11111111") != std::string::npos);
}

TEST_CASE("characters beyond ASCII count as one column", "[ctl][table]") {
  ctl::Table table({{"NAME"}, {"X"}});
  table.Add({"Müller", "1"});
  table.Add({"Muller", "2"});
  CHECK(table.Render(0) == "NAME    X\nMüller  1\nMuller  2\n");
}

TEST_CASE("a cell cannot steer the terminal or forge a row", "[ctl][table]") {
  ctl::Table table({{"SUBJECT"}});
  table.Add({"CN=\x1b[31mred\n2  approved"});
  CHECK(table.Render(0) == "SUBJECT\nCN=\\x1b[31mred\\x0a2  approved\n");
}

TEST_CASE("details align their values behind the labels", "[ctl][table]") {
  CHECK(ctl::RenderDetails({{"state", "pending"}, {"subject", "CN=\r"}, {"", "more"}, {"policy", ""}}) ==
        "state    pending\n"
        "subject  CN=\\x0d\n"
        "         more\n"
        "policy   -\n");
}

TEST_CASE("a column that may be wrapped loses nothing", "[ctl][table]") {
  ctl::Table table({{"ID"}, {.title = "SEEN", .least_width = 8, .is_wrapped = true}, {"BY"}});
  table.Add({"1", "a long story", "me"});
  table.Add({"2", "short", "you"});
  CHECK(table.Render(0) == "ID  SEEN          BY\n1   a long story  me\n2   short         you\n");
  CHECK(table.Render(17) ==
        "ID  SEEN      BY\n"
        "1   a long    me\n"
        "    story\n"
        "2   short     you\n");
}
