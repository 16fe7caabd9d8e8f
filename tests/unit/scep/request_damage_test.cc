#include "../pki/openssl_cms.h"
#include "pki/certificate_request.h"
#include "scep_fixture.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;

namespace {

Bytes StreamedRequest() {
  const reference::SignOptions options{
      .attributes = {{std::string(scep::kMessageTypeOid), pki::der::kPrintableString, "19"},
                     {std::string(scep::kTransactionIdOid), pki::der::kPrintableString, Bytes(kTransaction)}},
      .streamed = true};
  return reference::Sign(reference::Encrypt(Csr(), {Ra().certificate}, {.streamed = true}), Client(), options);
}

// A flipped bit may stand where nothing depends on it, such as the signature of the signer's own certificate: then the
// outcome must be that of the sound message.
bool IsHarmless(const tl::expected<scep::Request, scep::Refusal>& decoded) {
  if (!decoded.has_value()) return true;
  return decoded->content.Reveal() == Csr() && decoded->reply.transaction_id.octets() == kTransaction &&
         decoded->signer.spki() == Client().key->public_key().spki();
}

std::size_t CountHarmful(ByteView message, unsigned step) {
  std::size_t harmful = 0;
  for (std::size_t bit = 0; bit < message.size() * 8; bit += step) {
    const auto octet = bit / 8;
    if (!IsHarmless(Decode(FlipBit(message, octet, static_cast<unsigned>(bit % 8))))) harmful++;
  }
  return harmful;
}

}  // namespace

TEST_CASE("a message truncated at any octet is refused without a reply", "[scep][damage]") {
  for (const Bytes& message : {Request().Build(), StreamedRequest()}) {
    std::size_t answered = 0;
    for (std::size_t count = 0; count + 4 < message.size(); count++) {
      const auto decoded = Decode(TruncateTo(message, count));
      if (decoded.has_value() || decoded.error().reply.has_value()) answered++;
    }
    CHECK(answered == 0);
  }
}

TEST_CASE("a flipped bit anywhere never changes what an accepted message says", "[scep][damage]") {
  CHECK(CountHarmful(Request().Build(), 3) == 0);
  CHECK(CountHarmful(StreamedRequest(), 5) == 0);
}

namespace {

// A sender may sign a damaged envelope: it opens to something like a PKCS#10, or is refused with a reply.
bool IsOrderly(const tl::expected<scep::Request, scep::Refusal>& decoded) {
  if (decoded.has_value()) return pki::LooksLikeCertificateRequest(decoded->content.Reveal());
  const auto fail_info = decoded.error().fail_info;
  return decoded.error().reply.has_value() &&
         (fail_info == scep::FailInfo::kBadRequest || fail_info == scep::FailInfo::kBadAlg);
}

}  // namespace

TEST_CASE("a flipped bit in an envelope that is signed all the same is refused with a reply, or opens to a request",
          "[scep][damage]") {
  const Bytes envelope = SoundEnvelope().Build();
  std::size_t disorderly = 0;
  for (std::size_t octet = 0; octet < envelope.size(); octet += 3) {
    const Bytes damaged = FlipBit(envelope, octet, static_cast<unsigned>(octet / 3 % 8));
    if (!IsOrderly(Decode(Request(damaged).Build()))) disorderly++;
  }
  CHECK(disorderly == 0);
}

TEST_CASE("of a flipped message that both verify, OpenSSL and we read the same content", "[scep][damage]") {
  const Bytes message = Request().Build();
  std::size_t verified_by_both = 0;
  std::size_t differences = 0;
  for (std::size_t octet = 0; octet < message.size(); octet++) {
    const Bytes flipped = FlipBit(message, octet, static_cast<unsigned>(octet % 8));
    const auto theirs = reference::Verify(flipped);
    const auto ours = pki::ParseSignedData(flipped);
    if (!theirs.has_value() || !ours.has_value() || !pki::VerifySigner(*ours).has_value()) continue;
    verified_by_both++;
    if (ours->content != *theirs) differences++;
  }
  CHECK(verified_by_both > 100);
  CHECK(differences == 0);
}
