#include "listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>

#include "http_client.h"
#include "support/child.h"

namespace gateway {
namespace {

bool HasNoDelay(const FileDescriptor& socket) {
  int value = 0;
  socklen_t length = sizeof value;
  REQUIRE(::getsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &value, &length) == 0);
  return value != 0;
}

TEST_CASE("an accepted connection sends without Nagle's delay", "[gateway][http]") {
  const char* host = GENERATE("127.0.0.1", "::1");
  const auto listener = Listener::Open(host == std::string("::1") ? "[::1]:0" : "127.0.0.1:0", 8);
  REQUIRE(listener);
  const HttpClient client(listener->port(), host);
  std::optional<Listener::Accepted> accepted;
  const auto accept = [&] {
    if (auto taken = listener->Accept()) accepted = std::move(*taken);
    return accepted.has_value();
  };
  REQUIRE(support::Eventually(accept));
  CHECK(HasNoDelay(accepted->socket));
}

}  // namespace
}  // namespace gateway
