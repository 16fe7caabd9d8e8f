// GetCert (requirements P-50): who may ask, and what is found.

#include <catch2/catch.hpp>

#include "enrollment_fixture.h"

namespace {

using engine::enrollment::Retriever;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::Reply;

class RetrieveFixture : public EnrollmentFixture {
 public:
  RetrieveFixture() {
    for (int i = 0; i < 2; i++) {
      Message message;
      message.ask.challenge = Mint();
      message.transaction_id = "tx-" + std::to_string(i);
      certificates.push_back(Submit(Device("ecdsa-p256", i), message).certificate);
    }
  }
  // What a device that signs with `signer` hears when it asks for the certificate of that name.
  Reply Ask(const Retriever& asked, const pki::Bytes& signer, const pki::Bytes& name, const pki::Bytes& serial) {
    auto reply = std::make_shared<std::promise<Reply>>();
    asked.Retrieve({"demo", signer, name, serial, "192.0.2.7"},
                   [reply](auto answer) { reply->set_value(engine_test::ReplyOf(std::move(answer))); });
    return engine_test::Await(reply->get_future());
  }
  Reply AskForSecond(const pki::Bytes& signer) {
    const auto wanted = pki::Certificate::Parse(certificates[1]).value();
    return Ask(retriever, signer, pki::Bytes(wanted.issuer()), pki::Bytes(wanted.serial_number()));
  }

  std::vector<pki::Bytes> certificates;
};

TEST_CASE_METHOD(RetrieveFixture, "a holder gets exactly the certificate that it names", "[enrollment][retrieve]") {
  const Reply reply = AskForSecond(certificates[0]);
  CHECK(reply.outcome == "issued");
  CHECK(reply.certificate == certificates[1]);
  const auto wanted = pki::Certificate::Parse(certificates[1]).value();
  const pki::Bytes padded = pki::Bytes(2, '\0') + pki::Bytes(wanted.serial_number());
  CHECK(Ask(retriever, certificates[0], pki::Bytes(wanted.issuer()), padded).certificate == certificates[1]);
}

TEST_CASE_METHOD(RetrieveFixture, "what nobody was issued is badCertId", "[enrollment][retrieve]") {
  const auto wanted = pki::Certificate::Parse(certificates[1]).value();
  const pki::Bytes name(wanted.issuer());
  const pki::Bytes serial(wanted.serial_number());
  const pki::Bytes other = pki::Name::FromString("CN=another")->der();
  CHECK(Ask(retriever, certificates[0], other, serial).outcome == "badCertId");
  CHECK(Ask(retriever, certificates[0], name, "\x01").outcome == "badCertId");
  CHECK(Ask(retriever, certificates[0], name, "").outcome == "badCertId");
}

TEST_CASE_METHOD(RetrieveFixture, "who holds nothing of ours may not ask", "[enrollment][retrieve]") {
  CHECK(AskForSecond(Device().SignerCertificate()).outcome == "badRequest");
  pki::Bytes forged = certificates[0];
  forged.back() = static_cast<char>(forged.back() ^ 1);
  CHECK(AskForSecond(forged).outcome == "badRequest");
  CHECK(AskForSecond("garbage").outcome == "badRequest");
  Pass(std::chrono::hours(24) * 91);
  CHECK(AskForSecond(certificates[0]).outcome == "badRequest");
}

TEST_CASE_METHOD(RetrieveFixture, "anyone may ask, or nobody, where the CA's options say so",
                 "[enrollment][retrieve]") {
  const auto wanted = pki::Certificate::Parse(certificates[1]).value();
  const pki::Bytes name(wanted.issuer());
  const pki::Bytes serial(wanted.serial_number());
  const auto stranger = Device().SignerCertificate();
  certifier::v1::CaOptions options;
  options.set_getcert_access(certifier::v1::GET_CERT_ACCESS_ANYONE);
  SetOptions("demo", options);
  CHECK(Ask(retriever, stranger, name, serial).certificate == certificates[1]);
  options.set_getcert(false);
  SetOptions("demo", options);
  CHECK(Ask(retriever, certificates[0], name, serial).outcome == "badRequest");
}

}  // namespace
