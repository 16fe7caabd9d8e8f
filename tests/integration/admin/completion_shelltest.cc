// certifierctl: its completion scripts, in the shells that they are for.
#include <catch2/catch.hpp>
#include <fstream>

#include "support/child.h"

namespace {

struct Answer {
  int code;
  std::string out, err;
};

class Shells {
 public:
  Shells() {
    std::filesystem::create_directory(file("bin"));
    std::filesystem::create_directory(file("functions"));
    std::filesystem::create_symlink(CERTIFIERCTL, file("bin/certifierctl"));
    Install("bash", "bash-script");
    Install("zsh", "functions/_certifierctl");
  }

  std::filesystem::path file(const std::string& name) const { return directory_.path() / name; }

  Answer Run(const std::vector<std::string>& command) const {
    support::Child child(directory_.path(), command);
    const int code = child.Wait();
    return {code, child.out(), child.err()};
  }

  // The script is read by `shell` with certifierctl on the path and the directory as $1.
  Answer RunScript(const std::vector<std::string>& shell, const std::string& script) const {
    auto command = shell;
    command.insert(command.end(), {"-c", "PATH=$1/bin:$PATH\n" + script, "test", directory_.path()});
    return Run(command);
  }
  Answer Bash(const std::string& script) const {
    return RunScript({"/usr/bin/env", "bash", "--norc", "--noprofile"}, script);
  }
  // The builtins that work within a line editor alone print what they are given.
  Answer Zsh(const std::string& script) const {
    return RunScript({"/usr/bin/env", "zsh", "-f"}, R"(
      compadd() { shift; print -r -- "suggests ${(j:,:)@}" }
      compdef() { print -r -- "registers $*" }
      _files() { print -r -- files }
      complete_words() { words=(certifierctl "$@") CURRENT=$((# + 1)); _certifierctl }
      fpath=($1/functions $fpath)
    )" + script);
  }

 private:
  void Install(const std::string& shell, const std::string& name) const {
    const Answer printed = Run({CERTIFIERCTL, "completion", shell});
    REQUIRE(printed.code == 0);
    std::ofstream(file(name)) << printed.out;
  }

  support::Directory directory_;
};

}  // namespace

TEST_CASE_METHOD(Shells, "bash completes nouns, verbs, flags and values by the script", "[ctl][completion]") {
  const Answer answer = Bash(R"(
    source $1/bash-script
    complete_words() {
      COMP_WORDS=(certifierctl "$@") COMP_CWORD=$#
      _certifierctl
      (IFS=,; echo "${COMPREPLY[*]}")
    }
    complete -p certifierctl
    complete_words re
    complete_words request re
    complete_words request approve 17 --fi
    complete_words request list --state p
    complete_words request list --ca ""
  )");
  INFO(answer.err);
  CHECK(answer.code == 0);
  CHECK(answer.err.empty());
  CHECK(answer.out ==
        "complete -o bashdefault -o default -F _certifierctl certifierctl\n"
        "report,request\nreject,resume\n--fingerprint\npending,postponed\n\n");
}

TEST_CASE_METHOD(Shells, "zsh completes by the file on fpath from the first key on", "[ctl][completion]") {
  const Answer answer = Zsh(R"(
    autoload -Uz _certifierctl
    complete_words re
    complete_words request re
    complete_words request list --state p
    complete_words request list --ca ''
  )");
  INFO(answer.err);
  CHECK(answer.code == 0);
  CHECK(answer.err.empty());
  CHECK(answer.out == "suggests report,request\nsuggests reject,resume\nsuggests pending,postponed\nfiles\n");
}

TEST_CASE_METHOD(Shells, "zsh finds the file by its first line", "[ctl][completion]") {
  const Answer answer = RunScript({"/usr/bin/env", "zsh", "-f"}, R"(
    fpath=($1/functions $fpath)
    autoload -Uz compinit && compinit -u -D
    print -r -- $_comps[certifierctl]
  )");
  INFO(answer.err);
  CHECK(answer.out == "_certifierctl\n");
}

TEST_CASE_METHOD(Shells, "zsh registers a script that is sourced, and completes nothing yet", "[ctl][completion]") {
  const Answer answer = Zsh(R"(
    source $1/functions/_certifierctl
    complete_words re
  )");
  INFO(answer.err);
  CHECK(answer.out == "registers _certifierctl certifierctl\nsuggests report,request\n");
}
