#include "product.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "exchange.h"
#include "pki/cms.h"
#include "support/policy_documents.h"
#include "tests/unit/pki/identity.h"

namespace conformance {

using pki::Bytes;
using testing::Must;

namespace {

support::PolicyWish Automatic(const std::string& name) {
  support::PolicyWish wish;
  wish.name = name;
  wish.without_key = v1::VERDICT_DENY;
  wish.days = 30;
  return wish;
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
  admin.ApplyPolicy(support::PolicyDocument(Automatic("automatic")));
  auto nameless = Automatic("nameless");
  nameless.subject_may_be_empty = true;
  admin.ApplyPolicy(support::PolicyDocument(nameless));
  auto renewable = Automatic("renewable");
  renewable.renewal.set_window_percent(100);
  admin.ApplyPolicy(support::PolicyDocument(renewable));
  auto forgiving = renewable;
  forgiving.name = "forgiving";
  forgiving.renewal.set_grace_days(2);
  admin.ApplyPolicy(support::PolicyDocument(forgiving));
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
