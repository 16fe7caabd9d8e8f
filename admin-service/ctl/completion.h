#ifndef CERTIFIER_ADMIN_SERVICE_CTL_COMPLETION_H
#define CERTIFIER_ADMIN_SERVICE_CTL_COMPLETION_H

#include <string>
#include <vector>

#include "result/result.h"

namespace ctl {

// CompletionScript is what `shell` ("bash" or "zsh") reads to complete certifierctl's words; it asks certifierctl.
// Malformed for another shell.
result::Result<std::string> CompletionScript(const std::string& shell);

// Candidates are what the last of the words after the program's name may become: nouns, verbs, flags, and what a flag
// may be set to; sorted. None where a file or a name of the operator's own is due.
std::vector<std::string> Candidates(const std::vector<std::string>& words);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_COMPLETION_H
