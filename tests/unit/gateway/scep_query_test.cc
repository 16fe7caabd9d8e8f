#include "scep_query.h"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

ScepQuery Parse(std::string_view target) {
  const auto query = ParseScepTarget(target, DefaultPaths());
  REQUIRE(query);
  return *query;
}

// Message is one element whose base64 holds '+', '/' and padding, and is longer than one line of 64 columns.
pki::Bytes Message() {
  pki::Bytes message = {0x30, 0x65};
  for (int i = 0; i < 0x65; ++i) message.push_back(static_cast<char>(0xfb + i * 37));
  return message;
}

std::string Replace(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string Escape(const std::string& text) {
  return Replace(Replace(Replace(Replace(text, "%", "%25"), "+", "%2B"), "/", "%2F"), "=", "%3D");
}

std::string Wrap(const std::string& text, std::string_view line_end) {
  std::string wrapped;
  for (std::size_t i = 0; i < text.size(); i += 64) wrapped += text.substr(i, 64) + std::string(line_end);
  return wrapped;
}

TEST_CASE("every path of H-01 is served, with and without a profile", "[scep][query]") {
  CHECK(Parse("/scep").profile.empty());
  CHECK(Parse("/scep/").profile.empty());
  CHECK(Parse("/scep/pkiclient.exe?operation=GetCACert").profile.empty());
  CHECK(Parse("/cgi-bin/pkiclient.exe").profile.empty());
  CHECK(Parse("/certsrv/mscep/mscep.dll").profile.empty());
  CHECK(Parse("/certsrv/mscep/mscep.dll/pkiclient.exe").profile.empty());
  CHECK(Parse("/CertSrv/mscep/MSCEP.DLL").profile.empty());
  CHECK(Parse("/app/cert/scep/").profile.empty());
  CHECK(Parse("/cert/scep/").profile.empty());
  CHECK(Parse("/ejbca/publicweb/apply/scep/alias/pkiclient.exe").profile == "alias");
  CHECK(Parse("/scep/demo").profile == "demo");
  CHECK(Parse("/scep/demo/pkiclient.exe").profile == "demo");
  CHECK(Parse("/scep/d%65mo/nop/more").profile == "demo");
}

TEST_CASE("a path outside the prefixes is not served", "[scep][query]") {
  CHECK_FALSE(ParseScepTarget("/", DefaultPaths()));
  CHECK_FALSE(ParseScepTarget("/scepter", DefaultPaths()));
  CHECK_FALSE(ParseScepTarget("/x/scep", DefaultPaths()));
  CHECK_FALSE(ParseScepTarget("*", DefaultPaths()));
}

TEST_CASE("the first parameter of a name counts, spelt exactly before otherwise", "[scep][query]") {
  const ScepQuery query = Parse("/scep?OPERATION=a&operation=b&operation=c&message=d&x=y");
  CHECK(query.operation == "b");
  CHECK(query.message == "d");
  CHECK(Parse("/scep?Operation=a").operation == "a");
  CHECK_FALSE(Parse("/scep?message=a").operation);
  CHECK(Parse("/scep?operation").operation == "");
}

TEST_CASE("only an ampersand separates parameters", "[scep][query]") {
  CHECK(Parse("/scep?operation=a;message=b&message=c=d").message == "c=d");
}

TEST_CASE("operations are known in any case and nothing else is", "[scep][query]") {
  CHECK(OperationFromString("PKIOperation") == Operation::kPkiOperation);
  CHECK(OperationFromString("getcacaps") == Operation::kGetCaCaps);
  CHECK(OperationFromString("GETCACERT") == Operation::kGetCaCert);
  CHECK_FALSE(OperationFromString("GetCAChain"));
  CHECK_FALSE(OperationFromString(""));
}

TEST_CASE("a message is decoded from every spelling that clients send", "[scep][query]") {
  const std::string base64 = pki::Base64(Message());
  REQUIRE(base64.find('+') != std::string::npos);
  REQUIRE(base64.find('/') != std::string::npos);
  REQUIRE(base64.ends_with("="));
  const std::string raw =
      GENERATE_COPY(Escape(base64), base64, Replace(base64, "+", " "), Replace(base64, "+", "%20"),
                    Replace(base64, "=", ""), base64 + "=", Replace(Replace(base64, "+", "-"), "/", "_"),
                    Escape(Escape(base64)), Replace(Wrap(base64, "\n"), "\n", "%0A"),
                    Replace(Wrap(base64, "\r\n"), "\r\n", "%0D%0A"), Replace(Escape(Wrap(base64, "\n")), "\n", "%0a"));
  CAPTURE(raw);
  const auto message = DecodeMessageParameter(raw);
  REQUIRE(message);
  CHECK(*message == Message());
}

TEST_CASE("spaces that are no plus are deleted", "[scep][query]") {
  const pki::Bytes message = {0x30, 0x03, 0x02, 0x01, 0x05};
  const std::string base64 = pki::Base64(message);
  REQUIRE(base64.find('+') == std::string::npos);
  CHECK(DecodeMessageParameter(base64.substr(0, 4) + " " + base64.substr(4)) == message);
}

TEST_CASE("indefinite length and zeros or line ends behind the element are let through", "[scep][query]") {
  using namespace std::string_literals;
  for (const pki::Bytes& message : {"\x30\x80\x00\x00"s, "\x30\x00\x00\x00\r\n"s}) {
    CHECK(DecodeMessageParameter(pki::Base64(message)) == message);
  }
}

TEST_CASE("what is no element in any reading is malformed", "[scep][query]") {
  using namespace std::string_literals;
  const std::string raw = GENERATE(as<std::string>(), "", "garbage", "%", "%zz", "%2", "MIIB", "!!!!", "AAAA", "MAA*");
  CAPTURE(raw);
  CHECK(DecodeMessageParameter(raw).error().reason == result::Reason::kMalformed);
  CHECK_FALSE(DecodeMessageParameter(pki::Base64("\x30\x00junk"s)));
  CHECK_FALSE(DecodeMessageParameter(pki::Base64("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff"s)));
  CHECK_FALSE(DecodeMessageParameter(pki::Base64("\x30\x84\xff\xff\xff\xff"s)));
}

TEST_CASE("a body of base64 text is decoded and a binary one is left alone", "[scep][query]") {
  CHECK(DecodeMessageBody(Message()) == Message());
  CHECK(DecodeMessageBody(Wrap(pki::Base64(Message()), "\r\n")) == Message());
  CHECK(DecodeMessageBody("no message") == "no message");
  CHECK(DecodeMessageBody("").empty());
}

TEST_CASE("a CA identifier is decoded and trimmed", "[scep][query]") {
  CHECK(DecodeIdentifier("%20My%20CA ") == "My CA");
  CHECK(DecodeIdentifier("50%") == "50%");
}

}  // namespace
}  // namespace gateway
