#ifndef CERTIFIER_ADMIN_SERVICE_WEB_SESSION_H
#define CERTIFIER_ADMIN_SERVICE_WEB_SESSION_H

#include <string>
#include <string_view>

#include "pki/secret.h"

namespace web {

// The cookie of who is logged in holds the token that the engine gave him; the one of who is not, random octets that
// tie the login form to his browser. Browsers take the prefix only with Secure, Path=/ and no Domain.
inline constexpr std::string_view kSessionCookie = "__Host-certifier-session",
                                  kVisitorCookie = "__Host-certifier-visitor";
inline constexpr std::size_t kTokenOctets = 32;

// TokenIn reads the cookie `name` of a Cookie field: 32 octets, or empty where there is none.
pki::Secret TokenIn(std::string_view cookies, std::string_view name);

// SetCookie and ClearCookie are values of Set-Cookie. Neither script nor another site's request gets the cookie; it
// goes when the browser is closed.
std::string SetCookie(std::string_view name, pki::ByteView token);
std::string ClearCookie(std::string_view name);

// CsrfToken is what the forms of a page carry: an HMAC of a label under `token`, so that no other site knows it and
// nothing has to be kept.
std::string CsrfToken(const pki::Secret& token);
// IsCsrfToken compares in constant time; false for an empty token.
bool IsCsrfToken(const pki::Secret& token, std::string_view given);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_SESSION_H
