#ifndef CERTIFIER_SERVICE_OPTIONS_H
#define CERTIFIER_SERVICE_OPTIONS_H

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace service {

// Options reads a program's settings, once, from its command line, from `--config FILE` and from the environment
// (CERTIFIER_ + the flag in capitals, dashes as underscores); the command line wins over the environment, the
// environment over the file. The file is a subset of TOML: a line is KEY = VALUE or a comment, the key is the flag
// without its dashes, the value "text", ["a", "b"] or a bare word, perhaps with a comment behind it; there are no
// escapes. Unknown keys and keys given twice are errors. Every target keeps its initial value as the default, which
// --help shows.
class Options {
 public:
  Options(std::string program, std::string description);
  ~Options();

  // Each binds a flag ("--listen") to a variable that must outlive Parse.
  void Text(const std::string& flag, std::string& target, const std::string& help);
  void Required(const std::string& flag, std::string& target, const std::string& help);
  // A file that must exist and be readable.
  void File(const std::string& flag, std::string& target, const std::string& help);
  void Texts(const std::string& flag, std::vector<std::string>& target, const std::string& help);
  void Choice(const std::string& flag, std::string& target, const std::vector<std::string>& choices,
              const std::string& help);
  void Number(const std::string& flag, std::uint64_t& target, std::uint64_t least, std::uint64_t most,
              const std::string& help);
  // "500ms", "30s", "5m", "2h", "30d".
  void Duration(const std::string& flag, std::chrono::milliseconds& target, std::chrono::milliseconds least,
                std::chrono::milliseconds most, const std::string& help);
  // "256KiB", "2MiB", or octets.
  void Size(const std::string& flag, std::uint64_t& target, std::uint64_t least, std::uint64_t most,
            const std::string& help);
  void Flag(const std::string& flag, bool& target, const std::string& help);
  // Subcommand returns a nested parser, one level deep; after Parse, `chosen()` names it.
  Options& Subcommand(const std::string& name, const std::string& description);
  std::string chosen() const;

  // Parse returns nothing if the program shall run, or the code to exit with after --help, --version, --check-config or
  // an error, which was printed with what to do about it.
  std::optional<int> Parse(int argc, char** argv);

  // Effective lists every setting as "flag=value" for the line logged at start; secrets are files, so none is a secret.
  std::vector<std::string> Effective() const;

 private:
  struct Parser;
  explicit Options(std::unique_ptr<Parser> parser);
  std::unique_ptr<Parser> parser_;
};

// ParseDuration reads the notation above; nothing if it is none.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace service

#endif  // CERTIFIER_SERVICE_OPTIONS_H
