#ifndef CERTIFIER_SCEP_GATEWAY_CA_SNAPSHOT_H
#define CERTIFIER_SCEP_GATEWAY_CA_SNAPSHOT_H

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "certifier/v1/ca_directory.pb.h"
#include "scep/request.h"

namespace gateway {

using Recipients = std::vector<std::shared_ptr<const scep::Recipient>>;

// CaEntry is one CA as devices see it.
struct CaEntry {
  std::string name;
  Recipients recipients;    // The published RA first, then those that only finish what they began.
  pki::Bytes certificates;  // The body of GetCACert: certs-only, RA, CA, then the chain (requirements G-07, G-08).
};

// CaSnapshot is the directory at one moment: immutable, shared by every request that began with it.
class CaSnapshot {
 public:
  // Find compares without regard to case; null if there is none.
  const CaEntry* Find(std::string_view name) const;
  // The CA that answers where a client names none; null if there is none that can.
  const CaEntry* default_ca() const { return default_ < cas_.size() ? &cas_[default_] : nullptr; }
  const std::vector<CaEntry>& cas() const { return cas_; }
  // Of all CAs, those of the default CA first.
  const Recipients& recipients() const { return recipients_; }
  std::uint64_t version() const { return version_; }

 private:
  friend struct SnapshotBuild BuildSnapshot(const certifier::v1::WatchResponse& directory, pki::TimePoint now);
  std::uint64_t version_ = 0;
  std::vector<CaEntry> cas_;
  std::size_t default_ = static_cast<std::size_t>(-1);
  Recipients recipients_;
};

// SnapshotBuild is a snapshot and what was left out of it.
struct SnapshotBuild {
  struct LeftOut {
    std::string ca;
    // Whether the CA is gone, or only one of its retired RAs.
    bool is_whole_ca = true;
    result::Error error;
  };
  std::shared_ptr<const CaSnapshot> snapshot;
  std::vector<LeftOut> left_out;
};

// BuildSnapshot reads what the engine sent, with the check of requirements G-13 for each CA: its published RA holds an
// RSA key that matches, has both keyUsage bits and is no CA, is in date at `now`, and was issued by the CA itself. One
// that fails is left out, so that one bad CA never takes the others down. A retired RA may be out of date.
SnapshotBuild BuildSnapshot(const certifier::v1::WatchResponse& directory, pki::TimePoint now);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_CA_SNAPSHOT_H
