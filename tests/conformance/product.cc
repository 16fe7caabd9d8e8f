#include "product.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "exchange.h"
#include "pki/cms.h"
#include "tests/unit/pki/identity.h"

namespace conformance {

using pki::Bytes;
using testing::Must;

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

// LastVersion is what the last line of an event says of "version"; empty before the first.
std::string LastVersion(const std::string& log, const std::string& event) {
  const auto line = log.rfind("\"" + event + "\"");
  if (line == std::string::npos) return {};
  constexpr std::string_view kField = "\"version\":";
  const auto field = log.find(kField, line);
  if (field == std::string::npos) return {};
  const auto begin = field + kField.size();
  return log.substr(begin, log.find_first_not_of("0123456789", begin) - begin);
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
  v1::Policy forgiving = renewable;
  forgiving.set_name("forgiving");
  forgiving.mutable_renewal()->set_grace_days(2);
  admin.ApplyPolicy(forgiving);
}

pki::Certificate Product::MakeCa(const std::string& name, const std::string& algorithm, const std::string& policy) {
  v1::CreateCaRequest wish;
  wish.set_name(name);
  wish.set_key_algorithm(algorithm);
  wish.set_policy(policy);
  return Must(pki::Certificate::FromPem(MakeCa(wish).certificate_pem()));
}

v1::Ca Product::MakeCa(const v1::CreateCaRequest& wish) {
  const v1::Ca ca = admin.MakeCa(wish);
  const Bytes der = Must(pki::Certificate::FromPem(ca.certificate_pem())).der();
  const auto is_served = [&] {
    const HttpReply reply = Get(gateway.port(), "/scep/" + wish.name() + "?operation=GetCACert");
    return reply.status == 200 && reply.body.find(der) != std::string::npos;
  };
  REQUIRE(support::Eventually(is_served));
  return ca;
}

pki::Certificate Product::MakeCaAlone(const std::string& name, const std::string& policy) {
  v1::CreateCaRequest wish;
  wish.set_name(name);
  wish.set_key_algorithm("rsa-2048");
  wish.set_policy(policy);
  wish.set_registration_authority("none");
  return Must(pki::Certificate::FromPem(MakeCa(wish).certificate_pem()));
}

// The engine logs each version of its directory before it answers the change, and the gateway each one that it has.
template <class Change>
auto Product::Follow(Change change) {
  const std::string before = LastVersion(engine.output(), "directory_loaded");
  auto changed = change();
  REQUIRE(support::Eventually([&] {
    const std::string version = LastVersion(engine.output(), "directory_loaded");
    return version != before && LastVersion(gateway.log(), "ca_directory") == version;
  }));
  return changed;
}

void Product::SetOptions(const std::string& ca, const v1::CaOptions& options) {
  v1::UpdateCaRequest change;
  change.set_name(ca);
  *change.mutable_options() = options;
  Follow([&] { return admin.UpdateCa(change); });
}

void Product::SetStatus(const std::string& ca, const std::string& status) {
  v1::UpdateCaRequest change;
  change.set_name(ca);
  change.set_status(status);
  Follow([&] { return admin.UpdateCa(change); });
}

v1::Ca Product::Stage(const std::string& ca) {
  return Follow([&] { return admin.Stage(ca); });
}

v1::Ca Product::Activate(const std::string& ca) {
  return Follow([&] { return admin.Activate(ca); });
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
