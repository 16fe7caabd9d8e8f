#include "service/scheduling.h"

#include <sched.h>

namespace service {

void UseBatchScheduling() {
  const sched_param no_priority{};
  static_cast<void>(sched_setscheduler(0, SCHED_BATCH, &no_priority));
}

}  // namespace service
