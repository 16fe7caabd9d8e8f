#include "ctl/output.h"

#include "ctl/json_printer.h"
#include "ctl/list_watch.h"
#include "ctl/terminal_text.h"

namespace ctl {

void Output::Json(const google::protobuf::Message& message, Fields fields) {
  out_ << PrintJson(message, fields);
}

void Output::Rows(const Table& table) {
  out_ << table.Render(settings_.width);
}

void Output::List(const google::protobuf::Message& response, const Table& table) {
  if (settings_.watch != nullptr) return settings_.watch->Take(response, table);
  if (is_json()) return Json(response);
  Rows(table);
}

void Output::Values(const Details& details) {
  out_ << RenderDetails(details);
}

void Output::Text(const std::string& text) {
  out_ << text << "\n";
}

void Output::Note(const std::string& text) {
  if (!settings_.is_json && settings_.watch == nullptr) err_ << text << "\n";
}

void Output::Progress(const std::string& text) {
  if (settings_.is_json || settings_.width == 0) return;
  err_ << "\r\x1b[K" << text << std::flush;
}

ExitCode Output::Failure(const result::Error& error, const std::string& next_step) {
  if (settings_.is_json) {
    err_ << PrintErrorJson(error);
  } else {
    err_ << "certifierctl: " << TerminalText(error.detail) << "\n";
    if (!next_step.empty()) err_ << "  " << next_step << "\n";
  }
  return ExitCodeFor(error.reason);
}

}  // namespace ctl
