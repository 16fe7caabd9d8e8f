#include "http_message.h"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

constexpr char kDate[] = "Thu, 01 Jan 1970 00:00:00 GMT";

TEST_CASE("a response carries its exact type and its length, and no server name", "[http]") {
  HttpResponse response;
  response.content_type = "application/x-pki-message";
  response.body = "abc";
  CHECK(WriteResponse(response, {}, kDate) ==
        "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: application/x-pki-message\r\n"
        "Content-Length: 3\r\n\r\nabc");
}

TEST_CASE("the answer to HEAD has the length and not the body", "[http]") {
  HttpResponse response;
  response.body = "abc";
  const std::string octets = WriteResponse(response, {.closes = true, .omits_body = true}, kDate);
  CHECK(octets.ends_with("Content-Length: 3\r\nConnection: close\r\n\r\n"));
}

TEST_CASE("a shared body is counted and left for its sender to add", "[http]") {
  HttpResponse response;
  response.shared_body = std::make_shared<const std::string>("abcd");
  CHECK(WriteResponse(response, {}, kDate).ends_with("Content-Length: 4\r\n\r\n"));
}

TEST_CASE("304 has its tag and no content, nor the length or type of one", "[http]") {
  HttpResponse response;
  response.status = 304;
  response.body = "abc";
  response.etag = "\"tag\"";
  response.last_modified = "Sun, 06 Nov 1994 08:49:37 GMT";
  CHECK(WriteResponse(response, {}, kDate) ==
        "HTTP/1.1 304 Not Modified\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nETag: \"tag\"\r\n"
        "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
}

TEST_CASE("503 says when to come back and 405 what is allowed", "[http]") {
  CHECK(WriteResponse(StatusResponse(503), {}, kDate).find("\r\nRetry-After: 5\r\n") != std::string::npos);
  CHECK(WriteResponse(StatusResponse(405), {}, kDate).find("\r\nAllow: GET, HEAD, POST\r\n") != std::string::npos);
}

TEST_CASE("a date is an IMF-fixdate", "[http]") {
  CHECK(HttpDate(std::chrono::system_clock::from_time_t(784111777)) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace gateway
