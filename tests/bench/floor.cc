#include "floor.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <time.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bench {

namespace {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(EVP_MD* p) const { EVP_MD_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
  void operator()(EVP_CIPHER* p) const { EVP_CIPHER_free(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(OSSL_PARAM_BLD* p) const { OSSL_PARAM_BLD_free(p); }
  void operator()(OSSL_PARAM* p) const { OSSL_PARAM_free(p); }
};
template <class T>
using Ptr = std::unique_ptr<T, Free>;

// What a 2048-bit client's PKCSReq and its CertRep weigh.
constexpr std::size_t kRequestContent = 1400, kSignedAttributes = 220, kCertificationRequestInfo = 640, kTbs = 720,
                      kReplyContent = 1900, kCertificate = 1050;

void Check(bool is_ok) {
  if (!is_ok) throw std::runtime_error("the floor's cryptography failed");
}

double ThreadCpuMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace

// Enrollment is one thread's contexts, all made beforehand.
class Floor::Enrollment {
 public:
  Enrollment()
      : server_(EVP_RSA_gen(2048)),
        client_(EVP_RSA_gen(2048)),
        sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr)),
        sha1_(EVP_MD_fetch(nullptr, "SHA1", nullptr)),
        aes_(EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr)),
        md_(EVP_MD_CTX_new()),
        cipher_(EVP_CIPHER_CTX_new()),
        text_(4096, 'x') {
    sign_.reset(EVP_PKEY_CTX_new(server_.get(), nullptr));
    Check(EVP_PKEY_sign_init(sign_.get()) == 1 && EVP_PKEY_CTX_set_rsa_padding(sign_.get(), RSA_PKCS1_PADDING) == 1 &&
          EVP_PKEY_CTX_set_signature_md(sign_.get(), sha256_.get()) == 1);
    decrypt_.reset(EVP_PKEY_CTX_new(server_.get(), nullptr));
    Check(EVP_PKEY_decrypt_init(decrypt_.get()) == 1 &&
          EVP_PKEY_CTX_set_rsa_padding(decrypt_.get(), RSA_PKCS1_PADDING) == 1);
    import_.reset(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    Check(EVP_PKEY_fromdata_init(import_.get()) == 1);
    wrapped_ = Wrap(server_.get());
    Hash(sha256_.get(), kSignedAttributes, digest_.data());
    signature_ = SignAs(client_.get());
    BIGNUM* n = nullptr;
    BIGNUM* e = nullptr;
    Check(EVP_PKEY_get_bn_param(client_.get(), OSSL_PKEY_PARAM_RSA_N, &n) == 1);
    modulus_.reset(n);
    Check(EVP_PKEY_get_bn_param(client_.get(), OSSL_PKEY_PARAM_RSA_E, &e) == 1);
    exponent_.reset(e);
  }

  void Run() {
    // The request: content digest, attributes digest, signature, unwrap, decrypt, PKCS#10 signature.
    Hash(sha256_.get(), kRequestContent, digest_.data());
    Hash(sha256_.get(), kSignedAttributes, digest_.data());
    const Ptr<EVP_PKEY> client = Import();
    Verify(client.get());
    std::array<unsigned char, 256> key{};
    std::size_t length = key.size();
    Check(EVP_PKEY_decrypt(decrypt_.get(), key.data(), &length, wrapped_.data(), wrapped_.size()) == 1);
    Cipher(kRequestContent - 400, 0);
    Hash(sha256_.get(), kCertificationRequestInfo, digest_.data());
    Hash(sha256_.get(), kSignedAttributes, digest_.data());
    Verify(client.get());
    // The certificate: key identifier, serial, TBSCertificate.
    std::array<unsigned char, 32> identifier{};
    Hash(sha1_.get(), 270, identifier.data());
    Check(RAND_bytes(identifier.data(), 16) == 1);
    Hash(sha256_.get(), kTbs, digest_.data());
    Sign();
    // The reply: content key, wrap, encrypt, two digests, signature.
    Wrap(client.get());
    Cipher(kCertificate, 1);
    Check(RAND_bytes(identifier.data(), 32) == 1);
    Hash(sha256_.get(), kReplyContent, digest_.data());
    Hash(sha256_.get(), kSignedAttributes, digest_.data());
    Sign();
  }

 private:
  void Hash(const EVP_MD* algorithm, std::size_t octets, unsigned char* out) {
    unsigned length = 0;
    Check(EVP_DigestInit_ex2(md_.get(), algorithm, nullptr) == 1 &&
          EVP_DigestUpdate(md_.get(), text_.data(), octets) == 1 && EVP_DigestFinal_ex(md_.get(), out, &length) == 1);
  }
  void Sign() {
    std::array<unsigned char, 256> signature{};
    std::size_t length = signature.size();
    Check(EVP_PKEY_sign(sign_.get(), signature.data(), &length, digest_.data(), 32) == 1);
  }
  std::string SignAs(EVP_PKEY* key) {
    const Ptr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
    std::string signature(256, '\0');
    std::size_t length = signature.size();
    Check(EVP_PKEY_sign_init(context.get()) == 1 &&
          EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
          EVP_PKEY_CTX_set_signature_md(context.get(), sha256_.get()) == 1 &&
          EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, digest_.data(),
                        32) == 1);
    return signature;
  }
  void Verify(EVP_PKEY* key) {
    const Ptr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
    Check(EVP_PKEY_verify_init(context.get()) == 1 &&
          EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
          EVP_PKEY_CTX_set_signature_md(context.get(), sha256_.get()) == 1 &&
          EVP_PKEY_verify(context.get(), reinterpret_cast<const unsigned char*>(signature_.data()), signature_.size(),
                          digest_.data(), 32) == 1);
  }
  std::vector<unsigned char> Wrap(EVP_PKEY* key) {
    const Ptr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
    std::array<unsigned char, 32> content_key{};
    std::vector<unsigned char> wrapped(256);
    std::size_t length = wrapped.size();
    Check(RAND_priv_bytes(content_key.data(), 32) == 1 && EVP_PKEY_encrypt_init(context.get()) == 1 &&
          EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
          EVP_PKEY_encrypt(context.get(), wrapped.data(), &length, content_key.data(), 32) == 1);
    return wrapped;
  }
  Ptr<EVP_PKEY> Import() {
    const Ptr<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    Check(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus_.get()) == 1 &&
          OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent_.get()) == 1);
    const Ptr<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    EVP_PKEY* key = nullptr;
    Check(EVP_PKEY_fromdata(import_.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1);
    return Ptr<EVP_PKEY>(key);
  }
  void Cipher(std::size_t octets, int direction) {
    std::array<unsigned char, 2048> out{};
    const std::array<unsigned char, 32> key{};
    const std::array<unsigned char, 16> iv{};
    int length = 0;
    Check(EVP_CipherInit_ex2(cipher_.get(), aes_.get(), key.data(), iv.data(), direction, nullptr) == 1 &&
          EVP_CipherUpdate(cipher_.get(), out.data(), &length, reinterpret_cast<const unsigned char*>(text_.data()),
                           static_cast<int>(octets)) == 1);
  }

  Ptr<EVP_PKEY> server_, client_;
  Ptr<EVP_MD> sha256_, sha1_;
  Ptr<EVP_CIPHER> aes_;
  Ptr<EVP_MD_CTX> md_;
  Ptr<EVP_CIPHER_CTX> cipher_;
  Ptr<EVP_PKEY_CTX> sign_, decrypt_, import_;
  Ptr<BIGNUM> modulus_, exponent_;
  std::string text_, signature_;
  std::vector<unsigned char> wrapped_;
  std::array<unsigned char, 32> digest_{};
};

Floor::Floor(std::size_t threads) {
  for (std::size_t i = 0; i < threads; i++) enrollments_.push_back(std::make_unique<Enrollment>());
}

Floor::~Floor() = default;

double Floor::Measure(std::size_t rounds) {
  std::vector<double> ms(enrollments_.size());
  std::vector<std::thread> running;
  running.reserve(enrollments_.size());
  for (std::size_t i = 0; i < enrollments_.size(); i++) {
    running.emplace_back([this, &ms, i, rounds] {
      Enrollment& enrollment = *enrollments_[i];
      for (std::size_t round = 0; round < rounds / 10 + 1; round++) enrollment.Run();
      const double start = ThreadCpuMs();
      for (std::size_t round = 0; round < rounds; round++) enrollment.Run();
      ms[i] = (ThreadCpuMs() - start) / static_cast<double>(rounds);
    });
  }
  for (auto& thread : running) thread.join();
  double sum = 0;
  for (const double value : ms) sum += value;
  return sum / static_cast<double>(ms.size());
}

}  // namespace bench
