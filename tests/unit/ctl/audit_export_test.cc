#include "ctl/audit_export.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "ctl/program.h"
#include "support/child.h"

using namespace ctl;
using transparency::Finding;

namespace {

// SignedLog is a log of batches of events "event N", of one key.
class SignedLog {
 public:
  explicit SignedLog(const std::vector<std::size_t>& batches, std::size_t unsealed = 0) {
    transparency::CompactRange tree;
    for (const std::size_t size : batches) {
      std::vector<transparency::Hash> leaves;
      for (std::size_t i = 0; i < size; ++i) leaves.push_back(transparency::LeafHash(Event(count + i)));
      seals.push_back(transparency::MakeSeal(tree, leaves, key).value());
      starts.push_back(count);
      count += size;
    }
    unsealed_count = unsealed;
  }
  static std::string Event(std::size_t index) { return "event " + std::to_string(index); }

  // Lines are an export of it, from a batch on.
  std::vector<std::string> Lines(std::size_t batch = 0) const {
    std::ostringstream out;
    ExportWriter writer(out, seals.empty() ? 0 : starts[batch], seals.empty() ? "" : seals.back().note);
    for (std::size_t b = batch; b < seals.size(); ++b) {
      writer.AddSeal(seals[b]);
      const std::size_t end = b + 1 < seals.size() ? starts[b + 1] : count;
      for (std::size_t i = starts[b]; i < end; ++i) writer.AddEvent(i, Event(i));
    }
    for (std::size_t i = count; i < count + unsealed_count; ++i) writer.AddEvent(i, Event(i));
    writer.End();
    std::vector<std::string> lines;
    std::istringstream in(out.str());
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  Trust Trusted() const { return {key.verifier()}; }

  const transparency::SignerKey key =
      transparency::SignerKey::FromSeed("log", pki::Secret(std::string(32, 's'))).value();
  std::vector<transparency::Seal> seals;
  std::vector<std::size_t> starts;
  std::size_t count = 0, unsealed_count = 0;
};

result::Result<Verification> VerifyLines(const std::vector<std::string>& lines, const Trust& trust) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  std::istringstream in(text);
  return VerifyExport(in, trust);
}

std::string Found(const std::vector<std::string>& lines, const Trust& trust) {
  const auto found = VerifyLines(lines, trust);
  if (!found) return "refused";
  return std::string(transparency::ToString(found->verdict.finding)) + " " + std::to_string(found->verdict.index);
}

// The line of an event.
std::size_t LineOf(const std::vector<std::string>& lines, std::size_t event) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("event " + std::to_string(event) + " ")) return i;
  }
  FAIL("no such event");
  return 0;
}

}  // namespace

TEST_CASE("an export as it was written verifies, from any batch on", "[ctl][audit]") {
  const SignedLog log({3, 1, 4}, 2);
  CHECK(Found(log.Lines(), log.Trusted()) == "unsealed 8");
  CHECK(Found(log.Lines(1), log.Trusted()) == "unsealed 8");
  CHECK(Found(SignedLog({3, 1}).Lines(), log.Trusted()) == "ok 4");
  CHECK(Found(SignedLog({}).Lines(), log.Trusted()) == "ok 0");
  CHECK(VerifyLines(log.Lines(), log.Trusted())->events == 10);
}

TEST_CASE("each way to tamper with any event of an export is named, with what stands there", "[ctl][audit]") {
  const SignedLog log({3, 1, 4});
  for (std::size_t event = 0; event < 7; ++event) {
    const auto whole = log.Lines();
    const auto line = static_cast<std::ptrdiff_t>(LineOf(whole, event));
    const std::string at = " " + std::to_string(event);
    CAPTURE(event);

    auto lines = whole;
    lines[static_cast<std::size_t>(line)] += "!";
    CHECK(Found(lines, log.Trusted()) == "changed" + at);
    CHECK(VerifyLines(lines, log.Trusted())->event == SignedLog::Event(event) + "!");
    lines = whole;
    lines.erase(lines.begin() + line);
    CHECK(Found(lines, log.Trusted()) == "missing" + at);
    CHECK(VerifyLines(lines, log.Trusted())->event == SignedLog::Event(event + 1));
    lines = whole;
    std::swap(lines[static_cast<std::size_t>(line)], lines[LineOf(whole, event + 1)]);
    CHECK(Found(lines, log.Trusted()) == "reordered" + at);
    lines = whole;
    lines.insert(lines.begin() + line, "event" + at + " of mine");
    CHECK(Found(lines, log.Trusted()) == "inserted" + at);
    lines = whole;
    lines[static_cast<std::size_t>(line)] = "evnt" + at;
    CHECK(Found(lines, log.Trusted()) == "missing" + at);
  }
}

TEST_CASE("an export that was cut anywhere is no whole one", "[ctl][audit]") {
  const SignedLog log({3, 1, 4}, 2);
  const auto whole = log.Lines();
  for (std::size_t kept = 1; kept < whole.size(); ++kept) {
    CAPTURE(kept);
    CHECK(Found({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(kept)}, log.Trusted())
              .starts_with("truncated"));
  }
  // Behind a batch, with an end of its own.
  std::vector<std::string> lines(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(LineOf(whole, 3)) + 1);
  lines.push_back("end 4");
  CHECK(Found(lines, log.Trusted()) == "truncated 4");
}

TEST_CASE("a remembered checkpoint finds what the export itself hides", "[ctl][audit]") {
  const SignedLog older({3, 1}), newer({3, 1, 4});
  Trust trust = older.Trusted();
  CHECK(Found(older.Lines(), trust) == "ok 4");
  trust.remembered = transparency::OpenCheckpoint(newer.seals.back().note, trust.key.name(), {&trust.key, 1})->head;
  CHECK(Found(older.Lines(), trust) == "truncated 4");
  CHECK(Found(newer.Lines(), trust) == "ok 8");
}

TEST_CASE("what another key sealed is not the log's", "[ctl][audit]") {
  const SignedLog log({3});
  const auto other = transparency::SignerKey::FromSeed(log.key.verifier().name(), pki::Secret(std::string(32, 'o')));
  CHECK(Found(log.Lines(), {other->verifier()}) == "bad_checkpoint 0");
  auto lines = log.Lines();
  lines.erase(lines.begin() + 1);  // Its checkpoint.
  CHECK(Found(lines, {other->verifier()}) == "bad_checkpoint 0");
  lines = log.Lines();
  lines[2] = "seal nonsense";
  CHECK(Found(lines, log.Trusted()) == "bad_checkpoint 0");
}

TEST_CASE("what is no export is refused, and so is a line too many", "[ctl][audit]") {
  const SignedLog log({3});
  CHECK(Found({}, log.Trusted()) == "refused");
  CHECK(Found({"certifier-audit-export 2 0", "end 0"}, log.Trusted()) == "refused");
  CHECK(Found({"certifier-audit-export 1 x", "end 0"}, log.Trusted()) == "refused");
  auto lines = log.Lines();
  lines.push_back("more");
  CHECK(Found(lines, log.Trusted()) == "refused");
  lines = log.Lines();
  lines.insert(lines.begin() + 2, "hello");
  CHECK(Found(lines, log.Trusted()) == "refused");
  lines = log.Lines();
  lines.insert(lines.begin() + 2, std::string(kMostLineOctets, 'x'));
  CHECK(Found(lines, log.Trusted()) == "refused");
}

TEST_CASE("at a terminal audit verify says how far it is, and takes that away", "[ctl][audit][progress]") {
  const SignedLog log({1500, 1000});
  const support::Directory directory;
  const std::string file = directory.path() / "audit.log";
  {
    std::ofstream out(file);
    for (const auto& line : log.Lines()) out << line << "\n";
  }
  const auto verify = [&](std::size_t width, const std::vector<std::string>& flags) {
    std::vector<std::string> words = {"audit", "verify", file, "--key", log.key.verifier().ToString()};
    words.insert(words.end(), flags.begin(), flags.end());
    std::ostringstream out, err;
    CHECK(RunProgram(words, out, err, width) == ExitCode::kOk);
    CHECK(out.str().find("events verified") == std::string::npos);
    return err.str();
  };
  const std::string told = verify(80, {});
  CHECK(told.find("997 events verified, ") != std::string::npos);  // And three other lines.
  CHECK(told.find("1996 events verified, ") != std::string::npos);
  CHECK(told.find("% of the file") != std::string::npos);
  CHECK(told.ends_with("\r\x1b[K"));
  CHECK(verify(80, {"--json"}).empty());
  CHECK(verify(0, {}).empty());
}
