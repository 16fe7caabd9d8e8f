#ifndef CERTIFIER_TESTS_SUPPORT_INSTRUMENTED_H
#define CERTIFIER_TESTS_SUPPORT_INSTRUMENTED_H

#ifndef __has_feature  // Clang's; GCC defines __SANITIZE_....
#define __has_feature(feature) 0
#endif

namespace support {

// Whether a sanitizer is built in, whose own work is part of every time and every size.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) || \
    __has_feature(thread_sanitizer)
inline constexpr bool kIsInstrumented = true;
#else
inline constexpr bool kIsInstrumented = false;
#endif

}  // namespace support

#endif  // CERTIFIER_TESTS_SUPPORT_INSTRUMENTED_H
