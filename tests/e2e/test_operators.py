"""Operators come in by certificate and by password, and may do what their grants say, on whole services."""

import json
import unittest

from instance import BUILD, run, shared


class Operators(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        self.home = self.instance.directory("operator")
        self.server = f"127.0.0.1:{self.instance.services()['admin']['port']}"

    def ctl(self, *arguments, code=0):
        """certifierctl of somebody without a certificate, with a home of his own."""
        done = run(BUILD / "bin/certifierctl", "--contexts-file", self.home / "contexts.json", "--server", self.server,
                   "--tls-ca", self.instance.state / "tls/internal-ca.crt", "--json", *arguments, check=False)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout else None

    def password(self, value):
        file = self.home / self.instance.name("password")
        file.write_text(value + "\n")
        return file

    def test_the_first_operator_is_made_once(self):
        who = self.instance.ctl("whoami")["operator"]
        self.assertEqual(("admin", [{"level": "super_user", "ca": ""}]), (who["login"], who["grants"]))
        again = self.instance.dev("ctl", "init", "--login", "eve", "--token-from", "-", "--no-password", input="2CVHR",
                                  check=False)
        self.assertEqual(4, again.returncode, again.stdout + again.stderr)

    def test_a_password_opens_what_the_grants_say_until_it_does_not(self):
        login = self.instance.name("carol")
        first, second = self.password("plum-tractor-9-sky"), self.password("violet-anvil-22-rain")
        self.instance.ctl("operator", "create", login, "--password-from", first, "--grant", "read:demo")
        self.ctl("whoami", code=5)
        self.ctl("login", login, "--password-from", second, code=5)
        self.assertEqual(login, self.ctl("login", login, "--password-from", first)["login"])
        self.assertEqual(["demo"], [ca["name"] for ca in self.ctl("ca", "list")["cas"]])
        entity = self.instance.entity()
        self.ctl("key", "create", "--entity", entity, "--ca", "demo", code=5)
        self.instance.ctl("operator", "set", login, "--grant", "write:demo")
        made = self.ctl("key", "create", "--entity", entity, "--ca", "demo")
        self.instance.secrets.append(made["key"])
        self.assertEqual(login, self.ctl("key", "show", made["reference_number"])["created_by"])
        self.ctl("operator", "list", code=5)
        self.ctl("password", "--current-from", first, "--new-from", second)
        self.instance.ctl("operator", "set", login, "--disable")
        self.ctl("whoami", code=5)
        self.instance.ctl("operator", "set", login, "--enable")
        # The session has ended for good.
        self.ctl("whoami", code=5)
        self.ctl("login", login, "--password-from", second)
        self.ctl("whoami")
        self.ctl("logout")
        self.ctl("whoami", code=5)

    def test_no_secret_of_an_operator_is_in_a_log_or_in_the_database(self):
        login = self.instance.name("dave")
        password = self.password("amber-lantern-77-fog")
        self.instance.ctl("operator", "create", login, "--password-from", password, "--grant", "read")
        self.ctl("login", login, "--password-from", password)
        token = json.loads((self.home / "sessions.json").read_text())[self.server]["token"]
        written = "".join(path.read_text(errors="replace") for path in (self.instance.state / "log").glob("*.log"))
        rows = self.instance.sql("SELECT array_agg(o) FROM operators o; SELECT array_agg(s) FROM operator_sessions s")
        self.assertIn(login, rows)
        for secret in ("amber-lantern-77-fog", token):
            self.assertNotIn(secret, written)
            self.assertNotIn(secret, rows)

    def test_the_last_super_user_stays(self):
        for change in ("--disable", "--remove-grant=super-user"):
            refused = self.instance.dev("ctl", "operator", "set", "admin", change, check=False)
            self.assertEqual(4, refused.returncode, refused.stdout + refused.stderr)
            self.assertIn("nobody would be left", refused.stderr)


if __name__ == "__main__":
    unittest.main()
