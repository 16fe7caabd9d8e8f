"""No pre-shared key that any test minted stands in the database or in a log."""

import os
import unittest

from devices import StrongSwan
from instance import run, shared


def forms(secret):
    """The ways in which a value could stand somewhere: as shown, without its separators, and hexadecimal."""
    bare = secret.replace("-", "").replace(" ", "")
    for text in (secret, bare, bare.lower()):
        yield text.encode()
        yield text.encode().hex().encode()


class Secrets(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        key = self.instance.key(self.instance.entity())
        StrongSwan(self.instance).enrol(key)
        StrongSwan(self.instance).enrol(key, check=False)

    def assert_no_secret(self, content, where):
        for secret in self.instance.secrets:
            for form in forms(secret):
                self.assertNotIn(form, content, f"a pre-shared key stands in {where}")

    def test_a_dump_of_the_database_holds_no_challenge(self):
        password = (self.instance.state / "secrets/database-password").read_text().strip()
        port = (self.instance.state / "run/postgres.port").read_text().strip()
        dump = run("pg_dump", "--inserts", "-h", "127.0.0.1", "-p", port, "-U", "certifier", "certifier",
                   env=dict(os.environ, PGPASSWORD=password)).stdout
        self.assertIn("pre_shared_keys", dump)
        self.assert_no_secret(dump.encode(), "the dump")

    def test_the_logs_hold_no_challenge(self):
        logs = [*(self.instance.state / "log").iterdir(), (self.instance.state / "postgres").resolve() / "postgres.log"]
        self.assertTrue(any(log.stat().st_size for log in logs))
        for log in logs:
            self.assert_no_secret(log.read_bytes(), log.name)

    def test_metrics_hold_no_challenge(self):
        for service in self.instance.services().values():
            if service["health_port"]:
                metrics = run("curl", "-fsS", f"http://127.0.0.1:{service['health_port']}/metrics").stdout
                self.assert_no_secret(metrics.encode(), f"the metrics of {service['name']}")

    def test_files_with_secrets_are_for_their_owner_only(self):
        for name in ("secrets", "tls", "demo"):
            for file in (self.instance.state / name).iterdir():
                if file.suffix not in (".crt",):
                    self.assertEqual(0, file.stat().st_mode & 0o077, file)


if __name__ == "__main__":
    unittest.main()
