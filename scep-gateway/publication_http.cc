#include "publication_http.h"

#include <algorithm>

#include "ascii.h"
#include "service/log.h"
#include "service/metrics.h"

namespace gateway {
namespace {

// NameIn cuts "/crl/" and ".crl" from around a name, or a name, a slash and a number; nothing for what is not so.
std::optional<std::string_view> NameIn(std::string_view path, std::string_view prefix, std::string_view suffix) {
  if (!path.starts_with(prefix) || !path.ends_with(suffix)) return std::nullopt;
  if (path.size() <= prefix.size() + suffix.size()) return std::nullopt;
  path.remove_prefix(prefix.size());
  path.remove_suffix(suffix.size());
  const std::string_view number = path.substr(std::min(path.find('/'), path.size()));
  const bool is_named = number.empty() || number.find_first_not_of("0123456789", 1) == std::string_view::npos;
  return is_named ? std::optional(path) : std::nullopt;
}

// HasTag reads If-None-Match (RFC 9110 section 13.1.2), whose comparison is weak.
bool HasTag(std::string_view field, std::string_view etag) {
  while (!field.empty()) {
    const std::size_t comma = std::min(field.find(','), field.size());
    std::string_view tag = Trim(field.substr(0, comma));
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag || tag == "*") return true;
    field.remove_prefix(std::min(comma + 1, field.size()));
  }
  return false;
}

// IsKnown tells whether the client has the file. A date is compared as text: it comes from our own Last-Modified.
bool IsKnown(const HttpRequest& request, const PublishedFile& file) {
  if (!request.if_none_match.empty()) return HasTag(request.if_none_match, file.etag);
  return request.if_modified_since == HttpDate(file.modified);
}

void Report(const HttpRequest& request, std::string_view kind, std::string_view ca, const HttpResponse& response) {
  service::LogInfo("publication", {{"kind", kind},
                                   {"ca", ca},
                                   {"status", std::int64_t{response.status}},
                                   {"source", std::string_view(request.peer)}});
  service::CounterFor("certifier_publications_total", "Requests for CRLs and CA certificates, by kind and status.",
                      {{"kind", std::string(kind)}, {"status", std::to_string(response.status)}})
      .Add();
}

}  // namespace

bool PublicationHttp::Handle(const HttpRequest& request, const Respond& respond) const {
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  const auto crl = NameIn(path, "/crl/", ".crl");
  const auto certificate = NameIn(path, "/ca/", ".crt");
  if (!crl && !certificate) return false;
  const Kind kind = crl ? Kind::kCrl : Kind::kCertificate;
  std::string ca;
  HttpResponse response = Answer(request, kind, crl ? *crl : *certificate, ca);
  Report(request, kind == Kind::kCrl ? "crl" : "certificate", ca, response);
  respond(std::move(response));
  return true;
}

HttpResponse PublicationHttp::Answer(const HttpRequest& request, Kind kind, std::string_view name,
                                     std::string& ca) const {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse refusal = StatusResponse(405);
    refusal.allow = "GET, HEAD";
    return refusal;
  }
  const auto publication = parts_.find(name);
  if (!publication) return StatusResponse(parts_.has_directory() ? 404 : 503);
  ca = publication->ca;
  const auto& file = kind == Kind::kCrl ? publication->crl : publication->certificate;
  return file ? Serve(request, kind, *file) : StatusResponse(503);
}

HttpResponse PublicationHttp::Serve(const HttpRequest& request, Kind kind, const PublishedFile& file) const {
  const auto longest = kind == Kind::kCrl ? settings_.crl_max_age : settings_.certificate_max_age;
  const auto left = std::chrono::floor<std::chrono::seconds>(file.refreshed - parts_.now());
  const auto max_age = std::clamp(left, std::chrono::seconds(0), longest);
  HttpResponse response;
  response.content_type = kind == Kind::kCrl ? "application/pkix-crl" : "application/pkix-cert";
  response.cache_control = "max-age=" + std::to_string(max_age.count());
  response.etag = file.etag;
  response.last_modified = HttpDate(file.modified);
  if (IsKnown(request, file)) {
    response.status = 304;
  } else {
    response.shared_body = file.octets;
  }
  return response;
}

}  // namespace gateway
