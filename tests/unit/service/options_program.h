#ifndef CERTIFIER_TESTS_UNIT_SERVICE_OPTIONS_PROGRAM_H
#define CERTIFIER_TESTS_UNIT_SERVICE_OPTIONS_PROGRAM_H

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "scratch.h"
#include "service/options.h"

namespace testing {

// Program is one with a setting of every kind. Run may be called once.
class Program {
 public:
  Program();
  ~Program();

  // Run parses the arguments behind the program's name: -1 if the program shall run, else its exit code.
  int Run(std::vector<std::string> arguments);
  // RunWith writes the settings file and names it in front of the arguments.
  int RunWith(const std::string& file, std::vector<std::string> arguments = {});
  // Set puts a variable into the environment until the program is gone.
  void Set(const std::string& name, const std::string& value);

  bool Said(const std::string& text) const { return output.find(text) != std::string::npos; }
  std::vector<std::string> Effective() const { return options_.Effective(); }

  Scratch scratch;
  std::string output;  // Of standard output and standard error together.

  std::string listen = "127.0.0.1:80";
  std::string engine;
  std::string key_file;
  std::vector<std::string> paths = {"/scep"};
  std::string level = "info";
  std::uint64_t workers = 4;
  std::chrono::milliseconds patience = std::chrono::seconds(30);
  std::uint64_t most = 1024;
  bool is_strict = false;

 private:
  service::Options options_;
  std::vector<std::string> variables_;
};

}  // namespace testing

#endif  // CERTIFIER_TESTS_UNIT_SERVICE_OPTIONS_PROGRAM_H
