#include "http_head.h"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

tl::expected<RequestHead, int> Parse(std::string_view head) {
  return ParseHead(head, HeadLimits());
}

int StatusOf(std::string_view head) {
  const auto parsed = Parse(head);
  return parsed ? 200 : parsed.error();
}

// ScanWhole is the scanner's verdict on a whole head: its length, or the status as a negative number.
long ScanWhole(std::string_view head, HeadLimits limits = {}) {
  const auto length = HeadScanner(limits).Scan(head);
  return length ? static_cast<long>(*length) : -length.error();
}

TEST_CASE("a request line and its fields are read", "[http]") {
  const auto head = Parse("POST /scep?operation=PKIOperation HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n");
  REQUIRE(head);
  CHECK(head->method == "POST");
  CHECK(head->target == "/scep?operation=PKIOperation");
  CHECK(head->content_length == 12);
  CHECK_FALSE(head->wants_close);
}

TEST_CASE("a request without Host is read", "[http]") {
  CHECK(StatusOf("GET /scep HTTP/1.1\r\n\r\n") == 200);
}

TEST_CASE("HTTP/1.0 closes after its answer", "[http]") {
  CHECK(Parse("GET / HTTP/1.0\r\n\r\n")->wants_close);
}

TEST_CASE("Connection: close is found in any case and among other options", "[http]") {
  CHECK(Parse("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")->wants_close);
  CHECK(Parse("GET / HTTP/1.1\r\nCONNECTION: TE, Close\r\n\r\n")->wants_close);
  CHECK_FALSE(Parse("GET / HTTP/1.1\r\nConnection: keep-alive\r\n\r\n")->wants_close);
}

TEST_CASE("the absolute form is reduced to path and query", "[http]") {
  CHECK(Parse("GET http://ra.example:80/scep?a=b HTTP/1.1\r\n\r\n")->target == "/scep?a=b");
  CHECK(Parse("GET HTTP://ra.example HTTP/1.1\r\n\r\n")->target == "/");
}

TEST_CASE("raw spaces are kept in a query and refused in a path", "[http]") {
  CHECK(Parse("GET /scep?message=a b c HTTP/1.1\r\n\r\n")->target == "/scep?message=a b c");
  CHECK(StatusOf("GET /sc ep HTTP/1.1\r\n\r\n") == 400);
}

TEST_CASE("a head that could be read in two ways is refused", "[http]") {
  const std::string line = "POST / HTTP/1.1\r\n";
  const std::string fields =
      GENERATE(as<std::string>(),                                               //
               "Content-Length: 1\r\nContent-Length: 1\r\n",                    //
               "Content-Length: 1\r\nContent-Length: 2\r\n",                    //
               "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",           //
               "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",  //
               "Content-Length: +1\r\n", "Content-Length: 1, 1\r\n", "Content-Length:\r\n",
               "Content-Length: 99999999999999999999\r\n",  //
               "Content-Length : 1\r\n", " Folded: line\r\n", "NoColon\r\n", ": empty\r\n", "A: b\rc\r\n");
  CAPTURE(fields);
  CHECK(StatusOf(line + fields + "\r\n") == 400);
}

TEST_CASE("chunks are refused in HTTP/1.0", "[http]") {
  CHECK(StatusOf("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("a NUL is refused wherever it stands", "[http]") {
  using namespace std::string_literals;
  CHECK(StatusOf("GET /\0 HTTP/1.1\r\n\r\n"s) == 400);
  CHECK(StatusOf("GET / HTTP/1.1\r\nA: \0\r\n\r\n"s) == 400);
  CHECK(StatusOf("G\0T / HTTP/1.1\r\n\r\n"s) == 400);
}

TEST_CASE("a request line that is none is refused", "[http]") {
  const std::string line = GENERATE(as<std::string>(), "GET", "GET /", "GET / FTP/1.1", "GET  / HTTP/1.1",
                                    "G(T / HTTP/1.1", "GET scep HTTP/1.1", " GET / HTTP/1.1");
  CAPTURE(line);
  CHECK(StatusOf(line + "\r\n\r\n") == 400);
}

TEST_CASE("what is understood but not served has its own status", "[http]") {
  CHECK(StatusOf("GET / HTTP/2.0\r\n\r\n") == 505);
  CHECK(StatusOf("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n") == 501);
  CHECK(StatusOf("POST / HTTP/1.1\r\nExpect: magic\r\n\r\n") == 417);
}

TEST_CASE("the end of a head is found however its octets arrive", "[http]") {
  const std::string head = "\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n";
  HeadScanner scanner{HeadLimits()};
  for (std::size_t seen = 1; seen < head.size(); ++seen) REQUIRE(scanner.Scan(head.substr(0, seen)) == 0u);
  CHECK(scanner.Scan(head + "body") == head.size());
}

TEST_CASE("a bare LF ends no line", "[http]") {
  CHECK(ScanWhole("GET / HTTP/1.1\n\n") == -400);
  CHECK(ScanWhole("GET / HTTP/1.1\r\nA: b\n\r\n") == -400);
  CHECK(ScanWhole("\nGET / HTTP/1.1\r\n\r\n") == -400);
}

TEST_CASE("a target is served up to its limit and is 414 beyond it", "[http]") {
  const HeadLimits limits;
  const std::string longest = "/scep?" + std::string(limits.target_octets - 6, 'a');
  const std::string good = "GET " + longest + " HTTP/1.1\r\n\r\n", bad = "GET " + longest + "a HTTP/1.1\r\n\r\n";
  CHECK(ScanWhole(good) == static_cast<long>(good.size()));
  CHECK(StatusOf(good) == 200);
  CHECK(StatusOf(bad) == 414);
}

TEST_CASE("a request line without an end is 414 before it fills memory", "[http]") {
  CHECK(ScanWhole("GET /" + std::string(65 << 10, 'a')) == -414);
}

TEST_CASE("fields are 431 beyond their size and their number", "[http]") {
  const std::string line = "GET / HTTP/1.1\r\n";
  std::string many;
  for (int i = 0; i < 64; ++i) many += "A: b\r\n";
  CHECK(ScanWhole(line + many + "\r\n") > 0);
  CHECK(ScanWhole(line + many + "A: b\r\n\r\n") == -431);
  CHECK(ScanWhole(line + "A: " + std::string(16 << 10, 'b') + "\r\n\r\n") == -431);
  CHECK(ScanWhole(line + "A: " + std::string(16 << 10, 'b')) == -431);
}

TEST_CASE("empty lines before a request are passed over, but not for ever", "[http]") {
  CHECK(ScanWhole("\r\n\r\nGET / HTTP/1.1\r\n\r\n") > 0);
  CHECK(ScanWhole("\r\n\r\n\r\n\r\n\r\n\r\n") == -400);
}

}  // namespace
}  // namespace gateway
