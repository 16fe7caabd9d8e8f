#include "doctor/correspondence.h"

namespace doctor {

namespace {

constexpr std::string_view kPkcsReq = "19", kRenewalReq = "17", kUpdateReq = "18", kUnknownType = "99";
constexpr char kMessageType[] = "application/x-pki-message";
constexpr std::size_t kChallengeOctets = 16, kGarbageOctets = 200;

// JudgeTransport is about a request's way there and back; its verdict is another check's.
Finding JudgeTransport(const std::string& check, const Outcome& outcome) {
  if (auto setback = Setback(check, outcome)) return *setback;
  if (outcome.kind == Outcome::Kind::kRefused) {
    return Fail(
        check, outcome.seen,
        "Answer with HTTP 200 and a CertRep also where you refuse: clients stop at another status, and never see "
        "the failInfo.");
  }
  if (outcome.content_type == kMessageType) return Pass(check, outcome.seen);
  const std::string seen = outcome.seen + " as " + Excerpt(outcome.content_type);
  const std::string advice =
      "Send a CertRep as " + std::string(kMessageType) + ", bare: sscep compares the whole text.";
  return MediaType(outcome.content_type) == kMessageType ? Warn(check, seen, advice) : Fail(check, seen, advice);
}

// JudgePost and JudgeGet go easy on the method that clients will not use.
Finding JudgePost(const Outcome& outcome, bool is_offered) {
  Finding finding = JudgeTransport("request-post", outcome);
  if (is_offered || finding.verdict != Verdict::kFail) return finding;
  return Warn(finding.check, finding.seen, "Serve PKIOperation by POST and offer POSTPKIOperation.");
}

Finding JudgeGet(const Outcome& outcome, bool is_needed) {
  Finding finding = JudgeTransport("request-get", outcome);
  if (is_needed || finding.verdict != Verdict::kFail) return finding;
  return Warn(finding.check, finding.seen, "Serve PKIOperation by GET too: Cisco IOS and Junos know nothing else.");
}

// JudgeUnauthorised holds the server to refuse, or to keep for an operator, what proves nothing.
Finding JudgeUnauthorised(const std::string& check, const Outcome& outcome, const std::string& what) {
  if (auto setback = Setback(check, outcome)) return *setback;
  if (outcome.kind != Outcome::Kind::kSuccess) return Pass(check, outcome.seen);
  return Fail(
      check, "SUCCESS: a certificate " + what,
      "Take this server off the network: it issues certificates to anybody. Set a challenge, or approve requests by "
      "hand.");
}

// JudgeRefusal holds it to refuse what no rule can allow.
Finding JudgeRefusal(const std::string& check, const Outcome& outcome, const std::string& advice) {
  if (auto setback = Setback(check, outcome)) return *setback;
  const bool is_refused = outcome.kind == Outcome::Kind::kFailure || outcome.kind == Outcome::Kind::kRefused;
  return is_refused ? Pass(check, outcome.seen) : Fail(check, outcome.seen, advice);
}

Finding JudgeReplay(const Outcome& first, const Outcome& again) {
  constexpr char kCheck[] = "replay";
  if (auto setback = Setback(kCheck, again)) return *setback;
  if (again.kind == first.kind) return Pass(kCheck, again.seen + " again");
  return Warn(kCheck, again.seen + " after " + first.seen,
              "Give a message that comes twice the same answer: clients repeat what they had no answer to.");
}

Finding JudgePoll(const Outcome& outcome) {
  constexpr char kCheck[] = "poll";
  if (auto setback = Setback(kCheck, outcome)) return *setback;
  if (outcome.kind == Outcome::Kind::kPending) return Pass(kCheck, outcome.seen);
  const bool is_refusal =
      outcome.kind == Outcome::Kind::kFailure && (outcome.reply->fail_info == scep::FailInfo::kBadRequest ||
                                                  outcome.reply->fail_info == scep::FailInfo::kBadCertId);
  if (is_refusal) return Pass(kCheck, outcome.seen);
  return Fail(kCheck, outcome.seen + " to the poll for a request that waits",
              "Answer PENDING until somebody decides (RFC 8894 section 4.4).");
}

// Checks are the steps of CheckOperation, on one device that has no certificate and no challenge.
class Checks {
 public:
  Checks(Correspondence& correspondence, Device device, pki::Bytes csr)
      : letters_(correspondence), device_(std::move(device)), csr_(std::move(csr)) {}

  result::Result<void> Run() {
    RETURN_IF_ERROR(Request());
    RETURN_IF_ERROR(Poll());
    RETURN_IF_ERROR(UnknownPoll());
    RETURN_IF_ERROR(StrongAlgorithms());
    RETURN_IF_ERROR(WrongChallenge());
    RETURN_IF_ERROR(Damaged());
    return Types();
  }

 private:
  void Add(Finding finding) { letters_.examination().report.Add(std::move(finding)); }
  bool IsPreferred(Method method) const { return letters_.preferred() == method; }

  result::Result<void> Request() {
    ASSIGN_OR_RETURN(const Letter letter, device_.Write(kPkcsReq, csr_));
    const Outcome post = letters_.Send(letter, Method::kPost);
    Add(JudgePost(post, IsPreferred(Method::kPost)));
    Outcome get;
    if (Correspondence::FitsGet(letter)) {
      get = letters_.Send(letter, Method::kGet);
      Add(JudgeGet(get, IsPreferred(Method::kGet)));
    } else {
      Add(Skipped("request-get", "the message is too long for a URL"));
    }
    const Outcome& first = IsPreferred(Method::kPost) ? post : get;
    is_pending_ = first.kind == Outcome::Kind::kPending;
    Add(JudgeUnauthorised("no-challenge", first, "without a challenge"));
    Add(JudgeReplay(first, letters_.Send(letter)));
    return {};
  }

  result::Result<void> Poll() {
    if (!is_pending_) {
      Add(Skipped("poll", "the request does not wait"));
      return {};
    }
    ASSIGN_OR_RETURN(const Letter letter, device_.WritePoll(letters_.authority()));
    Add(JudgePoll(letters_.Send(letter)));
    return {};
  }

  // A poll for a transaction that the server cannot know.
  result::Result<void> UnknownPoll() {
    const scep::TransactionId own = device_.client().transaction_id();
    ASSIGN_OR_RETURN(const pki::Bytes id, pki::RandomBytes(kChallengeOctets));
    device_.client().set_transaction_id(scep::TransactionId(pki::HexLower(id)));
    ASSIGN_OR_RETURN(const Letter letter, device_.WritePoll(letters_.authority()));
    device_.client().set_transaction_id(own);
    Finding finding = JudgeRefusal(
        "poll-unknown", letters_.Send(letter),
        "Answer FAILURE badCertId to a poll for a transaction that does not exist (RFC 8894 section 4.4).");
    // Who lets nobody wait need not know polls.
    if (finding.verdict == Verdict::kFail && !is_pending_) finding.verdict = Verdict::kWarn;
    Add(std::move(finding));
    return {};
  }

  result::Result<void> StrongAlgorithms() {
    constexpr char kCheck[] = "aes-256-sha-256";
    const scep::Client::Options options = {pki::DigestAlgorithm::kSha256, pki::ContentCipher::kAes256Cbc,
                                           pki::KeyTransport::kPkcs1};
    ASSIGN_OR_RETURN(Device device, device_.With(letters_.authority(), options));
    ASSIGN_OR_RETURN(const Letter letter, device.Write(kPkcsReq, csr_));
    const Outcome outcome = letters_.Send(letter);
    const bool is_bad_algorithm = outcome.is_cert_rep() && outcome.reply->fail_info == scep::FailInfo::kBadAlg;
    auto setback = Setback(kCheck, outcome);
    if (setback.has_value() && setback->verdict == Verdict::kSkipped) {
      Add(*std::move(setback));
    } else if (setback.has_value() || is_bad_algorithm || !outcome.is_cert_rep()) {
      Add(Warn(kCheck, outcome.seen, "Take AES-256 and SHA-256: good clients use them without asking."));
    } else {
      Add(Pass(kCheck, outcome.seen));
    }
    return {};
  }

  result::Result<void> WrongChallenge() {
    ASSIGN_OR_RETURN(const pki::Bytes challenge, pki::RandomBytes(kChallengeOctets));
    ASSIGN_OR_RETURN(Device device, letters_.NewDevice());
    ASSIGN_OR_RETURN(const pki::Bytes csr, device.Csr(pki::HexLower(challenge)));
    ASSIGN_OR_RETURN(const Letter letter, device.Write(kPkcsReq, csr));
    Add(JudgeUnauthorised("wrong-challenge", letters_.Send(letter), "for a challenge that was made up"));
    return {};
  }

  result::Result<void> Damaged() {
    ASSIGN_OR_RETURN(pki::Bytes garbage, pki::RandomBytes(kGarbageOctets));
    ASSIGN_OR_RETURN(const Letter around_garbage, device_.Write(kPkcsReq, garbage));
    Add(JudgeRefusal("garbage-content", letters_.Send(around_garbage),
                     "Read the request in the envelope before you take it."));
    ASSIGN_OR_RETURN(Letter broken, device_.Write(kPkcsReq, csr_));
    // The signature is what a message ends with.
    broken.message.back() = static_cast<char>(broken.message.back() ^ 1);
    Add(JudgeRefusal("broken-signature", letters_.Send(broken),
                     "Verify the message's signature first: anybody can alter requests on their way."));
    constexpr char kAdvice[] = "Answer what is no message with HTTP 400.";
    Finding body = JudgeRefusal("garbage-body", letters_.Post(std::move(garbage)), kAdvice);
    if (body.verdict == Verdict::kFail) body.advice = kAdvice;
    Add(std::move(body));
    return {};
  }

  // Types that a device without a certificate has no right to. 18 is UpdateReq of older drafts, which servers have
  // taken for a request that was authenticated already (CVE-2026-30836).
  result::Result<void> Types() {
    ASSIGN_OR_RETURN(const Letter unknown, device_.Write(kUnknownType, csr_));
    Add(JudgeRefusal("unknown-type", letters_.Send(unknown),
                     "Refuse a messageType that SCEP does not have with FAILURE badRequest."));
    ASSIGN_OR_RETURN(const Letter update, device_.Write(kUpdateReq, csr_));
    Add(JudgeUnauthorised("update-type", letters_.Send(update), "by the retired type 18, without a challenge"));
    ASSIGN_OR_RETURN(const Letter renewal, device_.Write(kRenewalReq, csr_));
    Add(JudgeUnauthorised("renewal-type", letters_.Send(renewal), "by a renewal that no certificate signed"));
    return {};
  }

  Correspondence& letters_;
  Device device_;
  const pki::Bytes csr_;
  bool is_pending_ = false;
};

}  // namespace

result::Result<void> CheckOperation(Correspondence& correspondence) {
  ASSIGN_OR_RETURN(Device device, correspondence.NewDevice());
  ASSIGN_OR_RETURN(pki::Bytes csr, device.Csr({}));
  return Checks(correspondence, std::move(device), std::move(csr)).Run();
}

}  // namespace doctor
