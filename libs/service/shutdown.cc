#include "service/shutdown.h"

#include <pthread.h>
#include <signal.h>

namespace service {

namespace {

sigset_t Awaited() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

void BlockSignals() {
  const sigset_t set = Awaited();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

int WaitForSignal() {
  const sigset_t set = Awaited();
  int number = 0;
  sigwait(&set, &number);
  return number;
}

}  // namespace service
