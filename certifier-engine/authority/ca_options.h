#ifndef CERTIFIER_ENGINE_AUTHORITY_CA_OPTIONS_H
#define CERTIFIER_ENGINE_AUTHORITY_CA_OPTIONS_H

#include <google/protobuf/repeated_ptr_field.h>

#include <string>

#include "certifier/v1/ca_options.pb.h"
#include "result/result.h"

namespace engine::authority {

// ReadOptions reads what the store keeps of a CA's options and puts the default where a field is absent. Internal for
// what is no such document.
result::Result<certifier::v1::CaOptions> ReadOptions(const std::string& json);

// ChangedOptions is what the store shall keep: `json` with the fields that `change` has, without those that `reset`
// names. Malformed for a value out of bounds and a name that no option has, with all that is wrong in the detail.
result::Result<std::string> ChangedOptions(const std::string& json, const certifier::v1::CaOptions& change,
                                           const google::protobuf::RepeatedPtrField<std::string>& reset);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_CA_OPTIONS_H
