#include "scep_serving.h"

#include <algorithm>
#include <array>

namespace gateway {

namespace v1 = certifier::v1;

namespace {

constexpr std::array kKinds = {v1::SCEP_OPERATION_ENROLLMENT, v1::SCEP_OPERATION_RENEWAL, v1::SCEP_OPERATION_POLL,
                               v1::SCEP_OPERATION_GET_CERT, v1::SCEP_OPERATION_GET_CRL};
constexpr std::array<std::string_view, 9> kNames = {"nothing", "GetCACaps", "GetCACert", "GetNextCACert", "enrolment",
                                                    "renewal", "poll",      "GetCert",   "GetCRL"};

}  // namespace

ScepServing::ScepServing(const v1::ScepServiceSettings& settings) : is_active_(settings.is_active()), allowed_(0) {
  for (const int operation : settings.allowed_operations().operations()) {
    // One of a newer engine's is none that this gateway serves.
    if (v1::ScepOperation_IsValid(operation)) allowed_ |= 1U << operation;
  }
}

bool ScepServing::Allows(Operation operation) const {
  switch (operation) {
    case Operation::kGetCaCaps:
      return Allows(v1::SCEP_OPERATION_GET_CA_CAPS);
    case Operation::kGetCaCert:
    case Operation::kGetCaCertChain:
      return Allows(v1::SCEP_OPERATION_GET_CA_CERT);
    case Operation::kGetNextCaCert:
      return Allows(v1::SCEP_OPERATION_GET_NEXT_CA_CERT);
    case Operation::kPkiOperation:
      return std::any_of(kKinds.begin(), kKinds.end(), [this](v1::ScepOperation kind) { return Allows(kind); });
  }
  return false;
}

v1::ScepOperation KindOf(scep::MessageType type, bool is_renewal) {
  switch (type) {
    case scep::MessageType::kPkcsReq:
      return is_renewal ? v1::SCEP_OPERATION_RENEWAL : v1::SCEP_OPERATION_ENROLLMENT;
    case scep::MessageType::kRenewalReq:
      return v1::SCEP_OPERATION_RENEWAL;
    case scep::MessageType::kCertPoll:
      return v1::SCEP_OPERATION_POLL;
    case scep::MessageType::kGetCert:
      return v1::SCEP_OPERATION_GET_CERT;
    case scep::MessageType::kGetCrl:
      return v1::SCEP_OPERATION_GET_CRL;
    case scep::MessageType::kCertRep:
      break;
  }
  return v1::SCEP_OPERATION_UNSPECIFIED;
}

std::string_view ToString(v1::ScepOperation operation) {
  const auto index = static_cast<std::size_t>(operation);
  return index < kNames.size() ? kNames[index] : kNames[0];
}

}  // namespace gateway
