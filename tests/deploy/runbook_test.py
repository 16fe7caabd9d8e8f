"""deploy/runbook.md has a note for every event that the programs log."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = ("libs", "scep-gateway", "certifier-engine", "admin-service")
LOGGED = re.compile(r'\bLog(?:Info|Warning|Error)?\((?:[^"();]|\([^()]*\))*?"([a-z][a-z0-9_]*)"')


def logged_events():
    return {event for folder in CODE for path in (ROOT / folder).rglob("*.[ch]*")
            for event in LOGGED.findall(path.read_text())}


def noted_events():
    return set(re.findall(r"^\| `([a-z0-9_]+)` \|", (ROOT / "deploy/runbook.md").read_text(), re.MULTILINE))


class Runbook(unittest.TestCase):
    def test_every_event_has_a_note(self):
        self.assertEqual(set(), logged_events() - noted_events())

    def test_every_note_is_of_an_event_that_is_logged(self):
        self.assertEqual(set(), noted_events() - logged_events())


if __name__ == "__main__":
    unittest.main()
