#ifndef CERTIFIER_SCEP_GATEWAY_PUBLICATION_HTTP_H
#define CERTIFIER_SCEP_GATEWAY_PUBLICATION_HTTP_H

#include <chrono>
#include <functional>

#include "http_message.h"
#include "publisher.h"

namespace gateway {

// PublicationHttp serves "/crl/NAME.crl" (application/pkix-crl, RFC 2585 section 4.2) and "/ca/NAME.crt"
// (application/pkix-cert, section 4.1) in DER, by GET and HEAD, with Last-Modified and ETag, and 304 for who has it.
// They are of the CA's active generation; "/crl/NAME/NUMBER.crl" and "/ca/NAME/NUMBER.crt" are of any one.
class PublicationHttp {
 public:
  struct Settings {
    // The longest that either may be cached; a CRL also not beyond its nextUpdate.
    std::chrono::seconds crl_max_age = std::chrono::minutes(10);
    std::chrono::seconds certificate_max_age = std::chrono::minutes(1);
  };
  // `find` gives what a CA publishes, by Publisher::Find's names; `has_directory` tells a CA that there is not from one
  // that is not known yet.
  struct Parts {
    std::function<std::optional<Publication>(std::string_view ca)> find;
    std::function<bool()> has_directory;
    std::function<pki::TimePoint()> now;
  };

  PublicationHttp(Settings settings, Parts parts) : settings_(settings), parts_(std::move(parts)) {}

  // Handle answers what asks for a publication, at once, and writes its log line; it returns false, and does nothing,
  // for any other target. 404 for an unknown CA, 405 for another method; 503 where the CA's CRL, or every CA, is still
  // to come from the engine.
  bool Handle(const HttpRequest& request, const Respond& respond) const;

 private:
  enum class Kind { kCrl, kCertificate };
  HttpResponse Answer(const HttpRequest& request, Kind kind, std::string_view name, std::string& ca) const;
  HttpResponse Serve(const HttpRequest& request, Kind kind, const PublishedFile& file) const;

  const Settings settings_;
  const Parts parts_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_PUBLICATION_HTTP_H
