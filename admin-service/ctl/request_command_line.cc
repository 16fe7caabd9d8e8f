#include "ctl/command_tree.h"

namespace ctl {

namespace {

void AddTemplate(CLI::App& noun, Command& chosen) {
  auto [get, got] =
      AddVerb<RequestTemplate>(noun, chosen,
                               {"template", "Print what a pending request will get, as 'request update' takes it",
                                "request template 17 > 17.json"});
  get->add_option("id,--id", got->id, "Number of the request")->required();
  auto [update, updated] =
      AddVerb<RequestUpdate>(noun, chosen,
                             {"update", "Change what a pending request will get; approvals so far count no more",
                              "request update 17 --subject 'CN=gw7.example.net,O=Example'"});
  update->add_option("id,--id", updated->id, "Number of the request")->required();
  auto* const file =
      update->add_option("--from", updated->file, "What 'request template' printed, edited; - for standard input");
  auto* const subject = update->add_option("--subject", updated->subject, "The subject, as RFC 4514 writes it");
  auto* const names = update
                          ->add_option("--san,--alternative-name", updated->alternative_names,
                                       "An alternative name, as dns:a.example; repeat for all of them")
                          ->allow_extra_args(false);
  auto* const none =
      update->add_flag("--no-san", updated->has_no_alternative_name, "No alternative name")->excludes(names);
  auto* const end = update->add_option("--not-after", updated->not_after,
                                       "End of the validity: 30d, 2026-12-24 or 2026-12-24T10:00:00Z");
  for (auto* const change : {subject, names, none, end}) change->excludes(file);
}

}  // namespace

void AddRequest(CLI::App& program, Command& chosen) {
  CLI::App& noun = AddNoun(
      program, {"request", "The queue of requests", "request list --state pending\n  certifierctl request show 17"});
  auto [list, listed] = AddVerb<RequestList>(
      noun, chosen, {"list", "List requests, the newest first", "request list --state pending --watch"});
  list->add_option("--state", listed->state,
                   "Only this state: pending, postponed, approved, issued, rejected or expired (default: all)");
  list->add_option("--ca", listed->ca, "Only this CA's");
  auto* const fingerprint = list->add_option("--fingerprint", listed->fingerprint,
                                             "Only with this fingerprint, whole, in any notation; quote spaces");
  AddSearch(*list, listed->search, "its names, transactionID, source, entity or key");
  list->get_option("--search")->excludes(fingerprint);
  list->add_flag("--oldest-first", listed->is_oldest_first, "Begin with those that came first")
      ->excludes(fingerprint, list->get_option("--search"));
  auto* const same_key = list->add_option("--same-key-as", listed->same_key_as,
                                          "Only other requests for the key of this one, by its number");
  for (const char* other : {"--state", "--ca", "--fingerprint", "--search", "--oldest-first"}) {
    same_key->excludes(list->get_option(other));
  }
  AddLimit(*list, listed->limit);
  AddWatch(*list, listed->watch);
  auto [show, shown] =
      AddVerb<RequestShow>(noun, chosen, {"show", "Show a request with all its fingerprints", "request show 17"});
  show->add_option("id,--id", shown->id, "Number of the request")->required();
  AddTemplate(noun, chosen);
  auto [approve, approved] = AddVerb<RequestApprove>(
      noun, chosen,
      {"approve", "Approve a pending request by the fingerprint that the device shows; the last approval issues",
       "request approve 17 --fingerprint '2C0CACE7 D3F299ED 0A1B2C3D 4E5F6071'"});
  approve->add_option("id,--id", approved->id, "Number of the request")->required();
  approve
      ->add_option("--fingerprint", approved->fingerprint,
                   "What the device shows: MD5, SHA-1 or SHA-256, whole, in any notation; quote spaces")
      ->required();
  approve->add_option("--template-version", approved->template_version,
                      "Version of the template that 'request show' showed, where an operator has edited it");
  auto [reject, rejected] = AddVerb<RequestReject>(
      noun, chosen, {"reject", "End a pending request", "request reject 17 --reason 'not ours'"});
  reject->add_option("id,--id", rejected->id, "Number of the request")->required();
  reject->add_option("--reason", rejected->reason, "For the record; the device does not see it")->required();
  auto [postpone, postponed] = AddVerb<RequestPostpone>(noun, chosen,
                                                        {"postpone", "Put a pending request aside; its device waits on",
                                                         "request postpone 17 --reason 'asks the owner'"});
  postpone->add_option("id,--id", postponed->id, "Number of the request")->required();
  postpone->add_option("--reason", postponed->reason, "For the audit log");
  auto [resume, resumed] =
      AddVerb<RequestResume>(noun, chosen, {"resume", "Make a postponed request pending again", "request resume 17"});
  resume->add_option("id,--id", resumed->id, "Number of the request")->required();
  resume->add_option("--reason", resumed->reason, "For the audit log");
  auto [explain, explained] = AddVerb<RequestExplain>(
      noun, chosen,
      {"explain", "Say why messages were answered as they were, refused ones too", "request explain 'tx-4711'"});
  explain
      ->add_option("text,--text", explained->text,
                   "Number of a request, a decision's id (failInfoText), a transactionID as it is printed, or a "
                   "fingerprint of the PKCS#10; quote spaces")
      ->required();
}

}  // namespace ctl
