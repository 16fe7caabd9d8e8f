#include "exchange.h"

#include <catch2/catch.hpp>

#include "pki/bytes.h"

namespace conformance {

HttpReply Exchange(int port, std::string_view request) {
  const auto reply = HttpClient(port).Exchange(request);
  REQUIRE(reply.has_value());
  return *reply;
}

HttpReply Get(int port, std::string_view target) {
  return Exchange(port, "GET " + std::string(target) + " HTTP/1.1\r\nHost: scep.example\r\nConnection: close\r\n\r\n");
}

std::string PostRequest(std::string_view target, std::string_view body, std::string_view fields) {
  std::string request = "POST " + std::string(target) + " HTTP/1.1\r\nHost: scep.example\r\nConnection: close\r\n";
  request.append(fields).append("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n").append(body);
  return request;
}

HttpReply Post(int port, std::string_view target, std::string_view body, std::string_view fields) {
  return Exchange(port, PostRequest(target, body, fields));
}

std::string PercentEncode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (is_letter || (c >= '0' && c <= '9')) {
      encoded += c;
    } else {
      encoded += "%" + pki::HexLower(std::string_view(&c, 1));
    }
  }
  return encoded;
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace conformance
