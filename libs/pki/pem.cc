#include "pki/pem.h"

namespace pki {

std::string PemBlock(std::string_view label, ByteView der) {
  const std::string base64 = Base64(der);
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t i = 0; i < base64.size(); i += 64) text += base64.substr(i, 64) + "\n";
  return text + "-----END " + std::string(label) + "-----\n";
}

result::Result<std::vector<Bytes>> PemBlocks(std::string_view text, std::string_view label) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  std::vector<Bytes> blocks;
  for (auto at = text.find(begin); at != std::string_view::npos; at = text.find(begin)) {
    text.remove_prefix(at + begin.size());
    const auto stop = text.find(end);
    if (stop == std::string_view::npos) {
      return result::Fail(result::Reason::kMalformed, "a PEM block that does not end");
    }
    std::string base64;
    for (const char c : text.substr(0, stop)) {
      if (c != '\n' && c != '\r' && c != ' ' && c != '\t') base64 += c;
    }
    ASSIGN_OR_RETURN(Bytes octets, FromBase64(base64));
    blocks.push_back(std::move(octets));
    text.remove_prefix(stop + end.size());
  }
  return blocks;
}

}  // namespace pki
