#ifndef CERTIFIER_TESTS_CONFORMANCE_AUTHORITY_KEY_H
#define CERTIFIER_TESTS_CONFORMANCE_AUTHORITY_KEY_H

#include <memory>
#include <string>

#include "pki/key.h"
#include "programs.h"

namespace conformance {

// CaCertificate and CaKey are those of a CA, from the database and the key-encryption key: with them a test can sign
// what the product never would.
pki::Certificate CaCertificate(const EngineProgram& program, const std::string& ca);
std::unique_ptr<pki::PrivateKey> CaKey(const EngineProgram& program, const std::string& ca);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_AUTHORITY_KEY_H
