#include "pki/openssl.h"

#include <array>

namespace pki {

tl::unexpected<result::Error> OpensslFailure(result::Reason reason, std::string what) {
  while (const unsigned long code = ERR_get_error()) {
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    what += std::string("; ") + text.data();
  }
  return result::Fail(reason, std::move(what));
}

}  // namespace pki
