#include "doctor/ca_answer.h"
#include "doctor/examination.h"
#include "pki/cms.h"

namespace doctor {

namespace {

// What Windows and sscep send, and nobody can change.
constexpr std::string_view kFixedNames[] = {"default", "CAIdentifier"};

// IsSame tells whether an answer brings the certificates of `authority`.
bool IsSame(const CaAnswer& read, const Authority& authority) {
  if (read.certificates.size() != authority.certificates.size()) return false;
  for (const pki::Certificate& certificate : read.certificates) {
    if (!authority.Contains(certificate)) return false;
  }
  return true;
}

std::string NamesOf(const std::vector<pki::Certificate>& certificates) {
  std::string names;
  for (const pki::Certificate& certificate : certificates) {
    names += (names.empty() ? "" : ", ") + CaCertificate::Read(certificate).subject;
  }
  return names;
}

// AskAs asks for GetCACert with another `message`, or without one.
result::Result<CaAnswer> AskAs(const Examination& examination, std::optional<std::string> message) {
  ASSIGN_OR_RETURN(const Answer answer, examination.dialogue.Send({"GetCACert", std::move(message), std::nullopt}));
  return FindCaAnswer(answer);
}

Finding JudgeFixedNames(const Examination& examination, const Authority& authority) {
  constexpr char kCheck[] = "ca-name";
  for (const std::string_view name : kFixedNames) {
    const std::string question = "message=" + std::string(name) + ": ";
    const auto read = AskAs(examination, std::string(name));
    if (!read.has_value()) {
      return Warn(
          kCheck, question + read.error().detail,
          "Answer names that you do not know like no name: Windows always sends default, sscep CAIdentifier, and "
          "they give up.");
    }
    if (!IsSame(*read, authority)) {
      return Warn(kCheck, question + "another CA, " + NamesOf(read->certificates),
                  "Let a name that you do not know mean the same CA as no name, or give devices a URL for each CA.");
    }
  }
  return Pass(kCheck, "the same CA for names that clients make up (default, CAIdentifier)");
}

Finding JudgeNameless(const Examination& examination, const Authority& authority) {
  constexpr char kCheck[] = "ca-name";
  const auto read = AskAs(examination, std::nullopt);
  if (!read.has_value()) {
    return Warn(kCheck, "without a name: " + read.error().detail,
                "Answer for one CA where a client names none, or see that every device is given the name.");
  }
  return Pass(kCheck, IsSame(*read, authority) ? "the same CA without a name"
                                               : "another CA without a name: " + NamesOf(read->certificates));
}

// VerifyNextCa reads GetNextCACert: a SignedData by the CA of today around the certificates of tomorrow.
result::Result<std::vector<pki::Certificate>> VerifyNextCa(pki::ByteView body, const Authority& authority) {
  ASSIGN_OR_RETURN(const pki::SignedData signed_data, pki::ParseSignedData(body));
  RETURN_IF_ERROR(pki::VerifySigner(signed_data));
  if (!authority.Contains(signed_data.signer->certificate)) {
    return result::Fail(result::Reason::kBadMessageCheck, "it is signed by none of the certificates of GetCACert");
  }
  auto certificates = pki::ParseCertsOnly(signed_data.content.value_or(pki::ByteView()));
  if (!certificates.has_value() || certificates->empty()) {
    return result::Fail(result::Reason::kMalformed, "it holds no PKCS#7 of certificates");
  }
  return certificates;
}

}  // namespace

void CheckCaName(const Examination& examination, const Authority& authority) {
  const bool is_named = !examination.settings.ca.empty();
  examination.report.Add(is_named ? JudgeNameless(examination, authority) : JudgeFixedNames(examination, authority));
}

void CheckNextCa(const Examination& examination, const Capabilities& capabilities, const Authority& authority) {
  constexpr char kCheck[] = "next-ca";
  constexpr char kType[] = "application/x-x509-next-ca-cert";
  Report& report = examination.report;
  if (!capabilities.Has("GetNextCACert")) return report.Add(Skipped(kCheck, "GetNextCACert is not offered"));
  const auto answer = examination.Ask("GetNextCACert");
  constexpr char kAdvice[] =
      "Offer GetNextCACert only while there is a next CA, and answer with its certificates, signed by the CA of today "
      "(RFC "
      "8894 section 4.7).";
  if (!answer.has_value()) return report.Add(Fail(kCheck, answer.error().detail, kAdvice));
  if (answer->status != 200) return report.Add(Fail(kCheck, Describe(*answer), kAdvice));
  const auto certificates = VerifyNextCa(answer->body, authority);
  if (!certificates.has_value()) {
    return report.Add(Fail(kCheck, Describe(*answer) + ": " + certificates.error().detail, kAdvice));
  }
  const std::string seen = "next: " + NamesOf(*certificates);
  if (answer->content_type != kType) {
    return report.Add(
        Warn(kCheck, seen + ", as " + Excerpt(answer->content_type), "Send it as " + std::string(kType) + "."));
  }
  report.Add(Pass(kCheck, seen));
}

}  // namespace doctor
