"""Keys in bulk: a run that is killed in the middle is continued, and every device has one key that is good."""

import csv
import signal
import subprocess
import unittest

from devices import ScepTool
from instance import BUILD, run, shared, wait_until

# Several calls' worth, so that there is a middle.
DEVICES = 5000


class KeyMint(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        self.directory = self.instance.directory("mint")
        self.sheet = self.directory / "sheet.csv"
        self.part = self.directory / "sheet.csv.part"
        self.stem = self.instance.name("bulk")
        self.devices = [f"{self.stem}-{number}" for number in range(DEVICES)]
        self.list = self.directory / "devices.csv"
        self.list.write_text("entity,uses\n" + "".join(f"{device},1\n" for device in self.devices))

    def command(self):
        tls = self.instance.state / "tls"
        port = self.instance.services()["admin"]["port"]
        return [BUILD / "bin/certifierctl", "--server", f"127.0.0.1:{port}", "--tls-ca", tls / "internal-ca.crt",
                "--tls-certificate", tls / "admin.crt", "--tls-key", tls / "admin.key", "key", "mint",
                "--from", self.list, "--out", self.sheet, "--ca", "demo", "--create-entities"]

    def rows(self, file):
        with file.open(newline="") as lines:
            return list(csv.DictReader(lines))

    def kill_in_the_middle(self):
        running = subprocess.Popen([str(word) for word in self.command()], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: self.part.exists() and self.part.read_bytes().count(b"\n") > 500, "a call is answered")
            running.send_signal(signal.SIGKILL)
        finally:
            self.assertEqual(-signal.SIGKILL, running.wait(timeout=60), "the run was over before it was killed")

    def count(self, table):
        return int(self.instance.sql(f"SELECT count(*) FROM {table} WHERE e.name LIKE '{self.stem}-%'"))

    def test_a_run_killed_in_the_middle_is_continued_and_makes_no_key_twice(self):
        self.kill_in_the_middle()
        self.assertFalse(self.sheet.exists())
        before = self.part.read_bytes()
        before = before[:before.rfind(b"\n") + 1]
        run(*self.command())
        self.assertTrue(self.sheet.read_bytes().startswith(before))
        rows = self.rows(self.sheet)
        self.instance.secrets += [row["key"] for row in rows[:20]]
        self.assertEqual(self.devices, [row["entity"] for row in rows])
        self.assertEqual(DEVICES, len({row["key"] for row in rows}))
        self.assertEqual(DEVICES, self.count("entities e"))
        self.assertEqual(DEVICES, self.count("pre_shared_keys JOIN entities e USING (entity_id)"))
        self.assertEqual([], [file.name for file in self.directory.iterdir() if file not in (self.list, self.sheet)])
        self.assertEqual(0o600, self.sheet.stat().st_mode & 0o777)
        # One of the first run and one of the second.
        for row in (rows[0], rows[-1]):
            with ScepTool(self.instance) as device:
                answer = device.send(self.instance.gateway_ports()[0], device.request(row["key"]))
                self.assertEqual("success", answer["status"])


if __name__ == "__main__":
    unittest.main()
