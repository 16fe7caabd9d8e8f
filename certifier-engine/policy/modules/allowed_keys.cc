#include <algorithm>
#include <array>

#include "pki/digest.h"
#include "pki/weak_key.h"
#include "policy/modules.h"

namespace engine::policy {

namespace {

constexpr std::uint32_t kLeastMaxBits = 2048, kMostRsaBits = 8192;
constexpr int kMostBlocked = 1000;
constexpr std::size_t kSha256Octets = 32;

// For RSA `least_bits` and up, else exactly that curve.
struct AllowedKey {
  pki::KeyType type = pki::KeyType::kRsa;
  int least_bits = 0;
};

constexpr std::array<std::pair<std::string_view, AllowedKey>, 6> kAlgorithms = {
    {{"rsa-2048", {pki::KeyType::kRsa, 2048}},
     {"rsa-3072", {pki::KeyType::kRsa, 3072}},
     {"rsa-4096", {pki::KeyType::kRsa, 4096}},
     {"ecdsa-p256", {pki::KeyType::kEcdsaP256, 256}},
     {"ecdsa-p384", {pki::KeyType::kEcdsaP384, 384}},
     {"ecdsa-p521", {pki::KeyType::kEcdsaP521, 521}}}};

class AllowedKeys final : public Module {
 public:
  AllowedKeys(std::vector<AllowedKey> allowed, int max_rsa_bits, std::vector<pki::Bytes> blocked)
      : allowed_(std::move(allowed)), max_rsa_bits_(max_rsa_bits), blocked_(std::move(blocked)) {}

  Finding Judge(const Facts& facts, Draft&) const override {
    const pki::PublicKey& key = facts.request.public_key();
    std::string name = key.ToString();
    if (std::ranges::none_of(allowed_, [&](const auto& allowed) { return Allows(allowed, key); })) {
      return Deny(name + " is not among the keys allowed");
    }
    if (const auto weakness = pki::WeaknessOf(key)) return Deny(name + ": " + std::string(*weakness));
    if (!blocked_.empty() &&
        std::ranges::binary_search(blocked_, pki::Digest(pki::DigestAlgorithm::kSha256, key.spki()))) {
      return Deny(name + ": exactly this key is blocked");
    }
    return Pass(name + " is allowed");
  }

 private:
  bool Allows(const AllowedKey& allowed, const pki::PublicKey& key) const {
    if (allowed.type != key.type()) return false;
    return key.type() != pki::KeyType::kRsa || (key.bits() >= allowed.least_bits && key.bits() <= max_rsa_bits_);
  }

  const std::vector<AllowedKey> allowed_;
  const int max_rsa_bits_;
  const std::vector<pki::Bytes> blocked_;  // Sorted.
};

std::vector<AllowedKey> ReadAlgorithms(const certifier::v1::AllowedKeys& parameters, Faults& faults) {
  std::vector<AllowedKey> allowed;
  faults.Require(!parameters.algorithms().empty(), "algorithms is empty");
  for (const auto& name : parameters.algorithms()) {
    const auto found = std::ranges::find(kAlgorithms, name, [](const auto& row) { return row.first; });
    if (found == kAlgorithms.end()) {
      faults.Add("algorithms: \"" + name +
                 "\" is not rsa-2048, rsa-3072, rsa-4096, ecdsa-p256, ecdsa-p384 or ecdsa-p521");
    } else {
      allowed.push_back(found->second);
    }
  }
  return allowed;
}

std::vector<pki::Bytes> ReadBlocked(const certifier::v1::AllowedKeys& parameters, Faults& faults) {
  std::vector<pki::Bytes> blocked;
  faults.Require(parameters.blocked_spki_sha256_size() <= kMostBlocked,
                 "blocked_spki_sha256 has more than 1000 entries");
  for (const auto& text : parameters.blocked_spki_sha256()) {
    auto digest = pki::FromHex(text);
    if (digest && digest->size() == kSha256Octets) {
      blocked.push_back(*std::move(digest));
    } else {
      faults.Add("blocked_spki_sha256: \"" + text + "\" is not 64 hexadecimal digits");
    }
  }
  std::ranges::sort(blocked);
  return blocked;
}

}  // namespace

ModulePtr MakeModule(const certifier::v1::AllowedKeys& parameters, Faults& faults) {
  auto allowed = ReadAlgorithms(parameters, faults);
  const auto bits = parameters.max_rsa_bits() == 0 ? kMostRsaBits : parameters.max_rsa_bits();
  faults.Require(bits >= kLeastMaxBits && bits <= kMostRsaBits, "max_rsa_bits is not 2048 to 8192");
  return std::make_unique<AllowedKeys>(std::move(allowed), static_cast<int>(bits), ReadBlocked(parameters, faults));
}

}  // namespace engine::policy
