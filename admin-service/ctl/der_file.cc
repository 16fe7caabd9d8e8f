#include "ctl/der_file.h"

#include <fstream>

#include "pki/pem.h"

namespace ctl {

namespace {

constexpr std::size_t kMostOctets = 64 * 1024;

result::Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostOctets + 1, '\0');
  if (!file || !file.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
    return result::Fail(result::Reason::kMalformed, path + ": it cannot be read, or is longer than 64 KiB");
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

result::Result<pki::Bytes> DerIn(const std::string& text, std::initializer_list<std::string_view> labels) {
  if (text.find("-----BEGIN ") == std::string::npos) return text;
  for (const std::string_view label : labels) {
    ASSIGN_OR_RETURN(auto blocks, pki::PemBlocks(text, label));
    if (!blocks.empty()) return std::move(blocks.front());
  }
  return result::Fail(result::Reason::kMalformed, "there is no PEM block of " + std::string(*labels.begin()));
}

result::Result<pki::Bytes> ReadDerFile(const std::string& path, std::initializer_list<std::string_view> labels) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  auto der = DerIn(text, labels);
  if (!der) return result::Wrap(path, std::move(der).error());
  return der;
}

}  // namespace ctl
