#include "ctl/terminal_text.h"

#include <catch2/catch.hpp>

using ctl::Shorten;
using ctl::TerminalText;

TEST_CASE("plain text and letters of other scripts pass as they are", "[ctl][terminal]") {
  CHECK(TerminalText("CN=router 7,O=Müller\\, 株式会社") == "CN=router 7,O=Müller\\, 株式会社");
}

TEST_CASE("control characters are written out", "[ctl][terminal]") {
  CHECK(TerminalText("a\x1b]0;title\x07") == "a\\x1b]0;title\\x07");
  CHECK(TerminalText(std::string("\0\t\r\n\x7f", 5)) == "\\x00\\x09\\x0d\\x0a\\x7f");
}

TEST_CASE("C1 controls and characters that hide or turn text are written out", "[ctl][terminal]") {
  CHECK(TerminalText("a\u009b31m") == "a\\u{9b}31m");
  CHECK(TerminalText("CN=\u202egnp.exe") == "CN=\\u{202e}gnp.exe");
  CHECK(TerminalText("ad\u200bmin\ufeff\u2066") == "ad\\u{200b}min\\u{feff}\\u{2066}");
}

TEST_CASE("octets that are not UTF-8 are written out one by one", "[ctl][terminal]") {
  CHECK(TerminalText("\x9b"
                     "31m") == "\\x9b31m");
  CHECK(TerminalText("\xc0\xaf") == "\\xc0\\xaf");
  CHECK(TerminalText("\xed\xa0\x80") == "\\xed\\xa0\\x80");
  CHECK(TerminalText("\xe2\x82") == "\\xe2\\x82");
  CHECK(TerminalText("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
}

TEST_CASE("long text ends in an ellipsis within its width", "[ctl][terminal]") {
  CHECK(Shorten("abcdef", 6) == "abcdef");
  CHECK(Shorten("abcdefg", 6) == "abcde…");
  CHECK(Shorten("äöüäöüä", 4) == "äöü…");
  CHECK(Shorten("abc", 1) == "…");
  CHECK(ctl::DisplayWidth(Shorten("株式会社株式会社", 5)) == 5);
}

TEST_CASE("text is wrapped at its spaces, and longer words where the line ends", "[ctl][terminal]") {
  using Lines = std::vector<std::string>;
  CHECK(ctl::Wrap("", 5) == Lines{""});
  CHECK(ctl::Wrap("ab cd", 5) == Lines{"ab cd"});
  CHECK(ctl::Wrap("ab cd ef", 5) == Lines{"ab cd", "ef"});
  CHECK(ctl::Wrap("abcdefgh ij", 5) == Lines{"abcde", "fgh", "ij"});
  CHECK(ctl::Wrap("äöü äöü", 4) == Lines{"äöü", "äöü"});
  CHECK(ctl::Wrap("abc", 1) == Lines{"a", "b", "c"});
  CHECK(ctl::Wrap(" ab", 1) == Lines{" ", "a", "b"});
}
