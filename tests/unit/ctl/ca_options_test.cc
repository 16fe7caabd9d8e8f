#include "ctl/ca_options.h"

#include <catch2/catch.hpp>
#include <map>

namespace {

using certifier::v1::CaOptions;
using result::Reason;

CaOptions Set(const std::string& assignment) {
  CaOptions options;
  const auto set = ctl::SetOption(options, assignment);
  INFO((set ? "" : set.error().detail));
  REQUIRE(set);
  return options;
}

std::string Refusal(const std::string& assignment) {
  CaOptions options;
  const auto set = ctl::SetOption(options, assignment);
  REQUIRE_FALSE(set);
  CHECK(set.error().reason == Reason::kMalformed);
  CHECK(options.ByteSizeLong() == 0);
  return set.error().detail;
}

}  // namespace

TEST_CASE("an option is set by its name with either dash and a value of its kind", "[ctl][ca-options]") {
  CHECK(Set("legacy-des=on").legacy_des());
  CHECK(Set("legacy_des=yes").legacy_des());
  CHECK(Set("sha1=off").has_sha1());
  CHECK_FALSE(Set("sha1=off").sha1());
  CHECK(Set("max-skew=300").max_skew() == 300);
  CHECK(Set("max-skew=0").has_max_skew());
  CHECK(Set("reply-chain=leaf+issuer").reply_chain() == certifier::v1::REPLY_CHAIN_LEAF_ISSUER);
  CHECK(Set("reply-chain=no-root").reply_chain() == certifier::v1::REPLY_CHAIN_NO_ROOT);
  CHECK(Set("chain=NO_ROOT").chain() == certifier::v1::CHAIN_NO_ROOT);
  CHECK(Set("txid-collision=reject").txid_collision() == certifier::v1::TRANSACTION_ID_COLLISION_REJECT);
  CHECK(Set("public-url=http://a/b=c").public_url() == "http://a/b=c");
  CHECK(Set("public-url=").has_public_url());
}

TEST_CASE("what an option does not take is refused with what it takes", "[ctl][ca-options]") {
  CHECK(Refusal("sha1=maybe") == "sha1 takes on or off");
  CHECK(Refusal("max-skew=-1") == "max-skew takes a number");
  CHECK(Refusal("max-skew=5m") == "max-skew takes a number");
  CHECK(Refusal("max-skew=") == "max-skew takes a number");
  CHECK(Refusal("getcert-access=unspecified") == "getcert-access takes holders, anyone");
  CHECK(Refusal("sha1") == "an option is set as NAME=VALUE");
  CHECK(Refusal("sha2=on").find("reply-chain") != std::string::npos);
}

TEST_CASE("options read back as they are set", "[ctl][ca-options]") {
  for (const char* assignment : {"legacy-des=on", "sha1=off", "max-skew=300", "reply-chain=leaf-issuer",
                                 "txid-collision=separate", "public-url=http://a"}) {
    const auto texts = ctl::OptionTexts(Set(assignment));
    REQUIRE(texts.size() == 1);
    CHECK(texts[0].first + "=" + texts[0].second == assignment);
  }
  CHECK(ctl::OptionName("Reply-Chain").value() == "reply_chain");
  CHECK_FALSE(ctl::OptionName("chains"));
}
