#ifndef CERTIFIER_PKI_SECRET_H
#define CERTIFIER_PKI_SECRET_H

#include "pki/bytes.h"

namespace pki {

// Secret owns octets that must not outlive their use: it wipes them when it is destroyed, is moved and never copied,
// and has no operator<<, so that no log can hold it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(Bytes octets);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  // Reveal borrows the octets for the one call that needs them.
  ByteView Reveal() const { return octets_; }
  bool empty() const { return octets_.empty(); }
  // Copy is a second owner, said aloud.
  Secret Copy() const { return Secret(octets_); }

 private:
  Bytes octets_;
};

// Wipe overwrites `octets` and empties it.
void Wipe(Bytes& octets);

// ConstantTimeEquals compares octets of equal length in time that does not depend on them; different lengths differ.
bool ConstantTimeEquals(ByteView a, ByteView b);

// RandomBytes draws `count` octets from OpenSSL's generator. Internal if it cannot: the caller refuses to go on.
result::Result<Bytes> RandomBytes(std::size_t count);
// RandomSecret is RandomBytes from the private generator, for keys.
result::Result<Secret> RandomSecret(std::size_t count);

}  // namespace pki

#endif  // CERTIFIER_PKI_SECRET_H
