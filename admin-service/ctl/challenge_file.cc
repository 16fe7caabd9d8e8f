#include "ctl/challenge_file.h"

#include <fstream>
#include <iostream>

namespace ctl {

namespace {

using result::Fail;
using result::Reason;

// Octets of a challenge (requirements P-12), and of a line end behind it.
constexpr std::size_t kMaxChallenge = 255, kMaxLineEnd = 2;

result::Result<pki::Secret> ReadLine(std::istream& stream, const std::string& place) {
  pki::Bytes text(kMaxChallenge + kMaxLineEnd + 1, '\0');
  const bool is_read = stream && stream.read(text.data(), static_cast<std::streamsize>(text.size())).eof();
  text.resize(static_cast<std::size_t>(stream.gcount()));
  text.erase(text.find_last_not_of("\r\n") + 1);
  pki::Secret challenge(std::move(text));
  if (!is_read) return Fail(Reason::kMalformed, "cannot read a challenge of at most 255 octets from " + place);
  const pki::ByteView octets = challenge.Reveal();
  if (octets.empty() || octets.find_first_of("\r\n") != pki::ByteView::npos) {
    return Fail(Reason::kMalformed, place + " must hold one line, the challenge");
  }
  return challenge;
}

}  // namespace

result::Result<pki::Secret> ReadChallenge(const std::string& path) {
  if (path == "-") return ReadLine(std::cin, "standard input");
  std::ifstream file(path, std::ios::binary);
  return ReadLine(file, path);
}

}  // namespace ctl
