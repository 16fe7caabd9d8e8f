#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DER_FILE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DER_FILE_H

#include <initializer_list>
#include <string>
#include <string_view>

#include "pki/bytes.h"
#include "result/result.h"

namespace ctl {

// DerIn is the DER of the first PEM block (RFC 7468) with one of `labels`, or `text` itself where there is no block at
// all. Malformed where there are only others.
result::Result<pki::Bytes> DerIn(const std::string& text, std::initializer_list<std::string_view> labels);

// ReadDerFile is DerIn of a file of at most 64 KiB. Malformed: the detail begins with the path. What the DER is, nobody
// looks at.
result::Result<pki::Bytes> ReadDerFile(const std::string& path, std::initializer_list<std::string_view> labels);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DER_FILE_H
