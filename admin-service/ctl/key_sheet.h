#ifndef CERTIFIER_ADMIN_SERVICE_CTL_KEY_SHEET_H
#define CERTIFIER_ADMIN_SERVICE_CTL_KEY_SHEET_H

#include <string>
#include <string_view>
#include <vector>

#include "certifier/v1/fingerprint.pb.h"
#include "result/result.h"

namespace ctl {

// PrintedKey is what one sheet of paper says.
struct PrintedKey {
  std::string entity, url, ca;
  certifier::v1::Fingerprints fingerprints;  // Of the CA's certificate.
  std::string key, reference_number, expires;
};

// EscapeHtml is `text` as the content of an element or of a quoted attribute: nothing of it is markup.
std::string EscapeHtml(std::string_view text);

// QrCode is a picture of `text`, at most 1000 octets, as an SVG element. Internal if it cannot be made.
result::Result<std::string> QrCode(const std::string& text);

// KeyCode is QrCode of what a device needs: URL, CA, entity and key.
result::Result<std::string> KeyCode(const PrintedKey& key);

// PrintSheets is an HTML document that prints each key on a page of its own, on A4 and on Letter. It loads nothing and
// runs nothing.
result::Result<std::string> PrintSheets(const std::vector<PrintedKey>& keys);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_KEY_SHEET_H
