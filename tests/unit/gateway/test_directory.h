#ifndef CERTIFIER_TESTS_UNIT_GATEWAY_TEST_DIRECTORY_H
#define CERTIFIER_TESTS_UNIT_GATEWAY_TEST_DIRECTORY_H

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ca_snapshot.h"
#include "certifier/v1/ca_directory.pb.h"
#include "pki/certificate.h"
#include "pki/certificate_request.h"

namespace gateway {

using KeyPtr = std::shared_ptr<const pki::PrivateKey>;

// TestKey returns the `index`th key of an algorithm, made once in a process: making RSA keys is slow.
KeyPtr TestKey(const std::string& algorithm, int index = 0);

// Days is a moment so many days from now.
pki::TimePoint Days(int days);

// TestIssuer is a CA with its key, in memory.
struct TestIssuer {
  std::string name;
  KeyPtr key;
  pki::Certificate certificate;

  // Issue makes a certificate for `key` without extensions but keyUsage, and basicConstraints where `is_ca`.
  struct Wish {
    std::string subject;
    KeyPtr key;
    unsigned key_usage = pki::kDigitalSignature | pki::kKeyEncipherment;
    bool is_ca = false;
    pki::TimePoint not_before = Days(-1), not_after = Days(30);
  };
  pki::Certificate Issue(const Wish& wish) const;
};

TestIssuer MakeIssuer(const std::string& name, const std::string& algorithm = "ecdsa-p256");

// Ra is an RA certificate of `issuer` for the key of that number.
TestIssuer::Wish RaWish(const TestIssuer& issuer, int key_index = 0);
certifier::v1::RegistrationAuthority Ra(
    const TestIssuer& issuer, const TestIssuer::Wish& wish,
    certifier::v1::RegistrationAuthorityState state = certifier::v1::REGISTRATION_AUTHORITY_STATE_CURRENT,
    certifier::v1::RegistrationAuthorityUsage usage = certifier::v1::REGISTRATION_AUTHORITY_USAGE_COMBINED);
// NoEngineKey is for CAs with RAs.
OpenEngineKey NoEngineKey();
// DefaultOptions are every option with its default, as the engine sends them.
certifier::v1::CaOptions DefaultOptions();
// Bundle is what the engine sends of one CA of one generation.
certifier::v1::CaBundle Bundle(const TestIssuer& issuer, std::vector<certifier::v1::RegistrationAuthority> ras,
                               bool is_default = false);
certifier::v1::WatchResponse Directory(std::vector<certifier::v1::CaBundle> bundles, std::uint64_t version = 1);

// RaCertificate is the first RA certificate of a bundle.
pki::Certificate RaCertificate(const certifier::v1::CaBundle& bundle);

// MakeRequest is a PKCS#10 for `key`.
pki::Bytes MakeRequest(const KeyPtr& key, std::string_view subject, std::string_view challenge = {});

}  // namespace gateway

#endif  // CERTIFIER_TESTS_UNIT_GATEWAY_TEST_DIRECTORY_H
