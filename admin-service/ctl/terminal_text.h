#ifndef CERTIFIER_ADMIN_SERVICE_CTL_TERMINAL_TEXT_H
#define CERTIFIER_ADMIN_SERVICE_CTL_TERMINAL_TEXT_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ctl {

// TerminalText is `text` with everything that could steer a terminal or hide what stands there written out: control
// characters and octets that are not UTF-8 as \xNN; C1 controls, line separators, bidirectional and zero-width
// characters as \u{NNNN}. What devices send (subjects, transaction IDs) is printed only through this. A backslash stays
// as it is: names have their own escapes.
std::string TerminalText(std::string_view text);

// DisplayWidth counts the characters of UTF-8 `text`; wide East Asian characters count as one.
std::size_t DisplayWidth(std::string_view text);

// Shorten cuts UTF-8 `text` to at most `width` characters (at least 1), the last of them "…" if something was cut.
std::string Shorten(std::string_view text, std::size_t width);

// Wrap breaks UTF-8 `text` at its spaces into lines of at most `width` characters (at least 1), and longer words where
// the line ends. There is always one line.
std::vector<std::string> Wrap(std::string_view text, std::size_t width);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_TERMINAL_TEXT_H
