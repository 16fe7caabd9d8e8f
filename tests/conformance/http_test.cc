#include <catch2/catch.hpp>

#include "device.h"

using namespace conformance;
namespace der = pki::der;

namespace {

constexpr char kCaps[] = "/scep?operation=GetCACaps";
constexpr char kCert[] = "/scep?operation=GetCACert";

int Port() {
  return Shared().gateway.port();
}

bool HasField(const HttpReply& reply, std::string_view name) {
  return reply.head.find("\r\n" + std::string(name) + ":") != std::string::npos;
}

// A refusal is a short fixed text of ours (requirements H-55).
void CheckRefusal(const HttpReply& reply, int status, const std::string& text) {
  CHECK(reply.status == status);
  CHECK(reply.Field("Content-Type") == "text/plain");
  CHECK(reply.body == text);
}

// Encoded is a message that was answered once by POST, and its base64 for a GET.
struct Encoded {
  Device device;
  Bytes message;
  std::string base64;
  pki::Certificate certificate;

  // IsAnswered tells whether the same message by GET, spelt so, brings the same certificate.
  bool IsAnswered(const std::string& spelling, const std::string& behind = {}) const {
    const HttpReply reply = Get(Port(), std::string(kPkiOperation) + "&message=" + spelling + behind);
    const CertRep rep = ReadCertRep(reply);
    return Open(rep, device.identity).der() == certificate.der();
  }
};

// MakeEncoded repeats until every character that can go wrong is there.
Encoded MakeEncoded() {
  const PreSharedKey key = Shared().admin.CreateKey();
  for (std::size_t length = 0;; ++length) {
    Encoded made;
    made.device.name += std::string(length % 16, 'x');
    made.message = made.device.Request(key.value).Build();
    made.base64 = pki::Base64(made.message);
    const auto has = [&](char c) { return made.base64.find(c) != std::string::npos; };
    if (!has('+') || !has('/') || !has('=')) continue;
    made.certificate = Enrol(made.device, made.message);
    return made;
  }
}

std::string InLines(const std::string& text, std::string_view line_end) {
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += 64) lines.append(text.substr(at, 64)).append(line_end);
  return lines;
}

}  // namespace

TEST_CASE("T-01 GetCACaps is LF-ended keyword lines under 1024 octets", "[conformance][http]") {
  const HttpReply reply = Get(Port(), kCaps);
  CHECK(reply.status == 200);
  CHECK(reply.Field("Content-Type") == "text/plain");
  CHECK(reply.body.size() < 1024);
  CHECK(reply.body.find('\r') == std::string::npos);
  CHECK(reply.body.find("\n\n") == std::string::npos);
  CHECK(reply.body.find(' ') == std::string::npos);
  REQUIRE(reply.body.size() > 1);
  CHECK(reply.body.front() != '\n');
  CHECK(reply.body.back() == '\n');
  for (const char* keyword : {"AES", "DES3", "POSTPKIOperation", "SCEPStandard", "SHA-1", "SHA-256", "SHA-512"}) {
    CAPTURE(keyword);
    CHECK(("\n" + reply.body).find("\n" + std::string(keyword) + "\n") != std::string::npos);
  }
}

TEST_CASE("T-02 GetCACaps is the same with any message", "[conformance][http]") {
  const HttpReply plain = Get(Port(), kCaps);
  for (const char* message : {"&message=", "&message=anything", "&message=0"}) {
    const HttpReply reply = Get(Port(), kCaps + std::string(message));
    CHECK(reply.status == 200);
    CHECK(reply.body == plain.body);
  }
}

TEST_CASE("T-03 operations are known in any case", "[conformance][http]") {
  const HttpReply plain = Get(Port(), kCaps);
  for (const char* operation : {"getcacaps", "GETCACAPS"}) {
    const HttpReply reply = Get(Port(), "/scep?operation=" + std::string(operation));
    CHECK(reply.status == 200);
    CHECK(reply.Field("Content-Type") == "text/plain");
    CHECK(reply.body == plain.body);
  }
}

TEST_CASE("T-04 every customary path serves GetCACert identically", "[conformance][http]") {
  const HttpReply plain = Get(Port(), kCert);
  REQUIRE(plain.status == 200);
  for (const char* path : {"/scep/", "/scep/pkiclient.exe", "/cgi-bin/pkiclient.exe", "/certsrv/mscep/mscep.dll",
                           "/certsrv/mscep/mscep.dll/pkiclient.exe"}) {
    CAPTURE(path);
    const HttpReply reply = Get(Port(), std::string(path) + "?operation=GetCACert");
    CHECK(reply.status == 200);
    CHECK(reply.Field("Content-Type") == plain.Field("Content-Type"));
    CHECK(reply.body == plain.body);
  }
}

TEST_CASE("T-05 HTTP/1.0 without Host is answered with a length, and closed", "[conformance][http]") {
  HttpClient client(Port());
  const auto reply = client.Exchange("GET " + std::string(kCert) + " HTTP/1.0\r\n\r\n");
  REQUIRE(reply.has_value());
  CHECK(reply->status == 200);
  CHECK(reply->Field("Content-Length") == std::to_string(reply->body.size()));
  CHECK(!reply->body.empty());
  CHECK_FALSE(HasField(*reply, "Transfer-Encoding"));
  CHECK(client.IsClosed());
}

TEST_CASE("T-06 no body is encoded, whatever the client accepts", "[conformance][http]") {
  const std::string request =
      "GET " + std::string(kCert) + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, deflate\r\n\r\n";
  const HttpReply reply = Exchange(Port(), request);
  CHECK(reply.status == 200);
  CHECK_FALSE(HasField(reply, "Content-Encoding"));
  CHECK_FALSE(HasField(reply, "Transfer-Encoding"));
  CHECK(reply.body == Get(Port(), kCert).body);
}

TEST_CASE("T-07 HEAD gives GetCACert's headers alone, and 405 for PKIOperation", "[conformance][http]") {
  const HttpReply full = Get(Port(), kCert);
  HttpClient client(Port());
  client.Send("HEAD " + std::string(kCert) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto head = client.Read(false);
  REQUIRE(head.has_value());
  CHECK(head->status == 200);
  for (const char* field : {"Content-Type", "Content-Length", "Cache-Control"}) {
    CHECK(head->Field(field) == full.Field(field));
  }
  CHECK(client.IsClosed());

  const Device device("manual");
  const std::string message = PercentEncode(pki::Base64(device.Request().Build()));
  HttpClient operation(Port());
  operation.Send("HEAD " + std::string(kPkiOperation) + "&message=" + message + " HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto refused = operation.Read(false);
  REQUIRE(refused.has_value());
  CHECK(refused->status == 405);
  CHECK(Requests(device) == 0);
}

TEST_CASE("T-08 without an operation GET is 400 and POST is a PKIOperation", "[conformance][http]") {
  CheckRefusal(Get(Port(), "/scep"), 400, "Bad Request\n");
  CheckRefusal(Get(Port(), "/scep?message=AAAA"), 400, "Bad Request\n");
  const Device device("manual");
  CHECK(ReadCertRep(Post(Port(), "/scep", device.Request().Build())).verdict() == "PENDING");
  CHECK(Requests(device) == 1);
}

TEST_CASE("T-09 an unknown operation is 400, another method 405 with Allow", "[conformance][http]") {
  CheckRefusal(Get(Port(), "/scep?operation=Foo"), 400, "Bad Request\n");
  CheckRefusal(Post(Port(), "/scep?operation=Foo", ""), 400, "Bad Request\n");
  const HttpReply put =
      Exchange(Port(), "PUT /scep?operation=PKIOperation HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  CheckRefusal(put, 405, "Method Not Allowed\n");
  CHECK(put.Field("Allow") == "GET, HEAD, POST");
}

TEST_CASE("T-10 the Content-Type of a POST does not matter", "[conformance][http]") {
  const Device device;
  const Bytes message = device.Request(Shared().admin.CreateKey().value).Build();
  const pki::Certificate certificate = Enrol(device, message);
  for (const char* type :
       {"", "Content-Type: \r\n", "Content-Type: application/octet-stream\r\n",
        "Content-Type: application/x-pki-message\r\n", "Content-Type: application/x-www-form-urlencoded\r\n"}) {
    CAPTURE(type);
    const CertRep rep = ReadCertRep(Post(Port(), kPkiOperation, message, type));
    CHECK(Open(rep, device.identity).der() == certificate.der());
  }
}

TEST_CASE("T-11 a chunked body after Expect: 100-continue is processed", "[conformance][http]") {
  const Device device;
  const Bytes message = device.Request(Shared().admin.CreateKey().value).Build();
  HttpClient client(Port());
  client.Send("POST " + std::string(kPkiOperation) +
              " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
  const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  REQUIRE(client.ReadOctets(go_on.size()) == go_on);
  const std::string half = message.substr(0, 0x100), rest = message.substr(0x100);
  std::string length = pki::HexLower(Bytes{static_cast<char>(rest.size() >> 8), static_cast<char>(rest.size())});
  const auto reply = client.Exchange("100\r\n" + half + "\r\n" + length + "\r\n" + rest + "\r\n0\r\n\r\n");
  REQUIRE(reply.has_value());
  CHECK(ReadCertRep(*reply).verdict() == "SUCCESS");
  CHECK(Requests(device) == 1);
}

TEST_CASE("T-12 fully escaped base64 by GET is answered as by POST", "[conformance][http]") {
  const Encoded encoded = MakeEncoded();
  CHECK(encoded.IsAnswered(PercentEncode(encoded.base64)));
  CHECK(Requests(encoded.device) == 1);
}

TEST_CASE("T-13 base64 with raw plus, slash and equals sign is answered", "[conformance][http]") {
  const Encoded encoded = MakeEncoded();
  CHECK(encoded.IsAnswered(encoded.base64));
}

TEST_CASE("T-14 base64 with spaces in place of plus is answered", "[conformance][http]") {
  const Encoded encoded = MakeEncoded();
  CHECK(encoded.IsAnswered(Replaced(encoded.base64, "+", " ")));
  CHECK(encoded.IsAnswered(Replaced(encoded.base64, "+", "%20")));
}

TEST_CASE("T-15 base64 in lines of 64 characters is answered", "[conformance][http]") {
  const Encoded encoded = MakeEncoded();
  CHECK(encoded.IsAnswered(InLines(encoded.base64, "%0A")));
  CHECK(encoded.IsAnswered(InLines(encoded.base64, "%0D%0A")));
}

TEST_CASE("T-16 base64 without its padding, or with too much, is answered", "[conformance][http]") {
  const Encoded encoded = MakeEncoded();
  CHECK(encoded.IsAnswered(Replaced(encoded.base64, "=", "")));
  CHECK(encoded.IsAnswered(encoded.base64 + "=="));
}

TEST_CASE("T-17 base64 in the URL-safe alphabet is answered", "[conformance][http]") {
  const Encoded encoded = MakeEncoded();
  CHECK(encoded.IsAnswered(Replaced(Replaced(encoded.base64, "+", "-"), "/", "_")));
}

TEST_CASE("T-18 base64 that was escaped twice is answered", "[conformance][http]") {
  const Encoded encoded = MakeEncoded();
  CHECK(encoded.IsAnswered(PercentEncode(PercentEncode(encoded.base64))));
}

TEST_CASE("T-19 a parameter behind the message is no part of it", "[conformance][http]") {
  const Encoded encoded = MakeEncoded();
  CHECK(encoded.IsAnswered(PercentEncode(encoded.base64), "&x=y"));
}

TEST_CASE("T-20 a target of 12 KiB is processed; past the limits it is 414 or 413 and nothing is stored",
          "[conformance][http]") {
  constexpr std::size_t kTargetLimit = 64 << 10, kBodyLimit = 256 << 10;
  // The message is as long as fits, and what is missing then is another parameter.
  const auto target = [](const Device& device, std::size_t length) {
    const auto text = [&](std::size_t octets) {
      const Bytes unknown =
          testing::Attribute("1.3.6.1.4.1.311.13.2.3", {der::Encode(der::kOctetString, Bytes(octets, 'x'))});
      const Bytes message = device.RequestOf(device.CsrWith({unknown})).Build();
      return std::string(kPkiOperation) + "&message=" + PercentEncode(pki::Base64(message)) + "&pad=";
    };
    // In base64, escaped here and there, two octets become less than three.
    const std::string longest = text((length - text(0).size()) / 3 * 2);
    REQUIRE(longest.size() <= length);
    REQUIRE(longest.size() > length - length / 8);
    return longest + std::string(length - longest.size(), 'x');
  };
  for (const std::size_t length : {std::size_t{12} << 10, kTargetLimit}) {
    const Device device("manual");
    CHECK(ReadCertRep(Get(Port(), target(device, length))).verdict() == "PENDING");
    CHECK(Requests(device) == 1);
  }
  const Device device("manual");
  CheckRefusal(Get(Port(), target(device, kTargetLimit + 1)), 414, "URI Too Long\n");
  Bytes body = device.Request().Build();
  body.resize(kBodyLimit + 1, '\0');
  CheckRefusal(Post(Port(), kPkiOperation, body), 413, "Content Too Large\n");
  CHECK(Requests(device) == 0);
  body.pop_back();
  CHECK(ReadCertRep(Post(Port(), kPkiOperation, body)).verdict() == "PENDING");
}

TEST_CASE("T-21 a message that is none is 400 with a fixed text", "[conformance][http]") {
  for (const char* message : {"garbage", "", "MIIB", "%", "%30%80"}) {
    CAPTURE(message);
    CheckRefusal(Get(Port(), std::string(kPkiOperation) + "&message=" + message), 400, "Bad Request\n");
  }
  CheckRefusal(Post(Port(), kPkiOperation, "garbage"), 400, "Bad Request\n");
  CheckRefusal(Post(Port(), kPkiOperation, ""), 400, "Bad Request\n");
}
