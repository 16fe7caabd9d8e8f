#include <algorithm>

#include "pki/der.h"
#include "policy/modules.h"

namespace engine::policy {

namespace {

constexpr int kMostRsaBits = 8192;
// 65537 in three octets; whatever has more octets is greater (RFC 8017 and every CA's rules ask for no more than odd,
// but small exponents are what broken padding checks of relying parties fall to: requirements S-06).
constexpr pki::ByteView kLeastExponent("\x01\x00\x01", 3);

bool HasStrongExponent(const pki::PublicKey& key) {
  const auto sequence = pki::der::ReadOnly(key.subject_public_key(), pki::der::kSequence);
  if (!sequence) return false;
  pki::der::Reader reader(sequence->value);
  const auto modulus = reader.Next(pki::der::kInteger);
  const auto exponent = reader.Next(pki::der::kInteger);
  if (!modulus || !exponent) return false;
  pki::ByteView octets = exponent->value;
  while (!octets.empty() && octets.front() == '\0') octets.remove_prefix(1);
  return octets.size() > kLeastExponent.size() || (octets.size() == kLeastExponent.size() && octets >= kLeastExponent);
}

bool Allows(const AllowedKey& allowed, const pki::PublicKey& key) {
  if (allowed.type != key.type()) return false;
  return key.type() != pki::KeyType::kRsa || (key.bits() >= allowed.least_bits && key.bits() <= kMostRsaBits);
}

}  // namespace

Finding JudgeKey(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft) {
  const pki::PublicKey& key = facts.request.public_key();
  if (std::ranges::none_of(policy.allowed_keys, [&](const auto& allowed) { return Allows(allowed, key); })) {
    return Refuse(key.ToString() + " is not among the keys allowed");
  }
  if (key.type() == pki::KeyType::kRsa && !HasStrongExponent(key)) return Refuse("the RSA exponent is below 65537");
  draft.spki = key.spki();
  draft.subject_public_key = pki::Bytes(key.subject_public_key());
  return Continue();
}

}  // namespace engine::policy
