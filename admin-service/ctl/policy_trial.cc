#include <algorithm>

#include "certifier/v1/policy.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/decision_view.h"
#include "ctl/der_file.h"
#include "ctl/json_printer.h"
#include "ctl/policy_file.h"

namespace ctl {

namespace v1 = certifier::v1;
using PolicyStub = v1::PolicyService::Stub;

namespace {

constexpr std::uint32_t kReplayPage = 100;
constexpr std::size_t kLeastText = 24;

std::string NameOf(v1::DecisionOutcome outcome) {
  const auto* const value = v1::DecisionOutcome_descriptor()->FindValueByNumber(outcome);
  return value == nullptr ? std::to_string(outcome) : EnumName(*value);
}

// What is replayed where the command does not say: what the policy of this name decided, if there is one.
result::Result<std::string> DecidedBy(Session& session, const PolicyReplay& command, const std::string& name) {
  if (command.is_all) return std::string();
  v1::GetPolicyRequest request;
  request.set_name(name);
  const auto found = session.Call(&PolicyStub::GetPolicy, request);
  if (found) return name;
  if (found.error().reason == result::Reason::kNotFound) return std::string();
  return tl::unexpected<result::Error>(found.error());
}

// ReplayProgress estimates how many requests there are from how much of the time is done.
class ReplayProgress {
 public:
  ReplayProgress(Time since, Time now) : since_(since), now_(now) {}

  void Show(Output& output, const v1::ReplayPolicyResponse& all, Time reached) const {
    const double whole = static_cast<double>((now_ - since_).count());
    const double done = static_cast<double>((now_ - std::max(reached, since_)).count());
    const double share = whole <= 0 ? 1 : done / whole;
    std::string text = std::to_string(all.run()) + " requests";
    if (share > 0) text += " of about " + std::to_string(static_cast<std::uint64_t>(all.run() / share));
    output.Progress(text + ", back to " + FormatTime(reached) + "; " + std::to_string(all.changes_size()) +
                    " would change");
  }

 private:
  const Time since_, now_;
};

result::Result<v1::ReplayPolicyResponse> ReplayAll(Session& session, Output& output, v1::ReplayPolicyRequest request) {
  const ReplayProgress progress(ToTime(request.since()), output.now());
  v1::ReplayPolicyResponse all;
  request.set_page_size(kReplayPage);
  do {
    auto page = session.Call(&PolicyStub::ReplayPolicy, request);
    if (!page) {
      output.Progress("");
      return page;
    }
    all.mutable_changes()->MergeFrom(page->changes());
    all.set_run(all.run() + page->run());
    all.set_unreadable(all.unreadable() + page->unreadable());
    if (page->has_reached_at()) *all.mutable_reached_at() = page->reached_at();
    request.set_page_token(page->next_page_token());
    if (page->has_reached_at()) progress.Show(output, all, ToTime(page->reached_at()));
  } while (!request.page_token().empty());
  output.Progress("");
  return all;
}

void ShowReplay(Output& output, const v1::ReplayPolicyResponse& all, std::uint32_t limit) {
  Table table({{"REQUEST"},
               {"CA", 6, 3},
               {"SUBJECT", 12},
               {"RECEIVED", 0, 2},
               {"POLICY", 8, 4},
               {"WAS"},
               {"NOW"},
               {.title = "WHY", .least_width = kLeastText, .is_wrapped = true}});
  const int shown = std::min(all.changes_size(), static_cast<int>(limit));
  for (int i = 0; i < shown; ++i) {
    const v1::ReplayChange& change = all.changes(i);
    table.Add({change.request_id(), change.ca(), change.subject(), FormatTime(ToTime(change.received_at())),
               change.policy() + " " + std::to_string(change.policy_version()), NameOf(change.before()),
               NameOf(change.after()), change.reason()});
  }
  if (shown != 0) output.Rows(table);
  output.Note(std::to_string(all.run()) + " requests were run; " + std::to_string(all.changes_size()) +
              " would come to something else.");
  if (shown < all.changes_size()) output.Note("These are the newest: give a larger --limit.");
  if (all.unreadable() != 0) {
    output.Note(std::to_string(all.unreadable()) +
                " could not be run: their CA is not served, or they are not readable.");
  }
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const PolicyTest& command) {
  v1::TestPolicyRequest request;
  request.set_ca(command.ca);
  ASSIGN_OR_RETURN(*request.mutable_certification_request(),
                   ReadDerFile(command.request_file, {"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"}));
  request.set_reference_number(command.reference_number);
  request.set_entity(command.entity);
  if (!command.file.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_policy(), ReadPolicyFile(command.file));
  }
  if (!command.signer_file.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_signer_certificate(), ReadDerFile(command.signer_file, {"CERTIFICATE"}));
  }
  request.set_is_renewal_req(command.is_renewal_req);
  request.set_calls_webhooks(command.calls_webhooks);
  ASSIGN_OR_RETURN(const v1::TestPolicyResponse response, session.Call(&PolicyStub::TestPolicy, request));
  if (output.is_json()) {
    output.Json(response.decision());
    return {};
  }
  ShowDecision(output, response.decision());
  output.Note("\nNothing was issued, counted or kept.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const PolicyReplay& command) {
  v1::ReplayPolicyRequest request;
  ASSIGN_OR_RETURN(*request.mutable_policy(), ReadPolicyFile(command.file));
  const auto since = ParsePastMoment(command.since, output.now());
  if (!since) return result::Wrap("--since", since.error());
  *request.mutable_since() = ToTimestamp(*since);
  request.set_ca(command.ca);
  ASSIGN_OR_RETURN(*request.mutable_decided_by(), DecidedBy(session, command, request.policy().name()));
  ASSIGN_OR_RETURN(const v1::ReplayPolicyResponse all, ReplayAll(session, output, request));
  if (output.is_json()) {
    output.Json(all);
    return {};
  }
  ShowReplay(output, all, command.limit);
  return {};
}

}  // namespace ctl
