#ifndef CERTIFIER_TESTS_CONFORMANCE_REPLICAS_H
#define CERTIFIER_TESTS_CONFORMANCE_REPLICAS_H

#include <string>
#include <vector>

#include "device.h"

namespace conformance {

// ReplicaWish is the one CA of the replicas, "demo", and the engines' flags.
struct ReplicaWish {
  std::string policy = "manual";
  v1::CaOptions options = {};
  std::vector<std::string> flags = {};
};

// Replicas are a product with a second engine on its database, and a second gateway in front of that.
class Replicas {
 public:
  explicit Replicas(const ReplicaWish& wish = {});

  Device NewDevice(const std::string& key = "device") const { return Device("demo", ra, key); }
  // First and Second are the verdicts of the two gateways.
  std::string First(const Device& device, const Bytes& message) const;
  std::string Second(const Device& device, const Bytes& message) const;
  // OnlyRequest is the one that a device's transaction has in the operators' queue.
  v1::Request OnlyRequest(const Device& device) const;
  void Approve(const Device& device) const;
  void Reject(const Device& device) const;

  Product product;
  const pki::Certificate ra;
  EngineProgram engine;
  GatewayProgram gateway;
};

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_REPLICAS_H
