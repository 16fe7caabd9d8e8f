#include "ctl/commands.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace {

// Advice says what to do where an object is missing, and where its state stands in the way.
struct Advice {
  std::string if_not_found;
  std::string if_conflict;
  std::string help;
};

constexpr char kSeeStatus[] = "See its status: certifierctl certificate show SERIAL [--ca NAME]";

std::string See(const std::string& command) {
  return "See: certifierctl " + command;
}

Advice AdviceFor(const CaCreate&) {
  return {See("policy list"), See("ca list"), "ca create"};
}
Advice AdviceFor(const CaList&) {
  return {"", "", "ca list"};
}
Advice AdviceFor(const CaShow&) {
  return {See("ca list"), "", "ca show"};
}
Advice AdviceFor(const CaSet& command) {
  return {"See: certifierctl ca list, certifierctl policy list", See("ca show " + TerminalText(command.name)),
          "ca set"};
}
Advice AdviceFor(const CaStage& command) {
  return {See("ca list"), See("ca show " + TerminalText(command.name)), "ca stage"};
}
Advice AdviceFor(const CaActivate& command) {
  return {See("ca list"), "Stage one first: certifierctl ca stage " + TerminalText(command.name), "ca activate"};
}
Advice AdviceFor(const CaUnstage& command) {
  return {See("ca list"), See("ca show " + TerminalText(command.name)), "ca unstage"};
}
Advice AdviceFor(const EntityCreate&) {
  return {"", See("entity list"), "entity create"};
}
Advice AdviceFor(const EntityList&) {
  return {"", "", "entity list"};
}
Advice AdviceFor(const EntityShow&) {
  return {See("entity list"), "", "entity show"};
}
Advice AdviceFor(const EntitySet& command) {
  return {See("entity list"),
          "Remove some: certifierctl entity set " + TerminalText(command.name) + " --remove-attribute NAME",
          "entity set"};
}
Advice AdviceFor(const EntityEnable&) {
  return {See("entity list"), "", "entity enable"};
}
Advice AdviceFor(const EntityDisable&) {
  return {See("entity list"), "", "entity disable"};
}
Advice AdviceFor(const KeyCreate& command) {
  return {"See: certifierctl entity list, certifierctl ca list, certifierctl policy list",
          command.value_file.empty() ? See("entity list") : "Leave --value-from out to have a value drawn",
          "key create"};
}
Advice AdviceFor(const KeyShow&) {
  return {See("key list"), "", "key show"};
}
Advice AdviceFor(const KeyRekey& command) {
  return {See("key list"), See("key show " + TerminalText(command.reference_number)), "key rekey"};
}
Advice AdviceFor(const KeyDisable&) {
  return {See("key list"), "", "key disable"};
}
Advice AdviceFor(const KeyList&) {
  return {See("entity list"), "", "key list"};
}
Advice AdviceFor(const KeyMint&) {
  return {"See: certifierctl entity list, certifierctl ca list, certifierctl policy list; or give --create-entities",
          "", "key mint"};
}
Advice AdviceFor(const PolicyApply&) {
  return {"", "See what was applied meanwhile: certifierctl policy history NAME, certifierctl policy diff NAME",
          "policy apply"};
}
Advice AdviceFor(const PolicyGet&) {
  return {See("policy list"), "", "policy get"};
}
Advice AdviceFor(const PolicyList&) {
  return {"", "", "policy list"};
}
Advice AdviceFor(const PolicyHistory&) {
  return {See("policy list"), "", "policy history"};
}
Advice AdviceFor(const PolicyDiff& command) {
  return {See("policy history " + TerminalText(command.name)), "", "policy diff"};
}
Advice AdviceFor(const PolicyModules&) {
  return {See("policy modules"), "", "policy modules"};
}
Advice AdviceFor(const PolicyReplay&) {
  return {See("ca list"), "", "policy replay"};
}
Advice AdviceFor(const PolicyTest&) {
  return {"See: certifierctl ca list, certifierctl key list, certifierctl entity list", "", "policy test"};
}
Advice AdviceFor(const PolicyRollback& command) {
  return {See("policy history " + TerminalText(command.name)), See("policy history " + TerminalText(command.name)),
          "policy rollback"};
}
Advice AdviceFor(const RequestList&) {
  return {See("ca list"), "", "request list"};
}
Advice AdviceFor(const RequestShow&) {
  return {See("request list"), "", "request show"};
}
Advice AdviceFor(const RequestTemplate& command) {
  return {See("request list"), See("request show " + TerminalText(command.id)), "request template"};
}
Advice AdviceFor(const RequestUpdate& command) {
  return {See("request list"), See("request template " + TerminalText(command.id)), "request update"};
}
Advice AdviceFor(const RequestApprove& command) {
  return {See("request list"), See("request show " + TerminalText(command.id)), "request approve"};
}
Advice AdviceFor(const RequestReject& command) {
  return {See("request list"), See("request show " + TerminalText(command.id)), "request reject"};
}
Advice AdviceFor(const RequestPostpone& command) {
  return {See("request list"), See("request show " + TerminalText(command.id)), "request postpone"};
}
Advice AdviceFor(const RequestResume& command) {
  return {See("request list --state postponed"), See("request show " + TerminalText(command.id)), "request resume"};
}
Advice AdviceFor(const RequestExplain&) {
  return {"Ask with what the device or its gateway's log shows; see: certifierctl request list", "", "request explain"};
}
Advice AdviceFor(const CertificateList&) {
  return {See("ca list"), "", "certificate list"};
}
Advice AdviceFor(const CertificateShow&) {
  return {See("certificate list"), "Name the CA too: --ca NAME", "certificate show"};
}
Advice AdviceFor(const CertificateRevoke&) {
  return {See("certificate list"), kSeeStatus, "certificate revoke"};
}
Advice AdviceFor(const CertificateRevokeAll&) {
  return {See("certificate list"), "Those that are left: the same command again", "certificate revoke-all"};
}
Advice AdviceFor(const CertificateSuspend&) {
  return {See("certificate list"), kSeeStatus, "certificate suspend"};
}
Advice AdviceFor(const CertificateReactivate&) {
  return {See("certificate list"), kSeeStatus, "certificate reactivate"};
}
Advice AdviceFor(const ScepShow&) {
  return {"", "", "scep show"};
}
Advice AdviceFor(const ScepSet&) {
  return {"", See("scep show"), "scep set"};
}
Advice AdviceFor(const CrlShow&) {
  return {See("ca list"), "", "crl show"};
}
Advice AdviceFor(const ReportFailures&) {
  return {See("ca list"), "", "report failures"};
}
Advice AdviceFor(const ReportOverdue&) {
  return {See("ca list"), "", "report overdue"};
}
Advice AdviceFor(const ReportExpiring&) {
  return {See("ca list"), "", "report expiring"};
}
Advice AdviceFor(const ReportIssuance&) {
  return {See("ca list"), "", "report issuance"};
}
Advice AdviceFor(const AuditList&) {
  return {See("ca list"), "", "audit list"};
}
Advice AdviceFor(const AuditShow&) {
  return {See("audit list"), "", "audit show"};
}
Advice AdviceFor(const AuditExport&) {
  return {"", "Give another --out", "audit export"};
}
Advice AdviceFor(const AuditKey&) {
  return {"", "The first events are sealed within --audit-seal-interval of the engine's start", "audit key"};
}
Advice AdviceFor(const AuditVerify&) {
  return {"", "", "audit verify"};
}
Advice AdviceFor(const Doctor&) {
  return {"Ask with what the device or its gateway's log shows; see: certifierctl request list", "", "doctor"};
}
Advice AdviceFor(const Init&) {
  return {"", "Ask a super-user to make you an operator: certifierctl operator create", "init"};
}
Advice AdviceFor(const LogIn&) {
  return {"", "", "login"};
}
Advice AdviceFor(const LogOut&) {
  return {"", "", "logout"};
}
Advice AdviceFor(const WhoAmI&) {
  return {"", "", "whoami"};
}
Advice AdviceFor(const ChangePassword&) {
  return {"", See("whoami"), "password"};
}
Advice AdviceFor(const OperatorCreate&) {
  return {See("ca list"), See("operator list"), "operator create"};
}
Advice AdviceFor(const OperatorList&) {
  return {"", "", "operator list"};
}
Advice AdviceFor(const OperatorShow&) {
  return {See("operator list"), "", "operator show"};
}
Advice AdviceFor(const OperatorSet& command) {
  return {"See: certifierctl operator list, certifierctl ca list", See("operator show " + TerminalText(command.login)),
          "operator set"};
}
Advice AdviceFor(const ContextList&) {
  return {"", "", "context list"};
}
Advice AdviceFor(const ContextShow&) {
  return {See("context list"), "", "context show"};
}
Advice AdviceFor(const ContextSet&) {
  return {"", "", "context set"};
}
Advice AdviceFor(const ContextUse&) {
  return {See("context list"), "", "context use"};
}
Advice AdviceFor(const ContextRemove&) {
  return {See("context list"), "", "context remove"};
}
Advice AdviceFor(const Completion&) {
  return {"", "", "completion"};
}
Advice AdviceFor(const Complete&) {
  return {"", "", "completion"};
}

}  // namespace

std::string NextStep(const Command& command, const result::Error& error) {
  const Advice advice = std::visit([](const auto& chosen) { return AdviceFor(chosen); }, command);
  switch (ExitCodeFor(error.reason)) {
    case ExitCode::kUsage:
      return See(advice.help + " --help");
    case ExitCode::kNotFound:
      return advice.if_not_found;
    case ExitCode::kConflict:
      return advice.if_conflict;
    case ExitCode::kRefused:
      if (std::holds_alternative<RequestUpdate>(command)) {
        return "Nothing was changed. What may be edited is in the policy's update_request: certifierctl policy get "
               "NAME";
      }
      if (!std::holds_alternative<RequestApprove>(command)) return "";
      return "Nothing was changed. Read the fingerprint from the device again, and reject what is not its request.";
    case ExitCode::kUnavailable:
      return "See what is down: ./deploy/dev status";
    case ExitCode::kInternal:
      return "The logs say more: ./deploy/dev logs";
    case ExitCode::kOk:
    case ExitCode::kInterrupted:
      return "";
  }
  return "";
}

}  // namespace ctl
