#include "rpc/extension.h"

#include "pki/description.h"

namespace engine::rpc {

certifier::v1::Extension ToProto(const pki::Extension& extension) {
  certifier::v1::Extension shown;
  shown.set_oid(extension.oid);
  shown.set_name(pki::OidName(extension.oid));
  shown.set_is_critical(extension.is_critical);
  shown.set_text(pki::Describe(extension));
  return shown;
}

}  // namespace engine::rpc
