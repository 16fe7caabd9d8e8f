// A CA without an RA (requirements G-01, G-04): its key opens envelopes and signs replies, and stays in the engine.

#include <catch2/catch.hpp>

#include "certifier/v1/ca_directory.grpc.pb.h"
#include "device.h"
#include "support/access.h"
#include "tests/unit/pki/openssl_x509.h"

using namespace conformance;
using testing::Must;
namespace reference = testing::reference;

TEST_CASE("T-25 without an RA GetCACert is one DER certificate, application/x-x509-ca-cert, no parameters",
          "[conformance][ca-mode]") {
  const auto ca = Shared().MakeCaAlone("single", "automatic");
  const HttpReply reply = Get(Shared().gateway.port(), "/scep/single?operation=GetCACert");
  CHECK(reply.status == 200);
  CHECK(reply.Field("Content-Type") == "application/x-x509-ca-cert");
  CHECK(reply.body == ca.der());
}

TEST_CASE("a CA without an RA enrols, renews, refuses and keeps waiting like any other", "[conformance][ca-mode]") {
  const auto ca = Shared().MakeCaAlone("alone", "renewable");
  const auto challenge = [] { return Shared().admin.CreateKey({.ca = "alone"}).value; };
  const Device device("alone", ca);
  const auto certificate = Enrol(device, device.Request(challenge()).Build());
  CHECK(reference::IsSignedBy(certificate.der(), ca.der()));

  Device next("alone", ca);
  next.name = device.name;
  next.identity = {device.identity.key, certificate};
  testing::RequestShape shape;
  shape.subject = testing::CommonName(device.name);
  const Bytes csr = testing::SignedRequest(*testing::Key("next"), shape);
  const auto renewed = Open(Ask(next, next.RequestOf(csr).WithType("17").Build()), next.identity);
  CHECK(renewed.spki() == testing::Key("next")->public_key().spki());

  const Device stranger("alone", ca);
  CHECK(Verdict(stranger, stranger.Request("wrong").Build()) == "FAILURE 2");
  CHECK(Verdict(stranger, stranger.Signed(stranger.Enveloped("no PKCS#10").Build()).Build()) == "FAILURE 2");
  CHECK(Verdict(stranger, stranger.Request(challenge()).TamperSignature().Build()) == "FAILURE 1");
  CHECK(Verdict(stranger, stranger.Poll().Build()) == "FAILURE 4");
  const auto oaep = stranger.Enveloped(stranger.Csr(challenge())).WithTransport(pki::KeyTransport::kOaepSha1).Build();
  CHECK(Verdict(stranger, stranger.Signed(oaep).Build()) == "SUCCESS");

  const auto patient_ca = Shared().MakeCaAlone("patient", "manual");
  const Device patient("patient", patient_ca);
  CHECK(Verdict(patient, patient.Request().Build()) == "PENDING");
  CHECK(Verdict(patient, patient.Poll().Build()) == "PENDING");
}

TEST_CASE("an RSA block of any length for a CA without an RA is refused as any other that does not open",
          "[conformance][ca-mode]") {
  const auto ca = Shared().MakeCaAlone("blocks", "automatic");
  const Device device("blocks", ca);
  // 1024 octets are the most that the engine takes. A 503 would be tried again for ever.
  for (const std::size_t length : {1, 255, 256, 257, 1024, 1025, 4096}) {
    CAPTURE(length);
    const auto envelope = device.Enveloped(device.Csr()).WithEncryptedKey(Bytes(length, 'k')).Build();
    CHECK(Verdict(device, device.Signed(envelope).Build()) == "FAILURE 2");
  }
}

TEST_CASE("the next generation of a CA without an RA is enrolled against early, and the retired one still answers",
          "[conformance][ca-mode][rollover]") {
  Product& product = Shared();
  const auto active = product.MakeCaAlone("successive", "automatic");
  const auto ca = product.Stage("successive");
  REQUIRE(ca.generations_size() == 2);
  const auto next = Must(pki::Certificate::FromPem(ca.generations(1).certificate_pem()));
  const auto challenge = [&] { return product.admin.CreateKey({.ca = "successive"}).value; };
  const Device early("successive", next);
  CHECK(reference::IsSignedBy(Enrol(early, early.Request(challenge()).Build()).der(), next.der()));
  product.Activate("successive");
  CHECK(Get(product.gateway.port(), "/scep/successive?operation=GetCACert").body == next.der());
  const Device late("successive", active);
  CHECK(reference::IsSignedBy(Enrol(late, late.Request(challenge()).Build()).der(), next.der()));
}

TEST_CASE("the key of a CA without an RA is not in what gateways are sent", "[conformance][ca-mode]") {
  Product product;
  product.MakeCaAlone("demo", "automatic");
  const auto channel =
      support::Open(product.engine.port(), product.engine.certificates.Issue(service::Role::kGateway, "g"));
  v1::CaDirectoryService::Stub stub(channel);
  grpc::ClientContext context;
  const auto stream = stub.Watch(&context, v1::WatchRequest());
  v1::WatchResponse directory;
  REQUIRE(stream->Read(&directory));
  REQUIRE(directory.cas_size() == 1);
  CHECK(directory.cas(0).active().registration_authorities().empty());
  context.TryCancel();
}

TEST_CASE("with the engine away a CA without an RA is 503 and its certificate is still given",
          "[conformance][ca-mode]") {
  Product product;
  const auto ca = product.MakeCaAlone("demo", "automatic");
  const Device device("demo", ca);
  const Bytes message = device.Request(product.admin.CreateKey().value).Build();
  product.engine.Stop();
  const HttpReply reply = Post(product.gateway.port(), kPkiOperation, message);
  CHECK(reply.status == 503);
  CHECK_FALSE(reply.Field("Retry-After").empty());
  CHECK(Get(product.gateway.port(), "/scep/demo?operation=GetCACert").body == ca.der());
}
