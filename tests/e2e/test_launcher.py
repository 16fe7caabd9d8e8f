"""deploy/dev itself: an instance that is up stays as it is, a taken port is named, a stop is clean."""

import json
import re
import signal
import socket
import subprocess
import unittest

from instance import Instance, run, wait_until


class Launcher(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.instance = Instance()
        cls.addClassCleanup(cls.instance.close)
        cls.summary = cls.instance.up().stdout

    def state_of_the_world(self):
        tables = self.instance.sql("SELECT (SELECT count(*) FROM cas), (SELECT count(*) FROM entities), "
                                   "(SELECT count(*) FROM pre_shared_keys), (SELECT count(*) FROM certificates)")
        return tables, {name: service["pid"] for name, service in self.instance.services().items()}

    def test_the_summary_has_what_a_device_needs(self):
        self.assertRegex(self.summary, r"SCEP URL +http://127\.0\.0\.1:\d+/scep/\n")
        self.assertRegex(self.summary, r"CA name +demo\n")
        for digest, octets in (("SHA-256", 32), ("SHA-1", 20), ("MD5", 16)):
            self.assertRegex(self.summary, rf"{digest} +([0-9A-F]{{2}}:){{{octets - 1}}}[0-9A-F]{{2}}\n")
        self.assertRegex(self.summary, r"Pre-shared key +\S+")

    def test_a_second_up_changes_nothing(self):
        before = self.state_of_the_world()
        summary = self.instance.up().stdout
        self.assertEqual(before, self.state_of_the_world())
        self.assertEqual(self.summary, summary)

    def test_the_printed_key_and_commands_enrol(self):
        directory = self.instance.directory("pasted")
        summary = self.instance.up().stdout
        commands = re.search(r"^strongSwan\n(.*?)\n\n", summary, re.MULTILINE | re.DOTALL)[1]
        run("bash", "-euc", commands, cwd=directory)
        self.instance.verify(directory / "device.crt")
        self.assertIn("used up", self.instance.up().stderr)

    def test_a_taken_port_is_named_before_anything_starts(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            other = Instance()
            self.addCleanup(other.close)
            port = taken.getsockname()[1]
            done = other.up("--scep-port", port, check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertIn(f"port {port} is taken", done.stderr)
        self.assertFalse((other.state / "postgres").exists())

    def test_sigterm_ends_every_service_with_0(self):
        for name in ("engine-1", "gateway-2", "admin"):
            with self.subTest(name):
                self.dev_command_ends_with_0(name)

    def dev_command_ends_with_0(self, name):
        """Runs the service's own command once more, on free ports, as a child whose exit code can be seen."""
        words = (self.instance.state / f"run/{name}.command").read_text().splitlines()
        words = [re.sub(r":@\w+$", ":0", word) for word in words]
        ports = self.instance.scratch / f"{name}.ports"
        with subprocess.Popen([*words, "--port-file", str(ports)], stderr=subprocess.PIPE, text=True) as process:
            try:
                wait_until(lambda: ports.exists() or process.poll() is not None, f"{name} listens")
                process.send_signal(signal.SIGTERM)
                self.assertEqual(0, process.wait(timeout=30))
            finally:
                process.kill()

    def test_every_log_line_is_json(self):
        for name in ("engine-1", "gateway-1", "admin"):
            for line in (self.instance.state / f"log/{name}.log").read_text().splitlines():
                self.assertIn("event", json.loads(line))

    def test_down_stops_its_own_processes_and_no_others(self):
        other = Instance("--gateways", 1)
        self.addCleanup(other.close)
        other.up()
        pids = [service["pid"] for service in other.services().values()]
        other.dev("down")
        for pid in pids:
            self.assertFalse(is_alive(pid))
        self.assertTrue(all(service["ready"] for service in self.instance.services().values()))


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    unittest.main()
