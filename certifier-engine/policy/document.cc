#include "policy/document.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <functional>

#include "authority/object_name.h"
#include "policy/modules.h"
#include "policy/renewal.h"

namespace engine::policy {

namespace {

constexpr std::size_t kMostDescriptionOctets = 1000;
constexpr int kMostModules = 64;

Chain ReadChain(const certifier::v1::PolicyChain& document, std::string_view name, Faults& faults) {
  std::vector<Chain::Link> links;
  faults.Require(document.modules_size() <= kMostModules, std::string(name) + " has more than 64 modules");
  for (int i = 0; i < document.modules_size(); i++) {
    const certifier::v1::Module& module = document.modules(i);
    const std::string_view kind = NameOf(module);
    faults.SetPlace(std::string(name) + "[" + std::to_string(i + 1) + "]" + (kind.empty() ? "" : ".") +
                    std::string(kind) + ": ");
    // What is read where no chain runs that an attribute could speak to.
    faults.Require(!module.from_attributes().contains("rejection_releases_use"),
                   "from_attributes: rejection_releases_use is the same for every key");
    faults.Require(!module.has_require_signer() || module.from_attributes().empty(),
                   "from_attributes: when a certificate may be renewed is the same for every entity");
    links.push_back({kind, MakeModule(module, faults)});
  }
  faults.SetPlace("");
  return Chain(name, std::move(links));
}

std::optional<Chain> ReadOptionalChain(bool is_there, const certifier::v1::PolicyChain& document, std::string_view name,
                                       Faults& faults) {
  if (!is_there) return std::nullopt;
  return ReadChain(document, name, faults);
}

using Visit = std::function<void(const certifier::v1::Module&)>;

void ForEachModule(const certifier::v1::Policy& document, const Visit& visit) {
  for (const auto* chain : {&document.receive_request(), &document.accept_request(), &document.view_request(),
                            &document.update_request()}) {
    for (const auto& module : chain->modules()) visit(module);
  }
}

void ReadNeeds(const certifier::v1::Policy& document, Policy& policy) {
  ForEachModule(document, [&](const certifier::v1::Module& module) {
    Needs& needs = policy.needs;
    needs.active_certificates = needs.active_certificates || module.has_active_certificate_limit();
    needs.key_use = needs.key_use || module.has_unique_key();
    if (module.has_request_rate_limit()) {
      // An attribute may ask for more than the module says.
      const bool is_from_attribute = module.from_attributes().contains("max");
      needs.recent_requests =
          std::max(needs.recent_requests, is_from_attribute ? kMostRecentRequests : module.request_rate_limit().max());
    }
    policy.asks_webhook = policy.asks_webhook || module.has_webhook();
  });
}

void ReadReceiving(const certifier::v1::Policy& document, Policy& policy) {
  Faults ignored;  // The chain has reported them.
  for (const auto& module : document.receive_request().modules()) {
    if (module.has_require_signer()) policy.renewal_rules.push_back(ReadRenewalRule(module.require_signer(), ignored));
    if (module.has_require_key()) {
      policy.rejection_releases_use = policy.rejection_releases_use || module.require_key().rejection_releases_use();
    }
  }
}

// A policy that could accept, and would then always fail for want of a field, is one that nobody means.
void CheckTemplate(const certifier::v1::Policy& document, Faults& faults) {
  const auto& accepting = document.accept_request().modules();
  const bool accepts = std::ranges::any_of(accepting, [](const auto& module) { return !module.has_deny(); });
  bool sets_validity = false, sets_key_usage = false;
  ForEachModule(document, [&](const certifier::v1::Module& module) {
    sets_validity = sets_validity || module.has_set_validity();
    sets_key_usage = sets_key_usage || module.has_set_key_usage();
  });
  faults.Require(!accepts || sets_validity, "accept_request has no set_validity, so nothing could be issued");
  faults.Require(!accepts || sets_key_usage, "accept_request has no set_key_usage, so nothing could be issued");
}

}  // namespace

result::Result<Policy> FromProto(const certifier::v1::Policy& document) {
  Policy policy;
  Faults faults;
  policy.name = document.name();
  faults.Require(authority::IsObjectName(document.name()), "name is not 1 to 64 characters of [A-Za-z0-9._-]");
  faults.Require(document.description().size() <= kMostDescriptionOctets, "description has more than 1000 octets");
  policy.receive_request = ReadChain(document.receive_request(), "receive_request", faults);
  policy.accept_request = ReadChain(document.accept_request(), "accept_request", faults);
  policy.view_request = ReadOptionalChain(document.has_view_request(), document.view_request(), "view_request", faults);
  policy.update_request =
      ReadOptionalChain(document.has_update_request(), document.update_request(), "update_request", faults);
  CheckTemplate(document, faults);
  ReadReceiving(document, policy);
  ReadNeeds(document, policy);
  if (!faults.text().empty()) return result::Fail(result::Reason::kMalformed, faults.text());
  return policy;
}

result::Result<std::string> ToJson(const certifier::v1::Policy& document) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(document, &json, options).ok()) {
    return result::Fail(result::Reason::kInternal, "a policy could not be written as JSON");
  }
  return json;
}

result::Result<certifier::v1::Policy> FromJson(const std::string& json) {
  certifier::v1::Policy document;
  if (!google::protobuf::util::JsonStringToMessage(json, &document).ok()) {
    return result::Fail(result::Reason::kMalformed, "a stored policy is not the JSON of certifier.v1.Policy");
  }
  return document;
}

}  // namespace engine::policy
