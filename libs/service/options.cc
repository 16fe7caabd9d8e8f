#include "service/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>

namespace service {

namespace {

// Assign takes one value's text into its variable; what it returns is the fault, or empty.
using Assign = std::function<std::string(const std::string&)>;

struct Setting {
  std::string flag;
  Assign assign;
  std::function<std::string()> show;
  bool is_required = false;
  bool is_flag = false;
  bool takes_many = false;
  std::vector<std::string> from_command_line;
  CLI::Option* option = nullptr;
};

std::string EnvironmentName(const std::string& flag) {
  std::string name = "CERTIFIER_";
  for (const char c : flag.substr(2)) name += c == '-' ? '_' : static_cast<char>(std::toupper(c));
  return name;
}

std::string Trimmed(std::string text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// ValueReader takes the right side of KEY = VALUE apart.
class ValueReader {
 public:
  explicit ValueReader(std::string_view text) : rest_(text) {}

  // One value, or those of a list; nothing if it is neither or something else than a comment follows.
  std::optional<std::vector<std::string>> Read() {
    std::vector<std::string> values;
    const bool is_read = Take('[') ? ReadList(values) : ReadOne(values, "#");
    SkipSpaces();
    if (!is_read || !(rest_.empty() || rest_.front() == '#')) return std::nullopt;
    return values;
  }

 private:
  void SkipSpaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
  bool Take(char c) {
    SkipSpaces();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool ReadList(std::vector<std::string>& values) {
    while (!Take(']')) {
      if (!ReadOne(values, ",]#")) return false;
      if (!Take(',') && (rest_.empty() || rest_.front() != ']')) return false;
    }
    return true;
  }

  // Text in quotes, or a word that ends before any of `ends`.
  bool ReadOne(std::vector<std::string>& values, std::string_view ends) {
    const bool is_quoted = Take('"');
    const auto end = std::min(rest_.find_first_of(is_quoted ? "\"\\" : ends), rest_.size());
    std::string value(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (!is_quoted) value = Trimmed(value);
    const bool is_sound = is_quoted ? Take('"') : !value.empty() && value.find('"') == std::string::npos;
    values.push_back(std::move(value));
    return is_sound;
  }

  std::string_view rest_;
};

using ConfigFile = std::map<std::string, std::vector<std::string>>;

std::optional<ConfigFile> ReadConfig(const std::string& path, std::vector<std::string>& faults) {
  std::ifstream file(path);
  if (!file) {
    faults.push_back("--config: cannot read " + path);
    return std::nullopt;
  }
  ConfigFile config;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    number++;
    line = Trimmed(line);
    if (line.empty() || line.front() == '#') continue;
    const auto where = [&] { return path + ":" + std::to_string(number) + ": "; };
    const auto equals = line.find('=');
    if (equals == std::string::npos) {
      faults.push_back(where() + "expected KEY = VALUE");
      continue;
    }
    const std::string key = Trimmed(line.substr(0, equals));
    const auto values = ValueReader(std::string_view(line).substr(equals + 1)).Read();
    if (!values) {
      faults.push_back(where() + "the value of " + key + " is neither \"text\" nor [\"a\", \"b\"] nor one word");
    } else if (!config.emplace(key, *values).second) {
      faults.push_back(where() + key + " is given twice");
    }
  }
  return config;
}

template <class Unit>
std::optional<std::uint64_t> WithUnit(std::string_view text, const Unit& units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, factor] : units) {
    if (unit == name && number <= UINT64_MAX / factor) return number * factor;
  }
  return std::nullopt;
}

std::string Between(const std::string& least, const std::string& most) {
  return "must be from " + least + " to " + most;
}

std::string ShowDuration(std::chrono::milliseconds duration) {
  const auto count = duration.count();
  if (count % 1000 != 0) return std::to_string(count) + "ms";
  if (count % 86400000 == 0 && count != 0) return std::to_string(count / 86400000) + "d";
  if (count % 3600000 == 0 && count != 0) return std::to_string(count / 3600000) + "h";
  if (count % 60000 == 0 && count != 0) return std::to_string(count / 60000) + "m";
  return std::to_string(count / 1000) + "s";
}

}  // namespace

struct Options::Parser {
  std::shared_ptr<CLI::App> root;
  CLI::App* app = nullptr;
  std::string name;
  std::vector<std::unique_ptr<Setting>> settings;
  std::vector<std::unique_ptr<Options>> subcommands;
  std::string config;
  bool is_check = false;

  Setting& Add(const std::string& flag, const std::string& help, Assign assign, std::function<std::string()> show) {
    settings.push_back(std::make_unique<Setting>());
    Setting& setting = *settings.back();
    setting.flag = flag;
    setting.assign = std::move(assign);
    setting.show = std::move(show);
    setting.option = app->add_option(flag, setting.from_command_line, help)->allow_extra_args(false);
    const std::string value = setting.show();
    if (!value.empty()) setting.option->default_str(value);
    return setting;
  }

  void AddCommonOptions() {
    app->add_option("--config", config, "file of KEY = VALUE lines, a key for each setting")
        ->envname("CERTIFIER_CONFIG");
    app->add_flag("--check-config", is_check, "check the settings and exit");
  }

  // Where a setting's values come from: the command line, else the environment, else the file.
  std::vector<std::string> Values(const Setting& setting, const ConfigFile& file) const {
    if (setting.option->count() > 0) {
      if (setting.is_flag) return {setting.option->as<bool>() ? "true" : "false"};
      return setting.takes_many ? setting.from_command_line : std::vector{setting.from_command_line.back()};
    }
    if (const char* value = std::getenv(EnvironmentName(setting.flag).c_str())) return {value};
    const auto found = file.find(setting.flag.substr(2));
    return found == file.end() ? std::vector<std::string>() : found->second;
  }

  void Apply(const ConfigFile& file, std::vector<std::string>& faults) const {
    for (const auto& [key, values] : file) {
      const bool is_known = std::any_of(settings.begin(), settings.end(),
                                        [&key = key](const auto& setting) { return setting->flag == "--" + key; });
      if (!is_known) faults.push_back("unknown key in the configuration file: " + key);
    }
    for (const auto& setting : settings) {
      const auto values = Values(*setting, file);
      if (values.size() > 1 && !setting->takes_many) faults.push_back(setting->flag + " takes one value, not a list");
      for (const std::string& value : values) {
        const std::string fault = setting->assign(value);
        if (!fault.empty()) faults.push_back(setting->flag + " " + value + ": " + fault);
      }
      if (setting->is_required && (values.empty() || values.back().empty())) {
        faults.push_back(setting->flag + " is required (or " + EnvironmentName(setting->flag) + ")");
      }
    }
  }
};

Options::Options(std::string program, std::string description) : parser_(std::make_unique<Parser>()) {
  parser_->root = std::make_shared<CLI::App>(description, program);
  parser_->app = parser_->root.get();
  parser_->app->set_version_flag("--version", program + " " CERTIFIER_VERSION);
  parser_->AddCommonOptions();
}

Options::Options(std::unique_ptr<Parser> parser) : parser_(std::move(parser)) {}

Options::~Options() = default;

void Options::Text(const std::string& flag, std::string& target, const std::string& help) {
  parser_->Add(
      flag, help,
      [&target](const std::string& value) {
        target = value;
        return std::string();
      },
      [&target] { return target; });
}

void Options::Required(const std::string& flag, std::string& target, const std::string& help) {
  Text(flag, target, help);
  parser_->settings.back()->is_required = true;
}

void Options::File(const std::string& flag, std::string& target, const std::string& help) {
  parser_->Add(
      flag, help,
      [&target](const std::string& value) {
        target = value;
        return std::ifstream(value) ? std::string()
                                    : std::string("cannot be read; does it exist, and may this user read it?");
      },
      [&target] { return target; });
}

void Options::Texts(const std::string& flag, std::vector<std::string>& target, const std::string& help) {
  parser_->Add(
      flag, help,
      [&target](const std::string& value) {
        target.push_back(value);
        return std::string();
      },
      [&target] {
        std::string all;
        for (const std::string& value : target) all += (all.empty() ? "" : ",") + value;
        return all;
      });
  parser_->settings.back()->takes_many = true;
}

void Options::Choice(const std::string& flag, std::string& target, const std::vector<std::string>& choices,
                     const std::string& help) {
  std::string all;
  for (const std::string& choice : choices) all += (all.empty() ? "" : ", ") + choice;
  parser_->Add(
      flag, help + " (" + all + ")",
      [&target, choices, all](const std::string& value) {
        target = value;
        const bool is_known = std::find(choices.begin(), choices.end(), value) != choices.end();
        return is_known ? std::string() : "must be one of " + all;
      },
      [&target] { return target; });
}

void Options::Number(const std::string& flag, std::uint64_t& target, std::uint64_t least, std::uint64_t most,
                     const std::string& help) {
  parser_->Add(
      flag, help,
      [&target, least, most](const std::string& value) {
        const auto number = WithUnit(value, std::map<std::string_view, std::uint64_t>{{"", 1}});
        if (!number || *number < least || *number > most) return Between(std::to_string(least), std::to_string(most));
        target = *number;
        return std::string();
      },
      [&target] { return std::to_string(target); });
}

void Options::Duration(const std::string& flag, std::chrono::milliseconds& target, std::chrono::milliseconds least,
                       std::chrono::milliseconds most, const std::string& help) {
  parser_->Add(
      flag, help,
      [&target, least, most](const std::string& value) {
        const auto duration = ParseDuration(value);
        if (!duration || *duration < least || *duration > most) {
          return Between(ShowDuration(least), ShowDuration(most));
        }
        target = *duration;
        return std::string();
      },
      [&target] { return ShowDuration(target); });
}

void Options::Size(const std::string& flag, std::uint64_t& target, std::uint64_t least, std::uint64_t most,
                   const std::string& help) {
  parser_->Add(
      flag, help,
      [&target, least, most](const std::string& value) {
        const auto size =
            WithUnit(value, std::map<std::string_view, std::uint64_t>{{"", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}});
        if (!size || *size < least || *size > most) return Between(std::to_string(least), std::to_string(most));
        target = *size;
        return std::string();
      },
      [&target] {
        return target % 1024 == 0 && target != 0 ? std::to_string(target / 1024) + "KiB" : std::to_string(target);
      });
}

void Options::Flag(const std::string& flag, bool& target, const std::string& help) {
  parser_->settings.push_back(std::make_unique<Setting>());
  Setting& setting = *parser_->settings.back();
  setting.flag = flag;
  setting.is_flag = true;
  setting.assign = [&target](const std::string& value) {
    target = value == "true" || value == "1";
    return target || value == "false" || value == "0" ? std::string() : std::string("must be true or false");
  };
  setting.show = [&target] { return std::string(target ? "true" : "false"); };
  setting.option = parser_->app->add_flag(flag, help);
}

Options& Options::Subcommand(const std::string& name, const std::string& description) {
  auto nested = std::make_unique<Parser>();
  nested->root = parser_->root;
  nested->app = parser_->app->add_subcommand(name, description);
  nested->name = name;
  nested->AddCommonOptions();
  parser_->app->require_subcommand(1);
  parser_->subcommands.push_back(std::unique_ptr<Options>(new Options(std::move(nested))));
  return *parser_->subcommands.back();
}

std::string Options::chosen() const {
  for (const auto& subcommand : parser_->subcommands) {
    if (subcommand->parser_->app->parsed()) return subcommand->parser_->name;
  }
  return "";
}

std::optional<int> Options::Parse(int argc, char** argv) {
  try {
    parser_->root->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser_->root->exit(error) == 0 ? 0 : 2;
  }
  const Parser* parser = parser_.get();
  for (const auto& subcommand : parser_->subcommands) {
    if (subcommand->parser_->app->parsed()) parser = subcommand->parser_.get();
  }
  std::vector<std::string> faults;
  ConfigFile file;
  if (!parser->config.empty()) file = ReadConfig(parser->config, faults).value_or(ConfigFile());
  parser->Apply(file, faults);
  for (const std::string& fault : faults) std::cerr << parser_->root->get_name() << ": " << fault << "\n";
  if (!faults.empty()) {
    std::cerr << "Run with --help for the settings.\n";
    return 2;
  }
  if (parser->is_check) {
    std::cout << "The settings are valid.\n";
    return 0;
  }
  return std::nullopt;
}

std::vector<std::string> Options::Effective() const {
  std::vector<std::string> lines;
  for (const auto& setting : parser_->settings) lines.push_back(setting->flag.substr(2) + "=" + setting->show());
  for (const auto& subcommand : parser_->subcommands) {
    if (!subcommand->parser_->app->parsed()) continue;
    for (std::string& line : subcommand->Effective()) lines.push_back(std::move(line));
  }
  return lines;
}

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  static const std::map<std::string_view, std::uint64_t> kUnits = {
      {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
  const auto milliseconds = WithUnit(text, kUnits);
  if (!milliseconds || *milliseconds > INT64_MAX) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*milliseconds));
}

}  // namespace service
