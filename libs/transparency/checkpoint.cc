#include "transparency/checkpoint.h"

#include <algorithm>
#include <charconv>

namespace transparency {

namespace {

using result::Fail;
using result::Reason;

result::Result<std::vector<std::string_view>> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == 0 || end == std::string_view::npos) {
      return Fail(Reason::kMalformed, "a checkpoint with an empty line or one without its end");
    }
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (lines.size() < 3) return Fail(Reason::kMalformed, "a checkpoint of fewer than three lines");
  return lines;
}

result::Result<std::uint64_t> ParseSize(std::string_view text) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || std::to_string(size) != text || size >= kTreeSizeLimit) {
    return Fail(Reason::kMalformed, "not a size of a tree");
  }
  return size;
}

result::Result<Hash> ParseRoot(std::string_view text) {
  ASSIGN_OR_RETURN(const pki::Bytes octets, pki::FromBase64(text));
  if (octets.size() != sizeof(Hash) || pki::Base64(octets) != text) {
    return Fail(Reason::kMalformed, "not a root hash");
  }
  Hash root;
  std::copy(octets.begin(), octets.end(), root.begin());
  return root;
}

}  // namespace

result::Result<Checkpoint> ParseCheckpoint(std::string_view text) {
  ASSIGN_OR_RETURN(const auto lines, Lines(text));
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  ASSIGN_OR_RETURN(checkpoint.head.size, ParseSize(lines[1]));
  ASSIGN_OR_RETURN(checkpoint.head.root, ParseRoot(lines[2]));
  checkpoint.extensions.assign(lines.begin() + 3, lines.end());
  return checkpoint;
}

result::Result<std::string> WriteCheckpoint(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + '\n' + std::to_string(checkpoint.head.size) + '\n' +
                     pki::Base64(View(checkpoint.head.root)) + '\n';
  for (const std::string& line : checkpoint.extensions) text += line + '\n';
  ASSIGN_OR_RETURN(const Checkpoint read, ParseCheckpoint(text));
  if (read != checkpoint) return Fail(Reason::kMalformed, "a line of a checkpoint with a line end in it");
  return text;
}

result::Result<std::string> SignCheckpoint(const Checkpoint& checkpoint, const SignerKey& key) {
  ASSIGN_OR_RETURN(const std::string text, WriteCheckpoint(checkpoint));
  return key.Sign(text);
}

result::Result<Checkpoint> OpenCheckpoint(std::string_view note, std::string_view origin,
                                          std::span<const VerifierKey> known) {
  ASSIGN_OR_RETURN(const std::string text, OpenNote(note, known));
  ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(text));
  if (checkpoint.origin != origin) return Fail(Reason::kBadMessageCheck, "a checkpoint of another log");
  return checkpoint;
}

}  // namespace transparency
