#ifndef CERTIFIER_ADMIN_SERVICE_CTL_INTERRUPTION_H
#define CERTIFIER_ADMIN_SERVICE_CTL_INTERRUPTION_H

#include <chrono>

namespace ctl {

// Interruption takes Ctrl-C (SIGINT) for a command that goes on until then. One at a time in a process.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // Wait returns false at once when it was interrupted, now or before, and true when the time is over.
  bool Wait(std::chrono::milliseconds time) const;

  // While a Call lives nothing is written, and an interruption ends the process at once, with the code of an
  // interrupted command: the answer to a call may be long in coming.
  class Call {
   public:
    Call();
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
  };
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_INTERRUPTION_H
