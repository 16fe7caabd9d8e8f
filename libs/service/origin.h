#ifndef CERTIFIER_SERVICE_ORIGIN_H
#define CERTIFIER_SERVICE_ORIGIN_H

#include <string>

namespace service {

// Origin is who stands behind what a thread does, as the audit log names him.
struct Origin {
  std::string actor;   // Login; empty: nobody, the process acts by itself.
  std::string source;  // Where he is: an IP address, or empty where it is not known.
};

// OriginScope makes `origin` the current one of this thread for as long as it lives; then the one before is again.
class OriginScope {
 public:
  explicit OriginScope(Origin origin);
  ~OriginScope();
  OriginScope(const OriginScope&) = delete;
  OriginScope& operator=(const OriginScope&) = delete;

 private:
  Origin before_;
};

// CurrentOrigin is this thread's. It is valid until the innermost scope ends.
const Origin& CurrentOrigin();

}  // namespace service

#endif  // CERTIFIER_SERVICE_ORIGIN_H
