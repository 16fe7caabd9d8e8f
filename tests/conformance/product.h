#ifndef CERTIFIER_TESTS_CONFORMANCE_PRODUCT_H
#define CERTIFIER_TESTS_CONFORMANCE_PRODUCT_H

#include <string>
#include <vector>

#include "administrator.h"
#include "programs.h"

namespace conformance {

// Product is a whole instance: one engine and one gateway with their defaults.
class Product {
 public:
  // Without a CA; its gateway counts neither failures nor decrypts by source. With the policies "automatic" (issues for
  // a key, refuses without), "nameless" (the same, and a subject may be empty) and "renewable" (the same, and renews at
  // once) beside those that every installation has.
  Product();

  // MakeCa makes a CA and waits until the gateway serves it; it returns the CA's certificate.
  pki::Certificate MakeCa(const std::string& name, const std::string& algorithm, const std::string& policy);

  EngineProgram engine;
  Administrator admin;
  GatewayProgram gateway;
};

// Shared serves most tests: CA "demo" is the default one, RSA and automatic; "manual" holds every request;
// "elliptic" is automatic with an ECDSA key; "keyless" has the default policy and not one pre-shared key.
Product& Shared();

// Published is what GetCACert gives for a CA: its RA first.
std::vector<pki::Certificate> Published(const GatewayProgram& gateway, const std::string& ca);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_PRODUCT_H
