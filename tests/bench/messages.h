#ifndef CERTIFIER_TESTS_BENCH_MESSAGES_H
#define CERTIFIER_TESTS_BENCH_MESSAGES_H

#include <memory>
#include <string>
#include <vector>

#include "scep/client.h"

namespace bench {

// Enrollment is one device's pre-made PKCSReq with what is needed to read its reply later.
struct Enrollment {
  scep::Client client;
  std::string message;
};

struct MessagePlan {
  std::size_t count = 1000;
  // Devices share this many RSA-2048 keys, since making keys takes longer than all the rest; each message has its own
  // transactionID and subject.
  std::size_t client_keys = 32;
  pki::Certificate registration_authority;
  // Values of pre-shared keys, used in turn.
  std::vector<std::string> challenges;
};

// MakeMessages builds the plan on every core.
result::Result<std::vector<Enrollment>> MakeMessages(const MessagePlan& plan);

}  // namespace bench

#endif  // CERTIFIER_TESTS_BENCH_MESSAGES_H
