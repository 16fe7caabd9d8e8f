#include "pki/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "pki/openssl.h"

namespace pki {

// A short string is moved by copying its octets, so that what it was moved from must be wiped too.
Secret::Secret(Bytes octets) : octets_(octets) {
  Wipe(octets);
}

Secret::Secret(Secret&& other) noexcept : octets_(other.octets_) {
  Wipe(other.octets_);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Wipe(octets_);
    octets_ = other.octets_;
    Wipe(other.octets_);
  }
  return *this;
}

Secret::~Secret() {
  Wipe(octets_);
}

void Wipe(Bytes& octets) {
  octets.resize(octets.capacity());
  OPENSSL_cleanse(octets.data(), octets.size());
  octets.clear();
}

bool ConstantTimeEquals(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

result::Result<Bytes> RandomBytes(std::size_t count) {
  Bytes octets(count, '\0');
  if (RAND_bytes(Out(octets), static_cast<int>(count)) != 1) {
    return OpensslFailure(result::Reason::kInternal, "no random octets");
  }
  return octets;
}

result::Result<Secret> RandomSecret(std::size_t count) {
  Bytes octets(count, '\0');
  if (RAND_priv_bytes(Out(octets), static_cast<int>(count)) != 1) {
    return OpensslFailure(result::Reason::kInternal, "no random octets");
  }
  return Secret(std::move(octets));
}

}  // namespace pki
