"""A device waits until two operators, one of them of group audit, have approved what it will get."""

import json
import subprocess
import unittest

from devices import ScepTool
from instance import BUILD, CommandFailed, run, shared


class Approvals(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        self.device = self.enterContext(ScepTool(self.instance))
        self.policy = self.instance.name("two-operators")
        document = self.instance.ctl("policy", "get", "default")
        document["name"] = self.policy
        document["receive_request"]["modules"] = [{"require_approval": {"approvals": 2, "groups": ["audit"]}}]
        document["update_request"] = {"modules": [{"match_subject": {"common_name_patterns": ["edited-*"]}},
                                                  {"accept_all": {}}]}
        file = self.instance.directory("policy") / "policy.json"
        file.write_text(json.dumps(document))
        self.instance.ctl("policy", "apply", "--file", file)
        key = self.instance.key(self.instance.entity(), 1, "--policy", self.policy)
        self.assertEqual("pending", self.send(self.device.request(key))["status"])
        self.request = self.instance.pending_request(f"CN={self.device.name}")

    def send(self, message):
        return self.device.send(self.instance.gateway_ports()[0], message)

    def operator(self, name, *groups):
        """certifierctl of an operator of his own."""
        tls = self.instance.state / "tls"
        if not (tls / f"{name}.crt").exists():
            run(BUILD / "bin/certifier-engine", "service-certificate", "--directory", tls, "--role", "operator",
                "--name", name)
            words = [word for group in groups for word in ("--group", group)]
            self.instance.ctl("operator", "create", name, "--certificate", tls / f"{name}.crt", "--grant", "write:demo",
                              *words)
        port = self.instance.services()["admin"]["port"]

        def ctl(*arguments):
            done = run(BUILD / "bin/certifierctl", "--server", f"127.0.0.1:{port}", "--tls-ca", tls / "internal-ca.crt",
                       "--tls-certificate", tls / f"{name}.crt", "--tls-key", tls / f"{name}.key", "--json", *arguments)
            return json.loads(done.stdout)
        return ctl

    def approve(self, ctl, *options):
        fingerprint = self.request["fingerprints"]["unsigned_request"]["md5"]["grouped"]
        return ctl("request", "approve", self.request["request_id"], "--fingerprint", fingerprint, *options)

    def test_the_second_operator_issues(self):
        self.assertEqual("1 of 2 operators have approved", self.approve(self.instance.ctl)["approval"]["missing"])
        self.assertEqual("pending", self.send(self.device.poll())["status"])
        self.assertEqual("nobody of group audit has approved",
                         self.approve(self.operator("carol", "network"))["approval"]["missing"])
        issued = self.approve(self.operator("bob", "audit"))
        self.assertEqual(("issued", "bob"), (issued["state"], issued["decided_by"]))
        self.assertEqual("success", self.send(self.device.poll())["status"])
        self.instance.verify(self.device.certificate)

    def test_an_edit_voids_what_was_approved_and_is_what_is_issued(self):
        number = self.request["request_id"]
        self.approve(self.operator("bob", "audit"))
        self.assertEqual(5, self.instance.ctl_code("request", "update", number, "--subject", "CN=other"))
        subject = f"CN=edited-{self.device.name}"
        edited = self.instance.ctl("request", "update", number, "--subject", subject)
        self.assertEqual("0 of 2 operators have approved", edited["approval"]["missing"])
        self.assertEqual(("admin", 2), (edited["template"]["edited_by"], edited["template"]["template_version"]))
        with self.assertRaisesRegex(CommandFailed, "version 2 by now"):
            self.approve(self.operator("bob", "audit"))
        seen = ("--template-version", "2")
        self.approve(self.instance.ctl, *seen)
        self.assertEqual("issued", self.approve(self.operator("bob", "audit"), *seen)["state"])
        self.assertEqual("success", self.send(self.device.poll())["status"])
        shown = subprocess.run(["openssl", "x509", "-in", self.device.certificate, "-noout", "-subject"],
                               text=True, capture_output=True, check=True).stdout
        self.assertIn(f"edited-{self.device.name}", shown)


if __name__ == "__main__":
    unittest.main()
