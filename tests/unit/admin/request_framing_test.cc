#include "web/request_framing.h"

#include <catch2/catch.hpp>
#include <string>

namespace {

constexpr web::FramingLimits kLimits{.head_octets = 1024, .body_octets = 100};

int RefusalOf(const std::string& input) {
  const auto frame = web::FrameOf(input, kLimits);
  return frame ? 0 : frame.error();
}

std::string WithField(const std::string& field) {
  return "POST /x HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
}

}  // namespace

TEST_CASE("a request is as long as its head and its Content-Length say", "[web][framing]") {
  const std::string head = WithField("content-LENGTH: 5 ");
  const auto frame = web::FrameOf(head + "hello and the next", kLimits);
  REQUIRE(frame);
  CHECK(frame->head == head.size());
  CHECK(frame->body == 5);
}

TEST_CASE("half a head is no request yet", "[web][framing]") {
  const std::string head = WithField("Accept: */*");
  for (std::size_t length = 0; length < head.size(); ++length) {
    const auto frame = web::FrameOf(head.substr(0, length), kLimits);
    REQUIRE(frame);
    CHECK(frame->head == 0);
  }
}

TEST_CASE("what cpp-httplib would read differently, unpack or multiply is refused", "[web][framing]") {
  CHECK(RefusalOf(WithField("Transfer-Encoding: chunked")) == 411);
  CHECK(RefusalOf(WithField("Content-Encoding: gzip")) == 415);
  CHECK(RefusalOf(WithField("Expect: 100-continue")) == 417);
  CHECK(RefusalOf(WithField("Range: bytes=0-,0-")) == 400);
  CHECK(RefusalOf(WithField("Content-Length: 5\r\nContent-Length: 5")) == 400);
  CHECK(RefusalOf(WithField("Content-Length: +5")) == 400);
  CHECK(RefusalOf(WithField("Content-Length: ")) == 400);
  CHECK(RefusalOf(WithField("Content-Length : 5")) == 400);
  CHECK(RefusalOf(WithField("No colon")) == 400);
  CHECK(RefusalOf(WithField(" folded: line")) == 400);
  CHECK(RefusalOf(WithField("Bare: new\nline")) == 400);
  CHECK(RefusalOf(WithField(std::string("Nul: a\0b", 8))) == 400);
  CHECK(RefusalOf("\r\n\r\n") == 400);
}

TEST_CASE("a head or a body past its limit is refused before it is whole", "[web][framing]") {
  CHECK(RefusalOf("GET /" + std::string(kLimits.head_octets, 'a')) == 431);
  CHECK(RefusalOf("GET / HTTP/1.1\r\nA: " + std::string(kLimits.head_octets, 'a') + "\r\n\r\n") == 431);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 65; ++i) many += "a: b\r\n";
  CHECK(RefusalOf(many + "\r\n") == 431);
  CHECK(RefusalOf(WithField("Content-Length: 100")) == 0);
  CHECK(RefusalOf(WithField("Content-Length: 101")) == 413);
  CHECK(RefusalOf(WithField("Content-Length: 99999999999999999999")) == 413);
}
