#include "doctor/report.h"

#include <algorithm>
#include <utility>

namespace doctor {

namespace {

constexpr std::size_t kMaxExcerpt = 80;

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kFail:
      return "fail";
    case Verdict::kSkipped:
      return "skipped";
  }
  return "unknown";
}

Finding Pass(std::string check, std::string seen) {
  return {std::move(check), Verdict::kPass, std::move(seen), ""};
}

Finding Warn(std::string check, std::string seen, std::string advice) {
  return {std::move(check), Verdict::kWarn, std::move(seen), std::move(advice)};
}

Finding Fail(std::string check, std::string seen, std::string advice) {
  return {std::move(check), Verdict::kFail, std::move(seen), std::move(advice)};
}

Finding Skipped(std::string check, std::string why) {
  return {std::move(check), Verdict::kSkipped, std::move(why), ""};
}

void Report::Add(Finding finding) {
  if (heard_) heard_(finding);
  findings_.push_back(std::move(finding));
}

void Report::Add(std::vector<Finding> findings) {
  for (Finding& finding : findings) Add(std::move(finding));
}

std::size_t Report::Count(Verdict verdict) const {
  return static_cast<std::size_t>(std::count_if(
      findings_.begin(), findings_.end(), [verdict](const Finding& finding) { return finding.verdict == verdict; }));
}

std::string Excerpt(std::string_view text) {
  if (text.size() <= kMaxExcerpt) return std::string(text);
  std::size_t end = kMaxExcerpt;
  while (end > 0 && IsContinuation(text[end])) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string Counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace doctor
