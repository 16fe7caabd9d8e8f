#include "ctl/url.h"

#include <catch2/catch.hpp>

using ctl::Url;

TEST_CASE("a URL is taken apart and put together with a query", "[ctl][url]") {
  const auto [text, is_tls, host, address, target] =
      GENERATE(table<std::string, bool, std::string, std::string, std::string>({
          {"http://a.example/scep/demo", false, "a.example", "a.example:80", "/scep/demo?x"},
          {"https://a.example", true, "a.example", "a.example:443", "/?x"},
          {"http://192.0.2.1:8080/scep/", false, "192.0.2.1", "192.0.2.1:8080", "/scep/?x"},
          {"http://[2001:db8::1]:8080/s", false, "2001:db8::1", "[2001:db8::1]:8080", "/s?x"},
          {"https://[::1]/s?profile=a", true, "::1", "[::1]:443", "/s?profile=a&x"},
          {"http://a?b=c", false, "a", "a:80", "/?b=c&x"},
      }));
  CAPTURE(text);
  const auto url = Url::Parse(text);
  REQUIRE(url.has_value());
  CHECK(url->is_tls == is_tls);
  CHECK(url->host == host);
  CHECK(url->HostAndPort() == address);
  CHECK(url->TargetWith("x") == target);
}

TEST_CASE("what is no URL of a server is refused", "[ctl][url]") {
  const std::string text =
      GENERATE(as<std::string>{}, "", "a.example/scep", "ftp://a.example", "http://", "http:///scep", "http://a:0/",
               "http://a:65536/", "http://a:8o/", "http://a:/", "http://u@a/", "http://[::1/", "http://[::1]8080/",
               "http://a/#b", "http://a/b c", "http://a/\r\nHost: b", "http://a\x1b[2J/", "http://m\xc3\xbcller/");
  CAPTURE(text);
  const auto url = Url::Parse(text);
  REQUIRE_FALSE(url.has_value());
  CHECK(url.error().reason == result::Reason::kMalformed);
}
