#include "web/session.h"

#include <algorithm>

#include "pki/digest.h"

namespace web {

namespace {

constexpr std::string_view kCsrfLabel = "certifier web form 1";
constexpr std::string_view kAttributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";

// RFC 4648 section 5, without padding.
std::string Base64Url(pki::ByteView octets) {
  std::string text = pki::Base64(octets);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.resize(text.find_last_not_of('=') + 1);
  return text;
}

pki::Secret FromBase64Url(std::string text) {
  if (text.find_first_of("+/=") != std::string::npos) return {};
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  auto octets = pki::FromBase64(text);
  pki::Wipe(text);
  if (!octets || octets->size() != kTokenOctets) return {};
  return pki::Secret(*std::move(octets));
}

}  // namespace

pki::Secret TokenIn(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const std::size_t end = std::min(cookies.find(';'), cookies.size());
    std::string_view cookie = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    cookie.remove_prefix(std::min(cookie.find_first_not_of(' '), cookie.size()));
    if (cookie.starts_with(name) && cookie.substr(name.size()).starts_with("=")) {
      return FromBase64Url(std::string(cookie.substr(name.size() + 1)));
    }
  }
  return {};
}

std::string SetCookie(std::string_view name, pki::ByteView token) {
  return std::string(name).append("=").append(Base64Url(token)).append(kAttributes);
}

std::string ClearCookie(std::string_view name) {
  return std::string(name).append("=; Max-Age=0").append(kAttributes);
}

std::string CsrfToken(const pki::Secret& token) {
  return Base64Url(pki::HmacSha256(token.Reveal(), kCsrfLabel));
}

bool IsCsrfToken(const pki::Secret& token, std::string_view given) {
  return !token.empty() && pki::ConstantTimeEquals(CsrfToken(token), given);
}

}  // namespace web
