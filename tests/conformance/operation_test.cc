#include <openssl/evp.h>

#include <catch2/catch.hpp>
#include <stdexcept>

#include "device.h"
#include "registration_authority.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;
using testing::Must;
namespace der = pki::der;

namespace {

v1::Request OnlyRequest(const Device& device) {
  const auto requests = Shared().admin.Requests(device.transaction_id);
  REQUIRE(requests.size() == 1);
  return requests.front();
}

// OpensslDigest is what `openssl dgst` prints for a file with these octets.
std::string OpensslDigest(const char* name, ByteView octets) {
  Bytes digest(EVP_MAX_MD_SIZE, '\0');
  std::size_t length = 0;
  if (EVP_Q_digest(nullptr, name, nullptr, octets.data(), octets.size(),
                   reinterpret_cast<unsigned char*>(digest.data()), &length) != 1) {
    throw std::runtime_error("EVP_Q_digest");
  }
  return pki::HexLower(digest.substr(0, length));
}

std::string InUpperCase(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// InGroups writes a separator behind every `length` characters but the last.
std::string InGroups(const std::string& text, std::size_t length, char separator) {
  std::string groups;
  for (std::size_t at = 0; at < text.size(); at += length) {
    groups += (at == 0 ? "" : std::string(1, separator)) + text.substr(at, length);
  }
  return groups;
}

void CheckFingerprint(const v1::Fingerprint& shown, const std::string& digest, const Device& device) {
  CHECK(shown.lower() == digest);
  CHECK(shown.upper() == InUpperCase(digest));
  CHECK(shown.grouped() == InGroups(InUpperCase(digest), 8, ' '));
  CHECK(shown.colon() == InGroups(InUpperCase(digest), 2, ':'));
  for (const std::string& typed :
       {digest, InUpperCase(digest), InGroups(InUpperCase(digest), 8, ' '), InGroups(digest, 2, ':')}) {
    CAPTURE(typed);
    const auto found = Shared().admin.FindByFingerprint(typed);
    REQUIRE(found.size() == 1);
    CHECK(found[0].transaction_id() == device.transaction_id);
  }
}

// DumpOf is the database as pg_dump writes it.
std::string DumpOf(const std::string& connection) {
  const support::Directory directory;
  support::Child dump(directory.path(), {POSTGRES_BIN "/pg_dump", "--dbname", connection});
  const int code = dump.Wait();
  INFO(dump.err());
  REQUIRE(code == 0);
  return dump.out();
}

// Spellings of a secret that a careless writer could leave behind.
std::vector<std::string> SpellingsOf(const std::string& secret) {
  const std::string bare = Replaced(secret, "-", "");
  return {secret,
          bare,
          pki::HexLower(secret),
          InUpperCase(pki::HexLower(secret)),
          pki::HexLower(bare),
          InUpperCase(pki::HexLower(bare)),
          pki::Base64(secret),
          pki::Base64(bare)};
}

// Everything that somebody who is not the device can read after these enrolments.
std::vector<std::pair<std::string, std::string>> Readable(const std::vector<const Device*>& devices) {
  std::vector<std::pair<std::string, std::string>> texts = {{"database", DumpOf(Shared().engine.database())},
                                                            {"engine's log", Shared().engine.output()},
                                                            {"gateway's log", Shared().gateway.output()}};
  for (const auto& key : Shared().admin.Keys()) texts.emplace_back("list of keys", key.SerializeAsString());
  for (const Device* device : devices) {
    for (const auto& request : Shared().admin.Requests(device->transaction_id)) {
      texts.emplace_back("list of requests", request.SerializeAsString());
    }
  }
  return texts;
}

void Alter(const v1::Request& request, const std::string& assignments) {
  engine_test::Execute(Shared().engine.database(),
                       "UPDATE requests r SET " + assignments + " AND r.request_id = " + request.request_id());
}

void CheckNotApproved(const Device& device, const v1::Request& request) {
  const auto status = Shared().admin.Approve(request.request_id(), request.fingerprints().request().sha256().lower());
  CHECK_FALSE(status.ok());
  CHECK(Certificates(device) == 0);
  CHECK(OnlyRequest(device).state() == v1::REQUEST_STATE_PENDING);
}

}  // namespace

TEST_CASE("T-98 a request for the retired RA is answered by that RA", "[conformance][operation]") {
  Shared().MakeCa("overlap", "ecdsa-p256", "automatic");
  const PreSharedKey key = Shared().admin.CreateKey({.ca = "overlap", .uses = 2});
  const Device late("overlap");
  const auto second = ReplaceRegistrationAuthority(Shared().engine, "overlap", *testing::Key("second RA"));
  const auto is_published = [&] { return Published(Shared().gateway, "overlap").front().der() == second.der(); };
  REQUIRE(support::Eventually(is_published));
  REQUIRE(late.ra.der() != second.der());
  Enrol(late, late.Request(key.value).Build());
  const Device early("overlap", second);
  Enrol(early, early.Request(key.value).Build());
  CHECK(Published(Shared().gateway, "overlap").size() == 2);  // Only the new RA, and the CA.
}

TEST_CASE("T-100 the operator sees and finds the fingerprints that the device shows", "[conformance][operation]") {
  const Device device("manual");
  const Bytes csr = device.Csr();
  REQUIRE(Verdict(device, device.RequestOf(csr).Build()) == "PENDING");
  const Bytes info(Must(der::Reader(Must(der::ReadOnly(csr, der::kSequence)).value).Next(der::kSequence)).encoding);
  const auto fingerprints = OnlyRequest(device).fingerprints();
  CheckFingerprint(fingerprints.request().md5(), OpensslDigest("MD5", csr), device);
  CheckFingerprint(fingerprints.request().sha1(), OpensslDigest("SHA1", csr), device);
  CheckFingerprint(fingerprints.request().sha256(), OpensslDigest("SHA256", csr), device);
  CheckFingerprint(fingerprints.unsigned_request().md5(), OpensslDigest("MD5", info), device);
  CheckFingerprint(fingerprints.unsigned_request().sha1(), OpensslDigest("SHA1", info), device);
  CheckFingerprint(fingerprints.unsigned_request().sha256(), OpensslDigest("SHA256", info), device);
}

TEST_CASE("T-101 no challenge is left behind in clear", "[conformance][operation]") {
  const PreSharedKey issued = Shared().admin.CreateKey(), held = Shared().admin.CreateKey({.ca = "manual"});
  const std::string guessed = "GUESSED-CHALLENGE-8f14e45fceea";
  const Device enrolled, waiting("manual"), refused;
  Enrol(enrolled, enrolled.Request(issued.value).Build());
  CHECK(Verdict(waiting, waiting.Request(held.value).Build()) == "PENDING");
  const Bytes refusal = Ask(refused, refused.Request(guessed).Build()).message;
  const Bytes second_refusal = Ask(refused, refused.Request(issued.value).Build()).message;
  const HttpReply error = Get(Shared().gateway.port(), "/scep?operation=" + issued.value);
  // After all that could leave something behind, and once both logs have the last of it.
  REQUIRE(support::Eventually([&] {
    const auto last = Bytes(refused.transaction_id);
    return Shared().engine.output().find(last) != std::string::npos &&
           Shared().gateway.output().find(last) != std::string::npos;
  }));
  auto texts = Readable({&enrolled, &waiting, &refused});
  texts.insert(texts.end(), {{"refusal", refusal}, {"refusal", second_refusal}, {"error", error.head + error.body}});
  REQUIRE(texts.front().second.find("CREATE TABLE public.pre_shared_keys") != std::string::npos);
  REQUIRE(texts.front().second.find(issued.reference_number) != std::string::npos);
  for (const std::string& secret : {issued.value, held.value, guessed}) {
    for (const std::string& spelling : SpellingsOf(secret)) {
      for (const auto& [where, text] : texts) {
        CAPTURE(where);
        CHECK(text.find(spelling) == std::string::npos);
      }
    }
  }
}

TEST_CASE("T-102 an approval of what is no longer in the row is refused", "[conformance][operation]") {
  const Device shown("manual"), other("manual"), third("manual");
  for (const Device* device : {&shown, &other, &third}) {
    REQUIRE(Verdict(*device, device->Request().Build()) == "PENDING");
  }
  const auto request = OnlyRequest(shown);
  Alter(request,
        "csr_sha256 = o.csr_sha256, sealed_csr = o.sealed_csr, fingerprints = o.fingerprints, unsigned_fingerprints = "
        "o.unsigned_fingerprints FROM requests o WHERE o.request_id = " +
            OnlyRequest(other).request_id());
  CheckNotApproved(shown, request);
  const auto altered = OnlyRequest(third);
  Alter(altered, "csr_sha256 = sha256('another request') WHERE true");
  CheckNotApproved(third, altered);
  // It was the alterations.
  const auto untouched = OnlyRequest(other);
  CHECK(Shared().admin.Approve(untouched.request_id(), untouched.fingerprints().request().sha256().lower()).ok());
}

TEST_CASE("T-103 a signingTime of another year does no harm, and is FAILURE badTime where the CA has a max_skew",
          "[conformance][operation]") {
  v1::CaOptions options;
  options.set_max_skew(300);
  Shared().MakeCa("punctual", "ecdsa-p256", "automatic");
  Shared().SetOptions("punctual", options);
  const auto now = std::chrono::system_clock::now();
  const auto ask = [](const Device& device, std::optional<pki::TimePoint> time) {
    auto message = device.Request(Shared().admin.CreateKey({.ca = device.ca}).value);
    if (time) message.With("1.2.840.113549.1.9.5", {der::EncodeTime(*time)});
    return Ask(device, message.Build());
  };
  for (const auto year : {-std::chrono::hours(24 * 365), std::chrono::hours(24 * 365)}) {
    CHECK(ask(Device(), now + year).verdict() == "SUCCESS");
    CHECK(ask(Device("punctual"), now + year).verdict() == "FAILURE 3");
  }
  CHECK(ask(Device("punctual"), now + std::chrono::seconds(290)).verdict() == "SUCCESS");
  CHECK(ask(Device("punctual"), now - std::chrono::seconds(330)).verdict() == "FAILURE 3");
  CHECK(ask(Device(), std::nullopt).verdict() == "SUCCESS");
  CHECK(ask(Device("punctual"), std::nullopt).verdict() == "FAILURE 3");
}
