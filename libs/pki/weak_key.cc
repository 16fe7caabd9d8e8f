#include "pki/weak_key.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <new>
#include <vector>

#include "pki/der.h"
#include "pki/openssl.h"

namespace pki {

namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kLeastExponent = 65537;
constexpr std::uint32_t kFactorBound = 752;
constexpr std::uint32_t kRocaBound =
    168;  // ROCA's structure is there modulo every prime below, whatever the key's size.
constexpr std::uint64_t kFermatRounds = 100;

std::vector<std::uint32_t> OddPrimesBelow(std::uint32_t bound) {
  std::vector<bool> is_composite(bound);
  std::vector<std::uint32_t> primes;
  for (std::uint32_t n = 3; n < bound; n += 2) {
    if (is_composite[n]) continue;
    primes.push_back(n);
    for (std::uint64_t multiple = std::uint64_t{n} * n; multiple < bound; multiple += n) is_composite[multiple] = true;
  }
  return primes;
}

// Modulo 2^64. Three bits are right at first, and each of Newton's steps doubles them.
std::uint64_t InverseOf(std::uint64_t odd) {
  std::uint64_t inverse = odd;
  for (int i = 0; i < 5; i++) inverse *= 2 - odd * inverse;
  return inverse;
}

// Magnitude octets as words, the least significant first.
std::vector<std::uint64_t> Words(ByteView magnitude) {
  std::vector<std::uint64_t> words((magnitude.size() + 7) / 8);
  for (std::size_t i = 0; i < magnitude.size(); i++) {
    const std::uint64_t octet = static_cast<std::uint8_t>(magnitude[magnitude.size() - 1 - i]);
    words[i / 8] |= octet << (i % 8 * 8);
  }
  return words;
}

// TrialDivision finds whether an odd prime below 752 divides a number. The primes are multiplied together as far as
// they fit into a word, and the number is divided exactly by these products, from its low end (Jebelean 1993): without
// a single division instruction, and for four products side by side. OpenSSL's BN_gcd takes ten times as long.
class TrialDivision {
 public:
  TrialDivision() : products_(1) {
    for (const std::uint32_t prime : OddPrimesBelow(kFactorBound)) {
      if (products_.back().value > UINT64_MAX / prime) products_.emplace_back();
      products_.back().value *= prime;
      products_.back().primes.push_back({InverseOf(prime), UINT64_MAX / prime});
    }
    while (products_.size() % kLanes != 0) products_.emplace_back();
    for (Product& product : products_) product.inverse = InverseOf(product.value);
  }

  bool FindsFactor(const std::vector<std::uint64_t>& words) const {
    for (std::size_t i = 0; i < products_.size(); i += kLanes) {
      const auto carries = Carries(&products_[i], words);
      for (std::size_t lane = 0; lane < kLanes; lane++) {
        if (SharesFactor(products_[i + lane], carries[lane])) return true;
      }
    }
    return false;
  }

 private:
  static constexpr std::size_t kLanes = 4;

  struct Prime {
    std::uint64_t inverse;
    std::uint64_t most;  // The largest quotient of a word by the prime.
  };
  struct Product {
    std::uint64_t value = 1;
    std::uint64_t inverse = 1;
    std::vector<Prime> primes;
  };

  // What each division carries out. The number plus the carry times a power of 2 is a multiple of the product: the
  // carry has those of the product's primes that the number has, and no other.
  static std::array<std::uint64_t, kLanes> Carries(const Product* products, const std::vector<std::uint64_t>& words) {
    std::array<std::uint64_t, kLanes> values, inverses, carries{};
    for (std::size_t lane = 0; lane < kLanes; lane++) {
      values[lane] = products[lane].value;
      inverses[lane] = products[lane].inverse;
    }
    for (const std::uint64_t word : words) {
      for (std::size_t lane = 0; lane < kLanes; lane++) {
        const std::uint64_t borrow = word < carries[lane] ? 1 : 0;
        const std::uint64_t quotient = (word - carries[lane]) * inverses[lane];
        carries[lane] = static_cast<std::uint64_t>(Wide{quotient} * values[lane] >> 64) + borrow;
      }
    }
    return carries;
  }

  // A multiple of an odd number, times its inverse modulo 2^64, is the quotient; any other word is more than one can
  // be.
  static bool SharesFactor(const Product& product, std::uint64_t word) {
    return std::any_of(product.primes.begin(), product.primes.end(),
                       [&](const Prime& prime) { return word * prime.inverse <= prime.most; });
  }

  std::vector<Product> products_;
};

bool HasSmallFactor(ByteView modulus) {
  static const TrialDivision kTrialDivision;
  return kTrialDivision.FindsFactor(Words(modulus));
}

// OpenSSL's arithmetic fails only for want of memory.
void Require(bool is_done) {
  if (is_done) return;
  ERR_clear_error();
  throw std::bad_alloc();
}

OpensslPtr<BIGNUM> NewNumber() {
  OpensslPtr<BIGNUM> number(BN_new());
  Require(number != nullptr);
  return number;
}

// RocaFingerprint knows, for each small prime, the powers of 65537 modulo it: a modulus of the ROCA kind is one of them
// modulo every prime, since both of its factors are (Nemec et al., "The Return of Coppersmith's Attack", 2017).
class RocaFingerprint {
 public:
  RocaFingerprint() {
    for (const std::uint32_t prime : OddPrimesBelow(kRocaBound)) {
      Residues residues{prime, {}};
      for (std::uint32_t power = 1; !residues.powers[power]; power = power * 65537 % prime) residues.powers.set(power);
      residues_.push_back(residues);
    }
  }

  bool IsOn(const BIGNUM& modulus) const {
    return std::all_of(residues_.begin(), residues_.end(), [&](const Residues& residues) {
      return residues.powers[BN_mod_word(&modulus, residues.prime)];
    });
  }

 private:
  struct Residues {
    std::uint32_t prime;
    std::bitset<kRocaBound> powers;
  };
  std::vector<Residues> residues_;
};

bool IsOfRocaKind(const BIGNUM& modulus) {
  static const RocaFingerprint kFingerprint;
  return kFingerprint.IsOn(modulus);
}

// The largest number whose square is at most `number`, by Newton's method from above.
OpensslPtr<BIGNUM> SquareRoot(const BIGNUM& number, BN_CTX& context) {
  OpensslPtr<BIGNUM> root = NewNumber(), next = NewNumber();
  if (BN_is_zero(&number)) return root;
  Require(BN_set_bit(root.get(), (BN_num_bits(&number) + 1) / 2) == 1);
  while (true) {
    Require(BN_div(next.get(), nullptr, &number, root.get(), &context) == 1 &&
            BN_add(next.get(), next.get(), root.get()) == 1 && BN_rshift1(next.get(), next.get()) == 1);
    if (BN_cmp(next.get(), root.get()) >= 0) return root;
    root.swap(next);
  }
}

bool IsSquare(const BIGNUM& number, BN_CTX& context) {
  if (BN_is_negative(&number)) return false;
  const OpensslPtr<BIGNUM> root = SquareRoot(number, context);
  Require(BN_sqr(root.get(), root.get(), &context) == 1);
  return BN_cmp(root.get(), &number) == 0;
}

template <std::size_t modulus>
std::bitset<modulus> SquaresModulo() {
  std::bitset<modulus> squares;
  for (std::uint64_t i = 0; i < modulus; i++) squares.set(i * i % modulus);
  return squares;
}

// Of a hundred numbers that are no squares, one passes for one by its residue modulo kSieve.
constexpr std::uint64_t kSieveBits = 64, kSievePrimes = 9 * 5 * 7 * 11 * 13, kSieve = kSieveBits * kSievePrimes;

bool MayBeSquare(std::uint64_t residue) {
  static const auto kModuloBits = SquaresModulo<kSieveBits>();
  static const auto kModuloPrimes = SquaresModulo<kSievePrimes>();
  return kModuloBits[residue % kSieveBits] && kModuloPrimes[residue % kSievePrimes];
}

// Fermat's method: an odd modulus is a^2 - b^2 = (a - b) * (a + b), with a just above its square root where the factors
// are close; a is the root itself where they are equal.
bool HasCloseFactors(const BIGNUM& modulus) {
  const OpensslPtr<BN_CTX> context(BN_CTX_new());
  Require(context != nullptr);
  const OpensslPtr<BIGNUM> root = SquareRoot(modulus, *context), square = NewNumber();
  const std::uint64_t root_residue = BN_mod_word(root.get(), kSieve), modulus_residue = BN_mod_word(&modulus, kSieve);
  for (std::uint64_t round = 0; round <= kFermatRounds; round++) {
    const std::uint64_t a = root_residue + round;
    if (!MayBeSquare((a * a + kSieve - modulus_residue) % kSieve)) continue;
    Require(BN_copy(square.get(), root.get()) != nullptr && BN_add_word(square.get(), round) == 1 &&
            BN_sqr(square.get(), square.get(), context.get()) == 1 &&
            BN_sub(square.get(), square.get(), &modulus) == 1);
    if (IsSquare(*square, *context)) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string_view> WeaknessOf(const PublicKey& key) {
  if (key.type() != KeyType::kRsa) return std::nullopt;
  // RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }, as PublicKey has read it before.
  const der::Tlv sequence = der::ReadOnly(key.subject_public_key(), der::kSequence).value();
  der::Reader reader(sequence.value);
  const ByteView modulus = der::ParseUnsigned(reader.Next().value()).value();
  const ByteView exponent = der::ParseUnsigned(reader.Next().value()).value();
  if (Words(exponent)[0] < kLeastExponent) return "its exponent is below 65537";
  if (HasSmallFactor(modulus)) return "its modulus has a factor below 752";
  const OpensslPtr<BIGNUM> number(BN_bin2bn(In(modulus), static_cast<int>(modulus.size()), nullptr));
  Require(number != nullptr);
  if (IsOfRocaKind(*number)) return "its modulus is of the ROCA kind (CVE-2017-15361)";
  if (HasCloseFactors(*number)) return "its factors are close to each other";
  return std::nullopt;
}

}  // namespace pki
