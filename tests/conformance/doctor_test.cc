// What certifierctl doctor says of CAs of every shape: nothing to warn of, and what is skipped has its reason.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "product.h"
#include "support/child.h"
#include "tests/unit/pki/identity.h"

using namespace conformance;

namespace {

using Checks = std::set<std::string>;

// Product of its own: CAs come and go here.
Product& Patient() {
  static Product product;
  return product;
}

// Examination is one run of the program without any TLS file.
class Examination {
 public:
  explicit Examination(const std::string& ca, std::vector<std::string> options = {}) {
    std::vector<std::string> command = {CERTIFIERCTL, "doctor",
                                        "http://127.0.0.1:" + std::to_string(Patient().gateway.port()) + "/scep/" + ca,
                                        "--json"};
    command.insert(command.end(), options.begin(), options.end());
    support::Child program(directory_.path(), command);
    code_ = program.Wait();
    INFO(program.err());
    report_ = nlohmann::json::parse(program.out());
  }

  int code() const { return code_; }
  // Names of the checks with a verdict.
  Checks With(const std::string& verdict) const {
    Checks names;
    for (const auto& check : report_["checks"]) {
      if (check["verdict"] == verdict) names.insert(check["check"]);
    }
    return names;
  }
  std::string Seen(const std::string& name) const {
    for (const auto& check : report_["checks"]) {
      if (check["check"] == name) return check["seen"];
    }
    return {};
  }

 private:
  support::Directory directory_;
  int code_ = 0;
  nlohmann::json report_;
};

// CheckWell wants no warning and no failure, and these checks skipped.
void CheckWell(const Examination& examination, const Checks& skipped) {
  CHECK(examination.code() == 0);
  CHECK(examination.With("warn").empty());
  CHECK(examination.With("fail").empty());
  CHECK(examination.With("skipped") == skipped);
}

// ChallengeFile holds a new key.
class ChallengeFile {
 public:
  explicit ChallengeFile(const KeyWish& wish) {
    std::ofstream(path()) << Patient().admin.CreateKey(wish).value << "\n";
  }
  std::string path() const { return directory_.path() / "challenge"; }

 private:
  support::Directory directory_;
};

const Checks kEnrolment = {"enrol", "enrol-replay", "renewal"};

Checks With(Checks checks, std::initializer_list<std::string> more) {
  checks.insert(more);
  return checks;
}

}  // namespace

TEST_CASE("the doctor enrols and renews at a CA, and finds nothing", "[conformance][doctor]") {
  Patient().MakeCa("well", "rsa-2048", "automatic");
  const ChallengeFile challenge({.ca = "well", .policy = "renewable"});
  const Examination examination("well", {"--challenge-file", challenge.path()});
  CheckWell(examination, {"next-ca", "poll"});
  CHECK(examination.Seen("renewal") == "SUCCESS, for the next key");
  CHECK(examination.Seen("enrol-replay") == "the same certificate");
}

TEST_CASE("the doctor has its request held by a manual CA", "[conformance][doctor]") {
  Patient().MakeCa("held", "ecdsa-p256", "manual");
  const Examination examination("held");
  CheckWell(examination, With(kEnrolment, {"next-ca"}));
  CHECK(examination.Seen("no-challenge") == "PENDING");
  CHECK(examination.Seen("poll") == "PENDING");
}

TEST_CASE("the doctor takes a CA without an RA, and a split RA", "[conformance][doctor]") {
  const std::string shape = GENERATE("none", "split");
  v1::CreateCaRequest wish;
  wish.set_name("ra-" + shape);
  wish.set_key_algorithm("rsa-2048");
  wish.set_policy("automatic");
  wish.set_registration_authority(shape);
  Patient().MakeCa(wish);
  const ChallengeFile challenge({.ca = wish.name()});
  CAPTURE(shape);
  // A certificate that is new is outside of the default policy's window.
  CheckWell(Examination(wish.name(), {"--challenge-file", challenge.path()}), {"next-ca", "poll", "renewal"});
}

TEST_CASE("the doctor reads the next CA", "[conformance][doctor]") {
  Patient().MakeCa("next", "ecdsa-p256", "automatic");
  Patient().Stage("next");
  const Examination examination("next");
  CheckWell(examination, With(kEnrolment, {"poll"}));
  CHECK(examination.With("pass").contains("next-ca"));
}

TEST_CASE("the doctor holds a CA to what old clients were granted", "[conformance][doctor]") {
  Patient().MakeCa("old", "rsa-2048", "automatic");
  v1::CaOptions options;
  options.set_empty_reply_content(true);
  options.set_fail_info_text(true);
  options.set_reply_chain(v1::REPLY_CHAIN_FULL);
  Patient().SetOptions("old", options);
  const ChallengeFile challenge({.ca = "old"});
  CheckWell(Examination("old", {"--challenge-file", challenge.path()}), {"next-ca", "poll", "renewal"});
}

TEST_CASE("the doctor sends its challenge to no CA but the one that is meant", "[conformance][doctor]") {
  const auto ca = Patient().MakeCa("meant", "ecdsa-p256", "automatic");
  const ChallengeFile challenge({.ca = "meant"});
  const std::string right = pki::HexLower(pki::FingerprintsOf(ca.der()).sha256);
  const Examination wrong("meant", {"--challenge-file", challenge.path(), "--fingerprint", std::string(64, '0')});
  CHECK(wrong.code() == 1);
  CHECK(wrong.With("fail") == Checks{"ca-fingerprint"});
  CHECK(wrong.With("skipped") == With(kEnrolment, {"next-ca", "poll"}));
  CheckWell(Examination("meant", {"--challenge-file", challenge.path(), "--fingerprint", right}),
            {"next-ca", "poll", "renewal"});
}
