"""certmonger enrols through its own daemon: with a key at once, without one after the ceremony of the fingerprint."""

import unittest

from certmonger import Certmonger
from instance import shared


class CertmongerEnrols(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.instance = shared()
        cls.certmonger = cls.enterClassContext(Certmonger(cls.instance))

    def start_without_key(self):
        name = self.instance.name("monger")
        certificate = self.certmonger.request(name)
        request = self.instance.pending_request(f"CN={name}")
        return name, certificate, self.instance.ctl("request", "show", request["request_id"])

    def test_a_key_is_issued_at_once(self):
        name = self.instance.name("monger")
        certificate = self.certmonger.request(name, self.instance.key(self.instance.entity()))
        self.certmonger.wait_for(name, "MONITORING")
        self.instance.verify(certificate)

    def test_a_wrong_key_is_refused(self):
        name = self.instance.name("monger")
        certificate = self.certmonger.request(name, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE")
        self.certmonger.wait_for(name, "CA_REJECTED")
        self.assertFalse(certificate.exists())

    def test_the_thumbprint_on_the_device_is_the_fingerprint_that_the_operator_sees(self):
        name, _, request = self.start_without_key()
        shown = request["fingerprints"]["request"]
        self.assertEqual(self.certmonger.thumbprint(name, "MD5"), shown["md5"]["grouped"])
        self.assertEqual(self.certmonger.thumbprint(name, "SHA1"), shown["sha1"]["grouped"])

    def test_the_typed_thumbprint_approves_and_the_daemon_gets_its_certificate(self):
        name, certificate, request = self.start_without_key()
        self.certmonger.wait_for(name, "CA_WORKING")
        typed = self.certmonger.thumbprint(name)
        self.instance.ctl("request", "approve", request["request_id"], "--fingerprint", typed)
        self.certmonger.wait_for(name, "MONITORING", refresh=True)
        self.instance.verify(certificate)

    def test_a_thumbprint_that_does_not_match_approves_nothing(self):
        name, certificate, request = self.start_without_key()
        wrong = "00000000 " + self.certmonger.thumbprint(name).split(" ", 1)[1]
        code = self.instance.ctl_code("request", "approve", request["request_id"], "--fingerprint", wrong)
        self.assertEqual(5, code)
        self.assertEqual("pending", self.instance.ctl("request", "show", request["request_id"])["state"])
        self.assertEqual(0, self.instance.certificate_count(f"CN={name}"))
        self.assertFalse(certificate.exists())

    def test_a_rejected_request_ends_at_the_daemon(self):
        name, certificate, request = self.start_without_key()
        self.instance.ctl("request", "reject", request["request_id"], "--reason", "unknown device")
        self.certmonger.wait_for(name, "CA_REJECTED", refresh=True)
        self.assertFalse(certificate.exists())
        self.assertEqual("rejected", self.instance.ctl("request", "show", request["request_id"])["state"])


if __name__ == "__main__":
    unittest.main()
