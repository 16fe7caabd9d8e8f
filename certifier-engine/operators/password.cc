#include "operators/password.h"

#include <argon2.h>

#include "enrollment/key_strength.h"

namespace engine::operators {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kSaltOctets = 16, kHashOctets = 32;
constexpr std::uint32_t kLanes = 1;

result::Error ErrorOf(int code) {
  if (code == ARGON2_MEMORY_ALLOCATION_ERROR) {
    return {Reason::kUnavailable, "there is not enough memory to look at a password; try again"};
  }
  return {Reason::kInternal, std::string("Argon2: ") + argon2_error_message(code)};
}

}  // namespace

result::Result<void> CheckPassword(pki::ByteView password, std::string_view login) {
  if (password.size() < kLeastPasswordOctets || password.size() > kMostPasswordOctets) {
    return Fail(Reason::kMalformed, "a password has 12 to 256 octets");
  }
  if (enrollment::CountUnobvious(password, login) < kLeastUnobviousOctets) {
    return Fail(Reason::kMalformed,
                "the password is too weak: without the login, well-known words, repetitions and runs like 1234 it has "
                "less than 10 characters");
  }
  return {};
}

result::Result<std::string> HashPassword(pki::ByteView password, const PasswordCost& cost) {
  ASSIGN_OR_RETURN(const auto salt, pki::RandomBytes(kSaltOctets));
  std::string encoded(argon2_encodedlen(cost.iterations, cost.memory_kib, kLanes, kSaltOctets, kHashOctets, Argon2_id),
                      '\0');
  const int code = argon2id_hash_encoded(cost.iterations, cost.memory_kib, kLanes, password.data(), password.size(),
                                         salt.data(), salt.size(), kHashOctets, encoded.data(), encoded.size());
  if (code != ARGON2_OK) return tl::unexpected<result::Error>(ErrorOf(code));
  encoded.resize(encoded.find('\0'));
  return encoded;
}

result::Result<bool> IsPassword(pki::ByteView password, const std::string& hash, const PasswordCost& cost) {
  if (hash.empty()) {
    RETURN_IF_ERROR(HashPassword(password, cost));
    return false;
  }
  const int code = argon2id_verify(hash.c_str(), password.data(), password.size());
  if (code == ARGON2_OK) return true;
  if (code == ARGON2_VERIFY_MISMATCH) return false;
  return tl::unexpected<result::Error>(ErrorOf(code));
}

}  // namespace engine::operators
