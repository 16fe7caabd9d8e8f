#include "ctl/interruption.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "ctl/exit_code.h"

namespace ctl {

namespace {

// What a signal handler may look at.
volatile std::sig_atomic_t is_calling = 0;
int wake = -1;

void OnInterrupt(int) {
  if (is_calling != 0) ::_exit(static_cast<int>(ExitCode::kInterrupted));
  const int error = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake, &one, sizeof one);
  errno = error;
}

}  // namespace

Interruption::Interruption() {
  wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action = {};
  action.sa_handler = OnInterrupt;
  ::sigaction(SIGINT, &action, nullptr);
}

Interruption::~Interruption() {
  std::signal(SIGINT, SIG_DFL);
  ::close(wake);
}

bool Interruption::Wait(std::chrono::milliseconds time) const {
  const auto until = std::chrono::steady_clock::now() + time;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd polled = {wake, POLLIN, 0};
    const int ready = ::poll(&polled, 1, static_cast<int>(std::max<std::chrono::milliseconds::rep>(0, left.count())));
    if (ready > 0) return false;
    if (ready == 0) return true;
  }
}

Interruption::Call::Call() {
  is_calling = 1;
}

Interruption::Call::~Call() {
  is_calling = 0;
}

}  // namespace ctl
