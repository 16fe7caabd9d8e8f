#include "ctl/table.h"

#include <algorithm>

#include "ctl/terminal_text.h"

namespace ctl {

namespace {

constexpr std::size_t kGap = 2;

void AppendPadded(std::string& line, const std::string& cell, std::size_t width) {
  line += cell;
  const std::size_t used = DisplayWidth(cell);
  if (used < width) line.append(width - used, ' ');
}

std::string WithoutTrailingSpaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::size_t LineWidth(const std::vector<std::size_t>& widths) {
  std::size_t sum = 0;
  for (const std::size_t width : widths) sum += width + kGap;
  return sum < kGap ? 0 : sum - kGap;
}

// Lines puts cells side by side, each with its lines below one another.
std::string Lines(const std::vector<std::vector<std::string>>& cells, const std::vector<std::size_t>& widths) {
  std::size_t height = 0;
  for (const auto& cell : cells) height = std::max(height, cell.size());
  std::string out;
  for (std::size_t row = 0; row < height; ++row) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i != 0) line.append(kGap, ' ');
      AppendPadded(line, row < cells[i].size() ? cells[i][row] : "", widths[i]);
    }
    out += WithoutTrailingSpaces(std::move(line)) + "\n";
  }
  return out;
}

}  // namespace

void Table::Add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = cell.empty() ? "-" : TerminalText(cell);
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::WidthsWithin(std::size_t width, const std::vector<std::size_t>& shown) const {
  std::vector<std::size_t> widths;
  for (const std::size_t column : shown) {
    std::size_t widest = DisplayWidth(columns_[column].title);
    for (const auto& row : rows_) widest = std::max(widest, DisplayWidth(row[column]));
    widths.push_back(widest);
  }
  while (width != 0 && LineWidth(widths) > width) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::size_t least = columns_[shown[i]].least_width;
      const bool can_give = least != 0 && widths[i] > std::max(least, DisplayWidth(columns_[shown[i]].title));
      if (can_give && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
  }
  return widths;
}

std::vector<std::size_t> Table::ShownWithin(std::size_t width) const {
  std::vector<std::size_t> shown(columns_.size());
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = i;
  while (width != 0 && LineWidth(WidthsWithin(width, shown)) > width) {
    const auto last = std::max_element(shown.begin(), shown.end(), [this](std::size_t a, std::size_t b) {
      return columns_[a].drop_order < columns_[b].drop_order;
    });
    if (last == shown.end() || columns_[*last].drop_order == 0) break;
    shown.erase(last);
  }
  return shown;
}

std::string Table::Render(std::size_t width) const {
  const std::vector<std::size_t> shown = ShownWithin(width);
  const std::vector<std::size_t> widths = WidthsWithin(width, shown);
  std::string out;
  const auto append_row = [&](const auto& cell_of) {
    std::vector<std::vector<std::string>> cells;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::string& cell = cell_of(shown[i]);
      const bool is_wrapped = columns_[shown[i]].is_wrapped;
      cells.push_back(is_wrapped ? Wrap(cell, widths[i]) : std::vector{Shorten(cell, widths[i])});
    }
    out += Lines(cells, widths);
  };
  append_row([this](std::size_t column) -> const std::string& { return columns_[column].title; });
  for (const auto& row : rows_) append_row([&row](std::size_t column) -> const std::string& { return row[column]; });
  return out;
}

std::string Table::RenderRows(const std::vector<std::size_t>& rows) const {
  Table some(columns_);
  for (const std::size_t row : rows) some.rows_.push_back(rows_.at(row));
  return some.Render(0);
}

std::string RenderDetails(const Details& details) {
  std::size_t widest = 0;
  for (const auto& [label, value] : details) widest = std::max(widest, DisplayWidth(label));
  std::string out;
  for (const auto& [label, value] : details) {
    std::string line;
    AppendPadded(line, label, widest + kGap);
    out += line + (value.empty() ? "-" : TerminalText(value)) + "\n";
  }
  return out;
}

}  // namespace ctl
