#include "ctl/command_tree.h"

namespace ctl {

void AddAudit(CLI::App& program, Command& chosen) {
  CLI::App& noun = AddNoun(program, {"audit", "The audit log: who did what, when and from where",
                                     "audit list --kind certificate_revoked --since 7d"});
  auto [list, listed] = AddVerb<AuditList>(
      noun, chosen, {"list", "List events, the newest first", "audit list --about router-7 --since 30d"});
  list->add_option("--kind", listed->kind, "Only of this kind, as certificate_issued or request_refused");
  list->add_option("--actor", listed->actor, "Only what this operator did; 'engine': what an engine did by itself");
  list->add_option("--ca", listed->ca, "Only of this CA");
  list->add_option(
      "--about", listed->about,
      "Only about this request, serial number, key's reference number, entity, policy, operator or setting");
  list->add_option("--since", listed->since, "From then on: 12h (ago), 2026-11-24 or 2026-11-24T10:00:00Z");
  list->add_option("--until", listed->until, "Before then, like --since");
  AddLimit(*list, listed->limit);
  AddWatch(*list, listed->watch);
  auto [show, shown] =
      AddVerb<AuditShow>(noun, chosen, {"show", "Show an event and its place in the log", "audit show 4711"});
  show->add_option("id,--id", shown->id, "Id of the event")->required();
  auto [exported, export_arguments] = AddVerb<AuditExport>(
      noun, chosen,
      {"export", "Write the log with its seals, to keep and to verify anywhere", "audit export --out audit.log"});
  exported->add_option("--out", export_arguments->out, "A new file; '-' is standard output")->capture_default_str();
  exported
      ->add_option("--from", export_arguments->from,
                   "The place to begin with: 0, or where an earlier export's sealed events ended")
      ->capture_default_str();
  AddVerb<AuditKey>(noun, chosen,
                    {"key", "Show the log's public key and its newest checkpoint: keep both elsewhere", "audit key"});
  auto [verify, verified] = AddVerb<AuditVerify>(
      noun, chosen,
      {"verify", "Verify an export, without a server: names the first event that is missing or changed",
       "audit verify audit.log --key audit.pub"});
  verify->add_option("file,--file", verified->file, "The export")->required();
  verify->add_option("--key", verified->key, "The log's public key, or a file with it, as 'audit key' shows it")
      ->required();
  verify->add_option("--remembered", verified->remembered,
                     "A file with a checkpoint of earlier: what it covers must be there, as it was");
}

}  // namespace ctl
