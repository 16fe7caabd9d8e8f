#include "ctl/command_tree.h"

namespace ctl {

namespace {

constexpr char kCa[] = "Only of this CA";

void AddAtMost(CLI::App& app, std::uint32_t& limit) {
  constexpr std::uint32_t kMost = 1000;
  app.add_option("--limit", limit, "List at most this many")->check(CLI::Range(1U, kMost))->capture_default_str();
}

}  // namespace

void AddReport(CLI::App& program, Command& chosen) {
  CLI::App& noun =
      AddNoun(program, {"report", "What needs an operator, and how much is issued", "report failures --watch"});
  auto [failures, failed] = AddVerb<ReportFailures>(
      noun, chosen,
      {"failures", "List the messages that failed last, each with what was wrong", "report failures --watch"});
  failures->add_option("--ca", failed->ca, kCa);
  AddLimit(*failures, failed->limit);
  AddWatch(*failures, failed->watch);
  auto [overdue, missed] = AddVerb<ReportOverdue>(
      noun, chosen, {"overdue", "List certificates that should have been renewed and were not", "report overdue"});
  overdue->add_option("--ca", missed->ca, kCa);
  AddAtMost(*overdue, missed->limit);
  AddWatch(*overdue, missed->watch);
  auto [expiring, ending] = AddVerb<ReportExpiring>(
      noun, chosen,
      {"expiring", "List pre-shared keys that can be used still and expire soon", "report expiring --within 12h"});
  expiring->add_option("--ca", ending->ca, kCa);
  expiring->add_option("--within", ending->within, "How soon: 12h, 7d; at most 366d")->capture_default_str();
  AddAtMost(*expiring, ending->limit);
  AddWatch(*expiring, ending->watch);
  auto [issuance, counted] = AddVerb<ReportIssuance>(
      noun, chosen,
      {"issuance", "Count what was issued and what was refused in each hour", "report issuance --since 7d"});
  issuance->add_option("--ca", counted->ca, kCa);
  issuance->add_option("--since", counted->since, "From then on: 12h (ago), 2026-11-24 or 2026-11-24T10:00:00Z")
      ->capture_default_str();
  AddWatch(*issuance, counted->watch);
}

}  // namespace ctl
