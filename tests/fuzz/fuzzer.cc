// One libFuzzer program for all targets: FUZZ_TARGET in the environment names the one that it drives.

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "targets.h"

namespace {

const fuzz::Target& Chosen() {
  const char* name = std::getenv("FUZZ_TARGET");
  for (const fuzz::Target& target : fuzz::Targets()) {
    if (name != nullptr && target.name == name) return target;
  }
  std::fputs("certifier_fuzz: FUZZ_TARGET must name a target:\n", stderr);
  for (const fuzz::Target& target : fuzz::Targets()) std::fprintf(stderr, "  %s\n", std::string(target.name).c_str());
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Target& target = Chosen();
  target.run(pki::ByteView(reinterpret_cast<const char*>(data), size));
  return 0;
}
