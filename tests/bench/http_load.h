#ifndef CERTIFIER_TESTS_BENCH_HTTP_LOAD_H
#define CERTIFIER_TESTS_BENCH_HTTP_LOAD_H

#include <string>
#include <vector>

#include "result/result.h"

namespace bench {

// Exchange is one POST and what came of it.
struct Exchange {
  int status = 0;  // HTTP status, or 0 if the connection failed.
  double seconds = 0;
  std::string body;
};

struct LoadPlan {
  // Addresses of the gateways, "127.0.0.1:8080"; connections are spread over them.
  std::vector<std::string> targets;
  std::string path = "/scep/?operation=PKIOperation";
  std::size_t connections = 64;
};

// PostAll sends every body once, in order, over `connections` keep-alive connections with one request in flight on
// each, from one thread. Exchanges come back in the order of the bodies. Unavailable if no connection can be made.
result::Result<std::vector<Exchange>> PostAll(const LoadPlan& plan, const std::vector<const std::string*>& bodies);

}  // namespace bench

#endif  // CERTIFIER_TESTS_BENCH_HTTP_LOAD_H
