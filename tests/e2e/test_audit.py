"""The audit log tells what happened, and an export of it tells where somebody changed it."""

import json
import random
import subprocess
import unittest

from devices import ScepTool
from instance import BUILD, Instance, wait_until


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.instance = Instance()
        cls.addClassCleanup(cls.instance.close)
        cls.instance.up()
        cls.entity = cls.instance.entity()
        cls.instance.key(cls.entity)
        with ScepTool(cls.instance) as device:
            cls.subject = device.name
            device.send(cls.instance.gateway_ports()[0], device.request(cls.instance.secrets[-1]))
        cls.instance.ctl("entity", "disable", cls.entity)
        wait_until(lambda: all("log_index" in event and event["log_index"] is not None for event in cls.events()),
                   "every event is sealed")
        cls.log = cls.instance.scratch / "audit.log"
        cls.instance.ctl("audit", "export", "--out", cls.log)
        cls.key = cls.instance.ctl("audit", "key")["key"]
        cls.lines = cls.log.read_text().splitlines(keepends=True)

    @classmethod
    def events(cls, *filters):
        return cls.instance.ctl("audit", "list", "--limit", 1000, *filters)["events"]

    def verify(self, lines, *options):
        """(exit code, verdict) of an export of these lines; nothing but the program and the key is at hand."""
        path = self.instance.scratch / "tampered.log"
        path.write_text("".join(lines))
        command = [BUILD / "bin/certifierctl", "audit", "verify", path, "--key", self.key, "--json", *options]
        done = subprocess.run(command, env={}, text=True, capture_output=True, timeout=60)
        return done.returncode, json.loads(done.stdout or done.stderr)

    def event_lines(self):
        return [number for number, line in enumerate(self.lines) if line.startswith("event ")]

    def a_middle_event(self):
        """(line, place) of an event that is not the last one."""
        numbers = self.event_lines()
        place = random.randrange(1, len(numbers) - 2)
        return numbers[place], place

    def assert_found(self, finding, place, lines, *options):
        code, verdict = self.verify(lines, *options)
        self.assertEqual((1, finding, place), (code, verdict["finding"], verdict["index"]), verdict)

    def test_who_did_what_when_and_from_where(self):
        disabled, issued, minted, created = self.events("--about", self.entity)
        self.assertEqual(["entity_changed", "certificate_issued", "key_created", "entity_created"],
                         [event["kind"] for event in (disabled, issued, minted, created)])
        operator = created["actor"]
        self.assertTrue(operator)
        for event in (disabled, minted, created):
            self.assertEqual((operator, "127.0.0.1"), (event["actor"], event["source"]))
        self.assertEqual(("", "127.0.0.1", "demo"), (issued["actor"], issued["source"], issued["ca"]))
        self.assertIn(self.subject, issued["event"])
        shown = self.instance.ctl("audit", "show", issued["event_id"])
        self.assertLessEqual(shown["inclusion"]["first_index"], issued["log_index"])
        self.assertLess(issued["log_index"], shown["inclusion"]["end_index"])
        self.assertEqual([], self.events("--kind", "certificate_revoked"))
        self.assertEqual({"engine"}, {event["actor"] for event in self.events("--actor", "engine")})

    def test_an_export_that_fails_leaves_no_file_in_the_way_of_the_next(self):
        path = self.instance.scratch / "half.log"
        shown = [self.instance.ctl("audit", "show", event["event_id"]) for event in self.events()]
        within = next(found["event"]["log_index"] for found in shown
                      if found["event"]["log_index"] > found["inclusion"]["first_index"])
        refused = self.instance.dev("ctl", "audit", "export", "--out", path, "--from", within, check=False)
        self.assertEqual(2, refused.returncode)
        self.assertIn("no batch begins", refused.stderr)
        self.assertFalse(path.exists())
        self.instance.ctl("audit", "export", "--out", path)
        kept = path.read_text()
        self.assertEqual(4, self.instance.dev("ctl", "audit", "export", "--out", path, check=False).returncode)
        self.assertEqual(kept, path.read_text())

    def test_an_export_verifies_without_server_and_database(self):
        code, verdict = self.verify(self.lines)
        self.assertEqual((0, "ok"), (code, verdict["finding"]))
        self.assertEqual(len(self.event_lines()), verdict["index"])

    def test_a_changed_event_is_named(self):
        line, place = self.a_middle_event()
        changed = self.lines[line].replace('"actor": "', '"actor": "mallory', 1)
        self.assertNotEqual(changed, self.lines[line])
        self.assert_found("changed", place, self.lines[:line] + [changed] + self.lines[line + 1:])

    def test_a_removed_event_is_named(self):
        line, place = self.a_middle_event()
        self.assert_found("missing", place, self.lines[:line] + self.lines[line + 1:])

    def test_events_that_changed_places_are_named(self):
        line, place = self.a_middle_event()
        self.assert_found("reordered", place,
                          self.lines[:line] + [self.lines[line + 1], self.lines[line]] + self.lines[line + 2:])

    def test_an_inserted_event_is_named(self):
        line, place = self.a_middle_event()
        self.assert_found("inserted", place,
                          self.lines[:line] + [f'event {place} {{"kind": "none"}}\n'] + self.lines[line:])

    def test_a_log_that_breaks_off_is_truncated(self):
        line, place = self.a_middle_event()
        self.assert_found("truncated", place, self.lines[:line])
        self.assert_found("truncated", len(self.event_lines()), self.lines[:-1])

    def test_a_seal_of_another_key_is_none(self):
        seal = next(number for number, line in enumerate(self.lines) if line.startswith("seal "))
        hashes = self.lines[seal].split(" ")
        hashes[-1] = ("B" if hashes[-1][0] == "A" else "A") + hashes[-1][1:]
        self.assert_found("bad_checkpoint", 0, self.lines[:seal] + [" ".join(hashes)] + self.lines[seal + 1:])

    def test_a_row_that_was_changed_in_the_database_is_named(self):
        event = self.events("--kind", "certificate_issued")[0]
        change = ("BEGIN; ALTER TABLE audit_events DISABLE TRIGGER USER; UPDATE audit_events SET event = "
                  "replace(event, '{}', '{}') WHERE audit_event_id = {}; "
                  "ALTER TABLE audit_events ENABLE TRIGGER USER; COMMIT")
        self.instance.sql(change.format(self.subject, "somebody-else", event["event_id"]))
        self.addCleanup(self.instance.sql, change.format("somebody-else", self.subject, event["event_id"]))
        log = self.instance.scratch / "changed.log"
        self.instance.ctl("audit", "export", "--out", log)
        self.assert_found("changed", event["log_index"], log.read_text().splitlines(keepends=True))

    def test_a_log_without_what_a_remembered_checkpoint_covers_is_truncated(self):
        remembered = self.instance.scratch / "checkpoint.txt"
        remembered.write_text(self.instance.ctl("audit", "key")["checkpoint"])
        empty = [self.lines[0], "end 0\n"]
        self.assertEqual(0, self.verify(empty)[0])
        self.assert_found("truncated", 0, empty, "--remembered", remembered)

    def test_what_is_no_export_is_refused(self):
        self.assertEqual(2, self.verify(["hello\n"])[0])


if __name__ == "__main__":
    unittest.main()
