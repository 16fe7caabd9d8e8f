#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <numeric>
#include <random>

#include "device.h"

using namespace conformance;

namespace {

constexpr int kSamples = 1000;
// Of the median: what two runs of the same thing differ by on a busy machine. tests/bench/oracle_timing measures the
// same without a network and a hundred times finer.
constexpr double kNoise = 0.05;

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

TEST_CASE("T-61 a thousand samples of each way to fail have medians within noise of each other") {
  const Device device;
  const Bytes csr = device.Csr();
  const auto envelope = [&] { return device.Enveloped(csr); };
  Bytes bad_block(256, '\0');
  bad_block.back() = '\1';
  const std::vector<Bytes> messages = {
      device.Signed(envelope().WithEncryptedKey(bad_block).Build()).Build(),
      device.Signed(envelope().WithWrappedKey(Bytes(15, 'k')).Build()).Build(),
      device.Signed(envelope().WithBlocks(Bytes((csr.size() / 16 + 1) * 16, '\0')).Build()).Build(),
      device.Signed(envelope().WithCiphertextEnd("12345678").Build()).Build(),
      device.Signed(device.Enveloped(Bytes(csr.size(), 'g')).Build()).Build()};
  std::vector<std::vector<double>> milliseconds(messages.size());
  std::vector<std::size_t> order(messages.size());
  std::iota(order.begin(), order.end(), 0);
  std::mt19937 random(1);
  for (int sample = 0; sample < kSamples; sample++) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order) {
      const auto begin = std::chrono::steady_clock::now();
      const auto reply = Post(Shared().gateway.port(), "/scep/demo?operation=PKIOperation", messages[i]);
      const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
      REQUIRE(reply.status == 200);
      milliseconds[i].push_back(taken.count());
    }
  }
  std::vector<double> medians;
  for (const auto& values : milliseconds) medians.push_back(Median(values));
  CAPTURE(medians);
  const auto [least, most] = std::minmax_element(medians.begin(), medians.end());
  CHECK(*most - *least < kNoise * *least);
}
