#include <catch2/catch.hpp>

#include "device.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;
using testing::Challenge;
namespace der = pki::der;

namespace {

PreSharedKey NewKey(const KeyWish& wish = {}) {
  return Shared().admin.CreateKey(wish);
}

void CheckNothingIssued(const Device& device) {
  CHECK(Requests(device) == 0);
  CHECK(Certificates(device) == 0);
}

// Lapse lets a key's time run out.
void Lapse(const PreSharedKey& key) {
  engine_test::Execute(Shared().engine.database(),
                       "UPDATE pre_shared_keys SET not_before = now() - interval '2 hours', expires_at = now() - "
                       "interval '1 hour' WHERE reference_number = '" +
                           key.reference_number + "'");
}

// InUtf16 is ASCII text as a BMPString's contents.
Bytes InUtf16(const std::string& text) {
  Bytes octets;
  for (const char c : text) octets += {'\0', c};
  return octets;
}

}  // namespace

TEST_CASE("T-30 type 18 without a challenge is FAILURE badRequest and issues nothing",
          "[conformance][authentication]") {
  for (const char* ca : {"demo", "manual", "keyless"}) {
    const Device device(ca);
    CHECK(Verdict(device, device.Request().WithType("18").Build()) == "FAILURE 2");
    CheckNothingIssued(device);
  }
}

TEST_CASE("T-31 type 18 with a valid challenge is FAILURE badRequest", "[conformance][authentication]") {
  const Device device;
  const PreSharedKey key = NewKey();
  CHECK(Verdict(device, device.Request(key.value).WithType("18").Build()) == "FAILURE 2");
  CheckNothingIssued(device);
  CHECK(Shared().admin.UseCount(key) == 0);
}

TEST_CASE("T-32 types that are none are FAILURE badRequest", "[conformance][authentication]") {
  const PreSharedKey key = NewKey();
  for (const char* type : {"3", "0", "4", "23", "019", "abc"}) {
    CAPTURE(type);
    const Device device;
    CHECK(Verdict(device, device.Request(key.value).WithType(type).Build()) == "FAILURE 2");
    CheckNothingIssued(device);
  }
  CHECK(Shared().admin.UseCount(key) == 0);
}

TEST_CASE("T-33 a self-signed type 17 is FAILURE badRequest, with a valid challenge too",
          "[conformance][authentication]") {
  const auto alone = Shared().MakeCaAlone("solitary", "default");
  Shared().MakeCa("restrained", "rsa-2048", "manual");
  for (const Device& model :
       {Device("demo"), Device("elliptic"), Device("manual"), Device("restrained"), Device("solitary", alone)}) {
    CAPTURE(model.ca);
    const PreSharedKey key = NewKey({.ca = model.ca});
    for (const std::string& challenge : {std::string(), key.value}) {
      const Device device(model.ca, model.ra);
      CHECK(Verdict(device, device.Request(challenge).WithType("17").Build()) == "FAILURE 2");
      CheckNothingIssued(device);
    }
    CHECK(Shared().admin.UseCount(key) == 0);
  }
  // Where there is no key at all, any challenge is wrong.
  for (const char* challenge : {"", "secret"}) {
    const Device device("keyless");
    CHECK(Verdict(device, device.Request(challenge).WithType("17").Build()) == "FAILURE 2");
    CheckNothingIssued(device);
  }
}

TEST_CASE("T-34 without a challenge an automatic CA refuses, a manual one holds, and none issues",
          "[conformance][authentication]") {
  const Device automatic("demo"), manual("manual"), keyless("keyless");
  CHECK(Verdict(automatic, automatic.Request().Build()) == "FAILURE 2");
  CheckNothingIssued(automatic);
  CHECK(Verdict(manual, manual.Request().Build()) == "PENDING");
  CHECK(Requests(manual) == 1);
  CHECK(Verdict(keyless, keyless.Request().Build()) == "PENDING");
  const Device guessing("keyless");
  CHECK(Verdict(guessing, guessing.Request("secret").Build()) == "FAILURE 2");
  for (const Device* device : {&automatic, &manual, &keyless, &guessing}) CHECK(Certificates(*device) == 0);
}

TEST_CASE("T-35 the right challenge brings a certificate for the request's key", "[conformance][authentication]") {
  const Device device;
  const PreSharedKey key = NewKey();
  const pki::Certificate certificate = Enrol(device, device.Request(key.value).Build());
  CHECK(certificate.spki() == device.identity.key->public_key().spki());
  CHECK(certificate.subject() == testing::CommonName(device.name));
  CHECK(Certificates(device) == 1);
  CHECK(Shared().admin.UseCount(key) == 1);
}

TEST_CASE("T-36 a wrong, expired or used challenge is one and the same FAILURE badRequest",
          "[conformance][authentication]") {
  const PreSharedKey lapsed = NewKey(), used = NewKey();
  const Device first;
  Enrol(first, first.Request(used.value).Build());
  Lapse(lapsed);
  Device device;
  std::vector<Bytes> replies;
  for (const std::string& challenge : {std::string("no such key"), lapsed.value, used.value}) {
    const CertRep rep = Ask(device, device.Request(challenge).Build());
    CHECK(rep.verdict() == "FAILURE 2");
    CHECK(rep.attributes.count("1.3.6.1.5.5.7.24.1") == 0);  // failInfoText
    replies.push_back(WithoutChance(rep));
  }
  CHECK(replies[1] == replies[0]);
  CHECK(replies[2] == replies[0]);
  CheckNothingIssued(device);
}

TEST_CASE("T-37 a challenge for one commonName brings none for another", "[conformance][authentication]") {
  const PreSharedKey key = NewKey({.subject = "CN=a"});
  Device device;
  device.name = "b";
  CHECK(Verdict(device, device.Request(key.value).Build()) == "FAILURE 2");
  CheckNothingIssued(device);
  device.name = "a";
  CHECK(Enrol(device, device.Request(key.value).Build()).subject() == testing::CommonName("a"));
}

TEST_CASE("T-38 a challenge is read in every string type", "[conformance][authentication]") {
  for (const std::uint8_t tag :
       {der::kUtf8String, der::kPrintableString, der::kIa5String, der::kT61String, der::kBmpString}) {
    CAPTURE(tag);
    const Device device;
    const std::string challenge = NewKey().value;
    const Bytes contents = tag == der::kBmpString ? InUtf16(challenge) : challenge;
    Enrol(device, device.RequestOf(device.CsrWith({Challenge(contents, tag)})).Build());
  }
}

TEST_CASE("T-39 the challenge may stand before or behind the extensions, and attributes may be absent",
          "[conformance][authentication]") {
  for (const bool is_first : {true, false}) {
    const Device device;
    std::vector<Bytes> attributes = {Challenge(NewKey().value),
                                     testing::ExtensionRequest(testing::kPkcs9Extensions, "a.example")};
    if (!is_first) std::swap(attributes[0], attributes[1]);
    const auto certificate = Enrol(device, device.RequestOf(device.CsrWith(attributes)).Build());
    CHECK(Extension(certificate, pki::kSubjectAlternativeNameOid).has_value());
  }
  const Device device("manual");
  testing::RequestShape shape;
  shape.subject = testing::CommonName(device.name);
  shape.attributes = std::nullopt;
  CHECK(Verdict(device, device.RequestOf(testing::SignedRequest(*device.identity.key, shape)).Build()) == "PENDING");
}
