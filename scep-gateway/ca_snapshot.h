#ifndef CERTIFIER_SCEP_GATEWAY_CA_SNAPSHOT_H
#define CERTIFIER_SCEP_GATEWAY_CA_SNAPSHOT_H

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "certifier/v1/ca_directory.pb.h"
#include "scep/request.h"
#include "scep_serving.h"

namespace gateway {

using Recipients = std::vector<std::shared_ptr<const scep::Recipient>>;

// CaEntry is one CA as devices see it.
struct CaEntry {
  // IssuingCa is the certificate of one generation and those above it, for what stands behind an issued certificate.
  struct IssuingCa {
    std::uint32_t generation = 0;  // Its number.
    pki::Certificate certificate;
    std::vector<pki::Certificate> chain;  // Issuer first, root last.
  };

  std::string name;
  certifier::v1::CaOptions options;
  // What is published first, then the next generation's, then those that only finish what they began.
  Recipients recipients;
  // The body of GetCACert and its type: certs-only with RA, CA, then the chain (requirements G-07, G-08), or one DER
  // certificate where there is no RA (G-01, G-03).
  pki::Bytes certificates;
  std::string_view certificates_type;
  pki::Bytes chain_certificates;    // The body of GetCACertChain: certs-only always.
  pki::Bytes next_ca_certificates;  // The body of GetNextCACert; empty: there is no next CA.
  std::string capabilities;         // The body of GetCACaps.
  std::vector<IssuingCa> issuing;   // Of every generation, the active one first.
};

// IsIssuedBy tells whether one of the CA's generations issued `certificate`, which may be over by now.
bool IsIssuedBy(const CaEntry& ca, const pki::Certificate& certificate);

// CertificatesAbove are those that the CA's reply_chain puts behind `certificate` in a SUCCESS (requirements M-45), as
// DER that borrows from `ca`; none for a certificate that the CA did not issue.
std::vector<pki::ByteView> CertificatesAbove(const CaEntry& ca, pki::ByteView certificate, pki::TimePoint now);

// CrlName is whose CRL a GetCRL asks for.
struct CrlName {
  std::string ca;
  std::uint32_t generation = 0;
};

// CaSnapshot is the directory at one moment: immutable, shared by every request that began with it.
class CaSnapshot {
 public:
  // Find compares without regard to case; null if there is none.
  const CaEntry* Find(std::string_view name) const;
  // Whether there is such a CA, and it was left out for a fault of its own: whoever means it is to come again.
  bool IsLeftOut(std::string_view name) const;
  // The CA that answers where a client names none; null if there is none that can.
  const CaEntry* default_ca() const { return default_ < cas_.size() ? &cas_[default_] : nullptr; }
  const std::vector<CaEntry>& cas() const { return cas_; }
  // Of all CAs, those of the default CA first.
  const Recipients& recipients() const { return recipients_; }
  std::uint64_t version() const { return version_; }
  const ScepServing& serving() const { return serving_; }

 private:
  friend class SnapshotBuilder;
  std::uint64_t version_ = 0;
  ScepServing serving_;
  std::vector<CaEntry> cas_;
  std::vector<std::string> left_out_;
  std::size_t default_ = static_cast<std::size_t>(-1);
  Recipients recipients_;
};

// SnapshotBuild is a snapshot and what was left out of it.
struct SnapshotBuild {
  struct LeftOut {
    std::string ca;
    // Whether the CA is gone, or only some of its retired or next keys.
    bool is_whole_ca = true;
    result::Error error;
  };
  std::shared_ptr<const CaSnapshot> snapshot;
  std::vector<LeftOut> left_out;
};

// KeyName names a CA's own key, which stays with the engine.
struct KeyName {
  std::string ca;
  std::uint32_t generation = 0;
};
// EngineKey is that key as the gateway can use it: for envelopes and for replies alone.
struct EngineKey {
  std::shared_ptr<const pki::DecryptionKey> decryption;
  std::shared_ptr<const pki::SigningKey> signing;
};
using OpenEngineKey = std::function<EngineKey(const KeyName& name, const pki::PublicKey& key)>;

// BuildSnapshot reads what the engine sent, with the check of requirements G-13 for each CA: its published RA holds an
// RSA key that matches, has the keyUsage bits that it is used for and is no CA, is in date at `now`, and was issued by
// the CA itself; a CA without an RA has those bits itself. One that fails is left out, so that one bad CA never takes
// the others down; so is a retired or a next generation alone. A retired RA may be out of date. `open_key` gives the
// keys of CAs without an RA.
SnapshotBuild BuildSnapshot(const certifier::v1::WatchResponse& directory, pki::TimePoint now,
                            const OpenEngineKey& open_key);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_CA_SNAPSHOT_H
