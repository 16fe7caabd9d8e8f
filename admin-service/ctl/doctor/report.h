#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_REPORT_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_REPORT_H

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace doctor {

// kFail: a client that keeps to RFC 8894 cannot enrol, or the server gives away what it must not. kWarn: some clients
// in the field cannot, or soon none can. kSkipped: nothing could be told.
enum class Verdict { kPass, kWarn, kFail, kSkipped };
// "pass", "warn", "fail", "skipped".
std::string_view ToString(Verdict verdict);

// Finding is the outcome of one check. `seen` may quote the server: it is for output that makes it safe.
struct Finding {
  std::string check;  // Its name, "reply-signature"; the same from run to run.
  Verdict verdict = Verdict::kPass;
  std::string seen;
  std::string advice;  // What to do about it; empty in a pass.
};

Finding Pass(std::string check, std::string seen);
Finding Warn(std::string check, std::string seen, std::string advice);
Finding Fail(std::string check, std::string seen, std::string advice);
Finding Skipped(std::string check, std::string why);

// Report is what an examination found, in the order of the checks.
class Report {
 public:
  // `heard`, which may be nothing, is told of each finding as it is added.
  explicit Report(std::function<void(const Finding&)> heard = {}) : heard_(std::move(heard)) {}
  void Add(Finding finding);
  void Add(std::vector<Finding> findings);
  const std::vector<Finding>& findings() const { return findings_; }
  std::size_t Count(Verdict verdict) const;

 private:
  std::vector<Finding> findings_;
  std::function<void(const Finding&)> heard_;
};

// Excerpt is the beginning of a text that a server chose, for `seen`.
std::string Excerpt(std::string_view text);
// Counted is "1 octet", "2 octets".
std::string Counted(std::size_t count, std::string_view what);

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_REPORT_H
