#include "pki/weak_key.h"

#include <openssl/bn.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <memory>

#include "openssl_x509.h"
#include "request_shape.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

struct FreeNumber {
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(BN_CTX* p) const { BN_CTX_free(p); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;

BN_CTX* Context() {
  static const std::unique_ptr<BN_CTX, FreeNumber> kContext(BN_CTX_new());
  return kContext.get();
}

// Check is outside Catch's counting: arithmetic in a loop is no assertion.
void Check(bool is_done) {
  if (!is_done) throw std::runtime_error("OpenSSL's arithmetic");
}

Number Of(BN_ULONG word) {
  Number number(BN_new());
  Check(BN_set_word(number.get(), word) == 1);
  return number;
}

Number Sum(const Number& a, const Number& b) {
  Number sum = Of(0);
  Check(BN_add(sum.get(), a.get(), b.get()) == 1);
  return sum;
}

Number Product(const Number& a, const Number& b) {
  Number product = Of(0);
  Check(BN_mul(product.get(), a.get(), b.get(), Context()) == 1);
  return product;
}

Number PowerOfTwo(int exponent) {
  Number power = Of(0);
  Check(BN_set_bit(power.get(), exponent) == 1);
  return power;
}

bool IsPrime(const Number& number) {
  return BN_check_prime(number.get(), Context(), nullptr) == 1;
}

// Prime has its two upper bits set, so that a product has all the bits.
Number Prime(int bits) {
  Number prime = Of(0);
  Check(BN_generate_prime_ex(prime.get(), bits, 0, nullptr, nullptr, nullptr) == 1);
  return prime;
}

Number PrimeAfter(const Number& number) {
  Number candidate = Sum(number, Of(BN_is_odd(number.get()) ? 2 : 1));
  while (!IsPrime(candidate)) candidate = Sum(candidate, Of(2));
  return candidate;
}

std::vector<BN_ULONG> PrimesBelow(BN_ULONG bound) {
  std::vector<BN_ULONG> primes;
  for (BN_ULONG n = 2; n < bound; n++) {
    bool is_prime = true;
    for (std::size_t i = 0; is_prime && i < primes.size() && primes[i] * primes[i] <= n; i++) {
      is_prime = n % primes[i] != 0;
    }
    if (is_prime) primes.push_back(n);
  }
  return primes;
}

// RocaPrime is k * M + (65537^a mod M), with M the product of the first `count` primes, and has its two upper bits set.
Number RocaPrime(int bits, std::size_t count) {
  Number primorial = Of(1);
  const auto primes = PrimesBelow(1000);
  for (std::size_t i = 0; i < count; i++) Check(BN_mul_word(primorial.get(), primes[i]) == 1);
  Number power = Of(0), most = Of(0);
  Check(BN_div(most.get(), nullptr, PowerOfTwo(bits).get(), primorial.get(), Context()) == 1);
  while (true) {
    Number k = Of(0), a = Of(0);
    Check(BN_rand_range(k.get(), most.get()) == 1 && BN_rand(a.get(), 62, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1);
    Check(BN_mod_exp(power.get(), Of(65537).get(), a.get(), primorial.get(), Context()) == 1);
    Number prime = Sum(Product(k, primorial), power);
    if (BN_is_bit_set(prime.get(), bits - 1) && BN_is_bit_set(prime.get(), bits - 2) && IsPrime(prime)) return prime;
  }
}

Bytes Magnitude(const Number& number) {
  Bytes octets(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(octets.data()));
  return octets;
}

std::string Judged(const Number& modulus, const Number& exponent = Of(65537)) {
  const auto key = Must(pki::PublicKey::FromSpki(RsaSpki(Magnitude(modulus), Magnitude(exponent))));
  return std::string(pki::WeaknessOf(key).value_or("sound"));
}

constexpr const char* kSmallFactor = "its modulus has a factor below 752";
constexpr const char* kRoca = "its modulus is of the ROCA kind (CVE-2017-15361)";
constexpr const char* kClose = "its factors are close to each other";

}  // namespace

TEST_CASE("an RSA exponent below 65537 is weak, and no other that can be read", "[pki][weak_key]") {
  const Number modulus = Product(Prime(512), Prime(512));
  for (const BN_ULONG low : {3, 5, 17, 257, 65535}) CHECK(Judged(modulus, Of(low)) == "its exponent is below 65537");
  CHECK(Judged(modulus, Of(65537)) == "sound");
  CHECK(Judged(modulus, Of(65539)) == "sound");
  CHECK(Judged(modulus, Sum(PowerOfTwo(32), Of(1))) == "sound");
  CHECK(Judged(modulus, Sum(PowerOfTwo(63), Of(3))) == "sound");
}

TEST_CASE("a modulus with any odd prime factor below 752 is weak", "[pki][weak_key]") {
  const Number sound = Prime(600);
  const auto primes = PrimesBelow(752);
  for (std::size_t i = 1; i < primes.size(); i++) {
    if (Judged(Product(sound, Of(primes[i]))) != kSmallFactor) FAIL("not found: " << primes[i]);
  }
  CHECK(Judged(Product(sound, Of(757))) == "sound");
  CHECK(Judged(Product(sound, Of(761))) == "sound");
}

TEST_CASE("a small factor is found in a modulus of any size, and several are", "[pki][weak_key]") {
  for (const int bits : {512, 521, 527, 1008, 1024, 2032, 2048, 4096, 8160}) {
    CAPTURE(bits);
    Number modulus = Of(0);
    do {
      Check(BN_rand(modulus.get(), bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD) == 1);
    } while (BN_mod_word(modulus.get(), 751) == 0);
    CHECK(Judged(Product(modulus, Of(751))) == kSmallFactor);
    CHECK(Judged(Product(Product(modulus, Of(3)), Of(751))) == kSmallFactor);
  }
}

TEST_CASE("leading zeros of a modulus change nothing", "[pki][weak_key]") {
  const Bytes modulus = Magnitude(Product(Prime(512), Of(751)));
  const Bytes key = Element(der::kSequence, {Element(der::kInteger, {Bytes(50000, '\0'), modulus}),
                                             der::EncodeUnsigned(ByteView("\1\0\1", 3))});
  const Bytes algorithm = Element(der::kSequence, {Oid("1.2.840.113549.1.1.1"), Element(der::kNull, {})});
  const Bytes bits = Element(der::kBitString, {ByteView("\0", 1), key});
  CHECK(pki::WeaknessOf(Must(pki::PublicKey::FromSpki(Element(der::kSequence, {algorithm, bits})))) == kSmallFactor);
}

TEST_CASE("a modulus of two ROCA primes is weak in every size", "[pki][weak_key]") {
  const auto [bits, count] = GENERATE(table<int, std::size_t>({{256, 39}, {512, 71}, {1024, 126}}));
  CHECK(Judged(Product(RocaPrime(bits, count), RocaPrime(bits, count))) == kRoca);
}

TEST_CASE("a modulus with one ROCA prime is not of the ROCA kind", "[pki][weak_key]") {
  CHECK(Judged(Product(RocaPrime(512, 71), Prime(512))) == "sound");
}

TEST_CASE("a modulus of neighbouring or equal primes is weak", "[pki][weak_key]") {
  for (const int bits : {256, 512, 1024}) {
    const Number prime = Prime(bits);
    CHECK(Judged(Product(prime, PrimeAfter(prime))) == kClose);
    CHECK(Judged(Product(prime, prime)) == kClose);
  }
}

TEST_CASE("factors are close as far as a hundred rounds of Fermat's method find them", "[pki][weak_key]") {
  // A difference d takes d^2 / (8 * p) rounds, and p lies between 1.5 * 2^511 and 2^512.
  const Number prime = Prime(512);
  CHECK(Judged(Product(prime, PrimeAfter(Sum(prime, PowerOfTwo(258))))) == kClose);
  CHECK(Judged(Product(prime, PrimeAfter(Sum(prime, PowerOfTwo(260))))) == kClose);
  CHECK(Judged(Product(prime, PrimeAfter(Sum(prime, PowerOfTwo(261))))) == "sound");
}

TEST_CASE("ordinary keys are not weak", "[pki][weak_key]") {
  for (int i = 0; i < 200; i++) {
    const auto key = Must(pki::PrivateKey::FromPkcs8(reference::Pkcs8("rsa-1024")));
    if (const auto weakness = pki::WeaknessOf(key->public_key())) FAIL(*weakness);
  }
  CHECK_FALSE(pki::WeaknessOf(Key("device", "rsa-2048")->public_key()).has_value());
  CHECK_FALSE(pki::WeaknessOf(Key("device", "ecdsa-p256")->public_key()).has_value());
  CHECK_FALSE(pki::WeaknessOf(Key("device", "ecdsa-p384")->public_key()).has_value());
}

TEST_CASE("a hundred of the largest keys are judged in a moment", "[pki][weak_key]") {
  const Number prime = Prime(512);
  Number modulus = Prime(512);
  for (int i = 0; i < 15; i++) modulus = Product(modulus, prime);
  CHECK(Judged(modulus) == "sound");
  const std::clock_t start = std::clock();
  for (int i = 0; i < 100; i++) Judged(modulus);
  CHECK((std::clock() - start) / CLOCKS_PER_SEC < 2);
}
