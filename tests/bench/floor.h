#ifndef CERTIFIER_TESTS_BENCH_FLOOR_H
#define CERTIFIER_TESTS_BENCH_FLOOR_H

#include <cstddef>
#include <memory>
#include <vector>

namespace bench {

// Floor measures the CPU milliseconds of the cryptography that one enrolment cannot do without, and of nothing else:
// three RSA-2048 private operations (unwrap, CA signature, reply signature), the two verifications, the one wrap, the
// import of the client's key, and the digests and AES over messages of the usual sizes. No DER, no HTTP, no RPC, no
// database. `threads` do it at the same time, so that it is measured as loaded as the services are.
class Floor {
 public:
  // Makes the keys.
  explicit Floor(std::size_t threads);
  ~Floor();
  // Measure has each thread do it `rounds` times, and returns the mean.
  double Measure(std::size_t rounds);

 private:
  class Enrollment;
  std::vector<std::unique_ptr<Enrollment>> enrollments_;
};

}  // namespace bench

#endif  // CERTIFIER_TESTS_BENCH_FLOOR_H
