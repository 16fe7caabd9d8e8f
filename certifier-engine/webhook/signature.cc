#include "webhook/signature.h"

#include "pki/digest.h"

namespace engine::webhook {

std::string SignatureOf(const pki::Secret& secret, TimePoint now, std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  std::string text = std::to_string(seconds);
  const std::string begin = "t=" + text + ",v1=";
  text += '.';
  text += body;
  return begin + pki::HexLower(pki::HmacSha256(secret.Reveal(), text));
}

}  // namespace engine::webhook
