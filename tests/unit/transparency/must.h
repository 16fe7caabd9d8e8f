#ifndef CERTIFIER_TESTS_UNIT_TRANSPARENCY_MUST_H
#define CERTIFIER_TESTS_UNIT_TRANSPARENCY_MUST_H

#include <stdexcept>

#include "result/result.h"

namespace testing {

// Must unwraps a Result that cannot fail in a sound test.
template <class T>
T Must(result::Result<T> result) {
  if (!result.has_value()) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

}  // namespace testing

#endif  // CERTIFIER_TESTS_UNIT_TRANSPARENCY_MUST_H
