#include "transparency/note.h"

#include <catch2/catch.hpp>

#include "must.h"

using namespace transparency;
using pki::Bytes;
using result::Reason;
using testing::Must;

namespace {

// The example of golang.org/x/mod/sumdb/note, from whose format C2SP's came; its key is public.
const std::string kVerifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string kSeed = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";  // Behind its type, 0x01.
const std::string kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string kSignature =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const std::string kNote = kText + "\n" + kSignature;

SignerKey Signer(const std::string& name, char seed = 's') {
  return Must(SignerKey::FromSeed(name, pki::Secret(Bytes(32, seed))));
}

SignerKey PeterNeumann() {
  return Must(SignerKey::FromSeed("PeterNeumann", pki::Secret(Must(pki::FromBase64(kSeed)).substr(1))));
}

std::string SignatureOf(const SignerKey& key, const std::string& text) {
  return Must(key.Sign(text)).substr(text.size() + 1);
}

template <class T>
Reason ReasonOf(const result::Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().reason;
}

Reason WhyNotOpen(const std::string& note) {
  const VerifierKey key = Must(VerifierKey::Parse(kVerifier));
  return ReasonOf(OpenNote(note, {&key, 1}));
}

}  // namespace

TEST_CASE("the published note opens with the published key", "[transparency][note]") {
  const VerifierKey key = Must(VerifierKey::Parse(kVerifier));
  CHECK(key.name() == "PeterNeumann");
  CHECK(pki::HexLower(key.key_hash()) == "c74f20a3");
  CHECK(key.ToString() == kVerifier);
  CHECK(Must(OpenNote(kNote, {&key, 1})) == kText);
}

TEST_CASE("the example of C2SP's signed-note opens", "[transparency][note]") {
  const VerifierKey key =
      Must(VerifierKey::Parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"));
  const std::string note =
      "This is an example message.\n\n"
      "— example.com/foo "
      "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
  CHECK(Must(OpenNote(note, {&key, 1})) == "This is an example message.\n");
}

TEST_CASE("signing with the published seed writes the published note", "[transparency][note]") {
  CHECK(PeterNeumann().verifier().ToString() == kVerifier);
  CHECK(Must(PeterNeumann().Sign(kText)) == kNote);
}

TEST_CASE("a note with any bit turned does not open", "[transparency][note]") {
  const VerifierKey key = Must(VerifierKey::Parse(kVerifier));
  for (std::size_t bit = 0; bit < kNote.size() * 8; bit++) {
    std::string changed = kNote;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    CAPTURE(bit);
    CHECK_FALSE(OpenNote(changed, {&key, 1}).has_value());
  }
}

TEST_CASE("a note cut anywhere does not open", "[transparency][note]") {
  const VerifierKey key = Must(VerifierKey::Parse(kVerifier));
  for (std::size_t length = 0; length < kNote.size(); length++) {
    CHECK_FALSE(OpenNote(kNote.substr(0, length), {&key, 1}).has_value());
  }
}

TEST_CASE("signatures of unknown keys are ignored", "[transparency][note]") {
  const std::string other = SignatureOf(Signer("other.example"), kText);
  const std::string unknown_algorithm = "— somebody.example AAAAAAE=\n";
  const VerifierKey key = Must(VerifierKey::Parse(kVerifier));
  CHECK(Must(OpenNote(kText + "\n" + other + unknown_algorithm + kSignature, {&key, 1})) == kText);
  CHECK(WhyNotOpen(kText + "\n" + other) == Reason::kBadMessageCheck);
  CHECK(ReasonOf(OpenNote(kNote, {})) == Reason::kBadMessageCheck);
}

TEST_CASE("a key that shares a name or a key hash with a known one is unknown", "[transparency][note]") {
  CHECK(WhyNotOpen(kText + "\n" + SignatureOf(Signer("PeterNeumann"), kText)) == Reason::kBadMessageCheck);
  std::string renamed = kNote;
  renamed.replace(renamed.find("— Peter") + 4, 5, "Pater");
  CHECK(WhyNotOpen(renamed) == Reason::kBadMessageCheck);
}

TEST_CASE("a known key whose signature does not hold closes a note that another signed", "[transparency][note]") {
  const SignerKey second = Signer("second.example");
  const std::vector<VerifierKey> known = {Must(VerifierKey::Parse(kVerifier)), second.verifier()};
  CHECK(OpenNote(kNote + SignatureOf(second, kText), known).has_value());
  CHECK(ReasonOf(OpenNote(kNote + SignatureOf(second, "another text\n"), known)) == Reason::kBadMessageCheck);
}

TEST_CASE("text may have empty lines and lines that look like signatures", "[transparency][note]") {
  const SignerKey key = Signer("a.example");
  for (const std::string text :
       {"\n", "a\n\nb\n", "a\n\n", "\n\n\n", "a\n\n— b AAAAAAE=\n\nc\n", "d\xc3\xa9j\xc3\xa0 vu\n"}) {
    CAPTURE(text);
    CHECK(Must(OpenNote(Must(key.Sign(text)), {&key.verifier(), 1})) == text);
  }
}

TEST_CASE("text that no note may have is not signed", "[transparency][note]") {
  for (const std::string& text :
       {std::string(), std::string("no end"), std::string("a\r\n"), std::string("a\tb\n"), std::string("a\0b\n", 4),
        std::string("\xff\n"), std::string(kMaxNoteLength, 'a') + '\n'}) {
    CHECK(ReasonOf(Signer("a.example").Sign(text)) == Reason::kMalformed);
  }
}

TEST_CASE("what is not UTF-8 is no note", "[transparency][note]") {
  for (const char* octets : {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xe2\x80", "\xed\xa0\x80",
                             "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x28\xa1"}) {
    CHECK(ReasonOf(ParseNote(std::string(octets) + "\n\n" + kSignature)) == Reason::kMalformed);
  }
  for (const char* octets :
       {"\x7f", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xef\xbf\xbd", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CHECK(Must(ParseNote(std::string(octets) + "\n\n" + kSignature)).text == std::string(octets) + '\n');
  }
}

TEST_CASE("a note holds sixteen signatures and one MB, no more", "[transparency][note]") {
  std::string note = kText + "\n";
  for (std::size_t i = 0; i < kMaxNoteSignatures; i++) note += kSignature;
  const VerifierKey key = Must(VerifierKey::Parse(kVerifier));
  CHECK(OpenNote(note, {&key, 1}).has_value());
  CHECK(WhyNotOpen(note + kSignature) == Reason::kMalformed);
  const std::string end = "\n\n" + kSignature;
  CHECK(ParseNote(std::string(kMaxNoteLength - end.size(), 'a') + end).has_value());
  CHECK(ReasonOf(ParseNote(std::string(kMaxNoteLength + 1 - end.size(), 'a') + end)) == Reason::kMalformed);
}

TEST_CASE("a signature line that is not as written is malformed", "[transparency][note]") {
  for (const std::string line :
       {"- a AAAAAAE=", "—a AAAAAAE=", "— AAAAAAE=", "—  AAAAAAE=", "— a  AAAAAAE=", "— a AAAAAAE",
        "— a AAAAAAF=", "— a AAAAAA==", "— a ", "— a", "— a AAAAAAE= ", "— a+b AAAAAAE=",
        "— a\xc2\xa0"
        "b AAAAAAE=",
        "— a\xe2\x80\x83"
        "b AAAAAAE=",
        "— a\xe3\x80\x80"
        "b AAAAAAE=",
        "— a AAAA-AE="}) {
    CAPTURE(line);
    CHECK(ReasonOf(ParseNote(kNote + line + "\n")) == Reason::kMalformed);
  }
  CHECK(ParseNote(kNote + "— a AAAAAAE=\n").has_value());
  CHECK(ReasonOf(ParseNote(kNote + "\n")) == Reason::kMalformed);
  CHECK(ReasonOf(ParseNote(kText)) == Reason::kMalformed);
  CHECK(ReasonOf(ParseNote(kText + "\n")) == Reason::kMalformed);
}

TEST_CASE("a parsed note is written as it was", "[transparency][note]") {
  const std::string note = kNote + "— a AAAAAAE=\n";
  CHECK(ToString(Must(ParseNote(note))) == note);
}

TEST_CASE("a verifier key that is not as written is refused", "[transparency][note]") {
  const std::string key = "+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  for (const std::string& text :
       {std::string(), std::string("PeterNeumann"), "PeterNeumann" + key, "+c74f20a3" + key,
        "PeterNeumann+c74f20a4" + key, "PeterNeumann+C74F20A3" + key, "PeterNeumann+c74f20a" + key,
        "PeterNeumann+0c74f20a3" + key, "PaterNeumann+c74f20a3" + key, "Peter Neumann+c74f20a3" + key, kVerifier + "=",
        kVerifier + " ", kVerifier.substr(0, kVerifier.size() - 4), std::string("PeterNeumann+c74f20a3+")}) {
    CAPTURE(text);
    CHECK(ReasonOf(VerifierKey::Parse(text)) == Reason::kMalformed);
  }
  CHECK(ReasonOf(VerifierKey::Parse("PeterNeumann+c74f20a3+AhpY")) == Reason::kBadAlgorithm);
}

TEST_CASE("names and seeds that no key may have are malformed", "[transparency][note]") {
  for (const char* name : {"", "a b", "a+b", "a\nb", "a\tb", "\xff", "a\xe2\x80\xa8"}) {
    CAPTURE(name);
    CHECK(ReasonOf(SignerKey::FromSeed(name, pki::Secret(Bytes(32, 's')))) == Reason::kMalformed);
  }
  CHECK(ReasonOf(SignerKey::FromSeed("a", pki::Secret(Bytes(31, 's')))) == Reason::kMalformed);
  CHECK(ReasonOf(VerifierKey::FromPublicKey("a", Bytes(33, 'p'))) == Reason::kMalformed);
}
