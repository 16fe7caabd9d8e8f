#ifndef CERTIFIER_TRANSPARENCY_NOTE_H
#define CERTIFIER_TRANSPARENCY_NOTE_H

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pki/ed25519.h"

namespace transparency {

// Signed notes as C2SP signed-note says (c2sp.org/signed-note), with Ed25519 alone (signature type 0x01):
//
//   TEXT, any lines of UTF-8, the last one ended
//   (an empty line)
//   — NAME BASE64(key hash || signature)
//
// Readers take only what writers of ours write: base64 with its padding and no stray bits, lower-case hexadecimal.

inline constexpr std::size_t kMaxNoteLength = 1 << 20;  // Octets, signatures included.
inline constexpr std::size_t kMaxNoteSignatures = 16;

// VerifierKey is whom a note is believed from: a name and an Ed25519 public key.
class VerifierKey {
 public:
  // Parse reads "NAME+HEX8+BASE64(0x01 || public key)". Malformed: another form, or a key hash that is not this key's;
  // bad algorithm: a type other than Ed25519.
  static result::Result<VerifierKey> Parse(std::string_view text);
  // FromPublicKey takes 32 octets. Malformed: another length, or a name that is empty, not UTF-8, or has a space (of
  // Unicode's), a control character or a plus sign in it.
  static result::Result<VerifierKey> FromPublicKey(std::string name, pki::ByteView public_key);
  // ToString writes what Parse reads.
  std::string ToString() const;

  const std::string& name() const { return name_; }
  // The first 4 octets of SHA-256(name || 0x0a || 0x01 || public key): they tell keys of one name apart, no more.
  const pki::Bytes& key_hash() const { return key_hash_; }
  const pki::Bytes& public_key() const { return public_key_; }

 private:
  VerifierKey(std::string name, pki::Bytes public_key);
  std::string name_;
  pki::Bytes public_key_;
  pki::Bytes key_hash_;
};

// SignerKey signs notes. A key that signs notes must sign nothing else. Moved, never copied; safe for concurrent use.
class SignerKey {
 public:
  // FromSeed takes an Ed25519 seed of 32 octets. Malformed: another length, or a name that VerifierKey refuses.
  static result::Result<SignerKey> FromSeed(std::string name, const pki::Secret& seed);
  const VerifierKey& verifier() const { return verifier_; }
  // Sign writes the note of `text` with this key's signature. Malformed: a text that does not end its last line, is not
  // UTF-8, has control characters in it, or is too long.
  result::Result<std::string> Sign(std::string_view text) const;

 private:
  SignerKey(pki::Ed25519Key key, VerifierKey verifier);
  pki::Ed25519Key key_;
  VerifierKey verifier_;
};

// NoteSignature is one signature line, of whatever key and algorithm.
struct NoteSignature {
  std::string name;
  pki::Bytes key_hash;   // 4 octets.
  pki::Bytes signature;  // At least one octet.
};

// UnverifiedNote is a note taken apart. Its text says nothing until OpenNote has.
struct UnverifiedNote {
  std::string text;  // With the end of its last line.
  std::vector<NoteSignature> signatures;
};

// ParseNote reads a whole note. Malformed: too long, not UTF-8, a control character (below 0x20) other than a line end,
// no empty line before the signatures, none of them or too many, or one that is not as above.
result::Result<UnverifiedNote> ParseNote(std::string_view note);
// ToString writes what ParseNote reads.
std::string ToString(const UnverifiedNote& note);

// OpenNote gives the text of a note that one of `known` signed. Signatures of others are ignored; each of a known key
// must hold. Malformed: as ParseNote; bad message check: a known key's does not hold, or there is none of a known key.
result::Result<std::string> OpenNote(std::string_view note, std::span<const VerifierKey> known);

}  // namespace transparency

#endif  // CERTIFIER_TRANSPARENCY_NOTE_H
