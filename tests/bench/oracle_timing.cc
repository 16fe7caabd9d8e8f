// oracle_timing: whether the time of a refusal tells why an envelope could not be opened (requirements S-02, T-61). It
// times the whole decoding of messages that fail in five ways, in random order, and compares each two of them: the
// difference of the medians, and the z of the Mann-Whitney test, which is within 3.3 in 999 of 1000 comparisons of the
// same thing. Ends with 1 if two differ by both measures.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "../unit/pki/identity.h"
#include "../unit/scep/message_builder.h"

namespace {

using pki::Bytes;
using testing::Envelope;

constexpr double kMostZ = 3.3;
constexpr double kMostMicroseconds = 0.5;

struct Case {
  std::string name;
  Bytes message;
  std::vector<double> microseconds;
};

std::vector<Case> Cases(const testing::Identity& ra, const testing::Identity& client) {
  const Bytes csr = testing::CertificationRequest(*client.key);
  const auto sound = [&] { return std::move(Envelope(csr).To(ra.certificate)); };
  Bytes bad_block(256, '\0');
  bad_block.back() = '\1';
  const std::size_t blocks = (csr.size() / 16 + 1) * 16;
  const auto message = [&](const Bytes& envelope) {
    return testing::Message(envelope)
        .WithType("19")
        .WithTransactionId("timing")
        .WithNonce("0123456789abcdef")
        .SignedBy(client)
        .Build();
  };
  return {{"bad RSA block", message(sound().WithEncryptedKey(bad_block).Build()), {}},
          {"content key of a wrong length", message(sound().WithWrappedKey(Bytes(15, 'k')).Build()), {}},
          {"bad padding", message(sound().WithBlocks(Bytes(blocks, '\0')).Build()), {}},
          {"half a block", message(sound().WithCiphertextEnd("12345678").Build()), {}},
          {"garbage", message(Envelope(Bytes(csr.size(), 'g')).To(ra.certificate).Build()), {}}};
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// MannWhitneyZ is how far apart two samples rank, in standard deviations.
double MannWhitneyZ(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<std::pair<double, bool>> all;
  for (const double value : a) all.emplace_back(value, true);
  for (const double value : b) all.emplace_back(value, false);
  std::sort(all.begin(), all.end());
  double ranks = 0;
  for (std::size_t i = 0; i < all.size(); i++) ranks += all[i].second ? static_cast<double>(i + 1) : 0.0;
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  const double u = ranks - n * (n + 1) / 2;
  return (u - n * m / 2) / std::sqrt(n * m * (n + m + 1) / 12);
}

}  // namespace

int main(int argc, char** argv) {
  const int samples = argc > 1 ? std::atoi(argv[1]) : 3000;
  if (samples < 100) {
    std::fputs("usage: oracle_timing [SAMPLES], at least 100\n", stderr);
    return 2;
  }
  const auto ra = testing::MakeIdentity(testing::Key("ra"), {.common_name = "RA", .serial_number = "\x11"});
  const auto client = testing::MakeIdentity(testing::Key("client"));
  const std::vector<std::shared_ptr<const scep::Recipient>> recipients = {std::make_shared<const scep::Recipient>(
      scep::Recipient{"ca", 1, ra.certificate, ra.key, ra.certificate, ra.key, {}, false})};
  auto cases = Cases(ra, client);
  std::mt19937 random(1);
  std::vector<std::size_t> order(cases.size());
  std::iota(order.begin(), order.end(), 0);
  for (int round = -samples / 10; round < samples; round++) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order) {
      const auto begin = std::chrono::steady_clock::now();
      const auto decoded = scep::DecodeRequest(cases[i].message, recipients);
      const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - begin;
      if (decoded || decoded.error().fail_info != scep::FailInfo::kBadRequest) std::abort();
      if (round >= 0) cases[i].microseconds.push_back(taken.count());
    }
  }
  for (const Case& one : cases) std::printf("%-32s median %8.2f us\n", one.name.c_str(), Median(one.microseconds));
  bool is_told = false;
  for (std::size_t i = 0; i < cases.size(); i++) {
    for (std::size_t j = i + 1; j < cases.size(); j++) {
      const double difference = Median(cases[i].microseconds) - Median(cases[j].microseconds);
      const double z = MannWhitneyZ(cases[i].microseconds, cases[j].microseconds);
      const bool differs = std::abs(z) > kMostZ && std::abs(difference) > kMostMicroseconds;
      is_told = is_told || differs;
      std::printf("%-32s %-32s %+7.2f us  z %+6.2f%s\n", cases[i].name.c_str(), cases[j].name.c_str(), difference, z,
                  differs ? "  DIFFERS" : "");
    }
  }
  return is_told ? 1 : 0;
}
