#ifndef CERTIFIER_TESTS_CONFORMANCE_PRODUCT_H
#define CERTIFIER_TESTS_CONFORMANCE_PRODUCT_H

#include <string>
#include <vector>

#include "administrator.h"
#include "programs.h"

namespace conformance {

// Flags without a bound for what one source may do: all tests are one source.
inline const std::vector<std::string> kEngineUnbounded = {"--challenge-failures-per-source",
                                                          "0",
                                                          "--challenge-failures-per-ca",
                                                          "0",
                                                          "--pending-per-source",
                                                          "100000",
                                                          "--pending-per-key",
                                                          "100000"};
inline const std::vector<std::string> kGatewayUnbounded = {"--failures-per-source", "0", "--decrypts-per-source", "0",
                                                           "--failures-in-all",     "0", "--decrypts-in-all",     "0",
                                                           "--polls-per-source",    "0", "--polls-in-all",        "0"};

// Product is a whole instance: one engine and one gateway with their defaults.
class Product {
 public:
  // Without a CA; unless the flags say otherwise, it counts no source's failures, decrypts, wrong keys or requests that
  // wait. Beside the policies that every installation has, there are "automatic" (issues for a key, refuses without),
  // "nameless" (the same, and a subject may be empty), "renewable" (the same, and renews at once) and "forgiving"
  // (renews at once, and until two days after the end).
  explicit Product(const std::vector<std::string>& engine_flags = kEngineUnbounded,
                   const std::vector<std::string>& gateway_flags = kGatewayUnbounded);

  // MakeCa makes a CA and waits until the gateway serves it; it returns the CA's certificate.
  pki::Certificate MakeCa(const std::string& name, const std::string& algorithm, const std::string& policy);

  // The same with every wish. MakeCa waits for it as above.
  v1::Ca MakeCa(const v1::CreateCaRequest& wish);
  // MakeCaAlone makes one without an RA.
  pki::Certificate MakeCaAlone(const std::string& name, const std::string& policy);
  // SetOptions changes the options of a CA that `options` has, SetStatus makes it "active" or "disabled"; Stage and
  // Activate roll it over. Each waits until the gateway has what the engine has.
  void SetOptions(const std::string& ca, const v1::CaOptions& options);
  void SetStatus(const std::string& ca, const std::string& status);
  v1::Ca Stage(const std::string& ca);
  v1::Ca Activate(const std::string& ca);

  EngineProgram engine;
  Administrator admin;
  GatewayProgram gateway;

 private:
  template <class Change>
  auto Follow(Change change);
};

// Shared serves most tests: CA "demo" is the default one, RSA and automatic; "manual" holds every request;
// "elliptic" is automatic with an ECDSA key; "keyless" has the default policy and not one pre-shared key.
Product& Shared();

// Published is what GetCACert gives for a CA: its RA first.
std::vector<pki::Certificate> Published(const GatewayProgram& gateway, const std::string& ca);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_PRODUCT_H
