// What the options of a CA (requirements Appendix A) change in its answers.
#include <catch2/catch.hpp>

#include "renewing.h"

using namespace conformance;
using pki::DigestAlgorithm;

namespace {

// MakeCa makes one that issues for a challenge and holds what has none.
void MakeCa(const std::string& name) {
  Shared().MakeCa(name, "ecdsa-p256", "default");
}

std::string NewChallenge(const std::string& ca) {
  return Shared().admin.CreateKey({.ca = ca}).value;
}

bool IsAdvertised(const std::string& ca, const std::string& keyword) {
  const std::string caps = Get(Shared().gateway.port(), "/scep/" + ca + "?operation=GetCACaps").body;
  return ("\n" + caps).find("\n" + keyword + "\n") != std::string::npos;
}

// CheckIsNoRenewal wants a PKCSReq by a certificate of ours to be refused without a challenge, whichever key it is for,
// and to be a first enrolment with one.
void CheckIsNoRenewal(const Renewing& device) {
  for (const char* key : {"next", "device"}) {
    CHECK(device.IsRefused(device.Csr({}, {}, key), "19"));
    CHECK(Requests(device.next) == 0);
  }
  const auto challenge = testing::Challenge(NewChallenge(device.next.ca));
  Enrol(device.next, device.Message(device.Csr({}, {challenge}, "device"), "19"));
}

}  // namespace

TEST_CASE("with renewal off a certificate of ours renews nothing, and enrols with a challenge only",
          "[conformance][options]") {
  MakeCa("final");
  const Renewing before("renewable", "final"), seventeen("renewable", "final"), nineteen("renewable", "final");
  CheckRenewed(before);
  v1::CaOptions options;
  options.set_renewal(false);
  Shared().SetOptions("final", options);
  CHECK(seventeen.IsRefused(seventeen.Csr(), "17"));
  const auto challenge = testing::Challenge(NewChallenge("final"));
  CHECK(seventeen.IsRefused(seventeen.Csr({}, {challenge}, "device"), "17"));
  CHECK(Requests(seventeen.next) == 0);
  CheckIsNoRenewal(nineteen);
}

TEST_CASE("with type19_as_renewal off only type 17 renews", "[conformance][options]") {
  MakeCa("literal");
  const Renewing before("renewable", "literal"), seventeen("renewable", "literal"), nineteen("renewable", "literal");
  CheckRenewed(before, "19");
  v1::CaOptions options;
  options.set_type19_as_renewal(false);
  Shared().SetOptions("literal", options);
  CheckIsNoRenewal(nineteen);
  CheckRenewed(seventeen, "17");
}

TEST_CASE("with sha1 off SHA-1 is neither advertised nor taken", "[conformance][options]") {
  MakeCa("strong");
  CHECK(IsAdvertised("strong", "SHA-1"));
  v1::CaOptions options;
  options.set_sha1(false);
  Shared().SetOptions("strong", options);
  CHECK(support::Eventually([] { return !IsAdvertised("strong", "SHA-1"); }));
  CHECK(IsAdvertised("strong", "SHA-256"));
  const Device device("strong");
  const std::string challenge = NewChallenge("strong");
  CHECK(Verdict(device, device.Request(challenge).WithDigest(DigestAlgorithm::kSha1).Build()) == "FAILURE 0");
  CHECK(Verdict(device, device.Poll().WithDigest(DigestAlgorithm::kSha1).Build()) == "FAILURE 0");
  CHECK(Requests(device) == 0);
  Enrol(device, device.Request(challenge).WithDigest(DigestAlgorithm::kSha256).Build());
}
