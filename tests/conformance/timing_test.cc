#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>

#include "device.h"
#include "support/instrumented.h"

using namespace conformance;

namespace {

constexpr int kSamples = 1000;
constexpr int kInstrumentedSamples = 10;
// Of the median: less is not seen through HTTP. tests/bench/oracle_timing measures the same without a network and a
// hundred times finer.
constexpr double kLeastNoise = 0.03;
// Different kinds may differ by so many times as much as one kind does from itself.
constexpr double kMostOfNoise = 3;

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Samples are the times of one kind of message, dealt out to two hands in turn: these differ by noise alone.
struct Samples {
  void Add(double milliseconds) { hands[count++ % 2].push_back(milliseconds); }
  double noise() const { return std::abs(Median(hands[0]) - Median(hands[1])); }
  double median() const {
    std::vector<double> all = hands[0];
    all.insert(all.end(), hands[1].begin(), hands[1].end());
    return Median(std::move(all));
  }

  std::array<std::vector<double>, 2> hands;
  std::size_t count = 0;
};

// Broken are messages that fail in the ways (b) to (f) of T-60.
std::vector<Bytes> Broken(const Device& device) {
  const Bytes csr = device.Csr();
  const auto envelope = [&] { return device.Enveloped(csr); };
  Bytes bad_block(256, '\0');
  bad_block.back() = '\1';
  return {device.Signed(envelope().WithEncryptedKey(bad_block).Build()).Build(),
          device.Signed(envelope().WithWrappedKey(Bytes(15, 'k')).Build()).Build(),
          device.Signed(envelope().WithBlocks(Bytes((csr.size() / 16 + 1) * 16, '\0')).Build()).Build(),
          device.Signed(envelope().WithCiphertextEnd("12345678").Build()).Build(),
          device.Signed(device.Enveloped(Bytes(csr.size(), 'g')).Build()).Build()};
}

// Measured sends each message `samples` times, in random order, so that what else the machine does hits all alike.
std::vector<Samples> Measured(const std::vector<Bytes>& messages, int samples) {
  std::vector<Samples> measured(messages.size());
  std::vector<std::size_t> order(messages.size());
  std::iota(order.begin(), order.end(), 0);
  std::mt19937 random(1);
  for (int sample = 0; sample < samples; sample++) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order) {
      const auto begin = std::chrono::steady_clock::now();
      const auto reply = Post(Shared().gateway.port(), "/scep/demo?operation=PKIOperation", messages[i]);
      const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
      REQUIRE(reply.status == 200);
      measured[i].Add(taken.count());
    }
  }
  return measured;
}

}  // namespace

TEST_CASE("T-61 a thousand samples of each way to fail have medians within noise of each other") {
  const auto measured = Measured(Broken(Device()), support::kIsInstrumented ? kInstrumentedSamples : kSamples);
  if (support::kIsInstrumented) {
    WARN("the medians are not compared: a sanitizer's own work is part of every time");
    return;
  }
  std::vector<double> medians;
  double noise = 0;
  for (const Samples& samples : measured) {
    medians.push_back(samples.median());
    noise = std::max(noise, samples.noise());
  }
  const auto [least, most] = std::minmax_element(medians.begin(), medians.end());
  CAPTURE(medians, noise);
  CHECK(*most - *least < std::max(kLeastNoise * *least, kMostOfNoise * noise));
}
