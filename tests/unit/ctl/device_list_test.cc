#include "ctl/device_list.h"

#include <catch2/catch.hpp>

namespace ctl {

namespace {

using Catch::Matchers::Contains;

const Time kNow = Time(std::chrono::seconds(1'800'000'000));

std::string FaultOf(const std::string& text, const KeyMint& command = {}) {
  const auto devices = ReadDeviceList(text, command, kNow);
  REQUIRE_FALSE(devices);
  CHECK(devices.error().reason == result::Reason::kMalformed);
  return devices.error().detail;
}

}  // namespace

TEST_CASE("every column is taken", "[ctl][mint]") {
  const auto devices = ReadDeviceList(
      "ca,entity,policy,uses,not_before,expires,subject,alternative_names,attribute:site\n"
      "demo,router-7,strict,3,1d,2030-01-02,\"CN=a,O=b\",dns:a.example; ip:192.0.2.1 dns:b.example,hall 2\n",
      {}, kNow);
  INFO((devices ? "" : devices.error().detail));
  REQUIRE(devices);
  REQUIRE(devices->size() == 1);
  const auto& item = devices->front().item;
  CHECK(devices->front().line == 2);
  CHECK(item.entity() == "router-7");
  CHECK(item.ca() == "demo");
  CHECK(item.policy() == "strict");
  CHECK(item.use_limit() == 3);
  CHECK(item.not_before().seconds() == 1'800'086'400);
  CHECK(item.expires_at().seconds() == 1'893'542'400);
  CHECK(item.subject() == "CN=a,O=b");
  CHECK(item.subject_alternative_names_size() == 3);
  CHECK(item.subject_alternative_names(1) == "ip:192.0.2.1");
  CHECK(item.attributes().at("site") == "hall 2");
}

TEST_CASE("the command's options stand where a field is empty or has no column", "[ctl][mint]") {
  KeyMint command;
  command.ca = "demo";
  command.uses = 5;
  command.expires = std::string("1d");
  const auto devices = ReadDeviceList("entity,uses\na,\nb,7\n", command, kNow);
  REQUIRE(devices);
  CHECK((*devices)[0].item.ca() == "demo");
  CHECK((*devices)[0].item.use_limit() == 5);
  CHECK((*devices)[1].item.use_limit() == 7);
  CHECK((*devices)[1].item.expires_at().seconds() == 1'800'086'400);
  CHECK_FALSE((*devices)[1].item.has_not_before());
}

TEST_CASE("an unknown, repeated or missing column is named", "[ctl][mint]") {
  CHECK_THAT(FaultOf("entity,ca,colour\na,b,c\n"), Contains("line 1") && Contains("'colour'") && Contains("uses"));
  CHECK_THAT(FaultOf("entity,entity\na,b\n"), Contains("twice"));
  CHECK_THAT(FaultOf("ca\nb\n"), Contains("no column 'entity'"));
  CHECK_THAT(FaultOf("entity,attribute:\na,b\n"), Contains("'attribute:'"));
  CHECK_THAT(FaultOf("entity\n"), Contains("no devices"));
  CHECK_THAT(FaultOf(""), Contains("no devices"));
}

TEST_CASE("every bad line is named, each with its column", "[ctl][mint]") {
  const std::string fault = FaultOf(
      "entity,ca,uses,expires,subject,alternative_names\n"
      ",demo,,,,\nb,,,,,\nc,demo,0,,,\nd,demo,,yesterday,,\ne,demo,,,no name,\nf,demo,,,,color:red\n"
      "g,demo,,2020-01-01,,\nh\x01,demo,,,,\ni,demo,,,,\ni,demo,,,,\n");
  for (const char* part : {"line 2: entity: ", "line 3: ca: ", "line 4: uses: ", "line 5: expires: ",
                           "line 6: subject: ", "line 7: alternative_names: ", "line 8: expires: ",
                           "line 9: entity: it holds", "line 11: entity: line 10 is for the same"}) {
    CHECK_THAT(fault, Contains(part));
  }
}

TEST_CASE("a number of uses is a whole field, from 1 to 1000000", "[ctl][mint][bounds]") {
  const auto uses = [](const std::string& text) {
    return ReadDeviceList("entity,ca,uses\na,demo," + text + "\n", {}, kNow);
  };
  REQUIRE(uses("1000000"));
  CHECK(uses("1000000")->front().item.use_limit() == 1'000'000);
  for (const auto* wrong : {"1000001", "3x", "3 ", "-1", "4294967297"}) {
    CAPTURE(wrong);
    CHECK_FALSE(uses(wrong));
  }
}

TEST_CASE("a key ends after it begins", "[ctl][mint][bounds]") {
  const auto is_good = [](const std::string& times) {
    return ReadDeviceList("entity,ca,not_before,expires\na,demo," + times + "\n", {}, kNow).has_value();
  };
  CHECK(is_good("2030-01-02,2030-01-03"));
  CHECK_FALSE(is_good("2030-01-02,2030-01-02"));
  CHECK_FALSE(is_good("2030-01-03,2030-01-02"));
  CHECK(is_good("2026-01-01,2030-01-02"));
}

TEST_CASE("an entity has one key in a list for each CA", "[ctl][mint]") {
  CHECK(ReadDeviceList("entity,ca\na,one\na,two\nb,one\n", {}, kNow));
  CHECK_THAT(FaultOf("entity,ca\na,one\na,two\na,one\n"), Contains("line 4: entity: line 2 is for the same"));
}

TEST_CASE("alternative names are parted by any number of semicolons and spaces", "[ctl][mint]") {
  const auto devices =
      ReadDeviceList("entity,ca,alternative_names\na,demo,; dns:a;dns:b ;  ip:192.0.2.1; \n", {}, kNow);
  REQUIRE(devices);
  const auto& names = devices->front().item.subject_alternative_names();
  CHECK(std::vector<std::string>(names.begin(), names.end()) ==
        std::vector<std::string>{"dns:a", "dns:b", "ip:192.0.2.1"});
}

TEST_CASE("a line with a bad field is blamed for that alone", "[ctl][mint]") {
  CHECK(FaultOf("entity,ca,uses\na\x01,demo,1\n") == "line 2: entity: it holds characters that cannot be printed");
}

TEST_CASE("past ten faults the others are counted", "[ctl][mint]") {
  std::string text = "entity,ca,uses\n";
  for (int i = 0; i < 14; ++i) text += "e" + std::to_string(i) + ",demo,none\n";
  const std::string fault = FaultOf(text);
  CHECK_THAT(fault, Contains("line 11: ") && Contains("; and 4 more"));
  CHECK_THAT(fault, !Contains("line 12: "));
}

TEST_CASE("a list has at most 100000 devices", "[ctl][mint]") {
  std::string text = "entity,ca\n";
  for (std::size_t i = 0; i < kMaxListedDevices; ++i) text += std::to_string(i) + ",d\n";
  CHECK(ReadDeviceList(text, {}, kNow)->size() == kMaxListedDevices);
  CHECK_THAT(FaultOf(text + "e,d\n"), Contains("100000"));
}

}  // namespace ctl
