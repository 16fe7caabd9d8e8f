#include "ctl/unified_diff.h"

#include <catch2/catch.hpp>

namespace {

std::string Numbers(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += std::to_string(i) + "\n";
  return text;
}

std::string Diff(const std::string& before, const std::string& after, bool has_colours = false) {
  return ctl::UnifiedDiff({"a", before}, {"b", after}, has_colours);
}

}  // namespace

TEST_CASE("equal texts have no difference", "[ctl][diff]") {
  CHECK(Diff(Numbers(1, 9), Numbers(1, 9)).empty());
  CHECK(Diff("", "").empty());
}

TEST_CASE("a change is shown with three lines around it", "[ctl][diff]") {
  CHECK(Diff(Numbers(1, 9), Numbers(1, 4) + "five\n" + Numbers(6, 9)) ==
        "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes that are near are one hunk, and far ones are two", "[ctl][diff]") {
  const std::string before = Numbers(1, 30);
  CHECK(Diff(before, "0\n" + Numbers(1, 6) + Numbers(8, 30)) ==
        "--- a\n+++ b\n@@ -1,10 +1,10 @@\n+0\n 1\n 2\n 3\n 4\n 5\n 6\n-7\n 8\n 9\n 10\n");
  CHECK(Diff(before, "0\n" + Numbers(1, 7) + Numbers(9, 30)) ==
        "--- a\n+++ b\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -5,7 +6,6 @@\n 5\n 6\n 7\n-8\n 9\n 10\n 11\n");
}

TEST_CASE("what is only in one text is added or taken away", "[ctl][diff]") {
  CHECK(Diff("", "1\n2\n") == "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+1\n+2\n");
  CHECK(Diff("1\n", "") == "--- a\n+++ b\n@@ -1 +0,0 @@\n-1\n");
  CHECK(Diff("1\n2\n3\n", "3\n1\n2\n") == "--- a\n+++ b\n@@ -1,3 +1,3 @@\n+3\n 1\n 2\n-3\n");
}

TEST_CASE("a line that is there more often than before is one change", "[ctl][diff]") {
  CHECK(Diff("1\n", "1\n1\n") == "--- a\n+++ b\n@@ -1 +1,2 @@\n 1\n+1\n");
  CHECK(Diff("1\n1\n", "1\n") == "--- a\n+++ b\n@@ -1,2 +1 @@\n 1\n-1\n");
  CHECK(Diff("1\n2\n1\n", "1\n2\n1\n2\n1\n") == "--- a\n+++ b\n@@ -1,3 +1,5 @@\n 1\n 2\n 1\n+2\n+1\n");
}

TEST_CASE("a last line without its end is shown whole", "[ctl][diff]") {
  CHECK(Diff("1\nlast", "1\nother") == "--- a\n+++ b\n@@ -1,2 +1,2 @@\n 1\n-last\n+other\n");
}

TEST_CASE("what is longest in common stays", "[ctl][diff]") {
  CHECK(Diff("a\nb\nc\nd\n", "b\nx\nd\na\n") == "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n b\n-c\n+x\n d\n+a\n");
}

TEST_CASE("texts that are too long to compare are shown as replaced", "[ctl][diff]") {
  const std::string diff = Diff("x\n" + Numbers(1, 2500), "y\n" + Numbers(1, 2499) + "z\n");
  CHECK(diff.starts_with("--- a\n+++ b\n@@ -1,2501 +1,2501 @@\n-x\n-1\n"));
}

TEST_CASE("a terminal gets colours", "[ctl][diff]") {
  CHECK(Diff("1\n", "2\n", true) == "--- a\n+++ b\n\x1b[36m@@ -1 +1 @@\x1b[0m\n\x1b[31m-1\x1b[0m\n\x1b[32m+2\x1b[0m\n");
}
