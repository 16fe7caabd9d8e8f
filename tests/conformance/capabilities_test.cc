// GetCACaps keeps its word (requirements part 2): what a line says is taken, and what an option took from it is
// refused.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <sstream>

#include "renewing.h"

using namespace conformance;
using pki::ContentCipher;
using pki::DigestAlgorithm;

namespace {

std::string CapsTarget(const std::string& ca) {
  return "/scep/" + ca + "?operation=GetCACaps";
}

std::vector<std::string> Advertised(const std::string& ca) {
  std::istringstream body(Get(Shared().gateway.port(), CapsTarget(ca)).body);
  std::vector<std::string> lines;
  for (std::string line; std::getline(body, line);) lines.push_back(line);
  return lines;
}

// Took tells a SUCCESS from a refusal of the algorithm, and fails the test for all else.
bool Took(const CertRep& rep) {
  if (rep.verdict() == "SUCCESS") return true;
  CHECK(rep.verdict() == "FAILURE 0");
  return false;
}

// TakesDigest tells whether a request with this digest is answered, and then with it.
bool TakesDigest(const std::string& ca, DigestAlgorithm digest, const std::string& oid) {
  const Device device(ca);
  const auto challenge = Shared().admin.CreateKey({.ca = ca}).value;
  const CertRep rep = Ask(device, device.Request(challenge).WithDigest(digest).Build());
  if (!Took(rep)) return false;
  CHECK(rep.digest == oid);
  return true;
}

// TakesCipher is the same for the content's cipher.
bool TakesCipher(const std::string& ca, ContentCipher cipher) {
  const Device device(ca);
  const Bytes csr = device.Csr(Shared().admin.CreateKey({.ca = ca}).value);
  const CertRep rep = Ask(device, device.Signed(device.Enveloped(csr).WithCipher(cipher).Build()).Build());
  if (!Took(rep)) return false;
  CHECK(EnvelopeOf(rep).cipher == cipher);
  return true;
}

bool TakesRenewal(const std::string& ca) {
  const Renewing device("renewable", ca);
  const auto verdict = Verdict(device.next, device.Message(device.Csr(), "17"));
  if (verdict != "SUCCESS") CHECK(verdict == "FAILURE 2");
  return verdict == "SUCCESS";
}

bool TakesNextCa(const std::string& ca) {
  const int status = Get(Shared().gateway.port(), "/scep/" + ca + "?operation=GetNextCACert").status;
  if (status != 200) CHECK(status == 404);
  return status == 200;
}

// Every keyword that a client may know, and whether a CA does what it says. Device posts whatever it sends.
const std::map<std::string, std::function<bool(const std::string& ca)>>& Keywords() {
  const auto digest = [](DigestAlgorithm algorithm, const char* oid) {
    return [=](const std::string& ca) { return TakesDigest(ca, algorithm, oid); };
  };
  const auto cipher = [](ContentCipher algorithm) {
    return [=](const std::string& ca) { return TakesCipher(ca, algorithm); };
  };
  static const std::map<std::string, std::function<bool(const std::string&)>> keywords = {
      {"AES", cipher(ContentCipher::kAes128Cbc)},
      {"DES", cipher(ContentCipher::kDesCbc)},
      {"DES3", cipher(ContentCipher::kDes3Cbc)},
      {"GetNextCACert", TakesNextCa},
      {"MD5", digest(DigestAlgorithm::kMd5, "1.2.840.113549.2.5")},
      {"POSTPKIOperation", cipher(ContentCipher::kAes256Cbc)},
      {"Renewal", TakesRenewal},
      {"SCEPStandard", cipher(ContentCipher::kAes128Cbc)},
      {"SHA-1", digest(DigestAlgorithm::kSha1, "1.3.14.3.2.26")},
      {"SHA-256", digest(DigestAlgorithm::kSha256, "2.16.840.1.101.3.4.2.1")},
      {"SHA-384", digest(DigestAlgorithm::kSha384, "2.16.840.1.101.3.4.2.2")},
      {"SHA-512", digest(DigestAlgorithm::kSha512, "2.16.840.1.101.3.4.2.3")},
  };
  return keywords;
}

// CheckKeepsItsWord tries every keyword at a CA, and returns those that it advertises.
std::vector<std::string> CheckKeepsItsWord(const std::string& ca) {
  const auto advertised = Advertised(ca);
  for (const std::string& line : advertised) {
    CAPTURE(ca, line);
    CHECK(Keywords().contains(line));
  }
  for (const auto& [keyword, is_taken] : Keywords()) {
    CAPTURE(ca, keyword);
    const bool is_advertised = std::find(advertised.begin(), advertised.end(), keyword) != advertised.end();
    CHECK(is_taken(ca) == is_advertised);
  }
  return advertised;
}

}  // namespace

TEST_CASE("T-24 every line of GetCACaps is taken, a digest is answered with itself, and what has no line is refused",
          "[conformance][ca]") {
  Product& product = Shared();
  using Lines = std::vector<std::string>;
  const Lines usual = {"AES",   "DES3",    "POSTPKIOperation", "Renewal", "SCEPStandard",
                       "SHA-1", "SHA-256", "SHA-384",          "SHA-512"};
  CHECK_THAT(CheckKeepsItsWord("demo"), Catch::UnorderedEquals(usual));

  product.MakeCa("followed", "ecdsa-p256", "automatic");
  product.Stage("followed");
  Lines followed = usual;
  followed.emplace_back("GetNextCACert");
  CHECK_THAT(CheckKeepsItsWord("followed"), Catch::UnorderedEquals(followed));

  v1::CaOptions options;
  options.set_des3(false);
  options.set_sha1(false);
  options.set_renewal(false);
  product.MakeCa("bare", "ecdsa-p256", "automatic");
  product.SetOptions("bare", options);
  CHECK_THAT(CheckKeepsItsWord("bare"),
             Catch::UnorderedEquals(Lines{"AES", "POSTPKIOperation", "SCEPStandard", "SHA-256", "SHA-384", "SHA-512"}));
}
