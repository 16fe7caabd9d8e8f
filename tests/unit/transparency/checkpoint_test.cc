#include "transparency/checkpoint.h"

#include <catch2/catch.hpp>

#include "must.h"

using namespace transparency;
using result::Reason;
using testing::Must;

namespace {

// The example of C2SP's tlog-checkpoint.
const std::string kText =
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

template <class T>
Reason ReasonOf(const result::Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().reason;
}

std::string With(const std::string& what, const std::string& instead) {
  return std::string(kText).replace(kText.find(what), what.size(), instead);
}

SignerKey Signer(char seed = 's') {
  return Must(SignerKey::FromSeed("log.example", pki::Secret(pki::Bytes(32, seed))));
}

}  // namespace

TEST_CASE("the published checkpoint is read and written as it is", "[transparency][checkpoint]") {
  const Checkpoint checkpoint = Must(ParseCheckpoint(kText));
  CHECK(checkpoint.origin == "example.com/behind-the-sofa");
  CHECK(checkpoint.head.size == 20852163);
  CHECK(pki::HexLower(View(checkpoint.head.root)) ==
        "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62");
  CHECK(checkpoint.extensions.empty());
  CHECK(Must(WriteCheckpoint(checkpoint)) == kText);
}

TEST_CASE("extension lines are kept", "[transparency][checkpoint]") {
  const Checkpoint checkpoint = Must(ParseCheckpoint(kText + "one\n two \n"));
  CHECK(checkpoint.extensions == std::vector<std::string>{"one", " two "});
  CHECK(Must(WriteCheckpoint(checkpoint)) == kText + "one\n two \n");
}

TEST_CASE("a checkpoint that is not as written is malformed", "[transparency][checkpoint]") {
  const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
  for (const std::string& text : {std::string(),
                                  std::string("\n"),
                                  std::string("a\n1\n"),
                                  "\n1\n" + root + "\n",
                                  "a\n\n" + root + "\n",
                                  kText + "\n",
                                  kText + "\none\n",
                                  kText + "one",
                                  kText.substr(0, kText.size() - 1),
                                  "\n" + kText,
                                  With("20852163", "020852163"),
                                  With("20852163", "+20852163"),
                                  With("20852163", "-1"),
                                  With("20852163", "1 "),
                                  With("20852163", " 1"),
                                  With("20852163", "0x1"),
                                  With("20852163", "00"),
                                  With("20852163", "4611686018427387904"),
                                  With("20852163", "18446744073709551616"),
                                  With("q2I=", "q2I"),
                                  With("q2I=", "q2J="),
                                  With("q2I=", "q2I=="),
                                  With("q2I=", "qw=="),
                                  With("q2I=", "q2Kr"),
                                  With("CsUY", "Cs-Y")}) {
    CAPTURE(text);
    CHECK(ReasonOf(ParseCheckpoint(text)) == Reason::kMalformed);
  }
  CHECK(Must(ParseCheckpoint(With("20852163", "0"))).head.size == 0);
  CHECK(Must(ParseCheckpoint(With("20852163", "4611686018427387903"))).head.size == kTreeSizeLimit - 1);
}

TEST_CASE("a checkpoint that could not be read is not written", "[transparency][checkpoint]") {
  const Checkpoint sound = Must(ParseCheckpoint(kText));
  for (const char* line : {"", "two\nlines", "ended\n"}) {
    Checkpoint checkpoint = sound;
    checkpoint.origin = line;
    CHECK(ReasonOf(WriteCheckpoint(checkpoint)) == Reason::kMalformed);
    checkpoint = sound;
    checkpoint.extensions = {line};
    CHECK(ReasonOf(WriteCheckpoint(checkpoint)) == Reason::kMalformed);
  }
  Checkpoint large = sound;
  large.head.size = kTreeSizeLimit;
  CHECK(ReasonOf(WriteCheckpoint(large)) == Reason::kMalformed);
}

TEST_CASE("a signed checkpoint opens for its log and its key alone", "[transparency][checkpoint]") {
  const Checkpoint checkpoint = Must(ParseCheckpoint(kText));
  const SignerKey key = Signer();
  const std::string note = Must(SignCheckpoint(checkpoint, key));
  CHECK(Must(OpenCheckpoint(note, checkpoint.origin, {&key.verifier(), 1})) == checkpoint);
  CHECK(ReasonOf(OpenCheckpoint(note, "log.example", {&key.verifier(), 1})) == Reason::kBadMessageCheck);
  const SignerKey other = Signer('t');
  CHECK(ReasonOf(OpenCheckpoint(note, checkpoint.origin, {&other.verifier(), 1})) == Reason::kBadMessageCheck);
  const std::string words = Must(key.Sign("no checkpoint\n"));
  CHECK(ReasonOf(OpenCheckpoint(words, "no checkpoint", {&key.verifier(), 1})) == Reason::kMalformed);
}
