#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_KEY_ROWS_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_KEY_ROWS_H

#include <google/protobuf/repeated_field.h>

#include "certifier/v1/pre_shared_key.pb.h"
#include "web/templates.h"

namespace web {

// KeyRows is what _key_rows.mustache needs of each key, with what it is good for by now. It has no values of keys.
Model KeyRows(const google::protobuf::RepeatedPtrField<certifier::v1::PreSharedKey>& keys);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_KEY_ROWS_H
