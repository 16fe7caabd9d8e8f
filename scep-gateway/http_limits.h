#ifndef CERTIFIER_SCEP_GATEWAY_HTTP_LIMITS_H
#define CERTIFIER_SCEP_GATEWAY_HTTP_LIMITS_H

#include <chrono>
#include <cstddef>

#include "http_head.h"

namespace gateway {

// HttpLimits bound what strangers can make the server hold (requirements H-40).
struct HttpLimits {
  HeadLimits head;
  std::size_t max_body_octets = 256 << 10;      // Past it: 413.
  std::size_t max_connections = 10000;          // Past it the longest idle one makes room; if none is idle: 503.
  std::size_t max_in_flight = 1024;             // Requests with the handler; past it: 503.
  std::size_t max_buffered_octets = 64u << 20;  // Of requests, over all connections; past it: 503.
  std::chrono::milliseconds request_deadline = std::chrono::seconds(30);   // First octet to last; past it: 408.
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);       // Between two requests.
  std::chrono::milliseconds handling_deadline = std::chrono::seconds(60);  // With the handler; past it: 503.
  std::chrono::milliseconds write_deadline = std::chrono::seconds(30);     // For one answer; past it: closed.
  std::chrono::milliseconds linger_deadline = std::chrono::seconds(2);     // After a refusal, before the close.
  int backlog = 1024;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_HTTP_LIMITS_H
