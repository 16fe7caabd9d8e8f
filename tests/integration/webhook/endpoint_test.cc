#include "webhook/endpoint.h"

#include <catch2/catch.hpp>

namespace {

using engine::webhook::Endpoint;

std::string Read(const std::string& url) {
  const auto endpoint = Endpoint::Parse(url);
  return endpoint ? endpoint->Authority() + " " + endpoint->HostHeader() + " " + endpoint->target : "malformed";
}

TEST_CASE("a URL is a host, a port and a path", "[webhook]") {
  CHECK(Read("https://Hook.Example") == "hook.example:443 hook.example /");
  CHECK(Read("https://hook.example:8443/Judge?a=B") == "hook.example:8443 hook.example:8443 /Judge?a=B");
  CHECK(Read("https://hook.example?a") == "hook.example:443 hook.example /?a");
  CHECK(Read("https://[2001:DB8::1]:8443/") == "[2001:db8::1]:8443 [2001:db8::1]:8443 /");
}

TEST_CASE("what could be read in two ways is no URL", "[webhook]") {
  for (const std::string url : {"",
                                "https://",
                                "https:///a",
                                "http://a/",
                                "HTTPS://a/",
                                "https://a@b/",
                                "https://a:b@c/",
                                "https://a:/",
                                "https://a:0/",
                                "https://a:65536/",
                                "https://a:+1/",
                                "https://a:443:443/",
                                "https://a\\b/",
                                "https://a b/",
                                "https://a/#b",
                                "https://a/\r\nb",
                                "https://[::1/",
                                "https://[]/",
                                "https://[::1]a/",
                                "https://a%2eb/",
                                "https://h\xc3\xb6k/",
                                "https://*.example/"}) {
    CAPTURE(url);
    CHECK(Read(url) == "malformed");
  }
  CHECK(Read("https://" + std::string(253, 'a')) != "malformed");
  CHECK(Read("https://" + std::string(254, 'a')) == "malformed");
}

TEST_CASE("a host of the settings is no more than that", "[webhook]") {
  CHECK(Endpoint::ParseHost("Hook.example")->Authority() == "hook.example:443");
  CHECK(Endpoint::ParseHost("hook.example:8443")->Authority() == "hook.example:8443");
  for (const auto* host : {"", "a/b", "https://a", "*", "a,b", "::1"}) CHECK_FALSE(Endpoint::ParseHost(host));
}

}  // namespace
