#include <algorithm>
#include <chrono>

#include "doctor/correspondence.h"

namespace doctor {

namespace {

// Clocks that differ by no more are not called wrong.
constexpr std::chrono::minutes kMaxClockSkew{5};
constexpr std::string_view kPkcsReq = "19", kRenewalReq = "17";
constexpr const char* kCertificateChecks[] = {"certificate-key", "certificate-subject", "certificate-chain",
                                              "certificate-validity", "enrol-cipher"};
constexpr const char* kEnrolmentChecks[] = {"enrol", "enrol-replay", "renewal"};

// OpenReply is the first certificate of a SUCCESS, which is the issued one.
result::Result<pki::Certificate> OpenReply(const Outcome& outcome, Device& device) {
  const pki::ByteView content = outcome.reply->signed_data.content.value_or(pki::ByteView());
  ASSIGN_OR_RETURN(std::vector<pki::Certificate> certificates, device.client().OpenContent(content));
  if (certificates.empty()) return result::Fail(result::Reason::kMalformed, "it holds no certificate");
  return std::move(certificates.front());
}

// WhyDoubted is why a client must not believe a reply; empty if it may.
std::string WhyDoubted(const Outcome& outcome, const Letter& letter, const Correspondence& letters) {
  const auto form = JudgeForm(*outcome.reply, letter, letters.authority(), letters.examination().settings.now());
  for (std::size_t i = 0; i < kBindingChecks; ++i) {
    if (form[i].verdict == Verdict::kFail) return form[i].check + ": " + form[i].seen;
  }
  return {};
}

Finding JudgeKey(const pki::Certificate& certificate, const pki::PublicKey& key) {
  constexpr char kCheck[] = "certificate-key";
  if (certificate.spki() == key.spki()) return Pass(kCheck, key.ToString() + ", as asked for");
  return Fail(
      kCheck, "not the key of the request",
      "Copy the request's SubjectPublicKeyInfo octet for octet: the device cannot use another key's certificate.");
}

Finding JudgeSubject(const pki::Certificate& certificate, const pki::Name& wanted) {
  constexpr char kCheck[] = "certificate-subject";
  const auto subject = certificate.subject_name();
  if (!subject.has_value()) return Fail(kCheck, "a subject that is no name", "Write a sound subject.");
  const std::string seen = Excerpt(subject->ToString());
  if (subject->Matches(wanted)) return Pass(kCheck, seen);
  return Warn(kCheck, seen + " for " + Excerpt(wanted.ToString()),
              "If no policy is meant to rewrite subjects, find out why: some clients take only what they asked for.");
}

// Within is the moment nearest to `now` at which a certificate is good: its dates are judged by themselves.
pki::TimePoint Within(const pki::Certificate& certificate, pki::TimePoint now) {
  const auto begin = certificate.not_before();
  const auto end = certificate.not_after();
  if (!begin.has_value() || !end.has_value() || *begin > *end) return now;
  return std::clamp(now, *begin, *end);
}

Finding JudgeIssuer(const pki::Certificate& certificate, const Authority& authority, pki::TimePoint now) {
  constexpr char kCheck[] = "certificate-chain";
  for (const CaCertificate& issuer : authority.certificates) {
    if (!VerifySignature(certificate, issuer.certificate).has_value()) continue;
    const auto strictly = pki::VerifyIssuedBy(certificate, issuer.certificate, Within(certificate, now));
    if (strictly.has_value()) return Pass(kCheck, "issued by " + issuer.subject);
    return Warn(kCheck, "issued by " + issuer.subject + ": " + strictly.error().detail,
                "The signature holds, but strict verifiers refuse the certificate: make it as RFC 5280 wants it.");
  }
  return Fail(kCheck, "no certificate of GetCACert signed it", "Hand out in GetCACert the CA that issues.");
}

Finding JudgeDates(const pki::Certificate& certificate, const Authority& authority, pki::TimePoint now) {
  constexpr char kCheck[] = "certificate-validity";
  const auto begin = certificate.not_before();
  const auto end = certificate.not_after();
  if (!begin.has_value() || !end.has_value()) return Fail(kCheck, "dates that do not read", "Write sound dates.");
  if (*end < now) return Fail(kCheck, "has ended", "Compare the clocks of the CA and of this machine.");
  if (*begin > now) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*begin - now).count();
    const auto bad = *begin > now + kMaxClockSkew ? Fail : Warn;
    return bad(kCheck, "begins in " + Counted(static_cast<std::size_t>(seconds), "second"),
               "Let certificates begin some minutes early: the clocks of devices are behind.");
  }
  const auto days = std::chrono::floor<std::chrono::days>(*end - now).count();
  const std::string seen = "good for " + Counted(static_cast<std::size_t>(days), "day");
  const auto issuer_end = authority.issuer().certificate.not_after();
  if (issuer_end.has_value() && *end > *issuer_end) {
    return Warn(kCheck, seen + ", beyond the CA's end",
                "Let no certificate outlive its CA: nobody can verify it then.");
  }
  return Pass(kCheck, seen);
}

Finding JudgeCipher(const Outcome& outcome, scep::Client::Options options) {
  constexpr char kCheck[] = "enrol-cipher";
  const auto envelope = pki::ParseEnvelopedData(*outcome.reply->signed_data.content);
  if (!envelope.has_value() || !envelope->cipher.has_value()) return Skipped(kCheck, "a cipher that is not known");
  const std::string seen =
      std::string(pki::ToString(*envelope->cipher)) + " for a request by " + std::string(pki::ToString(options.cipher));
  if (*envelope->cipher == options.cipher) return Pass(kCheck, seen);
  return Warn(kCheck, seen, "Encrypt replies with the request's cipher: it is the one that the client surely knows.");
}

// Enrolment is the steps of CheckEnrolment.
class Enrolment {
 public:
  Enrolment(Correspondence& correspondence, Device device)
      : letters_(correspondence), options_(correspondence.capabilities().Options()), device_(std::move(device)) {}

  result::Result<void> Run() {
    ASSIGN_OR_RETURN(const pki::Bytes csr, device_.Csr(settings().challenge.Reveal()));
    ASSIGN_OR_RETURN(const Letter letter, device_.Write(kPkcsReq, csr));
    const Outcome outcome = letters_.Send(letter);
    auto certificate = JudgeEnrolment(outcome, letter);
    if (!certificate.has_value()) {
      SkipRest("no certificate came");
      return {};
    }
    JudgeCertificate(*certificate, outcome);
    JudgeReplay(*certificate, letters_.Send(letter));
    return Renew(*std::move(certificate));
  }

 private:
  const Settings& settings() const { return letters_.examination().settings; }
  void Add(Finding finding) { letters_.examination().report.Add(std::move(finding)); }

  void SkipRest(const std::string& why) {
    for (const char* check : kCertificateChecks) Add(Skipped(check, why));
    Add(Skipped("enrol-replay", why));
    Add(Skipped("renewal", why));
  }

  // JudgeEnrolment gives the certificate where there is one.
  std::optional<pki::Certificate> JudgeEnrolment(const Outcome& outcome, const Letter& letter) {
    constexpr char kCheck[] = "enrol";
    if (auto setback = Setback(kCheck, outcome)) {
      Add(*std::move(setback));
    } else if (outcome.kind == Outcome::Kind::kPending) {
      Add(Warn(kCheck, outcome.seen, "Approve the request by hand, or let the policy issue for a good challenge."));
    } else if (outcome.kind != Outcome::Kind::kSuccess) {
      Add(Fail(
          kCheck, outcome.seen,
          "The server's log knows why: a challenge that is used up, expired or for another CA or subject, or a policy "
          "that refuses RSA-2048."));
    } else if (const std::string doubt = WhyDoubted(outcome, letter, letters_); !doubt.empty()) {
      Add(Fail(kCheck, "SUCCESS, but " + doubt, "See there."));
    } else if (auto certificate = OpenReply(outcome, device_); certificate.has_value()) {
      Add(Pass(kCheck, outcome.seen));
      return *std::move(certificate);
    } else {
      Add(Fail(kCheck, "SUCCESS, but " + certificate.error().detail,
               "Envelop the certificate to the request's signer, named by issuer and serial number (RFC 8894 section "
               "3.3.2.1)."));
    }
    return std::nullopt;
  }

  void JudgeCertificate(const pki::Certificate& certificate, const Outcome& outcome) {
    const pki::TimePoint now = settings().now();
    Add(JudgeKey(certificate, device_.public_key()));
    Add(JudgeSubject(certificate, settings().subject));
    Add(JudgeIssuer(certificate, letters_.authority(), now));
    Add(JudgeDates(certificate, letters_.authority(), now));
    Add(JudgeCipher(outcome, options_));
  }

  void JudgeReplay(const pki::Certificate& certificate, const Outcome& again) {
    constexpr char kCheck[] = "enrol-replay";
    if (auto setback = Setback(kCheck, again)) return Add(*std::move(setback));
    if (again.kind != Outcome::Kind::kSuccess) {
      return Add(
          Warn(kCheck, again.seen + " to the same message",
               "Answer a repeated request with the certificate that it has: a client that lost the reply has none."));
    }
    const auto second = OpenReply(again, device_);
    if (second.has_value() && second->der() == certificate.der()) return Add(Pass(kCheck, "the same certificate"));
    Add(Fail(kCheck, second.has_value() ? "another certificate" : "SUCCESS, but " + second.error().detail,
             "Issue once for a message: whoever records one can have certificates made without end."));
  }

  result::Result<void> Renew(pki::Certificate certificate) {
    constexpr char kCheck[] = "renewal";
    if (!letters_.capabilities().Has("Renewal")) {
      Add(Skipped(kCheck, "Renewal is not offered"));
      return {};
    }
    ASSIGN_OR_RETURN(const pki::Name subject, certificate.subject_name());
    ASSIGN_OR_RETURN(const Device next, letters_.NewDevice(subject));
    ASSIGN_OR_RETURN(const pki::Bytes csr, next.Csr({}));
    device_.client().Adopt(std::move(certificate));
    device_.client().set_transaction_id(next.client().transaction_id());
    ASSIGN_OR_RETURN(const Letter letter, device_.Write(kRenewalReq, csr));
    Add(JudgeRenewal(letters_.Send(letter), next));
    return {};
  }

  Finding JudgeRenewal(const Outcome& outcome, const Device& next) {
    constexpr char kCheck[] = "renewal";
    if (auto setback = Setback(kCheck, outcome)) return *setback;
    if (outcome.kind == Outcome::Kind::kPending) return Pass(kCheck, outcome.seen);
    if (outcome.kind == Outcome::Kind::kSuccess) {
      const auto certificate = OpenReply(outcome, device_);
      if (certificate.has_value() && certificate->spki() == next.public_key().spki()) {
        return Pass(kCheck, "SUCCESS, for the next key");
      }
      return Fail(kCheck,
                  certificate.has_value() ? "SUCCESS, for another key" : "SUCCESS, but " + certificate.error().detail,
                  "Issue for the key of the new request, and envelop the reply to the old certificate.");
    }
    if (outcome.is_cert_rep() && outcome.reply->fail_info == scep::FailInfo::kBadRequest) {
      return Skipped(kCheck, outcome.seen + ", as where a certificate this new may not be renewed yet");
    }
    return Fail(kCheck, outcome.seen, "Take RenewalReq as GetCACaps says, or do not offer Renewal.");
  }

  Correspondence& letters_;
  const scep::Client::Options options_;
  Device device_;
};

// WhyNot is why no certificate is asked for; empty if one is.
std::string WhyNot(const Correspondence& letters) {
  const Settings& settings = letters.examination().settings;
  if (settings.challenge.empty()) return "no --challenge-file";
  if (settings.fingerprint.has_value() && !letters.authority().HasFingerprint(*settings.fingerprint)) {
    return "the challenge is not sent to a CA with another fingerprint";
  }
  return {};
}

}  // namespace

result::Result<void> CheckEnrolment(Correspondence& correspondence) {
  if (const std::string why = WhyNot(correspondence); !why.empty()) {
    for (const char* check : kEnrolmentChecks) correspondence.examination().report.Add(Skipped(check, why));
    return {};
  }
  ASSIGN_OR_RETURN(Device device, correspondence.NewDevice());
  return Enrolment(correspondence, std::move(device)).Run();
}

}  // namespace doctor
