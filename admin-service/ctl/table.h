#ifndef CERTIFIER_ADMIN_SERVICE_CTL_TABLE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_TABLE_H

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ctl {

// Column says how a table's column gives way where the terminal is narrow.
struct Column {
  std::string title;
  // How far values may be shortened with "…"; 0: never.
  std::size_t least_width = 0;
  // Columns of the highest number are left out first where shortening is not enough; 0: never left out.
  int drop_order = 0;
  // What does not fit goes on in further lines, instead of being shortened.
  bool is_wrapped = false;
};

// Table lays out rows of text in aligned columns. Cells are made safe for terminals.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Add takes one cell for each column.
  void Add(std::vector<std::string> cells);

  // Render is the table, a line for each row, or several where a column is wrapped, in at most `width` characters a
  // line where the columns allow it; 0: as wide as it is.
  std::string Render(std::size_t width) const;
  // RenderRows is the line of titles and those of some rows, by their index, as wide as they are.
  std::string RenderRows(const std::vector<std::size_t>& rows) const;

 private:
  std::vector<std::size_t> WidthsWithin(std::size_t width, const std::vector<std::size_t>& shown) const;
  std::vector<std::size_t> ShownWithin(std::size_t width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Details are the labelled lines of one object.
using Details = std::vector<std::pair<std::string, std::string>>;

// RenderDetails aligns the values behind their labels. Values are made safe for terminals; an empty one shows as "-".
std::string RenderDetails(const Details& details);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_TABLE_H
