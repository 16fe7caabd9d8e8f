#include "ctl/audit_export.h"

#include <algorithm>
#include <charconv>

namespace ctl {

namespace {

using result::Fail;
using result::Reason;
using transparency::Finding;
using transparency::LogVerifier;
using transparency::TreeHead;
using transparency::Verdict;

constexpr std::string_view kFormat = "certifier-audit-export 1";
constexpr std::string_view kNothing = "-";

std::string Field(const pki::Bytes& octets) {
  return octets.empty() ? std::string(kNothing) : pki::Base64(octets);
}

std::optional<pki::Bytes> OctetsOf(std::string_view field) {
  if (field == kNothing) return pki::Bytes();
  auto octets = pki::FromBase64(field);
  if (!octets) return std::nullopt;
  return *std::move(octets);
}

std::optional<std::uint64_t> NumberOf(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// TakeWord removes the first word and the space behind it from `text`.
std::string_view TakeWord(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

// An EventLine is "INDEX TEXT".
struct EventLine {
  std::uint64_t index = 0;
  std::string_view text;
};

std::optional<EventLine> EventOf(std::string_view line) {
  const auto index = NumberOf(TakeWord(line));
  if (!index) return std::nullopt;
  return EventLine{*index, line};
}

// LineReader reads lines of bounded length.
class LineReader {
 public:
  explicit LineReader(std::istream& in) : in_(in), buffer_(kMostLineOctets, '\0') {}
  // Next is the next line without its end, until the next call; nothing at the end, or where a line is too long.
  std::optional<std::string_view> Next() {
    if (!in_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()))) {
      is_too_long_ = !in_.eof() && !in_.bad();
      return std::nullopt;
    }
    const auto count = static_cast<std::size_t>(in_.gcount());
    ++number_;
    octets_ += count;
    return std::string_view(buffer_.data(), in_.eof() ? count : count - 1);
  }
  bool is_too_long() const { return is_too_long_; }
  std::uint64_t number() const { return number_; }  // Of the last line, from 1.
  std::uint64_t octets() const { return octets_; }  // Read so far, with the ends of lines.

 private:
  std::istream& in_;
  std::string buffer_;
  std::uint64_t number_ = 0, octets_ = 0;
  bool is_too_long_ = false;
};

// ExportReader feeds what it reads to verifiers, one for each checkpoint that the log must agree with.
class ExportReader {
 public:
  ExportReader(const Trust& trust, std::uint64_t first) : trust_(trust), first_(first) {
    verifiers_.emplace_back(Log(trust.remembered));
  }

  void Add(std::string_view line, std::uint64_t number) {
    if (is_ended_) return Stray(number);
    const std::string_view word = TakeWord(line);
    if (word == "event") return AddEvent(line, number);
    if (word == "seal") return AddSeal(line);
    if (word == "checkpoint" && count_ == 0) return AddCheckpoint(line);
    const auto ended = NumberOf(line);
    if (word != "end" || !ended) return Stray(number);
    is_ended_ = true;
    announced_ = *ended;
  }

  result::Result<Verdict> Finish() const {
    if (has_bad_checkpoint_) {
      return Verdict{Finding::kBadCheckpoint, first_, "the checkpoint at its beginning is not of this log's key"};
    }
    for (const LogVerifier& verifier : verifiers_) {
      Verdict verdict = verifier.Finish();
      if (verdict.finding != Finding::kOk && verdict.finding != Finding::kUnsealed) return verdict;
    }
    if (!is_ended_ || count_ < announced_) {
      return Verdict{Finding::kTruncated, first_ + count_, "the export ends before it says so"};
    }
    if (stray_line_ != 0 || count_ > announced_) {
      return Fail(Reason::kMalformed, stray_line_ != 0 ? "line " + std::to_string(stray_line_) + " is not of an export"
                                                       : "it has more events than it says");
    }
    return verifiers_.front().Finish();
  }
  std::uint64_t count() const { return count_; }

 private:
  transparency::ExportedLog Log(const std::optional<TreeHead>& remembered) const {
    return {trust_.key.name(), {trust_.key}, first_, remembered};
  }
  void Stray(std::uint64_t number) {
    if (stray_line_ == 0) stray_line_ = number;
  }
  void AddEvent(std::string_view line, std::uint64_t number) {
    const auto event = EventOf(line);
    if (!event) return Stray(number);
    for (LogVerifier& verifier : verifiers_) verifier.AddEvent(event->index, event->text);
    ++count_;
  }
  // One that cannot be read is none of the log's.
  void AddSeal(std::string_view line) {
    transparency::Seal seal;
    auto note = OctetsOf(TakeWord(line)), frontier = OctetsOf(TakeWord(line)), hashes = OctetsOf(TakeWord(line));
    if (note && frontier && hashes) seal = {*std::move(note), *std::move(frontier), *std::move(hashes)};
    for (LogVerifier& verifier : verifiers_) verifier.AddSeal(seal);
  }
  void AddCheckpoint(std::string_view line) {
    const auto note = OctetsOf(line);
    const auto opened = note ? transparency::OpenCheckpoint(*note, trust_.key.name(), {&trust_.key, 1})
                             : result::Result<transparency::Checkpoint>(Fail(Reason::kMalformed, ""));
    if (!opened) {
      has_bad_checkpoint_ = true;
      return;
    }
    verifiers_.emplace_back(Log(opened->head));
  }

  const Trust& trust_;
  const std::uint64_t first_;
  std::vector<LogVerifier> verifiers_;
  bool has_bad_checkpoint_ = false;
  bool is_ended_ = false;
  std::uint64_t count_ = 0, announced_ = 0;
  std::uint64_t stray_line_ = 0;  // The first one; 0: none.
};

// What stands in the place `index` of an export that begins with the place `first`: there may be none.
std::string EventAt(std::istream& in, std::uint64_t first, std::uint64_t index) {
  in.clear();
  in.seekg(0);
  LineReader lines(in);
  std::uint64_t place = first;
  while (auto line = lines.Next()) {
    if (TakeWord(*line) != "event") continue;
    if (place++ < index) continue;
    const auto event = EventOf(*line);
    return event ? std::string(event->text) : std::string();
  }
  return {};
}

}  // namespace

ExportWriter::ExportWriter(std::ostream& out, std::uint64_t first, const std::string& checkpoint) : out_(out) {
  out_ << kFormat << " " << first << "\n";
  if (!checkpoint.empty()) out_ << "checkpoint " << pki::Base64(checkpoint) << "\n";
}

void ExportWriter::AddSeal(const transparency::Seal& seal) {
  out_ << "seal " << Field(seal.note) << " " << Field(seal.frontier) << " " << Field(seal.leaf_hashes) << "\n";
}

void ExportWriter::AddEvent(std::uint64_t index, const std::string& event) {
  out_ << "event " << index << " " << event << "\n";
  ++count_;
}

void ExportWriter::End() {
  out_ << "end " << count_ << "\n";
}

result::Result<Verification> VerifyExport(std::istream& in, const Trust& trust, const VerifyProgress& progress) {
  LineReader lines(in);
  const auto header = lines.Next();
  const bool is_export = header && header->starts_with(kFormat) && header->size() > kFormat.size() + 1;
  const auto first = is_export ? NumberOf(header->substr(kFormat.size() + 1)) : std::nullopt;
  if (!first) return Fail(Reason::kMalformed, "it does not begin as an export of an audit log does");
  ExportReader reader(trust, *first);
  while (const auto line = lines.Next()) {
    reader.Add(*line, lines.number());
    if (progress && lines.number() % kLinesBetweenProgress == 0) progress(reader.count(), lines.octets());
  }
  if (lines.is_too_long()) {
    return Fail(Reason::kMalformed, "line " + std::to_string(lines.number() + 1) + " is too long");
  }
  ASSIGN_OR_RETURN(Verdict verdict, reader.Finish());
  Verification verification{std::move(verdict), reader.count()};
  const Finding finding = verification.verdict.finding;
  if (finding != Finding::kOk && finding != Finding::kUnsealed && finding != Finding::kBadCheckpoint) {
    verification.event = EventAt(in, *first, verification.verdict.index);
  }
  return verification;
}

}  // namespace ctl
