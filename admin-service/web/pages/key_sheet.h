#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_KEY_SHEET_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_KEY_SHEET_H

#include "certifier/v1/ca.pb.h"
#include "result/result.h"
#include "web/templates.h"

namespace web {

// KeyOwner is for whom a key is, and what a device needs beside its value.
struct KeyOwner {
  std::string entity, ca;
  const certifier::v1::Fingerprints* fingerprints = nullptr;  // Of the CA's certificate; null: not known.
  std::string enrollment_url = {};                            // As ScepService says it; empty: not known.
};

// KeySheet is `key`, which has "key", its value, and "reference_number", with what a sheet of paper says of it: a QR
// code, too, which a device's camera reads. Internal if that cannot be made.
result::Result<Model> KeySheet(Model key, const KeyOwner& owner);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_KEY_SHEET_H
