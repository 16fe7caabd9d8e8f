#include "request_reader.h"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using Progress = RequestReader::Progress;

constexpr std::size_t kMaxBody = 1000;

RequestReader Reader() {
  return RequestReader(HeadLimits(), kMaxBody);
}

// StatusOf feeds `octets` at once and returns 200 for a complete request, 0 for one that is not all there.
int StatusOf(std::string_view octets) {
  RequestReader reader = Reader();
  reader.Append(octets);
  switch (reader.Advance()) {
    case Progress::kNeedsMore:
      return 0;
    case Progress::kComplete:
      return 200;
    case Progress::kRefused:
      return reader.refusal();
  }
  return -1;
}

std::string Chunked(const std::string& body) {
  return "POST /scep HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
}

TEST_CASE("a body is complete with its last octet, in whatever pieces it comes", "[http]") {
  const std::string request = GENERATE(as<std::string>(), "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
                                       "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       "2;x=y\r\nhe\r\n3 \r\nllo\r\n0\r\nTrailer: t\r\n\r\n");
  RequestReader reader = Reader();
  for (std::size_t i = 0; i + 1 < request.size(); ++i) {
    reader.Append(request.substr(i, 1));
    REQUIRE(reader.Advance() == Progress::kNeedsMore);
  }
  reader.Append(request.substr(request.size() - 1));
  REQUIRE(reader.Advance() == Progress::kComplete);
  CHECK(reader.Take().body == "hello");
  CHECK_FALSE(reader.has_begun());
}

TEST_CASE("what a client has cached belongs to its request and not to the next", "[http]") {
  RequestReader reader = Reader();
  reader.Append(
      "GET /a HTTP/1.1\r\nif-none-match: \"x\", \"y\" \r\nIf-Modified-Since: then\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
  REQUIRE(reader.Advance() == Progress::kComplete);
  const HttpRequest first = reader.Take();
  CHECK(first.if_none_match == "\"x\", \"y\"");
  CHECK(first.if_modified_since == "then");
  REQUIRE(reader.Advance() == Progress::kComplete);
  const HttpRequest second = reader.Take();
  CHECK(second.if_none_match.empty());
  CHECK(second.if_modified_since.empty());
}

TEST_CASE("pipelined requests are read one after the other", "[http]") {
  RequestReader reader = Reader();
  reader.Append("POST /1 HTTP/1.1\r\nContent-Length: 1\r\n\r\naGET /2 HTTP/1.1\r\n\r\nGET /3 HT");
  REQUIRE(reader.Advance() == Progress::kComplete);
  CHECK(reader.Take().body == "a");
  REQUIRE(reader.Advance() == Progress::kComplete);
  CHECK(reader.Take().target == "/2");
  CHECK(reader.Advance() == Progress::kNeedsMore);
  CHECK(reader.has_begun());
}

TEST_CASE("a body over the limit is 413, announced or in chunks", "[http]") {
  CHECK(StatusOf("POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n") == 413);
  CHECK(StatusOf(Chunked("3e9\r\n")) == 413);
  CHECK(StatusOf(Chunked("3e8\r\n" + std::string(1000, 'a') + "\r\n1\r\n")) == 413);
  CHECK(StatusOf(Chunked("3e8\r\n" + std::string(1000, 'a') + "\r\n0\r\n\r\n")) == 200);
}

TEST_CASE("broken chunks are refused", "[http]") {
  const std::string body = GENERATE(as<std::string>(), "x\r\n", "-1\r\n", "\r\n", "1\nq", "1\r\nab\r\n", "1 2\r\n");
  CAPTURE(body);
  CHECK(StatusOf(Chunked(body)) == 400);
}

TEST_CASE("a chunk size too long for a number is refused", "[http]") {
  CHECK(StatusOf(Chunked("fffffffffffffffff\r\n")) == 413);
}

TEST_CASE("endless chunk extensions and trailers are refused", "[http]") {
  CHECK(StatusOf(Chunked("1;" + std::string(2000, 'a'))) == 400);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 1000; ++i) trailers += "A: bcdef\r\n";
  CHECK(StatusOf(Chunked(trailers)) == 431);
}

TEST_CASE("100 Continue is owed once, and only while the body is waited for", "[http]") {
  const std::string head = "POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  RequestReader waiting = Reader(), sending = Reader();
  waiting.Append(head);
  CHECK(waiting.Advance() == Progress::kNeedsMore);
  CHECK(waiting.TakeContinue());
  CHECK_FALSE(waiting.TakeContinue());
  sending.Append(head + "a");
  CHECK(sending.Advance() == Progress::kNeedsMore);
  CHECK_FALSE(sending.TakeContinue());
}

TEST_CASE("a refused stream stays refused and holds nothing", "[http]") {
  RequestReader reader = Reader();
  reader.Append("BAD\r\n\r\n" + std::string(100, 'a'));
  CHECK(reader.Advance() == Progress::kRefused);
  reader.Append("GET / HTTP/1.1\r\n\r\n");
  CHECK(reader.Advance() == Progress::kRefused);
}

}  // namespace
}  // namespace gateway
