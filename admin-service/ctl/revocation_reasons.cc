#include "ctl/revocation_reasons.h"

#include <google/protobuf/descriptor.h>

#include "certifier/v1/certificate.pb.h"
#include "ctl/json_printer.h"

namespace ctl {

namespace v1 = certifier::v1;

std::vector<std::string> RevocationReasonNames() {
  std::vector<std::string> names;
  const auto& reasons = *v1::RevocationReason_descriptor();
  for (int i = 0; i < reasons.value_count(); ++i) {
    if (reasons.value(i)->number() == v1::REVOCATION_REASON_CERTIFICATE_HOLD) continue;
    names.push_back(EnumName(*reasons.value(i)));
  }
  return names;
}

}  // namespace ctl
