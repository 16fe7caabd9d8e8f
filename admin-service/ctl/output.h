#ifndef CERTIFIER_ADMIN_SERVICE_CTL_OUTPUT_H
#define CERTIFIER_ADMIN_SERVICE_CTL_OUTPUT_H

#include <google/protobuf/message.h>

#include <ostream>
#include <string>

#include "ctl/exit_code.h"
#include "ctl/json_printer.h"
#include "ctl/table.h"
#include "ctl/times.h"
#include "result/result.h"

namespace ctl {

class ListWatch;

// Output is where a command's answer goes: to people as tables, to programs as JSON.
class Output {
 public:
  struct Settings {
    bool is_json = false;
    std::size_t width = 0;  // Of the terminal, in characters; 0: no terminal.
    Time now;
    ListWatch* watch = nullptr;  // Takes lists in place of the streams; borrowed.
  };

  // Both streams must outlive the object.
  Output(std::ostream& out, std::ostream& err, Settings settings) : out_(out), err_(err), settings_(settings) {}

  bool is_json() const { return settings_.is_json; }
  Time now() const { return settings_.now; }
  std::size_t width() const { return settings_.width; }  // 0: no terminal.

  void Json(const google::protobuf::Message& message, Fields fields = Fields::kAll);
  void Rows(const Table& table);
  // List shows a List response, whose field 1 is its items, or the table with a row for each of them.
  void List(const google::protobuf::Message& response, const Table& table);
  void Values(const Details& details);
  // Text prints a line as it is: constant text, text that went through TerminalText, JSON in ASCII, and PEM that the
  // engine encoded.
  void Text(const std::string& text);
  // Note tells people on standard error what is not part of the answer; programs do not see it.
  void Note(const std::string& text);
  // Progress tells people at a terminal how far a long command is, in place of what it told last; "" takes that away.
  void Progress(const std::string& text);
  // Failure reports `error`, for people with `next_step` (may be empty), and gives the code to exit with.
  ExitCode Failure(const result::Error& error, const std::string& next_step);

 private:
  std::ostream& out_;
  std::ostream& err_;
  const Settings settings_;
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_OUTPUT_H
