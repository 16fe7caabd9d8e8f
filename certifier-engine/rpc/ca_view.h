#ifndef CERTIFIER_ENGINE_RPC_CA_VIEW_H
#define CERTIFIER_ENGINE_RPC_CA_VIEW_H

#include <string>
#include <vector>

#include "certifier/v1/ca.pb.h"
#include "store/administration_store.h"

namespace engine::rpc {

// CasOf are all CAs of the directory as administrators see them, by name. Internal for a stored certificate that cannot
// be read.
result::Result<std::vector<certifier::v1::Ca>> CasOf(const store::DirectoryRecord& directory);

// CaNamed finds one of them, without regard to case. Not found.
result::Result<certifier::v1::Ca> CaNamed(const store::DirectoryRecord& directory, const std::string& name);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_CA_VIEW_H
