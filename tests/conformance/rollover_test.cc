// A CA's next key and certificate (requirements part 4): published, enrolled against early, activated, under load.

#include <catch2/catch.hpp>

#include "device.h"
#include "load.h"
#include "tests/integration/engine/cluster.h"
#include "tests/unit/pki/openssl_cms.h"
#include "tests/unit/pki/openssl_x509.h"

using namespace conformance;
using testing::Must;
namespace reference = testing::reference;

namespace {

std::string Target(const std::string& ca, const std::string& operation) {
  return "/scep/" + ca + "?operation=" + operation;
}

pki::Certificate CertificateOf(const v1::CaGeneration& generation) {
  return Must(pki::Certificate::FromPem(generation.certificate_pem()));
}

// NextOf is the bundle of GetNextCACert, whose signature by `active` OpenSSL verifies: the RA first, then the CA.
std::vector<pki::Certificate> NextOf(const Product& product, const std::string& ca, const pki::Certificate& active) {
  const HttpReply reply = Get(product.gateway.port(), Target(ca, "GetNextCACert"));
  REQUIRE(reply.status == 200);
  CHECK(reply.Field("Content-Type") == "application/x-x509-next-ca-cert");
  const auto content = reference::Verify(reply.body);
  REQUIRE(content.has_value());
  CHECK(Must(pki::ParseSignedData(reply.body)).signer->certificate.der() == active.der());
  return Must(pki::ParseCertsOnly(*content));
}

// IssuerOf tells which of the certificates made `certificate`'s signature.
bool IsIssuedBy(const pki::Certificate& certificate, const pki::Certificate& issuer) {
  return reference::IsSignedBy(certificate.der(), issuer.der());
}

}  // namespace

TEST_CASE("T-22 GetNextCACert is advertised and answered while there is a next CA, and else neither",
          "[conformance][rollover]") {
  Product& product = Shared();
  const auto active = product.MakeCa("staging", "ecdsa-p256", "automatic");
  const int port = product.gateway.port();
  const auto caps = [&] { return Get(port, Target("staging", "GetCACaps")).body; };
  CHECK(Get(port, Target("staging", "GetNextCACert")).status == 404);
  CHECK(caps().find("GetNextCACert") == std::string::npos);

  const auto ca = product.Stage("staging");
  REQUIRE(ca.generations_size() == 2);
  const auto next = NextOf(product, "staging", active);
  REQUIRE(next.size() == 2);
  CHECK(next[1].der() == CertificateOf(ca.generations(1)).der());
  CHECK(IsIssuedBy(next[0], next[1]));
  CHECK(("\n" + caps()).find("\nGetNextCACert\n") != std::string::npos);
  CHECK(Published(product.gateway, "staging").back().der() == active.der());
  // The same octets each time, so that what a person compares stays (requirements N-05).
  CHECK(Get(port, Target("staging", "GetNextCACert")).body == Get(port, Target("staging", "GetNextCACert")).body);

  product.Activate("staging");
  CHECK(Published(product.gateway, "staging").back().der() == next[1].der());
  CHECK(Get(port, Target("staging", "GetNextCACert")).status == 404);
  CHECK(caps().find("GetNextCACert") == std::string::npos);
}

TEST_CASE("T-99 a request for the next CA's RA is issued by the next CA, and one for a retired RA by the active one",
          "[conformance][rollover]") {
  Product& product = Shared();
  const auto active = product.MakeCa("rolling", "rsa-2048", "automatic");
  const auto old_ra = Published(product.gateway, "rolling").front();
  product.Stage("rolling");
  const auto next = NextOf(product, "rolling", active);
  const auto challenge = [&] { return product.admin.CreateKey({.ca = "rolling"}).value; };
  const Device usual("rolling", old_ra), early("rolling", next[0]);
  CHECK(IsIssuedBy(Enrol(usual, usual.Request(challenge()).Build()), active));
  const auto certificate = Enrol(early, early.Request(challenge()).Build());
  CHECK(IsIssuedBy(certificate, next[1]));
  CHECK(Must(certificate.not_before()) >= Must(next[1].not_before()));

  product.Activate("rolling");
  const Device late("rolling", old_ra), timely("rolling", next[0]);
  CHECK(IsIssuedBy(Enrol(late, late.Request(challenge()).Build()), next[1]));
  CHECK(IsIssuedBy(Enrol(timely, timely.Request(challenge()).Build()), next[1]));
}

TEST_CASE("a request that waited through a rollover is polled by the RA that it was sent to",
          "[conformance][rollover]") {
  Product& product = Shared();
  product.MakeCa("waiting", "ecdsa-p256", "manual");
  const Device device("waiting", Published(product.gateway, "waiting").front());
  REQUIRE(Verdict(device, device.Request().Build()) == "PENDING");
  product.Stage("waiting");
  product.Activate("waiting");
  CHECK(Verdict(device, device.Poll().Build()) == "PENDING");
  const auto requests = product.admin.Requests(std::string(device.transaction_id));
  REQUIRE(requests.size() == 1);
  REQUIRE(product.admin.Approve(requests[0].request_id(), requests[0].fingerprints().request().sha256().lower()).ok());
  const auto certificate = Open(Ask(device, device.Poll().Build()), device.identity);
  CHECK(IsIssuedBy(certificate, Published(product.gateway, "waiting").back()));
}

TEST_CASE("no request fails while a CA is staged and activated and its RA is renewed each second",
          "[conformance][rollover]") {
  constexpr int kBetween = 15;
  // An RA that is about to end as soon as it is made.
  Product product({"--ra-validity", "1d", "--ra-renewal", "86399s", "--key-retirement", "12h", "--ra-interval", "1s",
                   "--ra-lead", "0s"});
  product.MakeCa("demo", "rsa-2048", "automatic");
  const std::string challenge = product.admin.CreateKey({.uses = 1'000'000}).value;
  const int port = product.gateway.port();
  const Load fresh({port, port, "demo", "fresh", challenge}), stale({port, port, "demo", "stale", challenge, false});
  const std::vector<const Load*> both = {&fresh, &stale};
  const auto both_go_on = [&] { return AllGoOn(both, kBetween); };
  CHECK(both_go_on());
  for (int i = 0; i < 2; i++) {
    product.admin.Stage("demo");
    CHECK(both_go_on());
    product.admin.Activate("demo");
    CHECK(both_go_on());
  }
  const auto renewals = [&] {
    return engine_test::Count(product.engine.database(), "registration_authorities WHERE state = 'retired'");
  };
  const int renewed = renewals();
  CHECK(support::Eventually([&] { return renewals() >= renewed + 2; }));
  CHECK(both_go_on());
  CHECK(FailuresOf(both) == std::vector<std::string>());
  for (const Load* load : both) CHECK(load->retries() == 0);
}
