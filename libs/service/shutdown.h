#ifndef CERTIFIER_SERVICE_SHUTDOWN_H
#define CERTIFIER_SERVICE_SHUTDOWN_H

namespace service {

// BlockSignals must be the first call in main, before any thread: SIGTERM and SIGINT wait for WaitForSignal, SIGPIPE is
// ignored.
void BlockSignals();
// WaitForSignal returns when SIGTERM or SIGINT arrives, with its number.
int WaitForSignal();

}  // namespace service

#endif  // CERTIFIER_SERVICE_SHUTDOWN_H
