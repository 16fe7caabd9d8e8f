#include "doctor/dialogue.h"

#include <algorithm>
#include <cctype>

#include "doctor/report.h"

namespace doctor {

using result::Reason;

result::Result<Answer> Dialogue::Send(const Call& call) {
  if (silences_ == kMaxSilences) {
    return result::Fail(Reason::kUnavailable,
                        Counted(kMaxSilences, "request") + " in a row had no answer: nothing more is asked");
  }
  if (requests_ == kMaxRequests) {
    return result::Fail(Reason::kUnavailable, "the examination has used up its " + Counted(kMaxRequests, "request"));
  }
  ++requests_;
  auto answer = transport_.Send(call);
  const bool is_silence = !answer.has_value() && answer.error().reason == Reason::kUnavailable;
  silences_ = is_silence ? silences_ + 1 : 0;
  return answer;
}

std::string MediaType(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  type.erase(type.find_last_not_of(" \t") + 1);
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::tolower(c); });
  return type;
}

std::string Describe(const Answer& answer) {
  return "HTTP " + std::to_string(answer.status) + ", " +
         (answer.content_type.empty() ? "no content type" : Excerpt(answer.content_type)) + ", " +
         Counted(answer.body.size(), "octet");
}

bool LooksLikePage(pki::ByteView body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != pki::ByteView::npos && body[first] == '<';
}

}  // namespace doctor
