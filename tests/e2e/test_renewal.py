"""Devices renew with the certificate that they have: strongSwan, scepclient, certmonger."""

import json
import unittest

from certmonger import Certmonger
from devices import ScepClient, StrongSwan
from instance import run, shared


def serial_of(certificate):
    return run("openssl", "x509", "-in", certificate, "-noout", "-serial").stdout.strip()


def renewable(instance, **rule):
    """A key for one certificate, which may be renewed at once."""
    name = instance.name("renewable")
    document = instance.ctl("policy", "get", "default")
    document = document.get("policy", document)
    document["name"] = name
    signer = next(module["require_signer"] for module in document["receive_request"]["modules"]
                  if "require_signer" in module)
    signer |= {"window_percent": 100} | rule
    file = instance.directory("policy") / "policy.json"
    file.write_text(json.dumps(document))
    instance.ctl("policy", "apply", "--file", file)
    return instance.key(instance.entity(), 1, "--policy", name)


class StrongSwanRenews(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        self.device = StrongSwan(self.instance)

    def renew(self, check=True):
        """The serial numbers before and after; the second is None where the device was refused."""
        old = self.device.directory / "old.crt"
        old.write_text(self.device.certificate.read_text())
        old_key = self.device.directory / "old.key"
        old_key.write_text((self.device.directory / "device.key").read_text())
        done = self.device.enrol(None, options=("--cert", old, "--key", old_key), check=check)
        if done.returncode != 0:
            return serial_of(old), None
        self.instance.verify(self.device.certificate)
        return serial_of(old), serial_of(self.device.certificate)

    def test_with_its_certificate_and_a_new_key(self):
        self.device.enrol(renewable(self.instance))
        old, new = self.renew()
        self.assertNotEqual(old, new)
        self.assertEqual(2, self.instance.certificate_count(f"CN={self.device.name}"))
        listed = self.instance.ctl("certificate", "list")["certificates"]
        entities = {certificate["entity"] for certificate in listed if self.device.name in certificate["subject"]}
        self.assertEqual(1, len(entities), "both belong to the entity of the key")

    def test_not_before_the_window(self):
        self.device.enrol(renewable(self.instance, window_percent=1))
        self.assertEqual(None, self.renew(check=False)[1])
        self.assertEqual(1, self.instance.certificate_count(f"CN={self.device.name}"))


class OthersRenew(unittest.TestCase):
    def setUp(self):
        self.instance = shared()

    def test_scepclient_with_the_key_that_it_keeps(self):
        client = ScepClient(self.instance)
        client.enrol(renewable(self.instance, key_may_stay=True))
        old = serial_of(client.certificate)
        # It sends the same PKCS#10 for as long as it finds it, and would get the same certificate again.
        (client.directory / "csr.pem").unlink()
        run(*client.words, cwd=client.directory)
        self.instance.verify(client.certificate)
        self.assertNotEqual(old, serial_of(client.certificate))

    def test_certmonger_when_it_is_told_to_resubmit(self):
        with Certmonger(self.instance) as certmonger:
            name = self.instance.name("monger")
            certificate = certmonger.request(name, renewable(self.instance, key_may_stay=True))
            certmonger.wait_for(name, "MONITORING")
            old = serial_of(certificate)
            certmonger.getcert("resubmit", "-i", name, "-w")
            certmonger.wait_for(name, "MONITORING")
            self.instance.verify(certificate)
            self.assertNotEqual(old, serial_of(certificate))


if __name__ == "__main__":
    unittest.main()
