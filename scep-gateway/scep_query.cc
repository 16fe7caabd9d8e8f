#include "scep_query.h"

#include <algorithm>
#include <array>

#include "ascii.h"

namespace gateway {
namespace {

constexpr std::array kOperations = {Operation::kGetCaCaps, Operation::kGetCaCert, Operation::kGetCaCertChain,
                                    Operation::kGetNextCaCert, Operation::kPkiOperation};
// What Cisco IOS appends to any enrolment URL.
constexpr std::string_view kIgnoredSegment = "pkiclient.exe";

// SplitPath returns the segments that are not empty, decoded; one that does not decode stays as it is.
std::vector<std::string> SplitPath(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    if (!segment.empty()) segments.push_back(PercentDecode(segment).value_or(std::string(segment)));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return segments;
}

bool StartsWith(const std::vector<std::string>& segments, const std::vector<std::string>& prefix) {
  return prefix.size() <= segments.size() &&
         std::equal(prefix.begin(), prefix.end(), segments.begin(), EqualsIgnoringCase);
}

std::string ProfileIn(const std::vector<std::string>& segments, std::size_t prefix_length) {
  if (segments.size() <= prefix_length || EqualsIgnoringCase(segments[prefix_length], kIgnoredSegment)) return {};
  return std::string(Trim(segments[prefix_length]));
}

struct Parameter {
  std::string_view name, value;
};

std::vector<Parameter> SplitQuery(std::string_view query) {
  std::vector<Parameter> parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    const std::size_t equals = std::min(part.find('='), part.size());
    parameters.push_back({part.substr(0, equals), part.substr(std::min(equals + 1, part.size()))});
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return parameters;
}

std::optional<std::string_view> Find(const std::vector<Parameter>& parameters, std::string_view name) {
  const auto exact = [&](const Parameter& parameter) { return parameter.name == name; };
  const auto similar = [&](const Parameter& parameter) { return EqualsIgnoringCase(parameter.name, name); };
  auto found = std::find_if(parameters.begin(), parameters.end(), exact);
  if (found == parameters.end()) found = std::find_if(parameters.begin(), parameters.end(), similar);
  if (found == parameters.end()) return std::nullopt;
  return found->value;
}

// IsOneElement tells whether `octets` are one SEQUENCE, definite or not, with nothing but zeros and line ends behind it
// (requirements H-22, H-24). It judges the length only; the CMS parser does the rest.
bool IsOneElement(std::string_view octets) {
  if (octets.size() < 2 || octets[0] != 0x30) return false;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(octets[i]); };
  if (at(1) == 0x80) return true;
  std::uint64_t length = at(1);
  std::size_t header = 2;
  if (length > 0x80) {
    header += length & 0x7f;
    if (header > 6 || header > octets.size()) return false;
    length = 0;
    for (std::size_t i = 2; i < header; ++i) length = length << 8 | at(i);
  }
  if (length > octets.size() - header) return false;
  const std::string_view behind = octets.substr(header + static_cast<std::size_t>(length));
  return behind.find_first_not_of(std::string_view("\0\r\n", 3)) == std::string_view::npos;
}

// NormaliseBase64 turns what is left after percent-decoding into the standard alphabet without padding or line ends.
// `space` is what a space stands for: a plus that somebody decoded, or, as 0, nothing.
std::string NormaliseBase64(std::string_view text, char space) {
  std::string normal;
  normal.reserve(text.size());
  for (char c : text) {
    if (c == '\r' || c == '\n' || c == '\t' || c == '=') continue;
    if (c == '-') c = '+';
    if (c == '_') c = '/';
    if (c == ' ') c = space;
    if (c != '\0') normal.push_back(c);
  }
  return normal;
}

result::Result<pki::Bytes> DecodeBase64Message(std::string_view text) {
  for (const char space : {'+', '\0'}) {
    auto octets = pki::FromBase64(NormaliseBase64(text, space));
    if (octets && IsOneElement(*octets)) return octets;
  }
  return result::Fail(result::Reason::kMalformed, "message is not the base64 of one element");
}

bool IsBase64Text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return is_letter || (c >= '0' && c <= '9') || std::string_view("+/-_= \t\r\n").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string_view ToString(Operation operation) {
  switch (operation) {
    case Operation::kGetCaCaps:
      return "GetCACaps";
    case Operation::kGetCaCert:
      return "GetCACert";
    case Operation::kGetCaCertChain:
      return "GetCACertChain";
    case Operation::kGetNextCaCert:
      return "GetNextCACert";
    case Operation::kPkiOperation:
      return "PKIOperation";
  }
  return "unknown";
}

std::optional<Operation> OperationFromString(std::string_view name) {
  for (const Operation operation : kOperations) {
    if (EqualsIgnoringCase(name, ToString(operation))) return operation;
  }
  return std::nullopt;
}

std::vector<std::string> DefaultPaths() {
  return {"/scep",
          "/cgi-bin/pkiclient.exe",
          "/certsrv/mscep/mscep.dll",
          "/ejbca/publicweb/apply/scep",
          "/app/cert/scep",
          "/cert/scep"};
}

std::optional<ScepQuery> ParseScepTarget(std::string_view target, const std::vector<std::string>& paths) {
  const std::size_t question = std::min(target.find('?'), target.size());
  const auto segments = SplitPath(target.substr(0, question));
  const auto parameters = SplitQuery(target.substr(std::min(question + 1, target.size())));
  for (const std::string& path : paths) {
    const auto prefix = SplitPath(path);
    if (!StartsWith(segments, prefix)) continue;
    ScepQuery query;
    query.profile = ProfileIn(segments, prefix.size());
    if (const auto operation = Find(parameters, "operation")) {
      query.operation = PercentDecode(*operation).value_or(std::string(*operation));
    }
    query.message = Find(parameters, "message").value_or(std::string_view());
    return query;
  }
  return std::nullopt;
}

std::string DecodeIdentifier(std::string_view raw_message) {
  const std::string decoded = PercentDecode(raw_message).value_or(std::string(raw_message));
  return std::string(Trim(decoded));
}

result::Result<pki::Bytes> DecodeMessageParameter(std::string_view raw_message) {
  auto text = PercentDecode(raw_message);
  if (text && text->find('%') != std::string::npos) text = PercentDecode(*text);
  if (!text) return result::Fail(result::Reason::kMalformed, "broken percent escape in message");
  return DecodeBase64Message(*text);
}

pki::Bytes DecodeMessageBody(pki::Bytes body) {
  if (body.empty() || body.front() == 0x30 || !IsBase64Text(body)) return body;
  auto decoded = DecodeBase64Message(body);
  return decoded ? *std::move(decoded) : body;
}

}  // namespace gateway
