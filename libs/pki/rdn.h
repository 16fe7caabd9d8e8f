#ifndef CERTIFIER_PKI_RDN_H
#define CERTIFIER_PKI_RDN_H

#include <string>
#include <string_view>
#include <vector>

#include "pki/bytes.h"
#include "pki/der.h"

namespace pki {

inline constexpr std::string_view kCommonNameOid = "2.5.4.3";

// RdnAttribute is one AttributeTypeAndValue; its value borrows from the name.
struct RdnAttribute {
  std::string oid;
  der::Tlv value;
};
using Rdn = std::vector<RdnAttribute>;

// ReadRdns takes a Name apart; malformed if it is none.
result::Result<std::vector<Rdn>> ReadRdns(ByteView name);

}  // namespace pki

#endif  // CERTIFIER_PKI_RDN_H
