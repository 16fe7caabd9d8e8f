#ifndef CERTIFIER_ADMIN_SERVICE_CTL_LIST_WATCH_H
#define CERTIFIER_ADMIN_SERVICE_CTL_LIST_WATCH_H

#include <google/protobuf/message.h>

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <unordered_set>
#include <vector>

#include "ctl/exit_code.h"
#include "ctl/table.h"

namespace ctl {

// ListWatch shows a list each time that it was made anew: at a terminal the whole of it in place of the last one, else
// what is new or changed, a line each; for programs a JSON object a line.
class ListWatch {
 public:
  struct Settings {
    bool is_json = false;
    std::size_t width = 0;   // Of the terminal; 0: no terminal.
    std::string title = {};  // Above the list at a terminal.
  };
  // `out` must outlive the object.
  ListWatch(std::ostream& out, Settings settings) : out_(out), settings_(std::move(settings)) {}

  // Take keeps a List response, whose field 1 is its items, and the table with a row for each. Nothing is written.
  void Take(const google::protobuf::Message& response, const Table& table);
  // Show writes what was taken last, once.
  void Show();

 private:
  void ShowChanges();

  std::ostream& out_;
  const Settings settings_;
  std::vector<std::string> items_;  // As JSON on one line each, in the table's order.
  std::optional<Table> table_;
  std::unordered_set<std::string> known_;  // The items of the round before.
  bool has_title_ = false;
};

// Rounds is what a watch does again and again.
struct Rounds {
  std::function<result::Result<void>()> list;  // Makes the list and gives it to the watch; writes nothing.
  std::function<void()> show;                  // Writes it; not called where `list` failed.
  std::function<bool()> pause;                 // Waits for the next round; false: it was interrupted.
  // Tells people of an outage that began, and with nothing that it is over.
  std::function<void(const result::Error* outage)> tell;
  std::function<bool()> is_heard;  // Whether anybody still reads.
};

// Repeat goes on until it is interrupted (kInterrupted) or nobody reads (kOk). A service that is unavailable is asked
// again, but for the first time; any other failure ends it.
result::Result<ExitCode> Repeat(const Rounds& rounds);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_LIST_WATCH_H
