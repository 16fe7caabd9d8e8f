#include "pki/description.h"

#include <openssl/x509v3.h>

#include "pki/openssl.h"

namespace pki {

namespace {

constexpr std::size_t kMostCharacters = 4000;

std::string Printable(std::string text) {
  for (char& character : text) {
    const bool is_plain = (character >= ' ' && character <= '~') || character == '\n';
    if (!is_plain) character = '.';
  }
  while (text.ends_with('\n')) text.pop_back();
  if (text.size() > kMostCharacters) text.replace(kMostCharacters, std::string::npos, "...");
  return text;
}

OpensslPtr<ASN1_OBJECT> ObjectOf(const std::string& oid) {
  return OpensslPtr<ASN1_OBJECT>(OBJ_txt2obj(oid.c_str(), 1));
}

// Empty where OpenSSL has no words for it.
std::string WordsOf(const Extension& extension) {
  const auto object = ObjectOf(extension.oid);
  const OpensslPtr<ASN1_OCTET_STRING> value(ASN1_OCTET_STRING_new());
  const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
  if (!object || !value || !bio) return "";
  const int size = static_cast<int>(extension.value.size());
  if (ASN1_OCTET_STRING_set(value.get(), In(extension.value), size) != 1) return "";
  const OpensslPtr<X509_EXTENSION> whole(
      X509_EXTENSION_create_by_OBJ(nullptr, object.get(), extension.is_critical ? 1 : 0, value.get()));
  if (!whole || X509V3_EXT_print(bio.get(), whole.get(), X509V3_EXT_DEFAULT, 0) != 1) return "";
  char* octets = nullptr;
  const auto length = BIO_get_mem_data(bio.get(), &octets);
  return length <= 0 ? "" : std::string(octets, static_cast<std::size_t>(length));
}

}  // namespace

std::string OidName(const std::string& oid) {
  const auto object = ObjectOf(oid);
  const int nid = object ? OBJ_obj2nid(object.get()) : NID_undef;
  ERR_clear_error();
  return nid == NID_undef ? oid : OBJ_nid2ln(nid);
}

std::string Describe(const Extension& extension) {
  const std::string words = Printable(WordsOf(extension));
  ERR_clear_error();
  return words.empty() ? Printable(HexLower(extension.value)) : words;
}

result::Result<std::string> SignatureAlgorithmName(const Certificate& certificate) {
  const unsigned char* octets = In(certificate.der());
  const OpensslPtr<X509> parsed(d2i_X509(nullptr, &octets, static_cast<long>(certificate.der().size())));
  if (!parsed) return OpensslFailure(result::Reason::kMalformed, "certificate");
  const int nid = X509_get_signature_nid(parsed.get());
  return std::string(nid == NID_undef ? "unknown" : OBJ_nid2ln(nid));
}

}  // namespace pki
