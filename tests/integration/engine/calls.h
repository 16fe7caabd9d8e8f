#ifndef CERTIFIER_TESTS_INTEGRATION_ENGINE_CALLS_H
#define CERTIFIER_TESTS_INTEGRATION_ENGINE_CALLS_H

#include <grpcpp/client_context.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <vector>

#include "engine_fixture.h"

namespace engine_test {

// Calls are `count` calls of one method that are under way together.
template <class Request, class Response>
struct Calls {
  explicit Calls(std::size_t count) : contexts(count), requests(count), responses(count), statuses(count) {}
  std::function<void(grpc::Status)> Answer(std::size_t i) {
    contexts[i].set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    support::ActAs(contexts[i], "alice");
    return [this, i](const grpc::Status& status) {
      statuses[i] = status;
      if (status.error_code() == grpc::StatusCode::UNAVAILABLE) ++refused;
      ++answered;
    };
  }
  bool WaitForAll() {
    return Eventually([this] { return answered == contexts.size(); });
  }

  std::vector<grpc::ClientContext> contexts;
  std::vector<Request> requests;
  std::vector<Response> responses;
  std::vector<grpc::Status> statuses;
  std::atomic<std::size_t> answered = 0, refused = 0;
};

}  // namespace engine_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ENGINE_CALLS_H
