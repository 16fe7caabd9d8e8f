#ifndef CERTIFIER_TESTS_CONFORMANCE_FUZZ_MESSAGES_H
#define CERTIFIER_TESTS_CONFORMANCE_FUZZ_MESSAGES_H

#include <string>

#include "device.h"
#include "element_tree.h"

namespace conformance {

// FuzzMessages makes PKIMessages with something wrong at one of their layers, and signs, wraps and pads again all that
// lies outside of it, so that the fault gets as deep as it can.
class FuzzMessages {
 public:
  // `holder` has a certificate of ours, `challenge` a key with many uses; both devices write to the same RA.
  FuzzMessages(const Device& device, const Device& holder, std::string challenge);

  struct Fuzzed {
    std::string layer;
    Bytes message;
  };
  Fuzzed Make(Random& random) const;

 private:
  // Each is one layer, from the outside in.
  Bytes Whole(Random& random) const;
  Bytes Attributes(Random& random) const;
  Bytes Signer(Random& random) const;
  Bytes Envelope(Random& random) const;
  Bytes Encryption(Random& random) const;
  Bytes Content(Random& random) const;
  Bytes Request(Random& random) const;
  Bytes Renewal(Random& random) const;
  Bytes Names(Random& random) const;

  Bytes Csr() const;
  // Signed is a message with a transactionID of its own.
  testing::Message Signed(const Device& device, Bytes envelope, Random& random) const;

  const Device &device_, &holder_;
  const std::string challenge_;
};

// FuzzedRequest is how a message travels: as the body of a POST, or in base64, sound or not, in a GET.
std::string FuzzedRequest(const std::string& path, const Bytes& message, Random& random);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_FUZZ_MESSAGES_H
