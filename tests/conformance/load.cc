#include "load.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "pki/certificate_request.h"

namespace conformance {

namespace {

std::string Target(const std::string& ca, const std::string& operation) {
  return "/scep/" + ca + "?operation=" + operation;
}

const char* InWord(scep::PkiStatus status) {
  switch (status) {
    case scep::PkiStatus::kSuccess:
      return "SUCCESS";
    case scep::PkiStatus::kFailure:
      return "FAILURE";
    case scep::PkiStatus::kPending:
      return "PENDING";
  }
  return "no status";
}

}  // namespace

Load::Load(LoadWish wish) : wish_(std::move(wish)), key_(testing::Key(wish_.key)), thread_([this] { Run(); }) {}

Load::~Load() {
  is_stopping_ = true;
  thread_.join();
}

std::vector<std::string> Load::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

void Load::Keep(const std::string& failure) {
  const std::lock_guard lock(mutex_);
  failures_.push_back(wish_.key + ": " + failure);
}

void Load::Run() {
  std::optional<pki::Certificate> ra;
  for (int number = 0; !is_stopping_; number++) {
    try {
      if (!ra || wish_.has_fresh_certificate) ra = Fetch();
      const std::string failure = ra ? Enrol(*ra, number) : "no CA certificate";
      if (failure.empty()) {
        successes_++;
      } else if (!is_stopping_) {
        Keep(failure);
      }
    } catch (const std::exception& error) {
      Keep(error.what());
    }
  }
}

std::optional<HttpReply> Load::Send(int port, const std::string& request) {
  while (true) {
    auto reply = HttpClient(port).Exchange(request);
    const bool is_to_come_again = reply && reply->status == 503 && !reply->Field("Retry-After").empty();
    if (!is_to_come_again || is_stopping_) return reply;
    retries_++;
  }
}

std::optional<pki::Certificate> Load::Fetch() {
  const auto reply = Send(wish_.publisher, "GET " + Target(wish_.ca, "GetCACert") + " HTTP/1.0\r\n\r\n");
  if (!reply || reply->status != 200) return std::nullopt;
  const auto certificates = pki::ParseCertsOnly(reply->body);
  return certificates && !certificates->empty() ? std::optional(certificates->front()) : std::nullopt;
}

std::string Load::Expect(scep::PkiStatus expected, int port, const scep::Client& client, const Bytes& message) {
  const auto reply = Send(port, PostRequest(Target(wish_.ca, "PKIOperation"), message));
  if (!reply) return "no answer";
  if (reply->status != 200) return "HTTP " + std::to_string(reply->status);
  const auto read = client.ReadReply(reply->body);
  if (!read) return "unreadable: " + read.error().detail;
  return read->status == expected ? "" : InWord(read->status);
}

std::string Load::Enrol(const pki::Certificate& ra, int number) {
  pki::CertificateRequestTemplate wanted;
  const std::string name = wish_.key + "-" + std::to_string(number);
  wanted.subject = pki::Name::FromString("CN=" + name).value();
  wanted.challenge = wish_.challenge;
  const auto csr = pki::SignCertificateRequest(wanted, *key_, pki::DigestAlgorithm::kSha256).value();
  auto client = scep::Client::Create(key_, wanted.subject, ra).value();
  client.set_transaction_id(scep::TransactionId(name));
  const auto expected = wish_.challenge.empty() ? scep::PkiStatus::kPending : scep::PkiStatus::kSuccess;
  const auto request = client.MakePkcsReq(csr).value();
  std::string failure = Expect(expected, wish_.receiver, client, request);
  if (!failure.empty() || expected == scep::PkiStatus::kSuccess) return failure;
  const auto poll = client.MakeCertPoll(wanted.subject).value();
  failure = Expect(expected, wish_.publisher, client, poll);
  return failure.empty() ? failure : "poll: " + failure;
}

bool AllGoOn(const std::vector<const Load*>& loads, int times) {
  std::vector<int> goals;
  for (const Load* load : loads) goals.push_back(load->successes() + times);
  return support::Eventually([&] {
    return std::equal(loads.begin(), loads.end(), goals.begin(),
                      [](const Load* load, int goal) { return load->successes() >= goal; });
  });
}

std::vector<std::string> FailuresOf(const std::vector<const Load*>& loads) {
  std::vector<std::string> all;
  for (const Load* load : loads) {
    for (const std::string& failure : load->failures()) all.push_back(failure);
  }
  return all;
}

}  // namespace conformance
