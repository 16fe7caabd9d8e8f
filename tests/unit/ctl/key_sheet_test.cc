#include "ctl/key_sheet.h"

#include <catch2/catch.hpp>

namespace ctl {

namespace {

PrintedKey Key(const std::string& entity) {
  PrintedKey key;
  key.entity = entity;
  key.url = "http://pki.example/scep/demo";
  key.ca = "demo";
  key.fingerprints.mutable_sha256()->set_grouped("AAAA BBBB");
  key.key = "ABCDE-FGHJK";
  key.reference_number = "1234ABCD";
  key.expires = "2030-01-02 00:00:00Z";
  return key;
}

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("each key has a section with all that a device needs", "[ctl][mint]") {
  const auto html = PrintSheets({Key("router-7"), Key("router-8")});
  REQUIRE(html);
  CHECK(CountOf(*html, "<section>") == 2);
  CHECK(CountOf(*html, "<svg ") == 2);
  for (const char* part : {"<h1>router-7</h1>", "<h1>router-8</h1>", "http://pki.example/scep/demo", "ABCDE-FGHJK",
                           "1234ABCD", "AAAA BBBB", "2030-01-02", "break-before: page", "@page"}) {
    CHECK(html->find(part) != std::string::npos);
  }
}

TEST_CASE("a name full of markup is inert", "[ctl][mint]") {
  PrintedKey key = Key("</h1><script>alert('x')</script>\"&amp;");
  key.url = "http://a/\"><img src=x onerror=alert(1)>";
  key.ca = "<b>";
  const auto html = PrintSheets({key});
  REQUIRE(html);
  for (const char* part : {"<script", "<img", "<b>", "&amp;\""}) CHECK(html->find(part) == std::string::npos);
  CHECK(html->find("&lt;/h1&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;amp;") != std::string::npos);
}

TEST_CASE("the document loads and runs nothing", "[ctl][mint]") {
  const auto html = PrintSheets({Key("router-7")});
  REQUIRE(html);
  for (const char* part : {"<script", "src=", "href=", "@import", "url("}) CHECK(html->find(part) == std::string::npos);
  CHECK(html->find("default-src 'none'") != std::string::npos);
}

TEST_CASE("a QR code depends on its text, and too much text is refused", "[ctl][mint]") {
  CHECK(QrCode("a").value() == QrCode("a").value());
  CHECK(QrCode("a").value() != QrCode("b").value());
  CHECK(QrCode(std::string(1000, 'x')).has_value());
  CHECK_FALSE(QrCode(std::string(1001, 'x')).has_value());
}

}  // namespace ctl
