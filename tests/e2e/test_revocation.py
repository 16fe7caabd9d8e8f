"""What an operator takes back is refused by everybody who reads the CRL that gateways serve, and by nobody else."""

import unittest

from devices import ScepTool
from instance import http_request, run, shared, wait_until


class Revocation(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        self.ports = self.instance.gateway_ports()
        self.directory = self.instance.directory("revocation")

    def enrol(self, stem):
        """The file of a new certificate, and its serial number."""
        with ScepTool(self.instance, stem) as device:
            answer = device.send(self.ports[0], device.request(self.instance.key(self.instance.entity())))
            self.assertEqual("success", answer["status"])
            return device.certificate, answer["serial_number"]

    def fetch(self, path, port=None, headers=None):
        return http_request(port or self.ports[0], "GET", path, headers=headers)

    def crl_number(self, port):
        status, _, body = self.fetch("/crl/demo.crl", port)
        if status != 200:
            return 0
        (self.directory / "demo.crl").write_bytes(body)
        shown = run("openssl", "crl", "-inform", "DER", "-in", self.directory / "demo.crl", "-noout", "-crlnumber")
        return int(shown.stdout.strip().removeprefix("crlNumber=").removeprefix("0x"), 16)

    def change(self, *words):
        """Runs a command that changes a certificate, and waits until every gateway serves a CRL made after it."""
        before = max(self.crl_number(port) for port in self.ports)
        changed = self.instance.ctl("certificate", *words)
        for port in self.ports:
            wait_until(lambda: self.crl_number(port) > before, "the next CRL on every gateway", 10)
        return changed

    def verify(self, certificate):
        """What `openssl verify` says with the CRL that a gateway serves; empty: accepted."""
        status, _, body = self.fetch("/crl/demo.crl", self.ports[-1])
        self.assertEqual(200, status)
        der, pem = self.directory / "served.crl", self.directory / "served.pem"
        der.write_bytes(body)
        run("openssl", "crl", "-inform", "DER", "-in", der, "-out", pem)
        done = run("openssl", "verify", "-crl_check", "-x509_strict", "-CAfile", self.instance.ca_file(),
                   "-CRLfile", pem, certificate, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def test_a_revoked_certificate_is_refused_and_another_accepted(self):
        bad, serial_number = self.enrol("bad")
        good, _ = self.enrol("good")
        self.assertEqual("", self.verify(bad))
        revoked = self.change("revoke", serial_number, "--reason", "key-compromise", "--invalidity-date", "1h",
                              "--comment", "stolen")
        self.assertEqual("revoked", revoked["status"])
        self.assertEqual("key_compromise", revoked["revocation"]["reason"])
        self.assertIn("certificate revoked", self.verify(bad))
        self.assertEqual("", self.verify(good))
        text = run("openssl", "crl", "-in", self.directory / "served.pem", "-noout", "-text").stdout
        self.assertIn("Key Compromise", text)
        self.assertIn("Invalidity Date", text)
        self.assertIn("X509v3 Authority Key Identifier", text)
        shown = self.instance.ctl("certificate", "show", serial_number)
        self.assertEqual("stolen", shown["revocation"]["comment"])
        self.assertEqual(4, self.instance.ctl_code("certificate", "reactivate", serial_number))

    def test_a_suspended_certificate_is_refused_until_it_is_reactivated(self):
        certificate, serial_number = self.enrol("held")
        self.change("suspend", serial_number)
        self.assertIn("certificate revoked", self.verify(certificate))
        listed = self.instance.ctl("certificate", "list", "--ca", "demo")["certificates"]
        self.assertEqual("suspended", next(c["status"] for c in listed if c["serial_number"] == serial_number))
        self.change("reactivate", serial_number)
        self.assertEqual("", self.verify(certificate))

    def test_the_crl_comes_with_what_caches_need(self):
        status, headers, body = self.fetch("/crl/demo.crl")
        self.assertEqual((200, "application/pkix-crl"), (status, headers["Content-Type"]))
        self.assertRegex(headers["Cache-Control"], r"^max-age=\d+$")
        self.assertIn("GMT", headers["Last-Modified"])
        known = self.fetch("/crl/demo.crl", headers={"If-None-Match": headers["ETag"]})
        self.assertEqual((304, b""), known[::2])
        shown = self.instance.ctl("crl", "show", "demo")
        self.assertEqual(len(body), shown["size"])

    def test_the_ca_certificate_is_served(self):
        status, headers, body = self.fetch("/ca/demo.crt")
        self.assertEqual((200, "application/pkix-cert"), (status, headers["Content-Type"]))
        (self.directory / "ca.der").write_bytes(body)
        pem = run("openssl", "x509", "-inform", "DER", "-in", self.directory / "ca.der").stdout
        self.assertEqual(run("openssl", "x509", "-in", self.instance.ca_file()).stdout, pem)

    def test_unknown_names_are_404(self):
        self.assertEqual(404, self.fetch("/crl/nobody.crl")[0])
        self.assertEqual(404, self.fetch("/ca/nobody.crt")[0])

    def test_a_new_ca_has_a_crl_at_once(self):
        name = self.instance.name("ca")
        self.instance.ctl("ca", "create", name, "--key-algorithm", "ecdsa-p256")
        wait_until(lambda: self.fetch(f"/crl/{name}.crl")[0] == 200, "the new CA's CRL is served", 5)


if __name__ == "__main__":
    unittest.main()
