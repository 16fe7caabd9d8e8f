#include "webhook/secrets.h"

#include "caller_fixture.h"
#include "webhook/signature.h"

namespace engine_test {

namespace {

using engine::webhook::LoadSecrets;
using result::Reason;

struct SecretsFixture : CallerFixture {
  Reason FaultOf(const std::string& name, const std::string& octets) const {
    WriteSecret(name, octets);
    const auto loaded = LoadSecrets(directory.path());
    REQUIRE_FALSE(loaded);
    // Where it is, and never what it is.
    CHECK_THAT(loaded.error().detail, Catch::Contains(name));
    CHECK_THAT(loaded.error().detail, !Catch::Contains("xxxx"));
    return loaded.error().reason;
  }
};

TEST_CASE_METHOD(SecretsFixture, "a secret is all octets of a file", "[webhook]") {
  WriteSecret("Other_2-b", std::string(4096, '\0'));
  WriteSecret("..data", "of Kubernetes");
  const auto loaded = LoadSecrets(directory.path());
  REQUIRE(loaded);
  REQUIRE(loaded->size() == 2);
  CHECK(loaded->at("hook").Reveal() == secret);
  CHECK(loaded->at("Other_2-b").Reveal() == std::string(4096, '\0'));
}

TEST_CASE_METHOD(SecretsFixture, "a secret has 32 to 4096 octets", "[webhook][bounds]") {
  CHECK(FaultOf("short", std::string(31, 'x')) == Reason::kMalformed);
  WriteSecret("short", std::string(32, 'x'));
  CHECK(LoadSecrets(directory.path()));
  CHECK(FaultOf("long", std::string(4097, 'x')) == Reason::kMalformed);
}

TEST_CASE_METHOD(SecretsFixture, "a secret has a name that a policy can say", "[webhook]") {
  CHECK(FaultOf("hook.key", std::string(32, 'x')) == Reason::kMalformed);
}

TEST_CASE_METHOD(SecretsFixture, "a secret that others can read is none", "[webhook]") {
  std::filesystem::permissions(directory.path() / "hook", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const auto loaded = LoadSecrets(directory.path());
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().reason == Reason::kUnauthorized);
}

TEST_CASE_METHOD(SecretsFixture, "there are at most 1000 secrets", "[webhook][bounds]") {
  for (int i = 1; i < 1000; i++) WriteSecret("s" + std::to_string(i), secret);
  CHECK(LoadSecrets(directory.path()));
  WriteSecret("s1000", secret);
  CHECK_FALSE(LoadSecrets(directory.path()));
}

TEST_CASE("no directory is no secrets", "[webhook]") {
  const auto loaded = LoadSecrets("/nowhere");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().reason == Reason::kUnavailable);
}

// tests/deploy/webhook_example_test.py has the same for the code that README.md shows.
TEST_CASE("the signature is HMAC-SHA256 of the time and the body", "[webhook]") {
  const pki::Secret key(pki::Bytes("0123456789abcdef0123456789abcdef"));
  const engine::TimePoint time(std::chrono::milliseconds(1'800'000'000'999));
  CHECK(engine::webhook::SignatureOf(key, time, R"({"version":1})") ==
        "t=1800000000,v1=0a2259bdff7d2c451d6ee61a55f52ab673a1b8fe616fbd4e1abf193a2037b566");
}

}  // namespace

}  // namespace engine_test
