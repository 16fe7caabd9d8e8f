#ifndef CERTIFIER_TESTS_SUPPORT_TEST_CERTIFICATES_H
#define CERTIFIER_TESTS_SUPPORT_TEST_CERTIFICATES_H

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pki/certificate.h"
#include "service/caller.h"
#include "service/tls_files.h"

namespace support {

// TestCertificates is an internal CA of its own with the certificates that it issued, in a temporary directory that
// goes with the object. Two of them are strangers to each other. Confined to one thread.
class TestCertificates {
 public:
  // Wish is a certificate as nobody would issue it.
  struct Wish {
    std::string name;               // commonName, in UTF-8.
    std::vector<std::string> uris;  // URI alternative names.
    pki::TimePoint not_before = std::chrono::system_clock::now() - std::chrono::hours(1);
    pki::TimePoint not_after = std::chrono::system_clock::now() + std::chrono::hours(1);
    std::vector<pki::GeneralName> names = {};  // Further alternative names.
    std::vector<std::string> units = {};       // organizationalUnitNames, in UTF-8.
  };

  TestCertificates();
  ~TestCertificates();
  TestCertificates(const TestCertificates&) = delete;
  TestCertificates& operator=(const TestCertificates&) = delete;

  // Issue is the certificate of `role` for `name`, made at the first call.
  service::TlsFiles Issue(service::Role role, const std::string& name);
  // IssueAs makes a new one.
  service::TlsFiles IssueAs(const Wish& wish);
  // Show is what `files` present, to whoever trusts this CA instead of their own.
  service::TlsFiles Show(service::TlsFiles files) const;

 private:
  std::filesystem::path Write(const std::string& name, pki::ByteView content) const;

  std::filesystem::path directory_;
  std::unique_ptr<pki::PrivateKey> key_;
  pki::Certificate certificate_;
  std::filesystem::path authority_;
  std::map<std::pair<service::Role, std::string>, service::TlsFiles> issued_;
  int count_ = 0;
};

}  // namespace support

#endif  // CERTIFIER_TESTS_SUPPORT_TEST_CERTIFICATES_H
