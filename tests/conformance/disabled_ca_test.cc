// A CA that an operator disabled: it answers no device, and what it issued can still be judged.

#include <catch2/catch.hpp>

#include "device.h"

using namespace conformance;

namespace {

// DisabledCa is a CA "closing" beside the default one "demo", with one certificate, that was disabled then.
class DisabledCa {
 public:
  DisabledCa()
      : ra(MakeCas(product)),
        device("closing", ra),
        certificate(
            Enrol(device, device.Request(product.admin.CreateKey({.ca = "closing"}).value).Build(), product.gateway)) {
    REQUIRE(support::Eventually([this] { return Fetch("/crl/closing.crl").status == 200; }));
    authority = Fetch("/ca/closing.crt").body;
    crl = Fetch("/crl/closing.crl").body;
    product.SetStatus("closing", "disabled");
  }

  HttpReply Fetch(const std::string& target) const { return Get(product.gateway.port(), target); }
  HttpReply Operate(const std::string& ca, const Bytes& message) const {
    return Post(product.gateway.port(), "/scep/" + ca + "?operation=PKIOperation", message);
  }
  bool ListsCertificate(const std::string& octets) const {
    return octets.find(pki::der::Encode(pki::der::kInteger, certificate.serial_number())) != std::string::npos;
  }

  Product product;
  const pki::Certificate ra;
  const Device device;
  const pki::Certificate certificate;
  std::string authority, crl;  // As they were before.

 private:
  static pki::Certificate MakeCas(Product& product) {
    product.MakeCa("demo", "ecdsa-p256", "automatic");
    product.MakeCa("closing", "ecdsa-p256", "automatic");
    return Published(product.gateway, "closing").front();
  }
};

}  // namespace

TEST_CASE_METHOD(DisabledCa,
                 "the certificate and the CRL of a disabled CA stay published, and what is revoked is on it",
                 "[conformance][disabled]") {
  for (const char* generation : {"", "/1"}) {
    CHECK(Fetch("/ca/closing" + std::string(generation) + ".crt").body == authority);
    CHECK(Fetch("/crl/closing" + std::string(generation) + ".crl").status == 200);
  }
  CHECK_FALSE(ListsCertificate(crl));
  product.admin.Revoke(certificate);
  const auto is_listed = [this] {
    const HttpReply reply = Fetch("/crl/closing.crl");
    return reply.status == 200 && ListsCertificate(reply.body);
  };
  CHECK(support::Eventually(is_listed));
  // A gateway that starts now has nothing from before.
  const GatewayProgram fresh(product.engine);
  CHECK(support::Eventually([&] { return ListsCertificate(Get(fresh.port(), "/crl/closing.crl").body); }));
  CHECK(Get(fresh.port(), "/ca/closing.crt").body == authority);
}

TEST_CASE_METHOD(DisabledCa, "SCEP takes the name of a disabled CA for an unknown one, and nothing reaches its RA",
                 "[conformance][disabled]") {
  for (const std::string operation : {"GetCACert", "GetCACaps", "GetCACertChain", "GetNextCACert"}) {
    CAPTURE(operation);
    const HttpReply disabled = Fetch("/scep/closing?operation=" + operation);
    const HttpReply unknown = Fetch("/scep/nobody?operation=" + operation);
    CHECK(disabled.status == unknown.status);
    CHECK(disabled.body == unknown.body);
  }
  for (const char* path : {"closing", "demo"}) {
    const CertRep rep = ReadCertRep(Operate(path, device.Request().Build()));
    CHECK(rep.verdict() == "FAILURE 2");
    CHECK(rep.signer.der() == Published(product.gateway, "demo").front().der());
  }
  v1::CaOptions strict;
  strict.set_strict_ca_identifier(true);
  product.SetOptions("demo", strict);
  CHECK(Fetch("/scep/closing?operation=GetCACert").status == 404);
  CHECK(Operate("closing", device.Request().Build()).status == 404);
  CHECK(Fetch("/ca/closing.crt").body == authority);
}

TEST_CASE_METHOD(DisabledCa, "a CA that is made active again answers as before", "[conformance][disabled]") {
  product.SetStatus("closing", "active");
  const auto challenge = product.admin.CreateKey({.ca = "closing"}).value;
  const Device next("closing", ra);
  Enrol(next, next.Request(challenge).Build(), product.gateway);
}
