#ifndef CERTIFIER_ENGINE_STORE_SCEP_SERVICE_H
#define CERTIFIER_ENGINE_STORE_SCEP_SERVICE_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/types.h"

namespace engine::store {

// ScepOperation is what a device may ask for; the latter five are kinds of PKIOperation.
enum class ScepOperation { kGetCaCaps, kGetCaCert, kGetNextCaCert, kEnrollment, kRenewal, kPoll, kGetCert, kGetCrl };
inline constexpr std::size_t kScepOperations = 8;

// ScepServiceRecord is the settings of the SCEP service as a whole. Equal versions have equal content.
struct ScepServiceRecord {
  std::string description;
  bool is_active = true;
  std::string listen;       // HOST:PORT, several separated by commas; empty: what the gateway's configuration says.
  std::string domain_name;  // Of printed URLs, perhaps with a port; empty: none are printed.
  std::vector<ScepOperation> allowed_operations;  // In the order above, each once.
  std::uint64_t version = 0;                      // 0: there are no settings.
  TimePoint changed_at;
  std::string changed_by;  // Login; empty: nobody did yet.
};

// ScepServiceChange changes nothing of what it leaves out.
struct ScepServiceChange {
  std::optional<std::uint64_t> expected_version;  // Nothing: whichever is the latest.
  std::optional<std::string> description;
  std::optional<bool> is_active;
  std::optional<std::string> listen;
  std::optional<std::string> domain_name;
  std::optional<std::vector<ScepOperation>> allowed_operations;
  std::string changed_by;
};

// ListenFailure is why a gateway does not listen where it was told to.
enum class ListenFailure { kPortTaken, kNotPermitted, kNoSuchAddress, kOther };

// GatewayReport is what one gateway process made of the settings.
struct GatewayReport {
  std::string gateway;   // commonName of its certificate, 1 to 256 characters.
  std::string instance;  // What the process calls itself, 1 to 64 characters.
  std::uint64_t applied_version = 0;
  std::string listen;                         // Where it listens, HOST:PORT separated by commas.
  std::optional<ListenFailure> failure = {};  // Why not where that version says.
  TimePoint reported_at;
};

// ScepServiceState is the settings, and the gateways by their names.
struct ScepServiceState {
  ScepServiceRecord settings;
  std::vector<GatewayReport> gateways;
};

// ScepServiceStore is safe from any thread.
class ScepServiceStore {
 public:
  virtual ~ScepServiceStore() = default;

  // GetScepService is the settings, and who reported since `since`.
  virtual Result<ScepServiceState> GetScepService(TimePoint since) = 0;
  // UpdateScepService makes the next version and notifies every engine. kConflict where another version than the
  // expected one is the latest.
  virtual Result<ScepServiceRecord> UpdateScepService(const ScepServiceChange& change) = 0;
  // PutGatewayReport takes the place of what that process reported before. Of one gateway name the `most` newest stay.
  virtual Result<void> PutGatewayReport(const GatewayReport& report, std::uint32_t most) = 0;
  // ForgetGatewayReport forgets what a process reported, which has ended.
  virtual Result<void> ForgetGatewayReport(const std::string& gateway, const std::string& instance) = 0;
  // ForgetGatewayReports forgets what was reported before `before`, and says how many that were.
  virtual Result<std::int64_t> ForgetGatewayReports(TimePoint before) = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_SCEP_SERVICE_H
