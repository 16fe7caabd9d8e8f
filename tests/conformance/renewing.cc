#include "renewing.h"

#include <catch2/catch.hpp>
#include <utility>

namespace conformance {

Renewing::Renewing(const std::string& policy, const std::string& ca) : first(ca), next(ca) {
  const auto key = Shared().admin.CreateKey({.ca = ca, .policy = policy});
  certificate = Enrol(first, first.Request(key.value).Build());
  next.name = first.name;
  next.identity = {first.identity.key, certificate};
}

Bytes Renewing::Csr(const std::string& common_name, std::vector<Bytes> attributes, const std::string& key) const {
  testing::RequestShape shape;
  shape.subject = testing::CommonName(common_name.empty() ? first.name : common_name);
  shape.attributes = std::move(attributes);
  return testing::SignedRequest(*testing::Key(key), shape);
}

Bytes Renewing::Message(Bytes csr, const std::string& type) const {
  return next.RequestOf(std::move(csr)).WithType(type).Build();
}

bool Renewing::IsRefused(Bytes csr, const std::string& type) const {
  const auto verdict = Verdict(next, Message(std::move(csr), type));
  CAPTURE(type, verdict);
  CHECK(verdict == "FAILURE 2");
  return Certificates(next) == 0;
}

void CheckRenewed(const Renewing& device, const std::string& type) {
  const CertRep rep = Ask(device.next, device.Message(device.Csr(), type));
  REQUIRE(rep.verdict() == "SUCCESS");
  // Open finds the envelope by the issuer and serial number of the old certificate.
  const auto renewed = Open(rep, device.next.identity);
  CHECK(renewed.spki() == testing::Key("next")->public_key().spki());
  CHECK(renewed.subject() == device.certificate.subject());
  CHECK(renewed.serial_number() != device.certificate.serial_number());
}

}  // namespace conformance
