#ifndef CERTIFIER_TESTS_CONFORMANCE_REGISTRATION_AUTHORITY_H
#define CERTIFIER_TESTS_CONFORMANCE_REGISTRATION_AUTHORITY_H

#include <string>

#include "programs.h"

namespace conformance {

// ReplaceRegistrationAuthority retires the RA of a CA and puts one with `key` in its place, in the database, since no
// service does that yet. It returns the new certificate; the engine notices within its refresh.
pki::Certificate ReplaceRegistrationAuthority(const EngineProgram& program, const std::string& ca,
                                              const pki::PrivateKey& key);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_REGISTRATION_AUTHORITY_H
