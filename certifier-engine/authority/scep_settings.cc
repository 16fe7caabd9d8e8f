#include "authority/scep_settings.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "authority/object_name.h"
#include "pki/network.h"
#include "service/address_list.h"

namespace engine::authority {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kMostAddresses = 16;
constexpr std::size_t kMostNameCharacters = 253;
constexpr std::size_t kMostLabelCharacters = 63;
constexpr std::size_t kMostReportedListen = 1000;
constexpr std::size_t kMostGatewayName = 256;
// Of a gateway whose configuration says nothing.
constexpr std::string_view kDefaultPort = "8080";

struct HostAndPort {
  std::string_view host;  // With its brackets.
  std::string_view port;  // Empty: none.
};

HostAndPort Split(std::string_view text) {
  const std::size_t end = text.starts_with('[') ? text.find(']') : 0;
  const std::size_t colon = end == std::string_view::npos ? end : text.find(':', end);
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool IsPort(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && text[0] != '0' && port >= 1 && port <= 65535;
}

bool IsNumericHost(std::string_view host) {
  const bool has_brackets = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  const auto octets = pki::ParseIpAddress(has_brackets ? host.substr(1, host.size() - 2) : host);
  return octets && (octets->size() == 16) == has_brackets;
}

bool IsLabel(std::string_view label) {
  const auto is_allowed = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !label.empty() && label.size() <= kMostLabelCharacters && std::ranges::all_of(label, is_allowed) &&
         !label.starts_with('-') && !label.ends_with('-');
}

bool IsDnsName(std::string_view name) {
  if (name.empty() || name.size() > kMostNameCharacters) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    if (!IsLabel(name.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

result::Result<void> CheckListen(std::string_view listen) {
  if (listen.empty()) return {};
  std::vector<std::string> addresses;
  for (std::string& address : service::SplitAddresses(listen)) {
    const auto [host, port] = Split(address);
    if (!IsNumericHost(host) || !IsPort(port)) {
      return Fail(Reason::kMalformed,
                  "listen takes HOST:PORT, such as 0.0.0.0:8080 or [::]:8080, with a numeric HOST "
                  "and a PORT of 1 to 65535; several are separated by commas");
    }
    if (std::ranges::find(addresses, address) != addresses.end()) {
      return Fail(Reason::kMalformed, "listen names an address twice");
    }
    if (addresses.size() == kMostAddresses) {
      return Fail(Reason::kMalformed, "listen takes at most " + std::to_string(kMostAddresses) + " addresses");
    }
    addresses.push_back(std::move(address));
  }
  return {};
}

result::Result<void> CheckDomainName(std::string_view domain_name) {
  if (domain_name.empty()) return {};
  const auto [host, port] = Split(domain_name);
  const bool has_port = host.size() < domain_name.size();
  if ((IsNumericHost(host) || IsDnsName(host)) && (!has_port || IsPort(port))) return {};
  return Fail(Reason::kMalformed, "a domain name is a DNS name or an address, perhaps with a port: pki.example:8080");
}

std::string_view PortOf(std::string_view listen) {
  return Split(listen.substr(0, listen.find(','))).port;
}

}  // namespace

result::Result<void> CheckScepServiceChange(const store::ScepServiceChange& change) {
  const bool is_change =
      change.description || change.is_active || change.listen || change.domain_name || change.allowed_operations;
  if (!is_change) return Fail(Reason::kMalformed, "nothing to change");
  if (change.listen) RETURN_IF_ERROR(CheckListen(*change.listen));
  if (change.domain_name) RETURN_IF_ERROR(CheckDomainName(*change.domain_name));
  return {};
}

result::Result<void> CheckGatewayReport(const store::GatewayReport& report) {
  if (report.gateway.empty() || report.gateway.size() > kMostGatewayName) {
    return Fail(Reason::kMalformed, "the gateway's certificate has no usable commonName");
  }
  const bool is_printable = std::ranges::all_of(report.listen, [](char c) { return c > ' ' && c <= '~'; });
  if (IsObjectName(report.instance) && report.applied_version >= 1 && is_printable &&
      report.listen.size() <= kMostReportedListen) {
    return {};
  }
  return Fail(Reason::kMalformed, "no report of a gateway");
}

std::string EnrollmentUrl(const store::ScepServiceState& state) {
  const std::string& domain_name = state.settings.domain_name;
  if (domain_name.empty()) return {};
  std::string url = "http://" + domain_name;
  if (Split(domain_name).port.empty()) {
    std::string_view port = PortOf(state.settings.listen);
    if (port.empty() && !state.gateways.empty()) port = PortOf(state.gateways.front().listen);
    if (port.empty()) port = kDefaultPort;
    if (port != "80") url += ":" + std::string(port);
  }
  return url + "/scep/{ca}";
}

}  // namespace engine::authority
