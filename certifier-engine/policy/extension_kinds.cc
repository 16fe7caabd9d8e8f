#include "policy/extension_kinds.h"

#include <algorithm>
#include <array>

#include "pki/der.h"

namespace engine::policy {

namespace {

constexpr int kMostOids = 64;
constexpr std::size_t kMostUrlOctets = 1000;

// id-ce holds every extension of RFC 5280 section 4.2.1, and what its successors add; id-pe those of section 4.2.2,
// such as authorityInfoAccess and the ones that limit what a proxy or an address holder may do.
constexpr std::string_view kCertificateExtensions = "2.5.29.", kPrivateExtensions = "1.3.6.1.5.5.7.1.";
// Of id-pe, what only asks more of the holder: TLS features (RFC 7633).
constexpr std::string_view kTlsFeature = "1.3.6.1.5.5.7.1.24";

// Elsewhere, and of the same kind: OCSP's noCheck, which lets nobody ask whether a certificate was revoked (RFC 6960
// section 4.2.2.2.1); Microsoft's application policies, their mappings and constraints, which Windows heeds in place of
// the extended key usage; and Netscape's certificate type.
constexpr std::array<std::string_view, 5> kOthers = {"1.3.6.1.5.5.7.48.1.5", "1.3.6.1.4.1.311.21.10",
                                                     "1.3.6.1.4.1.311.21.11", "1.3.6.1.4.1.311.21.12",
                                                     "2.16.840.1.113730.1.1"};

bool IsUrl(const std::string& url) {
  const bool is_known = url.starts_with("http://") || url.starts_with("https://") || url.starts_with("ldap://");
  return is_known && url.size() <= kMostUrlOctets &&
         std::ranges::all_of(url, [](char octet) { return octet > ' ' && octet < '\x7f'; });
}

}  // namespace

bool IsOid(std::string_view text) {
  const auto oid = pki::der::EncodeOid(text);
  if (!oid) return false;
  const auto read = pki::der::ReadOnly(*oid, pki::der::kObjectIdentifier);
  return read && pki::der::OidToString(read->value) == text;
}

bool MayBeCopied(std::string_view oid) {
  if (!IsOid(oid)) return false;
  if (oid == kTlsFeature) return true;
  if (std::ranges::find(kOthers, oid) != kOthers.end()) return false;
  return !oid.starts_with(kCertificateExtensions) && !oid.starts_with(kPrivateExtensions);
}

std::vector<std::string> ReadOids(const google::protobuf::RepeatedPtrField<std::string>& oids,
                                  std::string_view parameter, Faults& faults) {
  const std::string name(parameter);
  faults.Require(oids.size() <= kMostOids, name + " has more than 64 entries");
  std::vector<std::string> read;
  for (const auto& oid : oids) {
    faults.Require(IsOid(oid), name + ": \"" + oid + "\" is no dotted OID");
    read.push_back(oid);
  }
  return read;
}

std::vector<std::string> ReadUrls(const google::protobuf::RepeatedPtrField<std::string>& urls,
                                  std::string_view parameter, Faults& faults) {
  const std::string name(parameter);
  faults.Require(static_cast<std::size_t>(urls.size()) <= kMostUrls, name + " has more than 8 entries");
  std::vector<std::string> read;
  for (const auto& url : urls) {
    faults.Require(IsUrl(url), name + ": \"" + url + "\" is no http, https or ldap URL");
    read.push_back(url);
  }
  return read;
}

}  // namespace engine::policy
