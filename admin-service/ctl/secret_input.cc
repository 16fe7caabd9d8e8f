#include "ctl/secret_input.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "ctl/challenge_file.h"

namespace ctl {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kMostOctets = 255;

// Terminal is the one that this process has, with its echo off for as long as it lives.
class Terminal {
 public:
  Terminal() : terminal_(open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (terminal_ < 0 || tcgetattr(terminal_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_quiet_ = tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
  }
  ~Terminal() {
    if (is_quiet_) tcsetattr(terminal_, TCSAFLUSH, &before_);
    if (terminal_ >= 0) close(terminal_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  bool is_quiet() const { return is_quiet_; }
  void Write(const std::string& text) const { (void)!write(terminal_, text.data(), text.size()); }
  pki::Secret ReadLine() const {
    pki::Bytes line;
    line.reserve(kMostOctets + 1);  // No copy is left behind.
    char octet = 0;
    while (read(terminal_, &octet, 1) == 1 && octet != '\n') {
      if (line.size() <= kMostOctets) line += octet;
    }
    return pki::Secret(std::move(line));
  }

 private:
  const int terminal_;
  termios before_{};
  bool is_quiet_ = false;
};

result::Result<pki::Secret> Ask(const Terminal& terminal, const std::string& prompt) {
  terminal.Write(prompt + ": ");
  pki::Secret secret = terminal.ReadLine();
  terminal.Write("\n");
  if (secret.empty() || secret.Reveal().size() > kMostOctets) {
    return Fail(Reason::kMalformed, "1 to 255 octets are needed");
  }
  return secret;
}

}  // namespace

result::Result<pki::Secret> ReadSecret(const std::string& path, const std::string& what, bool is_new) {
  if (!path.empty()) return ReadChallenge(path);
  const Terminal terminal;
  if (!terminal.is_quiet()) {
    return Fail(Reason::kMalformed,
                "there is no terminal to ask for the " + what + " at: name a file that holds it, or -");
  }
  ASSIGN_OR_RETURN(auto secret, Ask(terminal, (is_new ? "New " : "") + what));
  if (!is_new) return secret;
  ASSIGN_OR_RETURN(const auto again, Ask(terminal, "Again"));
  if (!pki::ConstantTimeEquals(secret.Reveal(), again.Reveal())) {
    return Fail(Reason::kMalformed, "the two are not the same");
  }
  return secret;
}

}  // namespace ctl
