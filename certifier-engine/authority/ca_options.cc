#include "authority/ca_options.h"

#include <google/protobuf/util/json_util.h>

namespace engine::authority {

namespace {

using certifier::v1::CaOptions;
using result::Fail;
using result::Reason;

constexpr std::uint32_t kLeastSignerBits = 1024, kMostSignerBits = 4096, kMostSkewSeconds = 31'536'000,
                        kMostDays = 3650;

CaOptions Defaults() {
  CaOptions options;
  options.set_strict_ca_identifier(false);
  options.set_ca_only_chain(certifier::v1::CA_ONLY_CHAIN_SINGLE);
  options.set_chain(certifier::v1::CHAIN_FULL);
  options.set_reply_chain(certifier::v1::REPLY_CHAIN_LEAF);
  options.set_legacy_md5(false);
  options.set_legacy_des(false);
  options.set_sha1(true);
  options.set_des3(true);
  options.set_min_signer_bits(kLeastSignerBits);
  options.set_max_skew(0);
  options.set_fail_info_text(false);
  options.set_enforce_signer_key(true);
  options.set_enforce_signer_subject(false);
  options.set_renewal(true);
  options.set_type19_as_renewal(true);
  options.set_txid_collision(certifier::v1::TRANSACTION_ID_COLLISION_SEPARATE);
  options.set_pending_ttl_days(0);
  options.set_retention_days(0);
  options.set_getcert(true);
  options.set_getcrl(true);
  options.set_getcert_access(certifier::v1::GET_CERT_ACCESS_HOLDERS);
  options.set_empty_reply_content(false);
  options.set_public_url("");
  return options;
}

result::Result<CaOptions> Parse(const std::string& json) {
  CaOptions options;
  if (!google::protobuf::util::JsonStringToMessage(json, &options).ok()) {
    return Fail(Reason::kInternal, "the stored options cannot be read");
  }
  return options;
}

// IsKnown tells whether every enum has a value that this version knows and that means something.
bool IsKnown(const CaOptions& options) {
  const auto* const reflection = CaOptions::GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(options, &fields);
  for (const auto* const field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_ENUM) continue;
    const int value = reflection->GetEnumValue(options, field);
    if (value == 0 || field->enum_type()->FindValueByNumber(value) == nullptr) return false;
  }
  return true;
}

// IsPublicUrl tells whether paths can be put behind `url` and the whole written into certificates: http or https, a
// host, perhaps a port and a path, all of them unreserved ASCII (RFC 3986 section 2.3), no '/' at the end.
bool IsPublicUrl(std::string_view url) {
  constexpr std::size_t kMostOctets = 255;
  if (url.size() > kMostOctets) return false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view rest = url.substr(scheme.size());
    constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/[]";
    return !rest.empty() && rest.front() != '/' && rest.front() != ':' && rest.back() != '/' &&
           rest.find("//") == std::string_view::npos && rest.find_first_not_of(kAllowed) == std::string_view::npos;
  }
  return false;
}

bool IsWithin(std::uint32_t value, std::uint32_t least, std::uint32_t most) {
  return least <= value && value <= most;
}

result::Result<void> Check(const CaOptions& options) {
  std::string faults;
  const auto require = [&](bool holds, std::string_view fault) {
    if (!holds) faults += (faults.empty() ? "" : "; ") + std::string(fault);
  };
  require(IsKnown(options), "an option has a value that is none of its own");
  require(IsWithin(options.min_signer_bits(), kLeastSignerBits, kMostSignerBits), "min_signer_bits is 1024 to 4096");
  require(options.max_skew() <= kMostSkewSeconds, "max_skew is at most 31536000 seconds");
  require(options.pending_ttl_days() <= kMostDays, "pending_ttl_days is at most 3650");
  require(options.retention_days() <= kMostDays, "retention_days is at most 3650");
  require(options.public_url().empty() || IsPublicUrl(options.public_url()),
          "public_url is http:// or https://, a host and perhaps a path, without '/' at its end, at most 255 octets");
  if (faults.empty()) return {};
  return Fail(Reason::kMalformed, std::move(faults));
}

}  // namespace

result::Result<CaOptions> ReadOptions(const std::string& json) {
  ASSIGN_OR_RETURN(const CaOptions kept, Parse(json));
  CaOptions options = Defaults();
  options.MergeFrom(kept);
  return options;
}

result::Result<std::string> ChangedOptions(const std::string& json, const CaOptions& change,
                                           const google::protobuf::RepeatedPtrField<std::string>& reset) {
  ASSIGN_OR_RETURN(CaOptions kept, Parse(json));
  for (const std::string& name : reset) {
    const auto* const field = CaOptions::GetDescriptor()->FindFieldByName(name);
    if (field == nullptr) return Fail(Reason::kMalformed, "no option is named " + name);
    CaOptions::GetReflection()->ClearField(&kept, field);
  }
  kept.MergeFrom(change);
  CaOptions whole = Defaults();
  whole.MergeFrom(kept);
  RETURN_IF_ERROR(Check(whole));
  google::protobuf::util::JsonPrintOptions print;
  print.preserve_proto_field_names = true;
  std::string changed;
  if (!google::protobuf::util::MessageToJsonString(kept, &changed, print).ok()) {
    return Fail(Reason::kInternal, "the options cannot be written");
  }
  return changed;
}

}  // namespace engine::authority
