"""strongSwan's `pki` enrols with a pre-shared key."""

import unittest

from devices import StrongSwan
from instance import run, shared, subject_of


class StrongSwanEnrols(unittest.TestCase):
    def setUp(self):
        self.instance = shared()

    def enrol(self, bits=2048, *options):
        device = StrongSwan(self.instance)
        device.enrol(self.instance.key(self.instance.entity()), bits, options)
        self.instance.verify(device.certificate)
        self.assertEqual(f"subject=CN={device.name}", subject_of(device.certificate))
        self.assertEqual(1, self.instance.certificate_count(f"CN={device.name}"))
        return device

    def test_scepca_gets_the_ca_and_its_ra(self):
        ca, ra = StrongSwan(self.instance).fetch_ca()
        served = run("openssl", "x509", "-in", ca, "-noout", "-fingerprint", "-sha256").stdout.strip().split("=")[1]
        shown = self.instance.ctl("ca", "show", "demo")
        self.assertEqual(shown["fingerprints"]["sha256"]["colon"], served)
        self.instance.verify(ra)

    def test_rsa_2048_with_aes_and_sha256_is_issued(self):
        self.enrol(2048, "--cipher", "aes", "--digest", "sha256")

    def test_rsa_4096_with_aes_and_sha256_is_issued(self):
        self.enrol(4096, "--cipher", "aes", "--digest", "sha256")

    def test_rsa_2048_with_des3_and_sha256_is_issued(self):
        self.enrol(2048, "--cipher", "des3", "--digest", "sha256")

    def test_rsa_2048_with_aes_and_sha1_is_issued(self):
        self.enrol(2048, "--cipher", "aes", "--digest", "sha1")

    def test_rsa_4096_with_des3_and_sha1_is_issued(self):
        self.enrol(4096, "--cipher", "des3", "--digest", "sha1")

    def test_rsa_2048_with_sha512_is_issued(self):
        self.enrol(2048, "--digest", "sha512")

    def test_rsa_2048_with_pss_signatures_is_issued(self):
        self.enrol(2048, "--rsa-padding", "pss")

    def test_the_requested_alternative_name_is_in_the_certificate(self):
        device = self.enrol()
        text = run("openssl", "x509", "-in", device.certificate, "-noout", "-ext", "subjectAltName").stdout
        self.assertIn(f"DNS:{device.name}.example", text)

    def test_either_gateway_issues(self):
        for gateway in (0, 1):
            device = StrongSwan(self.instance, gateway=gateway)
            device.enrol(self.instance.key(self.instance.entity()))
            self.instance.verify(device.certificate)


class StrongSwanIsRefused(unittest.TestCase):
    def setUp(self):
        self.instance = shared()

    def refused(self, password):
        device = StrongSwan(self.instance)
        done = device.enrol(password, check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertEqual("", device.certificate.read_text())
        self.assertEqual(0, self.instance.certificate_count(f"CN={device.name}"))

    def test_a_wrong_password_gets_no_certificate(self):
        self.refused("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE")

    def test_a_key_gets_no_second_certificate(self):
        key = self.instance.key(self.instance.entity())
        StrongSwan(self.instance).enrol(key)
        self.refused(key)

    def test_a_key_that_is_good_for_two_gets_two(self):
        key = self.instance.key(self.instance.entity(), 2)
        StrongSwan(self.instance).enrol(key)
        StrongSwan(self.instance).enrol(key)
        self.refused(key)


if __name__ == "__main__":
    unittest.main()
