#include "ctl/times.h"

#include <catch2/catch.hpp>

namespace {

using std::chrono::seconds;
// 2026-11-24 02:10:00Z
constexpr ctl::Time kNow{seconds(1'795'486'200)};

std::string Parsed(const std::string& text) {
  const auto time = ctl::ParseMoment(text, kNow);
  return time ? ctl::FormatTime(*time) : "refused";
}

}  // namespace

TEST_CASE("times for people are UTC to the second", "[ctl][times]") {
  CHECK(ctl::FormatTime(kNow) == "2026-11-24 02:10:00Z");
  CHECK(ctl::FormatTime(ctl::Time{}) == "1970-01-01 00:00:00Z");
}

TEST_CASE("distances come in the largest unit that says enough", "[ctl][times]") {
  const auto [distance, text] = GENERATE(table<int, std::string>({{0, "0s"},
                                                                  {119, "119s"},
                                                                  {120, "2m"},
                                                                  {7199, "119m"},
                                                                  {7200, "2h"},
                                                                  {172'799, "47h"},
                                                                  {172'800, "2d"},
                                                                  {30 * 86'400, "30d"}}));
  CHECK(ctl::FormatDistance(kNow - seconds(distance), kNow) == text);
  CHECK(ctl::FormatDistance(kNow + seconds(distance), kNow) == text);
}

TEST_CASE("past and future are told apart", "[ctl][times]") {
  CHECK(ctl::FormatAgo(kNow - seconds(300), kNow) == "5m ago");
  CHECK(ctl::FormatAgo(kNow + seconds(300), kNow) == "in 5m");
}

TEST_CASE("an expiry is a distance, a date or an RFC 3339 time", "[ctl][times]") {
  const auto [text, expected] =
      GENERATE(table<std::string, std::string>({{"12h", "2026-11-24 14:10:00Z"},
                                                {"30d", "2026-12-24 02:10:00Z"},
                                                {"2026-12-24", "2026-12-24 00:00:00Z"},
                                                {"2026-12-24T10:00:00Z", "2026-12-24 10:00:00Z"},
                                                {"2026-12-24T10:00:00+02:00", "2026-12-24 08:00:00Z"}}));
  CHECK(Parsed(text) == expected);
}

TEST_CASE("what is no time is refused", "[ctl][times]") {
  const std::string text = GENERATE("", "soon", "30", "-1d", "2026-13-01", "24.12.2026", "2026-12-24 10:00",
                                    "10000-01-01", "1969-12-31", "99999999999999999999d", "2026-12-24T10:00:00Z ");
  CAPTURE(text);
  CHECK(Parsed(text) == "refused");
}

TEST_CASE("a timestamp survives the way to the wire and back", "[ctl][times]") {
  CHECK(ctl::ToTime(ctl::ToTimestamp(kNow)) == kNow);
}

TEST_CASE("a distance for what has been lies in the past", "[ctl][times]") {
  CHECK(ctl::FormatTime(ctl::ParsePastMoment("2d", kNow).value()) == "2026-11-22 02:10:00Z");
  CHECK(ctl::FormatTime(ctl::ParsePastMoment("2024-01-02", kNow).value()) == "2024-01-02 00:00:00Z");
  CHECK_FALSE(ctl::ParsePastMoment("36500d", kNow));
  CHECK_FALSE(ctl::ParsePastMoment("yesterday", kNow));
}

TEST_CASE("a time-out is a duration of at most ten minutes", "[ctl][times]") {
  CHECK(ctl::ParseTimeout("10s").value() == std::chrono::seconds(10));
  CHECK(ctl::ParseTimeout("10m").value() == std::chrono::minutes(10));
  for (const char* text : {"0s", "11m", "10", "soon"}) CHECK_FALSE(ctl::ParseTimeout(text));
}

TEST_CASE("a wait may be none, and a watch's interval is of a second to an hour", "[ctl][times]") {
  CHECK(ctl::ParseWait("0s").value() == std::chrono::seconds(0));
  CHECK(ctl::ParseWait("10m").value() == std::chrono::minutes(10));
  for (const char* text : {"11m", "10", "soon", ""}) CHECK_FALSE(ctl::ParseWait(text));
  CHECK(ctl::ParseWatchInterval("1s").value() == std::chrono::seconds(1));
  CHECK(ctl::ParseWatchInterval("1h").value() == std::chrono::hours(1));
  for (const char* text : {"999ms", "61m", "0s", "2", ""}) CHECK_FALSE(ctl::ParseWatchInterval(text));
}
