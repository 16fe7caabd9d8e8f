#ifndef CERTIFIER_TESTS_FUZZ_TARGETS_H
#define CERTIFIER_TESTS_FUZZ_TARGETS_H

#include <string_view>
#include <vector>

#include "pki/bytes.h"

namespace fuzz {

// Target is one reader of strangers' octets. `run` throws nothing, whatever it is given, and aborts where what it read
// contradicts itself.
struct Target {
  std::string_view name;  // Also of its corpus, corpus/NAME/.
  void (*run)(pki::ByteView input);
};

const std::vector<Target>& Targets();

}  // namespace fuzz

#endif  // CERTIFIER_TESTS_FUZZ_TARGETS_H
