#ifndef CERTIFIER_ADMIN_SERVICE_CTL_FIELDS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_FIELDS_H

#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/timestamp.pb.h>

#include <string>
#include <vector>

#include "certifier/v1/extension.pb.h"
#include "certifier/v1/fingerprint.pb.h"
#include "ctl/output.h"
#include "ctl/times.h"

namespace ctl {

// How fields of several kinds of objects read to people.

// ExtensionTexts is each extension in a line: "X509v3 Key Usage (critical): Digital Signature".
std::vector<std::string> ExtensionTexts(const google::protobuf::RepeatedPtrField<certifier::v1::Extension>& extensions);

// Joined separates texts with ", ".
std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& texts);

// PolicyText is "default (version 3)"; empty where there is no policy.
std::string PolicyText(const std::string& policy, std::uint32_t version);

// TimeText is "2026-11-24 02:10:00Z"; empty for a time that `has_time` says is absent.
std::string TimeText(bool has_time, const google::protobuf::Timestamp& timestamp);
// TimeAndDistance is "2026-11-24 02:10:00Z (5m ago)"; empty likewise.
std::string TimeAndDistance(bool has_time, const google::protobuf::Timestamp& timestamp, Time now);

// ShowFingerprints writes every digest in every notation, under a heading that says of what.
void ShowFingerprints(Output& output, const std::string& what, const certifier::v1::Fingerprints& fingerprints);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_FIELDS_H
