#include "transparency/note.h"

#include <algorithm>
#include <optional>

#include "pki/digest.h"

namespace transparency {

namespace {

using pki::Bytes;
using result::Fail;
using result::Reason;

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space.
constexpr char kEd25519 = '\x01';
constexpr std::size_t kKeyHashLength = 4;

// TakeCharacter takes one code point of UTF-8 (RFC 3629) off the front of a text that is not empty; nothing if there is
// none.
std::optional<char32_t> TakeCharacter(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length == 0 || length > text.size() || first > 0xf4) return std::nullopt;
  char32_t character = length == 1 ? first : first & (0xffu >> (length + 1));
  for (const char c : text.substr(1, length - 1)) {
    if ((c & 0xc0) != 0x80) return std::nullopt;
    character = character << 6 | (c & 0x3fu);
  }
  const bool is_overlong = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
  if (is_overlong || character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff)) return std::nullopt;
  text.remove_prefix(length);
  return character;
}

bool IsSpace(char32_t c) {
  static constexpr char32_t kSpaces[] = {0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000};
  return (c >= 0x2000 && c <= 0x200a) || std::find(std::begin(kSpaces), std::end(kSpaces), c) != std::end(kSpaces);
}

bool IsName(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const auto character = TakeCharacter(name);
    if (!character || *character < 0x20 || *character == '+' || IsSpace(*character)) return false;
  }
  return true;
}

bool IsNoteText(std::string_view text) {
  while (!text.empty()) {
    const auto character = TakeCharacter(text);
    if (!character || (*character < 0x20 && *character != '\n')) return false;
  }
  return true;
}

// Base64 as it is written: one text for each string of octets.
result::Result<Bytes> FromCanonicalBase64(std::string_view text) {
  ASSIGN_OR_RETURN(Bytes octets, pki::FromBase64(text));
  if (pki::Base64(octets) != text) return Fail(Reason::kMalformed, "base64 that is not as it is written");
  return octets;
}

result::Result<NoteSignature> ParseSignature(std::string_view line) {
  if (!line.starts_with(kDash)) return Fail(Reason::kMalformed, "no signature line");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !IsName(line.substr(0, space))) {
    return Fail(Reason::kMalformed, "a signature line without a name");
  }
  ASSIGN_OR_RETURN(const Bytes octets, FromCanonicalBase64(line.substr(space + 1)));
  if (octets.size() <= kKeyHashLength) return Fail(Reason::kMalformed, "a signature that is too short");
  return NoteSignature{std::string(line.substr(0, space)), octets.substr(0, kKeyHashLength),
                       octets.substr(kKeyHashLength)};
}

}  // namespace

VerifierKey::VerifierKey(std::string name, Bytes public_key)
    : name_(std::move(name)), public_key_(std::move(public_key)) {
  const Bytes named = name_ + '\n' + kEd25519 + public_key_;
  key_hash_ = pki::Digest(pki::DigestAlgorithm::kSha256, named).substr(0, kKeyHashLength);
}

result::Result<VerifierKey> VerifierKey::FromPublicKey(std::string name, pki::ByteView public_key) {
  if (!IsName(name)) return Fail(Reason::kMalformed, "not a name of a key");
  if (public_key.size() != pki::kEd25519KeyLength) return Fail(Reason::kMalformed, "an Ed25519 key of another length");
  return VerifierKey(std::move(name), Bytes(public_key));
}

result::Result<VerifierKey> VerifierKey::Parse(std::string_view text) {
  const std::size_t hash_at = text.find('+');
  const std::size_t key_at = hash_at == std::string_view::npos ? hash_at : text.find('+', hash_at + 1);
  if (key_at == std::string_view::npos) return Fail(Reason::kMalformed, "not NAME+HASH+KEY");
  const auto typed_key = FromCanonicalBase64(text.substr(key_at + 1));
  if (!typed_key || typed_key->empty()) return Fail(Reason::kMalformed, "a verifier key without a key");
  if (typed_key->front() != kEd25519) return Fail(Reason::kBadAlgorithm, "a verifier key that is not Ed25519");
  ASSIGN_OR_RETURN(VerifierKey key, FromPublicKey(std::string(text.substr(0, hash_at)), typed_key->substr(1)));
  if (key.ToString() != text) return Fail(Reason::kMalformed, "the verifier key's hash is not the key's");
  return key;
}

std::string VerifierKey::ToString() const {
  return name_ + '+' + pki::HexLower(key_hash_) + '+' + pki::Base64(kEd25519 + public_key_);
}

SignerKey::SignerKey(pki::Ed25519Key key, VerifierKey verifier)
    : key_(std::move(key)), verifier_(std::move(verifier)) {}

result::Result<SignerKey> SignerKey::FromSeed(std::string name, const pki::Secret& seed) {
  ASSIGN_OR_RETURN(pki::Ed25519Key key, pki::Ed25519Key::FromSeed(seed));
  ASSIGN_OR_RETURN(VerifierKey verifier, VerifierKey::FromPublicKey(std::move(name), key.public_key()));
  return SignerKey(std::move(key), std::move(verifier));
}

result::Result<std::string> SignerKey::Sign(std::string_view text) const {
  if (!text.ends_with('\n')) return Fail(Reason::kMalformed, "a note's text that does not end its last line");
  ASSIGN_OR_RETURN(Bytes signature, key_.Sign(text));
  std::string note =
      transparency::ToString({std::string(text), {{verifier_.name(), verifier_.key_hash(), std::move(signature)}}});
  RETURN_IF_ERROR(ParseNote(note));
  return note;
}

result::Result<UnverifiedNote> ParseNote(std::string_view note) {
  if (note.size() > kMaxNoteLength) return Fail(Reason::kMalformed, "a note of over 1 MB");
  if (!IsNoteText(note)) return Fail(Reason::kMalformed, "a note that is not UTF-8 or has control characters");
  const std::size_t text_end = note.rfind("\n\n");
  if (text_end == std::string_view::npos || !note.ends_with('\n')) {
    return Fail(Reason::kMalformed, "a note without signatures");
  }
  UnverifiedNote read{std::string(note.substr(0, text_end + 1)), {}};
  std::string_view lines = note.substr(text_end + 2);
  while (!lines.empty()) {
    if (read.signatures.size() == kMaxNoteSignatures) return Fail(Reason::kMalformed, "a note of over 16 signatures");
    const std::size_t end = lines.find('\n');
    ASSIGN_OR_RETURN(read.signatures.emplace_back(), ParseSignature(lines.substr(0, end)));
    lines.remove_prefix(end + 1);
  }
  if (read.signatures.empty()) return Fail(Reason::kMalformed, "a note without signatures");
  return read;
}

std::string ToString(const UnverifiedNote& note) {
  std::string text = note.text + '\n';
  for (const NoteSignature& signature : note.signatures) {
    text += kDash;
    text += signature.name + ' ' + pki::Base64(signature.key_hash + signature.signature) + '\n';
  }
  return text;
}

result::Result<std::string> OpenNote(std::string_view note, std::span<const VerifierKey> known) {
  ASSIGN_OR_RETURN(UnverifiedNote read, ParseNote(note));
  bool is_signed = false;
  for (const NoteSignature& signature : read.signatures) {
    for (const VerifierKey& key : known) {
      if (key.name() != signature.name || key.key_hash() != signature.key_hash) continue;
      if (!pki::VerifyEd25519(key.public_key(), read.text, signature.signature)) {
        return Fail(Reason::kBadMessageCheck, "the signature of " + key.name() + " does not hold");
      }
      is_signed = true;
    }
  }
  if (!is_signed) return Fail(Reason::kBadMessageCheck, "no signature of a known key");
  return std::move(read.text);
}

}  // namespace transparency
