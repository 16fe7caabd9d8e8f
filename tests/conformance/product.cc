#include "product.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "exchange.h"
#include "pki/cms.h"

namespace conformance {

namespace {

v1::Policy AutomaticPolicy(const std::string& name) {
  v1::Policy policy;
  policy.set_name(name);
  for (const char* kind : {"dns", "ip", "email", "uri"})
    policy.mutable_subject_alternative_name()->add_allowed_kinds(kind);
  for (const char* key : {"rsa-2048", "ecdsa-p256"}) policy.add_allowed_keys(key);
  policy.set_validity_days(30);
  for (const char* usage : {"digital_signature", "key_encipherment"}) policy.add_key_usage(usage);
  policy.add_extended_key_usage("client_auth");
  policy.set_with_key(v1::DECISION_ISSUE);
  policy.set_without_key(v1::DECISION_REFUSE);
  return policy;
}

}  // namespace

Product::Product(const std::vector<std::string>& engine_flags, const std::vector<std::string>& gateway_flags)
    : engine(engine_flags), admin(engine), gateway(engine, gateway_flags) {
  admin.CreateEntity("devices");
  admin.ApplyPolicy(AutomaticPolicy("automatic"));
  v1::Policy nameless = AutomaticPolicy("nameless");
  nameless.mutable_subject()->set_may_be_empty(true);
  admin.ApplyPolicy(nameless);
  v1::Policy renewable = AutomaticPolicy("renewable");
  renewable.mutable_renewal()->set_window_percent(100);
  admin.ApplyPolicy(renewable);
}

pki::Certificate Product::MakeCa(const std::string& name, const std::string& algorithm, const std::string& policy) {
  const pki::Certificate ca = admin.CreateCa(name, algorithm, policy);
  const auto is_served = [&] {
    const HttpReply reply = Get(gateway.port(), "/scep/" + name + "?operation=GetCACert");
    return reply.status == 200 && reply.body.find(ca.der()) != std::string::npos;
  };
  REQUIRE(support::Eventually(is_served));
  return ca;
}

Product& Shared() {
  static Product product;
  static const bool is_filled = [] {
    product.MakeCa("demo", "rsa-2048", "automatic");
    product.MakeCa("manual", "ecdsa-p256", "manual");
    product.MakeCa("elliptic", "ecdsa-p256", "automatic");
    product.MakeCa("keyless", "ecdsa-p256", "default");
    return true;
  }();
  REQUIRE(is_filled);
  return product;
}

std::vector<pki::Certificate> Published(const GatewayProgram& gateway, const std::string& ca) {
  const HttpReply reply = Get(gateway.port(), "/scep/" + ca + "?operation=GetCACert");
  REQUIRE(reply.status == 200);
  auto certificates = pki::ParseCertsOnly(reply.body);
  REQUIRE(certificates.has_value());
  REQUIRE(!certificates->empty());
  return *std::move(certificates);
}

}  // namespace conformance
