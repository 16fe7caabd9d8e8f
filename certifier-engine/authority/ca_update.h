#ifndef CERTIFIER_ENGINE_AUTHORITY_CA_UPDATE_H
#define CERTIFIER_ENGINE_AUTHORITY_CA_UPDATE_H

#include "authority/ca_options.h"
#include "authority/directory.h"

namespace engine::authority {

// CaUpdate is what an operator changes of a CA; what is empty stays.
struct CaUpdate {
  std::string name;
  certifier::v1::CaOptions options;                       // The fields that are present change.
  google::protobuf::RepeatedPtrField<std::string> reset;  // Names of options that go back to their default.
  std::string policy;
  std::string status;  // "active" or "disabled".
  bool make_default = false;
};

// UpdateCa stores the change and reloads this engine's directory; the store tells the others. Not found for an unknown
// CA or policy, malformed as ChangedOptions and for another status, conflict if the CA was changed meanwhile.
result::Result<void> UpdateCa(store::AdministrationStore& store, Directory& directory, const CaUpdate& update,
                              const std::string& login);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_CA_UPDATE_H
