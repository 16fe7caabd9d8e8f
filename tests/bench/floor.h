#ifndef CERTIFIER_TESTS_BENCH_FLOOR_H
#define CERTIFIER_TESTS_BENCH_FLOOR_H

#include <cstddef>

namespace bench {

// MeasureFloor returns the CPU milliseconds of the cryptography that one enrolment cannot do without, and of nothing
// else: three RSA-2048 private operations (unwrap, CA signature, reply signature), the two verifications, the one wrap,
// the import of the client's key, and the digests and AES over messages of the usual sizes. No DER, no HTTP, no RPC, no
// database. `threads` do it at the same time, each `rounds` times, so that it is measured as loaded as the services
// are.
double MeasureFloor(std::size_t threads, std::size_t rounds);

}  // namespace bench

#endif  // CERTIFIER_TESTS_BENCH_FLOOR_H
