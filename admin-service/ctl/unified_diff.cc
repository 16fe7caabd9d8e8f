#include "ctl/unified_diff.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ctl {

namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kContext = 3;
// Pairs of lines that are compared, 16 MiB of lengths. What is longer is shown as replaced.
constexpr std::size_t kMostPairs = 4'000'000;

constexpr std::string_view kRed = "\x1b[31m", kGreen = "\x1b[32m", kCyan = "\x1b[36m", kPlain = "\x1b[0m";

Lines Split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

// Edit is one line of both texts together.
struct Edit {
  char sign;  // ' ', '-' or '+'.
  std::string_view line;
};

// AppendMiddle goes along the longest common subsequence of what is neither the common beginning nor the common end.
void AppendMiddle(const Lines& before, const Lines& after, std::vector<Edit>& edits) {
  const std::size_t rows = before.size(), columns = after.size();
  if (rows != 0 && columns > kMostPairs / rows) {
    for (const auto& line : before) edits.push_back({'-', line});
    for (const auto& line : after) edits.push_back({'+', line});
    return;
  }
  // Of the tails from row and column on.
  std::vector<std::uint32_t> lengths((rows + 1) * (columns + 1), 0);
  const auto at = [columns](std::size_t row, std::size_t column) { return row * (columns + 1) + column; };
  for (std::size_t row = rows; row-- > 0;) {
    for (std::size_t column = columns; column-- > 0;) {
      lengths[at(row, column)] = before[row] == after[column]
                                     ? lengths[at(row + 1, column + 1)] + 1
                                     : std::max(lengths[at(row + 1, column)], lengths[at(row, column + 1)]);
    }
  }
  std::size_t row = 0, column = 0;
  while (row < rows || column < columns) {
    if (row < rows && column < columns && before[row] == after[column]) {
      edits.push_back({' ', before[row]});
      ++row, ++column;
    } else if (column == columns || (row < rows && lengths[at(row + 1, column)] >= lengths[at(row, column + 1)])) {
      edits.push_back({'-', before[row++]});
    } else {
      edits.push_back({'+', after[column++]});
    }
  }
}

std::vector<Edit> EditsOf(Lines before, Lines after) {
  const auto [end, other_end] = std::ranges::mismatch(before, after);
  const std::size_t same = static_cast<std::size_t>(end - before.begin());
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < same; ++i) edits.push_back({' ', before[i]});
  std::size_t tail = 0;
  while (tail < before.size() - same && tail < after.size() - same &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
    ++tail;
  }
  const auto middle = [same, tail](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(same), lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  AppendMiddle(middle(before), middle(after), edits);
  for (std::size_t i = before.size() - tail; i < before.size(); ++i) edits.push_back({' ', before[i]});
  return edits;
}

std::string Coloured(std::string_view line, std::string_view colour, bool has_colours) {
  if (!has_colours || colour.empty()) return std::string(line) + "\n";
  return std::string(colour) + std::string(line) + std::string(kPlain) + "\n";
}

std::string Range(std::size_t begin, std::size_t count) {
  return std::to_string(count == 0 ? begin : begin + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

// HunkWriter writes edits [begin, end) under their heading.
class HunkWriter {
 public:
  HunkWriter(const std::vector<Edit>& edits, bool has_colours) : edits_(edits), has_colours_(has_colours) {}

  std::string Write(std::size_t begin, std::size_t end) {
    for (; at_ < begin; ++at_) Count(edits_[at_], before_, after_);
    std::size_t before_count = 0, after_count = 0;
    std::string body;
    for (; at_ < end; ++at_) {
      const Edit& edit = edits_[at_];
      Count(edit, before_count, after_count);
      std::string_view line = edit.line;
      if (line.ends_with('\n')) line.remove_suffix(1);
      const std::string_view colour = edit.sign == '-' ? kRed : edit.sign == '+' ? kGreen : "";
      body += Coloured(edit.sign + std::string(line), colour, has_colours_);
    }
    const std::string heading = "@@ -" + Range(before_, before_count) + " +" + Range(after_, after_count) + " @@";
    before_ += before_count;
    after_ += after_count;
    return Coloured(heading, kCyan, has_colours_) + body;
  }

 private:
  static void Count(const Edit& edit, std::size_t& before, std::size_t& after) {
    if (edit.sign != '+') ++before;
    if (edit.sign != '-') ++after;
  }

  const std::vector<Edit>& edits_;
  const bool has_colours_;
  std::size_t at_ = 0, before_ = 0, after_ = 0;
};

}  // namespace

std::string UnifiedDiff(const Side& before, const Side& after, bool has_colours) {
  const std::vector<Edit> edits = EditsOf(Split(before.text), Split(after.text));
  const auto is_change = [](const Edit& edit) { return edit.sign != ' '; };
  std::string out;
  HunkWriter writer(edits, has_colours);
  auto change = std::ranges::find_if(edits, is_change);
  while (change != edits.end()) {
    const std::size_t first = static_cast<std::size_t>(change - edits.begin());
    std::size_t last = first;
    // What lies within the context of a change belongs to its hunk.
    for (std::size_t i = first; i < edits.size() && i <= last + 2 * kContext + 1; ++i) {
      if (is_change(edits[i])) last = i;
    }
    out += writer.Write(first - std::min(first, kContext), std::min(last + 1 + kContext, edits.size()));
    change = std::find_if(edits.begin() + static_cast<std::ptrdiff_t>(last + 1), edits.end(), is_change);
  }
  if (out.empty()) return out;
  return Coloured("--- " + before.name, "", false) + Coloured("+++ " + after.name, "", false) + out;
}

}  // namespace ctl
