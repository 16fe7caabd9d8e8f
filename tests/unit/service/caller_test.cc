#include "service/caller.h"

#include <catch2/catch.hpp>

#include "pki/der.h"
#include "pki/key.h"

using pki::GeneralName;
using service::Role;

namespace {

// RoleIn is the role in a certificate with these alternative names, one extension for each list.
std::optional<Role> RoleIn(const std::vector<std::vector<GeneralName>>& lists) {
  static const auto key = *pki::PrivateKey::Generate("ecdsa-p256");
  const pki::Bytes name = pki::Name::FromString("CN=host")->der();
  pki::TbsCertificate tbs{*pki::RandomSerialNumber(), name, name, {}, {}, key->public_key().spki(), {}};
  for (const auto& names : lists) {
    tbs.extensions.push_back({std::string(pki::kSubjectAlternativeNameOid), false, *pki::EncodeGeneralNames(names)});
  }
  const auto encoding = *pki::SignCertificate(tbs, *key, pki::DigestAlgorithm::kSha256);
  return service::RoleOf(*pki::Certificate::Parse(encoding));
}

GeneralName Uri(const std::string& value) {
  return {"uri", value};
}

}  // namespace

TEST_CASE("every role has a name and a URI, and is read from them", "[caller]") {
  const auto [role, name] = GENERATE(table<Role, std::string>({{Role::kGateway, "gateway"},
                                                               {Role::kEngine, "engine"},
                                                               {Role::kAdmin, "admin"},
                                                               {Role::kOperator, "operator"}}));
  CHECK(ToString(role) == name);
  CHECK(service::RoleFromString(name) == role);
  CHECK(service::RoleUri(role) == "urn:certifier:role:" + name);
  CHECK(service::RoleFromUri(service::RoleUri(role)) == role);
}

TEST_CASE("what is no role's name or URI is none", "[caller]") {
  for (const char* uri :
       {"", "gateway", "urn:certifier:role:", "urn:certifier:role:Gateway", "urn:certifier:role:gateway ",
        "URN:certifier:role:gateway", "urn:certifier:role:root", " urn:certifier:role:gateway"}) {
    CAPTURE(uri);
    CHECK_FALSE(service::RoleFromUri(uri).has_value());
  }
  CHECK_FALSE(service::RoleFromString("").has_value());
}

TEST_CASE("a certificate's role is its role URI, beside other names", "[caller]") {
  CHECK(RoleIn({{{"dns", "host"}, Uri("urn:certifier:role:gateway"), Uri("urn:other")}}) == Role::kGateway);
}

TEST_CASE("a certificate without a role URI has no role", "[caller]") {
  CHECK_FALSE(RoleIn({}).has_value());
  CHECK_FALSE(RoleIn({{{"dns", "urn:certifier:role:gateway"}}}).has_value());
  CHECK_FALSE(RoleIn({{{"email", "urn:certifier:role:gateway"}, Uri("urn:other")}}).has_value());
}

TEST_CASE("a certificate with two roles, or one that is unknown, has none", "[caller]") {
  CHECK_FALSE(RoleIn({{Uri("urn:certifier:role:gateway"), Uri("urn:certifier:role:admin")}}).has_value());
  CHECK_FALSE(RoleIn({{Uri("urn:certifier:role:gateway"), Uri("urn:certifier:role:gateway")}}).has_value());
  CHECK_FALSE(RoleIn({{Uri("urn:certifier:role:gateway")}, {Uri("urn:certifier:role:admin")}}).has_value());
  CHECK_FALSE(RoleIn({{Uri("urn:certifier:role:gateway"), Uri("urn:certifier:role:root")}}).has_value());
  CHECK_FALSE(RoleIn({{Uri("urn:certifier:role:root"), Uri("urn:certifier:role:gateway")}}).has_value());
}
