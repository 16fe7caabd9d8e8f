#ifndef CERTIFIER_ENGINE_POLICY_EXTENSION_KINDS_H
#define CERTIFIER_ENGINE_POLICY_EXTENSION_KINDS_H

#include <google/protobuf/repeated_field.h>

#include <string>
#include <string_view>
#include <vector>

#include "policy/faults.h"

namespace engine::policy {

// How many URLs of a kind a template holds.
inline constexpr std::size_t kMostUrls = 8;

// IsOid tells whether `text` is a dotted OID in its one spelling: "1.2.3" is, "1.2.03" is not.
bool IsOid(std::string_view text);

// MayBeCopied tells whether an extension of this kind may come from a request or an operator's edit: those that say
// what a certificate may do, whose it is or who issued it (RFC 5280 sections 4.2.1 and 4.2.2) may not; a template has
// fields for them, or nobody may set them.
bool MayBeCopied(std::string_view oid);

// ReadOids checks a list of dotted OIDs, at most 64.
std::vector<std::string> ReadOids(const google::protobuf::RepeatedPtrField<std::string>& oids,
                                  std::string_view parameter, Faults& faults);

// ReadUrls checks a list of URLs: at most kMostUrls, http, https or ldap, of at most 1000 octets of printable ASCII
// each.
std::vector<std::string> ReadUrls(const google::protobuf::RepeatedPtrField<std::string>& urls,
                                  std::string_view parameter, Faults& faults);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_EXTENSION_KINDS_H
