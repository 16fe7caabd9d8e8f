#include "options_program.h"

#include <cstdlib>
#include <iostream>
#include <sstream>

namespace testing {

namespace {

// Capture takes what a stream is given until it is gone.
class Capture {
 public:
  Capture(std::ostream& stream, std::ostream& into) : stream_(stream), previous_(stream.rdbuf(into.rdbuf())) {}
  ~Capture() { stream_.rdbuf(previous_); }

 private:
  std::ostream& stream_;
  std::streambuf* const previous_;
};

}  // namespace

Program::Program() : options_("program", "A program") {
  using std::chrono::milliseconds, std::chrono::minutes;
  options_.Text("--listen", listen, "where");
  options_.Required("--engine", engine, "to whom");
  options_.File("--key-file", key_file, "with what");
  options_.Texts("--path", paths, "which");
  options_.Choice("--log-level", level, {"debug", "info"}, "how loud");
  options_.Number("--workers", workers, 1, 64, "how many");
  options_.Duration("--patience", patience, milliseconds(100), minutes(10), "how long");
  options_.Size("--most", most, 16, 1 << 20, "how much");
  options_.Flag("--strict", is_strict, "how strict");
}

Program::~Program() {
  for (const std::string& name : variables_) unsetenv(name.c_str());
}

int Program::Run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "program");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  std::ostringstream text;
  std::optional<int> code;
  {
    const Capture out(std::cout, text), error(std::cerr, text);
    code = options_.Parse(static_cast<int>(pointers.size()), pointers.data());
  }
  output = text.str();
  return code.value_or(-1);
}

int Program::RunWith(const std::string& file, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--config", scratch.Write("settings.toml", file)});
  return Run(std::move(arguments));
}

void Program::Set(const std::string& name, const std::string& value) {
  setenv(name.c_str(), value.c_str(), 1);
  variables_.push_back(name);
}

}  // namespace testing
