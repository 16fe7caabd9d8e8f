#ifndef CERTIFIER_SERVICE_SCHEDULING_H
#define CERTIFIER_SERVICE_SCHEDULING_H

namespace service {

// UseBatchScheduling puts the calling thread, and those that it starts from now on, under SCHED_BATCH (sched(7)): a
// thread that wakes up takes an idle processor at once, but does not interrupt another that is in the middle of an RSA
// operation. Under load the threads of gRPC and of the database then find ten events where they found one. No
// privilege is needed; where the kernel refuses, nothing changes.
void UseBatchScheduling();

}  // namespace service

#endif  // CERTIFIER_SERVICE_SCHEDULING_H
