#ifndef CERTIFIER_ADMIN_SERVICE_CTL_UNIFIED_DIFF_H
#define CERTIFIER_ADMIN_SERVICE_CTL_UNIFIED_DIFF_H

#include <string>

namespace ctl {

// Side is one of two texts that are compared, and what it is called.
struct Side {
  std::string name;
  std::string text;  // Lines that end with a newline.
};

// UnifiedDiff is how `after` differs from `before`, as diff -u writes it, with three lines around each change; empty
// where it does not. With colours: for a terminal.
std::string UnifiedDiff(const Side& before, const Side& after, bool has_colours);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_UNIFIED_DIFF_H
