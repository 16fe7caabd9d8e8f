#include "enrollment/retrieve.h"

#include <memory>
#include <utility>

#include "enrollment/answer_once.h"
#include "enrollment/requester.h"
#include "pki/certificate_identifier.h"

namespace engine::enrollment {

namespace {

using result::Reason;

pki::ByteView WithoutLeadingZeros(pki::ByteView octets) {
  const auto first = octets.find_first_not_of('\0');
  return first == pki::ByteView::npos ? octets.substr(0, 0) : octets.substr(first);
}

// Question is one GetCert on its way to the store and back.
struct Question : AnswerOnce {
  using AnswerOnce::AnswerOnce;
  bool is_for_anyone = false;
  TimePoint now;
  pki::Certificate signer;
  pki::Bytes issuer, serial_number;
  result::Result<store::CertificateFacts> found;

  void Refuse(std::string reason, FailInfo fail_info) {
    trace.reason = std::move(reason);
    Finish(Answer(Rejected{fail_info}));
  }
  // Whether the signer holds a certificate of ours that is good.
  bool IsHolder() const {
    const auto not_after = signer.not_after();
    return found->signer && !found->signer->is_revoked && not_after && now <= *not_after;
  }
  void Conclude() {
    if (!found) return Finish(tl::unexpected<result::Error>(found.error()));
    if (!is_for_anyone && !IsHolder()) return Refuse("signer_is_no_holder", FailInfo::kBadRequest);
    for (const auto& candidate : found->certificates) {
      const auto certificate = pki::Certificate::Parse(candidate.certificate);
      if (certificate && pki::IsNamedBy(issuer, serial_number, *certificate)) {
        return Finish(Answer(Issued{candidate.certificate}));
      }
    }
    Refuse("certificate_unknown", FailInfo::kBadCertId);
  }
};

}  // namespace

void Retriever::Retrieve(const RetrieveMessage& message, AnswerCallback done) const {
  auto question = std::make_shared<Question>(std::move(done));
  question->trace.operation = "retrieve";
  question->trace.ca = std::string(message.ca);
  question->trace.source_address = std::string(message.source_address);
  const auto snapshot = parts_.directory.snapshot();
  if (snapshot->version == 0) {
    return question->Finish(result::Fail(Reason::kUnavailable, "the CAs are not loaded yet"));
  }
  const auto ca = snapshot->FindCa(message.ca);
  if (!ca) return question->Finish(UnknownCa());
  if (!ca->options.getcert()) return question->Refuse("switched_off", FailInfo::kBadRequest);
  auto signer = pki::Certificate::Parse(message.signer_certificate);
  if (!signer) return question->Refuse("signer_certificate: " + signer.error().detail, FailInfo::kBadRequest);
  question->is_for_anyone = ca->options.getcert_access() == certifier::v1::GET_CERT_ACCESS_ANYONE;
  question->now = parts_.clock();
  question->signer = *std::move(signer);
  question->issuer = pki::Bytes(message.issuer);
  question->serial_number = pki::Bytes(message.serial_number);
  store::CertificateQuery query{pki::Bytes(WithoutLeadingZeros(message.serial_number)),
                                {pki::Bytes(question->signer.serial_number()), question->signer.der()}};
  parts_.store.FindCertificates(std::move(query), [question, &workers = parts_.workers](auto found) {
    question->found = std::move(found);
    workers.Run([question] { question->Run([&] { question->Conclude(); }); });
  });
}

}  // namespace engine::enrollment
