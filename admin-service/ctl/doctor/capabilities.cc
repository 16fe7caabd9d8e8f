#include "doctor/capabilities.h"

#include <algorithm>

#include "doctor/examination.h"

namespace doctor {

namespace {

constexpr std::size_t kMaxKeywords = 64;
// certmonger takes no more.
constexpr std::size_t kMaxBody = 1023;

std::string_view Trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Finding JudgeAnswer(const Answer& answer) {
  constexpr char kCheck[] = "caps-answer";
  const std::string seen = Describe(answer);
  if (answer.status == 404) {
    return Fail(kCheck, seen, "Look at the path of the URL first; if it is right, serve GetCACaps there.");
  }
  if (answer.status != 200) {
    return Fail(kCheck, seen,
                "Serve GetCACaps: without it clients fall back to DES, MD5 and SHA-1 (RFC 8894 section 3.5.2).");
  }
  if (LooksLikePage(answer.body)) {
    return Fail(kCheck, seen + ", a web page",
                "This is no SCEP URL: look for the path, and for a portal or login page in front of it.");
  }
  if (answer.body.empty()) {
    return Warn(kCheck, seen, "List the capabilities: clients read an empty list as DES, MD5 and SHA-1.");
  }
  if (answer.body.size() > kMaxBody) {
    return Warn(kCheck, seen, "Keep the list below 1024 octets: certmonger takes no longer one.");
  }
  if (MediaType(answer.content_type) != "text/plain") {
    return Warn(kCheck, seen, "Send it as text/plain (RFC 8894 section 3.5.2).");
  }
  return Pass(kCheck, seen);
}

Finding JudgeLines(pki::ByteView body) {
  constexpr char kCheck[] = "caps-lines";
  const bool has_lf = body.find('\n') != pki::ByteView::npos;
  const bool has_cr = body.find('\r') != pki::ByteView::npos;
  if (has_cr && !has_lf) {
    return Fail(kCheck, "lines end with CR alone", "End lines with LF (RFC 8894 section 3.5.2 allows CRLF or LF).");
  }
  if (has_cr) {
    return Warn(kCheck, "lines end with CRLF", "End lines with LF: Apple's client keeps the CR and knows no keyword.");
  }
  std::size_t begin = 0;
  while (begin < body.size()) {
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    const std::string_view line = body.substr(begin, end - begin);
    if (line.empty()) {
      return Warn(kCheck, "an empty line", "Leave empty lines out: strongSwan takes one for every capability.");
    }
    if (Trimmed(line) != line) {
      return Warn(kCheck, "white space around a keyword", "Send keywords bare: clients compare the whole line.");
    }
    begin = end + 1;
  }
  return Pass(kCheck, "lines end with LF");
}

Finding JudgeDigest(const Capabilities& capabilities) {
  constexpr char kCheck[] = "caps-digest";
  if (capabilities.has_sha256()) return Pass(kCheck, "SHA-256");
  if (capabilities.Has("SHA-512")) {
    return Warn(kCheck, "SHA-512 without SHA-256", "Offer SHA-256 too, which every client has.");
  }
  return Warn(kCheck, capabilities.Has("SHA-1") ? "SHA-1 only" : "no digest that is still good",
              "Offer SHA-256: clients sign with SHA-1 or MD5 otherwise.");
}

Finding JudgeCipher(const Capabilities& capabilities) {
  constexpr char kCheck[] = "caps-cipher";
  if (capabilities.has_aes()) return Pass(kCheck, "AES");
  return Warn(kCheck, capabilities.Has("DES3") ? "DES3 only" : "no cipher",
              "Offer AES: clients encrypt with triple or single DES otherwise.");
}

Finding JudgePost(const Capabilities& capabilities) {
  constexpr char kCheck[] = "caps-post";
  if (capabilities.has_post()) return Pass(kCheck, "POSTPKIOperation");
  return Warn(kCheck, "no POSTPKIOperation",
              "Offer POSTPKIOperation: messages are too long for the URLs that proxies let through.");
}

Finding JudgeKeywords(const Capabilities& capabilities) {
  constexpr char kCheck[] = "caps-keywords";
  constexpr std::string_view kRetired[] = {"Update", "MD5", "DES", "SHA2", "SHA1"};
  std::vector<std::string> retired;
  for (const std::string_view keyword : kRetired) {
    if (capabilities.Has(keyword)) retired.emplace_back(keyword);
  }
  if (retired.empty()) return Pass(kCheck, Excerpt(Joined(capabilities.keywords())));
  return Warn(kCheck, "lists " + Joined(retired),
              "Leave out what RFC 8894 does not have: clients pass over it, and UpdateReq, MD5 and DES are unsafe.");
}

}  // namespace

Capabilities Capabilities::Read(pki::ByteView body) {
  Capabilities capabilities;
  while (!body.empty() && capabilities.keywords_.size() < kMaxKeywords) {
    const std::size_t end = std::min(body.find_first_of("\r\n"), body.size());
    const std::string_view keyword = Trimmed(body.substr(0, end));
    if (!keyword.empty()) capabilities.keywords_.emplace_back(keyword);
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return capabilities;
}

bool Capabilities::Has(std::string_view keyword) const {
  return std::find(keywords_.begin(), keywords_.end(), keyword) != keywords_.end();
}

scep::Client::Options Capabilities::Options() const {
  scep::Client::Options options;
  options.cipher = !has_aes() && Has("DES3") ? pki::ContentCipher::kDes3Cbc : pki::ContentCipher::kAes128Cbc;
  const bool is_sha1 = !has_sha256() && !Has("SHA-512") && Has("SHA-1");
  options.digest = is_sha1 ? pki::DigestAlgorithm::kSha1 : pki::DigestAlgorithm::kSha256;
  return options;
}

Capabilities CheckCapabilities(const Examination& examination, const Answer& answer) {
  Report& report = examination.report;
  report.Add(JudgeAnswer(answer));
  if (answer.status != 200 || LooksLikePage(answer.body)) {
    for (const char* check : {"caps-lines", "caps-digest", "caps-cipher", "caps-post", "caps-keywords"}) {
      report.Add(Skipped(check, "no list of capabilities"));
    }
    return {};
  }
  const Capabilities capabilities = Capabilities::Read(answer.body);
  report.Add({JudgeLines(answer.body), JudgeDigest(capabilities), JudgeCipher(capabilities), JudgePost(capabilities),
              JudgeKeywords(capabilities)});
  return capabilities;
}

}  // namespace doctor
