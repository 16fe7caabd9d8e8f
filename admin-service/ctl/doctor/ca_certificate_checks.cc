#include <algorithm>
#include <chrono>

#include "doctor/ca_answer.h"
#include "doctor/examination.h"

namespace doctor {

namespace {

// A CA or RA that ends sooner should have a successor by now.
constexpr std::chrono::days kSoon{30};
constexpr int kWeakBits = 2048, kBrokenBits = 1024;

Finding JudgeType(const Answer& answer, const CaAnswer& read) {
  constexpr char kCheck[] = "ca-type";
  constexpr std::string_view kOne = "application/x-x509-ca-cert", kMany = "application/x-x509-ca-ra-cert";
  const std::string type = MediaType(answer.content_type);
  const std::string seen = Counted(read.certificates.size(), "certificate") + " as " + Excerpt(answer.content_type);
  if (read.form == CaAnswer::Form::kPem) {
    return Fail(kCheck, seen + ", in PEM", "Send DER: clients do not read PEM (RFC 8894 section 4.2.1).");
  }
  const bool is_one = read.form == CaAnswer::Form::kCertificate;
  if (type == (is_one ? kMany : kOne)) {
    return Fail(
        kCheck, seen + (is_one ? ", but not in a PKCS#7" : ", but in a PKCS#7"),
        "Send one bare certificate as application/x-x509-ca-cert, and a PKCS#7 as application/x-x509-ca-ra-cert "
        "(RFC 8894 section 4.2.1).");
  }
  if (type != (is_one ? kOne : kMany)) {
    return Warn(kCheck, seen,
                "Send it as " + std::string(is_one ? kOne : kMany) + ": some clients know no other type.");
  }
  if (answer.content_type != type) {
    return Warn(kCheck, seen, "Send the bare type: certmonger and older sscep compare the whole text.");
  }
  if (read.is_signed) {
    return Warn(kCheck, seen + ", signed", "Send a PKCS#7 without a signature (RFC 8894 section 3.4).");
  }
  return Pass(kCheck, seen);
}

std::string UsageText(const CaCertificate& certificate) {
  if (!certificate.key_usage.has_value()) return "no keyUsage";
  std::string text;
  const auto add = [&](unsigned bit, const char* name) {
    if ((*certificate.key_usage & bit) != 0) text += (text.empty() ? "" : "+") + std::string(name);
  };
  add(pki::kDigitalSignature, "digitalSignature");
  add(pki::kKeyEncipherment, "keyEncipherment");
  add(pki::kKeyCertSign, "keyCertSign");
  return text.empty() ? "another keyUsage" : text;
}

std::string Presented(const CaCertificate& certificate) {
  return certificate.subject + " (" + certificate.key + ", " + UsageText(certificate) + ")";
}

Finding JudgeEncryption(const Authority& authority) {
  constexpr char kCheck[] = "ca-encryption";
  const CaCertificate& recipient = authority.recipient();
  const std::string seen = "to " + Presented(recipient);
  if (!recipient.CanReceive()) {
    return Warn(
        kCheck, seen,
        "Give the certificate that receives requests the keyUsage keyEncipherment (RFC 8894 section 2.1.2): some "
        "clients refuse to encrypt to it.");
  }
  if (authority.certificates.size() > 1 && !recipient.key_usage.has_value()) {
    return Warn(kCheck, seen, "Give the RA a keyUsage: macOS encrypts to the CA otherwise.");
  }
  for (const CaCertificate& other : authority.certificates) {
    const bool is_other = other.certificate.der() != recipient.certificate.der();
    if (is_other && other.is_ca && other.key_usage.has_value() && other.CanReceive()) {
      return Warn(kCheck, seen + ", and " + other.subject + " may receive too",
                  "Take keyEncipherment from the CA certificate: Apple's client may encrypt to it instead of the RA.");
    }
  }
  return Pass(kCheck, seen);
}

Finding JudgeSignature(const Authority& authority) {
  constexpr char kCheck[] = "ca-signature";
  std::string names;
  for (const CaCertificate& candidate : authority.certificates) {
    if (candidate.CanSign()) names += (names.empty() ? "" : ", ") + candidate.subject;
  }
  if (!names.empty()) return Pass(kCheck, "by " + names);
  return Warn(kCheck, "no certificate has the keyUsage digitalSignature",
              "Give the certificate that signs replies digitalSignature (RFC 8894 section 2.1.2): some clients take no "
              "reply otherwise.");
}

Finding JudgeOrder(const Authority& authority) {
  constexpr char kCheck[] = "ca-order";
  if (authority.certificates.size() == 1) return Pass(kCheck, "one certificate");
  std::string order;
  for (const CaCertificate& certificate : authority.certificates) {
    order += (order.empty() ? "" : "; ") + certificate.subject;
  }
  const auto& certificates = authority.certificates;
  const bool has_leaf =
      std::any_of(certificates.begin(), certificates.end(), [](const CaCertificate& each) { return !each.is_ca; });
  if (!has_leaf || !certificates.front().is_ca) return Pass(kCheck, order);
  return Warn(kCheck, order, "Put the RA first, then the CA and its chain: some clients take the first certificate.");
}

Finding JudgeKeys(const Authority& authority) {
  constexpr char kCheck[] = "ca-key-size";
  std::string keys;
  const CaCertificate* weakest = nullptr;
  for (const CaCertificate& certificate : authority.certificates) {
    keys += (keys.empty() ? "" : ", ") + certificate.key;
    const auto& key = certificate.certificate.public_key();
    if (!key.has_value()) return Warn(kCheck, keys, "Few clients know this kind of key: RSA is the safe choice.");
    if (key->type() != pki::KeyType::kRsa) continue;
    const bool is_weaker = weakest == nullptr || key->bits() < weakest->certificate.public_key()->bits();
    if (is_weaker) weakest = &certificate;
  }
  const int bits = weakest == nullptr ? kWeakBits : weakest->certificate.public_key()->bits();
  if (bits >= kWeakBits) return Pass(kCheck, keys);
  const std::string advice = "Make a key of at least 2048 bits for " + weakest->subject + ".";
  return bits < kBrokenBits ? Fail(kCheck, keys, advice) : Warn(kCheck, keys, advice);
}

struct Dates {
  std::chrono::days until_begin, until_end;
};

// DatesOf is nothing where the dates do not read.
std::optional<Dates> DatesOf(const pki::Certificate& certificate, pki::TimePoint now) {
  const auto begin = certificate.not_before();
  const auto end = certificate.not_after();
  if (!begin.has_value() || !end.has_value()) return std::nullopt;
  return Dates{std::chrono::ceil<std::chrono::days>(*begin - now), std::chrono::floor<std::chrono::days>(*end - now)};
}

Finding JudgeValidity(const CaCertificate& each, bool is_needed, pki::TimePoint now) {
  constexpr char kCheck[] = "ca-validity";
  const auto dates = DatesOf(each.certificate, now);
  if (!dates.has_value()) return Fail(kCheck, each.subject + " has dates that do not read", "Make it anew.");
  const auto bad = is_needed ? Fail : Warn;
  if (dates->until_begin.count() > 0) {
    return bad(kCheck, each.subject + " is not good yet",
               "Compare the clocks: of the CA when it was made, and of this machine.");
  }
  const auto days = dates->until_end.count();
  if (days < 0) return bad(kCheck, each.subject + " has ended", "Renew it: clients refuse what it signs.");
  const std::string seen = each.subject + " for " + Counted(static_cast<std::size_t>(days), "day");
  if (dates->until_end >= kSoon) return Pass(kCheck, seen);
  return Warn(kCheck, seen, "Renew it, and let clients learn of the next one in time (GetNextCACert).");
}

Finding JudgeValidities(const Authority& authority, pki::TimePoint now) {
  Finding worst = Pass("ca-validity", "");
  std::string all;
  for (const CaCertificate& certificate : authority.certificates) {
    const bool is_needed = &certificate == &authority.recipient() || &certificate == &authority.issuer();
    Finding finding = JudgeValidity(certificate, is_needed, now);
    all += (all.empty() ? "" : ", ") + finding.seen;
    if (finding.verdict > worst.verdict) worst = std::move(finding);
  }
  worst.seen = all;
  return worst;
}

// HasRootAbove follows the chain from `index`, never longer than there are certificates.
bool HasRootAbove(const std::vector<CaCertificate>& certificates, std::size_t index) {
  for (std::size_t steps = 0; steps < certificates.size(); ++steps) {
    const pki::Certificate& issued = certificates[index].certificate;
    if (issued.is_self_issued()) return true;
    const auto issuer = std::find_if(certificates.begin(), certificates.end(), [&issued](const CaCertificate& each) {
      return VerifySignature(issued, each.certificate).has_value();
    });
    if (issuer == certificates.end()) return false;
    index = static_cast<std::size_t>(issuer - certificates.begin());
  }
  return false;
}

Finding JudgeChain(const Authority& authority, pki::TimePoint now) {
  constexpr char kCheck[] = "ca-chain";
  const CaCertificate& recipient = authority.recipient();
  if (!authority.has_registration_authority() && !recipient.is_self_issued() && !recipient.is_ca) {
    return Fail(kCheck, "no certificate in the answer issued " + recipient.subject,
                "Send the issuing CA's certificate with the RA's: clients must know what the RA belongs to.");
  }
  const CaCertificate& issuer = authority.issuer();
  const auto strictly = pki::VerifyIssuedBy(recipient.certificate, issuer.certificate, now);
  if (authority.has_registration_authority() && !strictly.has_value()) {
    return Warn(
        kCheck, recipient.subject + " by " + issuer.subject + ": " + strictly.error().detail,
        "The signature holds, but strict verifiers (OpenSSL's -x509_strict) refuse the chain: make the certificates "
        "as RFC 5280 wants them.");
  }
  if (!HasRootAbove(authority.certificates, authority.issuer_index)) {
    return Warn(kCheck, issuer.subject + " is no root, and none is in the answer",
                "Send the chain up to the root: strongSwan's pki --scepca wants it.");
  }
  return Pass(kCheck, authority.has_registration_authority() ? recipient.subject + " issued by " + issuer.subject
                                                             : issuer.subject + " answers itself, without an RA");
}

Finding JudgeFingerprint(const Examination& examination, const Authority& authority) {
  constexpr char kCheck[] = "ca-fingerprint";
  const auto& expected = examination.settings.fingerprint;
  const std::string seen = authority.issuer().subject + ": SHA-256 " +
                           pki::NotationsOf(pki::FingerprintsOf(authority.issuer().certificate.der()).sha256).grouped;
  if (!expected.has_value()) return Pass(kCheck, seen);
  if (authority.HasFingerprint(*expected)) return Pass(kCheck, seen + ", as given");
  return Fail(kCheck, seen + ", not what --fingerprint says",
              "Ask who runs the CA which fingerprint is right: this may be another CA, or somebody in between.");
}

}  // namespace

std::optional<Authority> CheckCaCertificates(const Examination& examination) {
  Report& report = examination.report;
  const auto skip = [&report](std::initializer_list<const char*> checks, const char* why) {
    for (const char* check : checks) report.Add(Skipped(check, why));
  };
  constexpr char kAnswer[] = "ca-answer";
  constexpr char kAdvice[] = "Serve GetCACert with the CA's certificate, and the RA's if there is one, in DER.";
  const auto answer = examination.Ask("GetCACert");
  const auto read = answer.has_value() ? FindCaAnswer(*answer) : tl::unexpected<result::Error>(answer.error());
  if (!read.has_value()) {
    report.Add(Fail(kAnswer, read.error().detail, kAdvice));
    skip({"ca-type", "ca-encryption", "ca-signature", "ca-order", "ca-key-size", "ca-validity", "ca-chain",
          "ca-fingerprint"},
         "no CA certificate");
    return std::nullopt;
  }
  report.Add({Pass(kAnswer, Describe(*answer)), JudgeType(*answer, *read)});
  std::vector<CaCertificate> certificates;
  for (const pki::Certificate& certificate : read->certificates) {
    certificates.push_back(CaCertificate::Read(certificate));
  }
  const auto authority = Authority::Choose(std::move(certificates));
  if (!authority.has_value()) {
    report.Add(Fail("ca-encryption", "no certificate has an RSA key",
                    "Give the CA an RA with an RSA key: clients encrypt requests with RSA (RFC 8894 section 3.1)."));
    skip({"ca-signature", "ca-order", "ca-key-size", "ca-validity", "ca-chain", "ca-fingerprint"},
         "no certificate to write to");
    return std::nullopt;
  }
  const pki::TimePoint now = examination.settings.now();
  report.Add({JudgeEncryption(*authority), JudgeSignature(*authority), JudgeOrder(*authority), JudgeKeys(*authority),
              JudgeValidities(*authority, now), JudgeChain(*authority, now),
              JudgeFingerprint(examination, *authority)});
  return authority;
}

}  // namespace doctor
