"""The scripts of deploy/ are sound, small and name no machine."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
ENTRIES = [DEPLOY / "dev", ROOT / ".ci/run", *(DEPLOY / "compose" / name for name in
           ("install-packages", "is-ready", "make-secrets", "run-postgres"))]
PIECES = sorted((DEPLOY / "dev.d").glob("*.sh"))
LONGEST_FUNCTION = 40


def functions(path):
    """(name, number of lines) of each function of a shell file."""
    name, start = None, 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := re.match(r"(\w+)\(\) \{$", line):
            name, start = match[1], number
        elif line == "}" and name:
            yield name, number - start - 1
            name = None


class Scripts(unittest.TestCase):
    maxDiff = None

    def test_shellcheck_finds_nothing(self):
        done = subprocess.run(["shellcheck", "-x", *ENTRIES], capture_output=True, text=True, cwd=DEPLOY)
        self.assertEqual("", done.stdout + done.stderr)

    def test_every_piece_of_the_launcher_is_used(self):
        launcher = (DEPLOY / "dev").read_text()
        self.assertEqual([], [piece.name for piece in PIECES if f"/{piece.name}" not in launcher])

    def test_shell_functions_are_short(self):
        long = [f"{path.name}: {name}: {lines} lines" for path in [*ENTRIES, *PIECES] for name, lines in functions(path)
                if lines > LONGEST_FUNCTION]
        self.assertEqual([], long)

    def test_packages_are_listed_once_in_a_known_group(self):
        lines = [line.split() for line in (DEPLOY / "packages.txt").read_text().splitlines()
                 if not line.startswith("#")]
        names = [words[1] for words in lines]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual({"build", "run", "test", "fuzz", "compose"}, {words[0] for words in lines})


if __name__ == "__main__":
    unittest.main()
