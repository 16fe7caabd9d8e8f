#include "scep/client.h"

#include "../pki/openssl_cms.h"
#include "scep_fixture.h"

using namespace testing;
using pki::Bytes;

namespace {

scep::Client NewClient(scep::Client::Options options = {}) {
  return Must(scep::Client::Create(Key("client"), Must(pki::Name::FromString("CN=device")), Ra().certificate, options));
}

pki::TimePoint Now() {
  return std::chrono::system_clock::now();
}

// Answer decodes what the client made and answers it.
Bytes Answer(const Bytes& message, scep::PkiStatus status, const Identity& ra = Ra()) {
  const scep::Request request = Accepted(message);
  const auto signer = RecipientOf(ra);
  switch (status) {
    case scep::PkiStatus::kSuccess:
      return Must(scep::EncodeSuccess(request.reply, *signer, request.signer, {OtherRa().certificate.der()}, Now()));
    case scep::PkiStatus::kPending:
      return Must(scep::EncodePending(request.reply, *signer, Now()));
    case scep::PkiStatus::kFailure:
      return Must(scep::EncodeFailure(request.reply, *signer, scep::FailInfo::kBadCertId, Now()));
  }
  return {};
}

}  // namespace

TEST_CASE("a client's PKCSReq is decoded and its SUCCESS read", "[scep][client]") {
  auto client = NewClient();
  const Bytes message = Must(client.MakePkcsReq(Csr()));
  CHECK(Accepted(message).content.Reveal() == Csr());
  const auto reply = Must(client.ReadReply(Answer(message, scep::PkiStatus::kSuccess)));
  CHECK(reply.status == scep::PkiStatus::kSuccess);
  CHECK(reply.transaction_id == client.transaction_id());
  REQUIRE(reply.certificates.size() == 1);
  CHECK(reply.certificates.front().der() == OtherRa().certificate.der());
}

TEST_CASE("a client's PENDING, poll and FAILURE are read", "[scep][client]") {
  auto client = NewClient();
  const auto pending = Must(client.ReadReply(Answer(Must(client.MakePkcsReq(Csr())), scep::PkiStatus::kPending)));
  CHECK(pending.status == scep::PkiStatus::kPending);
  const Bytes poll = Must(client.MakeCertPoll(Must(pki::Name::FromString("CN=RA"))));
  CHECK(Accepted(poll).type == scep::MessageType::kCertPoll);
  const auto failure = Must(client.ReadReply(Answer(poll, scep::PkiStatus::kFailure)));
  CHECK(failure.fail_info == scep::FailInfo::kBadCertId);
  CHECK(failure.sender_nonce != pending.sender_nonce);
}

TEST_CASE("a client's options are those of its messages", "[scep][client]") {
  auto client = NewClient({pki::DigestAlgorithm::kSha1, pki::ContentCipher::kDes3Cbc, pki::KeyTransport::kOaepSha1});
  const auto context = Accepted(Must(client.MakePkcsReq(Csr()))).reply;
  CHECK(context.digest == pki::DigestAlgorithm::kSha1);
  CHECK(context.cipher == pki::ContentCipher::kDes3Cbc);
  CHECK(context.transport == pki::KeyTransport::kOaepSha1);
}

TEST_CASE("a client's message is verified and decrypted by OpenSSL", "[scep][client]") {
  const auto envelope = reference::Verify(Must(NewClient().MakePkcsReq(Csr())));
  REQUIRE(envelope.has_value());
  CHECK(reference::Decrypt(*envelope, Ra()) == Csr());
}

TEST_CASE("a reply by another signer, to another request or damaged is refused as bad message check",
          "[scep][client]") {
  auto client = NewClient();
  const Bytes message = Must(client.MakePkcsReq(Csr()));
  const auto by_other = client.ReadReply(Answer(message, scep::PkiStatus::kPending, OtherRa()));
  REQUIRE_FALSE(by_other.has_value());
  CHECK(by_other.error().reason == result::Reason::kBadMessageCheck);
  const Bytes answer = Answer(message, scep::PkiStatus::kPending);
  REQUIRE(client.ReadReply(answer).has_value());
  CHECK_FALSE(client.ReadReply(FlipBit(answer, answer.size() - 1, 0)).has_value());
  REQUIRE(client.MakePkcsReq(Csr()).has_value());
  const auto stale = client.ReadReply(answer);
  REQUIRE_FALSE(stale.has_value());
  CHECK(stale.error().reason == result::Reason::kBadMessageCheck);
}

TEST_CASE("a client signs any message type, for the refusals", "[scep][client]") {
  auto client = NewClient();
  client.set_transaction_id(scep::TransactionId(Bytes(kTransaction)));
  CHECK(FailureOf(Must(client.MakeMessage("18", Csr()))) == scep::FailInfo::kBadRequest);
}
