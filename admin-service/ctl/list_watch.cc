#include "ctl/list_watch.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "ctl/json_printer.h"

namespace ctl {

namespace {

constexpr char kClear[] = "\x1b[H\x1b[2J";

std::string OnOneLine(const google::protobuf::Message& item) {
  return nlohmann::ordered_json::parse(PrintJson(item)).dump(-1, ' ', true);
}

}  // namespace

void ListWatch::Take(const google::protobuf::Message& response, const Table& table) {
  const auto* const field = response.GetDescriptor()->FindFieldByNumber(1);
  const auto& reflection = *response.GetReflection();
  items_.clear();
  for (int i = 0; i < reflection.FieldSize(response, field); ++i) {
    items_.push_back(OnOneLine(reflection.GetRepeatedMessage(response, field, i)));
  }
  table_ = table;
}

void ListWatch::Show() {
  if (!table_) return;
  if (settings_.width > 0 && !settings_.is_json) {
    out_ << kClear << settings_.title << "\n\n" << table_->Render(settings_.width);
  } else {
    ShowChanges();
  }
  out_ << std::flush;
  table_.reset();
}

void ListWatch::ShowChanges() {
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (!known_.contains(items_[i])) changed.push_back(i);
  }
  known_ = std::unordered_set<std::string>(items_.begin(), items_.end());
  if (settings_.is_json) {
    for (const std::size_t i : changed) out_ << items_[i] << "\n";
    return;
  }
  const std::string lines = table_->RenderRows(changed);
  // The first line is the titles.
  out_ << (has_title_ ? lines.substr(lines.find('\n') + 1) : lines);
  has_title_ = true;
}

result::Result<ExitCode> Repeat(const Rounds& rounds) {
  bool is_out = false;
  for (bool is_first = true;; is_first = false) {
    const auto listed = rounds.list();
    if (listed) {
      if (std::exchange(is_out, false)) rounds.tell(nullptr);
      rounds.show();
    } else if (is_first || listed.error().reason != result::Reason::kUnavailable) {
      return tl::unexpected<result::Error>(listed.error());
    } else if (!std::exchange(is_out, true)) {
      rounds.tell(&listed.error());
    }
    if (!rounds.is_heard()) return ExitCode::kOk;
    if (!rounds.pause()) return ExitCode::kInterrupted;
  }
}

}  // namespace ctl
