#include "ctl/key_sheet.h"

#include <qrencode.h>

#include <memory>

namespace ctl {

namespace {

constexpr std::size_t kMostQrOctets = 1000;
constexpr int kQuietModules = 4;  // Around a code (ISO/IEC 18004).

// No height anywhere: a sheet is as long as its content, which is bounded, and the next one begins a page. The margins
// leave 186 by 255 mm, which both A4 and Letter have.
constexpr char kHead[] = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Pre-shared keys</title>
<style>
@page { margin: 12mm; }
:root { color-scheme: light; }
body { margin: 0; color: #000; background: #fff; font: 11pt/1.4 sans-serif; }
section { break-inside: avoid; max-width: 180mm; margin: 0 auto; }
section + section { break-before: page; }
h1 { margin: 0 0 6mm; font-size: 18pt; line-height: 1.2; overflow-wrap: anywhere; }
dt { margin-top: 3mm; font-size: 9pt; color: #444; }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: 10pt/1.4 monospace; }
.key code { font-size: 15pt; font-weight: bold; }
svg { display: block; width: 45mm; height: 45mm; margin-top: 6mm; }
p { margin: 4mm 0 0; font-size: 9pt; color: #444; }
@media screen { section { padding: 12mm 0; } section + section { border-top: 1px dashed #888; } }
</style>
</head>
<body>
)html";

void AddTerm(std::string& html, const std::string& term, const std::string& text, bool is_code = false) {
  if (text.empty()) return;
  const std::string shown = EscapeHtml(text);
  html += "<dt>" + EscapeHtml(term) + "</dt><dd>" + (is_code ? "<code>" + shown + "</code>" : shown) + "</dd>\n";
}

result::Result<std::string> Section(const PrintedKey& key) {
  ASSIGN_OR_RETURN(const std::string code, KeyCode(key));
  std::string html = "<section>\n<h1>" + EscapeHtml(key.entity) + "</h1>\n<dl>\n";
  AddTerm(html, "SCEP URL", key.url, true);
  html += "<dt>Key (challengePassword)</dt><dd class=\"key\"><code>" + EscapeHtml(key.key) + "</code></dd>\n";
  AddTerm(html, "Reference number", key.reference_number, true);
  AddTerm(html, "Good until", key.expires);
  AddTerm(html, "CA", key.ca);
  AddTerm(html, "CA certificate, SHA-256", key.fingerprints.sha256().grouped(), true);
  AddTerm(html, "CA certificate, SHA-1", key.fingerprints.sha1().grouped(), true);
  AddTerm(html, "CA certificate, MD5 (identification only)", key.fingerprints.md5().grouped(), true);
  html += "</dl>\n" + code +
          "\n<p>Compare the fingerprint on the device before you type the key. Whoever has this sheet can enrol as the "
          "device: destroy it afterwards.</p>\n</section>\n";
  return html;
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string html;
  for (const char character : text) {
    switch (character) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += character;
    }
  }
  return html;
}

result::Result<std::string> QrCode(const std::string& text) {
  struct Free {
    void operator()(QRcode* code) const { QRcode_free(code); }
  };
  if (text.size() > kMostQrOctets) return result::Fail(result::Reason::kInternal, "too much text for a QR code");
  const std::unique_ptr<QRcode, Free> code(QRcode_encodeData(
      static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (code == nullptr) return result::Fail(result::Reason::kInternal, "cannot make a QR code");
  std::string path;
  for (int row = 0; row < code->width; ++row) {
    for (int column = 0; column < code->width; ++column) {
      if ((code->data[row * code->width + column] & 1u) == 0) continue;
      path += "M" + std::to_string(column) + " " + std::to_string(row) + "h1v1h-1z";
    }
  }
  const std::string begin = std::to_string(-kQuietModules), size = std::to_string(code->width + 2 * kQuietModules);
  return "<svg viewBox=\"" + begin + " " + begin + " " + size + " " + size +
         "\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR code of URL, CA, entity and key\"><path d=\"" +
         path + "\"/></svg>";
}

result::Result<std::string> KeyCode(const PrintedKey& key) {
  return QrCode("URL: " + key.url + "\nCA: " + key.ca + "\nEntity: " + key.entity + "\nKey: " + key.key);
}

result::Result<std::string> PrintSheets(const std::vector<PrintedKey>& keys) {
  std::string html = kHead;
  for (const PrintedKey& key : keys) {
    ASSIGN_OR_RETURN(const std::string section, Section(key));
    html += section;
  }
  return html + "</body>\n</html>\n";
}

}  // namespace ctl
