#ifndef CERTIFIER_ADMIN_SERVICE_CTL_LOCAL_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_LOCAL_ARGUMENTS_H

#include <string>
#include <vector>

// What the commands were given that ask nobody.
namespace ctl {

// The five below are about this computer's file of contexts.
struct ContextList {};
struct ContextShow {
  std::string name;  // Empty: the current one.
};
// ContextSet takes what the global flags say; what they do not say stays.
struct ContextSet {
  std::string name;
};
struct ContextUse {
  std::string name;
};
struct ContextRemove {
  std::string name;
};

// Completion prints a shell's script.
struct Completion {
  std::string shell;  // "bash" or "zsh".
};
// Complete prints what the last of the words may become.
struct Complete {
  std::vector<std::string> words;
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_LOCAL_ARGUMENTS_H
