#ifndef CERTIFIER_TESTS_FUZZ_FIXED_H
#define CERTIFIER_TESTS_FUZZ_FIXED_H

#include <memory>

#include "scep/request.h"

namespace fuzz {

// FixedKey stands in for the RA's RSA key: it "unwraps" every block to the same octets, so that a fuzzer gets past the
// key transport, which it could never guess.
class FixedKey final : public pki::DecryptionKey {
 public:
  static pki::Secret ContentKey(std::size_t length) { return pki::Secret(pki::Bytes(length, 'k')); }
  result::Result<pki::Secret> UnwrapContentKey(pki::KeyTransport, pki::ByteView, std::size_t length) const override {
    return ContentKey(length);
  }
};

// FixedCertificate is the same in each run: CN=ra, serial number 42, an RSA key that nobody has.
pki::Certificate FixedCertificate();

// FixedRecipient is the RA that messages are for; it signs nothing.
std::shared_ptr<const scep::Recipient> FixedRecipient();

}  // namespace fuzz

#endif  // CERTIFIER_TESTS_FUZZ_FIXED_H
