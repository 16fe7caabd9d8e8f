#include "replicas.h"

#include <catch2/catch.hpp>

namespace conformance {

namespace {

pki::Certificate MakeDemo(Product& product, const ReplicaWish& wish) {
  product.MakeCa("demo", "ecdsa-p256", wish.policy);
  if (wish.options.ByteSizeLong() != 0) product.SetOptions("demo", wish.options);
  return Published(product.gateway, "demo").front();
}

}  // namespace

Replicas::Replicas(const ReplicaWish& wish)
    : product(wish.flags),
      ra(MakeDemo(product, wish)),
      engine(product.engine, wish.flags),
      gateway(engine, kGatewayUnbounded) {}

std::string Replicas::First(const Device& device, const Bytes& message) const {
  return Ask(device, message, product.gateway).verdict();
}

std::string Replicas::Second(const Device& device, const Bytes& message) const {
  return Ask(device, message, gateway).verdict();
}

v1::Request Replicas::OnlyRequest(const Device& device) const {
  const auto requests = product.admin.Requests(device.transaction_id);
  REQUIRE(requests.size() == 1);
  return requests.front();
}

void Replicas::Approve(const Device& device) const {
  const auto request = OnlyRequest(device);
  REQUIRE(product.admin.Approve(request.request_id(), request.fingerprints().request().md5().lower()).ok());
}

void Replicas::Reject(const Device& device) const {
  REQUIRE(product.admin.Reject(OnlyRequest(device).request_id()).ok());
}

}  // namespace conformance
