#include "doctor/correspondence.h"

#include <utility>

#include "pki/certificate_request.h"

namespace doctor {

namespace {

Outcome::Kind KindOf(scep::PkiStatus status) {
  switch (status) {
    case scep::PkiStatus::kSuccess:
      return Outcome::Kind::kSuccess;
    case scep::PkiStatus::kFailure:
      return Outcome::Kind::kFailure;
    case scep::PkiStatus::kPending:
      return Outcome::Kind::kPending;
  }
  return Outcome::Kind::kBroken;
}

std::string Named(const Reply& reply) {
  switch (reply.status) {
    case scep::PkiStatus::kSuccess:
      return "SUCCESS";
    case scep::PkiStatus::kPending:
      return "PENDING";
    case scep::PkiStatus::kFailure:
      return reply.fail_info.has_value() ? "FAILURE " + std::string(scep::ToString(*reply.fail_info)) : "FAILURE";
  }
  return "unknown";
}

Outcome::Kind KindOf(int http_status) {
  if (http_status == 429 || http_status == 503) return Outcome::Kind::kPutOff;
  return http_status >= 400 && http_status < 500 ? Outcome::Kind::kRefused : Outcome::Kind::kBroken;
}

}  // namespace

Device::Device(std::shared_ptr<const pki::PrivateKey> key, pki::Name subject, scep::Client::Options options,
               scep::Client client)
    : key_(std::move(key)), subject_(std::move(subject)), options_(options), client_(std::move(client)) {}

result::Result<Device> Device::Make(std::shared_ptr<const pki::PrivateKey> key, const Authority& authority,
                                    const pki::Name& subject, scep::Client::Options options) {
  ASSIGN_OR_RETURN(scep::Client client, scep::Client::Create(key, subject, authority.recipient().certificate, options));
  return Device(std::move(key), subject, options, std::move(client));
}

result::Result<Device> Device::With(const Authority& authority, scep::Client::Options options) const {
  return Make(key_, authority, subject_, options);
}

result::Result<pki::Bytes> Device::Csr(pki::ByteView challenge) const {
  return pki::SignCertificateRequest({subject_, challenge, {}}, *key_, options_.digest);
}

result::Result<Letter> Device::Write(std::string_view message_type, pki::ByteView content) {
  ASSIGN_OR_RETURN(pki::Bytes message, client_.MakeMessage(message_type, content));
  return LetterOf(std::move(message));
}

result::Result<Letter> Device::WritePoll(const Authority& authority) {
  ASSIGN_OR_RETURN(const pki::Name issuer, authority.issuer().certificate.subject_name());
  ASSIGN_OR_RETURN(pki::Bytes message, client_.MakeCertPoll(issuer));
  return LetterOf(std::move(message));
}

Letter Device::LetterOf(pki::Bytes message) const {
  return {std::move(message), client_.transaction_id(), client_.last_nonce(), options_.digest};
}

Correspondence::Correspondence(const Examination& examination, const Capabilities& capabilities,
                               const Authority& authority)
    : examination_(examination), capabilities_(capabilities), authority_(authority) {}

result::Result<Device> Correspondence::NewDevice(const pki::Name& subject) const {
  ASSIGN_OR_RETURN(std::shared_ptr<const pki::PrivateKey> key, examination_.settings.make_key());
  return Device::Make(std::move(key), authority_, subject, capabilities_.Options());
}

bool Correspondence::FitsGet(const Letter& letter) {
  return QueryOf({"PKIOperation", pki::Base64(letter.message), std::nullopt}).size() <= kMaxQuery;
}

Outcome Correspondence::Send(const Letter& letter, Method method) {
  const bool is_post = method == Method::kPost;
  Outcome outcome = Receive(
      examination_.dialogue.Send({"PKIOperation", is_post ? std::nullopt : std::optional(pki::Base64(letter.message)),
                                  is_post ? std::optional(letter.message) : std::nullopt}));
  if (outcome.is_cert_rep()) KeepWorst(JudgeForm(*outcome.reply, letter, authority_, examination_.settings.now()));
  return outcome;
}

Outcome Correspondence::Post(pki::Bytes body) {
  return Receive(examination_.dialogue.Send({"PKIOperation", std::nullopt, std::move(body)}));
}

Outcome Correspondence::Receive(const result::Result<Answer>& answer) const {
  if (!answer.has_value()) return {Outcome::Kind::kSilent, answer.error().detail, "", std::nullopt};
  if (answer->status != 200) return {KindOf(answer->status), Describe(*answer), answer->content_type, std::nullopt};
  auto reply = Reply::Read(answer->body);
  if (!reply.has_value()) {
    const std::string why = LooksLikePage(answer->body) ? "a web page" : "no CertRep: " + reply.error().detail;
    return {Outcome::Kind::kBroken, Describe(*answer) + ", " + why, answer->content_type, std::nullopt};
  }
  return {KindOf(reply->status), Named(*reply), answer->content_type, *std::move(reply)};
}

void Correspondence::KeepWorst(std::vector<Finding> form) {
  if (form_.empty()) {
    form_ = std::move(form);
    return;
  }
  for (std::size_t i = 0; i < form_.size(); ++i) {
    const bool is_unknown = form_[i].verdict == Verdict::kSkipped;
    const bool is_worse = form[i].verdict != Verdict::kSkipped && form[i].verdict > form_[i].verdict;
    if (is_unknown || is_worse) form_[i] = std::move(form[i]);
  }
}

std::vector<Finding> Correspondence::FormFindings() const {
  if (!form_.empty()) return form_;
  std::vector<Finding> findings;
  for (const char* check : kFormChecks) findings.push_back(Skipped(check, "no CertRep came"));
  return findings;
}

std::optional<Finding> Setback(const std::string& check, const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::kPutOff:
      return Skipped(check,
                     outcome.seen + ": it bounds what one source may ask, or is overloaded; run this again later");
    case Outcome::Kind::kSilent:
      return Fail(check, outcome.seen, "Answer every message, also those that are refused.");
    case Outcome::Kind::kBroken:
      return Fail(
          check, outcome.seen,
          "Answer with HTTP 200 and a CertRep, FAILURE where you refuse: clients take anything else for an outage "
          "and never learn the reason.");
    case Outcome::Kind::kSuccess:
    case Outcome::Kind::kPending:
    case Outcome::Kind::kFailure:
    case Outcome::Kind::kRefused:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace doctor
