#include <grpc/support/log.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "ctl/program.h"
#include "service/grpc_library.h"

namespace {

// The width of the terminal on standard output; 0 if it is none.
std::size_t TerminalWidth() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace

int main(int argc, char** argv) {
  // Standard error is ours: gRPC's own lines would stand between a program and our JSON errors.
  gpr_set_log_function([](gpr_log_func_args*) {});
  const service::GrpcLibrary grpc_library;
  // A peer that closes early must not end the program.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    return static_cast<int>(ctl::RunProgram(arguments, std::cout, std::cerr, TerminalWidth()));
  } catch (const std::exception& error) {
    std::cerr << "certifierctl: internal error: " << error.what() << "\n";
    return static_cast<int>(ctl::ExitCode::kInternal);
  }
}
