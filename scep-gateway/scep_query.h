#ifndef CERTIFIER_SCEP_GATEWAY_SCEP_QUERY_H
#define CERTIFIER_SCEP_GATEWAY_SCEP_QUERY_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pki/bytes.h"

namespace gateway {

// Operation is what a client asks for (requirements H-11); kGetCaCertChain is the alias of drafts before 19.
enum class Operation { kGetCaCaps, kGetCaCert, kGetCaCertChain, kGetNextCaCert, kPkiOperation };

// "GetCACaps" ...
std::string_view ToString(Operation operation);
// OperationFromString reads a name in any case; nothing for one that is none of ours.
std::optional<Operation> OperationFromString(std::string_view name);

// ScepQuery is a request-target taken apart.
struct ScepQuery {
  std::string profile;                   // Path segment behind the prefix, decoded; empty if there is none.
  std::optional<std::string> operation;  // Decoded; nothing if the parameter is absent.
  std::string message;                   // As it stands in the query, nothing decoded.
};

// DefaultPaths are the prefixes of requirements H-01.
std::vector<std::string> DefaultPaths();

// ParseScepTarget takes a raw target apart (requirements H-01, H-02, H-10): whatever follows the profile is ignored,
// and "pkiclient.exe" is no profile. Only "&" separates parameters, the first of a name counts, one spelt exactly
// before one in another case. Nothing if the path lies under none of `paths`.
std::optional<ScepQuery> ParseScepTarget(std::string_view target, const std::vector<std::string>& paths);

// DecodeIdentifier reads the CA identifier that `message` holds for operations other than PKIOperation: decoded and
// trimmed; one that does not decode is returned as it is, since it names no CA anyway.
std::string DecodeIdentifier(std::string_view raw_message);

// DecodeMessageParameter reads the base64 of a GET in every spelling that clients and proxies send (requirements H-21,
// H-22). Malformed if no reading of it gives one DER or BER element.
result::Result<pki::Bytes> DecodeMessageParameter(std::string_view raw_message);

// DecodeMessageBody returns the body of a POST, decoded if it is base64 text and no binary message (requirements H-30).
pki::Bytes DecodeMessageBody(pki::Bytes body);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SCEP_QUERY_H
