"""micromdm's scepclient enrols with a challenge, and waits without one."""

import unittest

from devices import ScepClient
from instance import shared, wait_until


class ScepClientEnrols(unittest.TestCase):
    def setUp(self):
        self.instance = shared()

    def test_a_challenge_is_issued_at_once(self):
        client = ScepClient(self.instance)
        client.enrol(self.instance.key(self.instance.entity()))
        self.instance.verify(client.certificate)

    def test_a_wrong_challenge_gets_no_certificate(self):
        client = ScepClient(self.instance)
        self.assertNotEqual(0, client.enrol("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", check=False).returncode)
        self.assertFalse(client.certificate.exists())

    def test_a_request_without_challenge_is_issued_after_approval(self):
        client = ScepClient(self.instance)
        with client.start() as process:
            try:
                request = self.pending(client)
                fingerprint = request["fingerprints"]["request"]["sha256"]["lower"]
                self.instance.ctl("request", "approve", request["request_id"], "--fingerprint", fingerprint)
                self.assertEqual(0, process.wait(timeout=60), "scepclient asks again every 30 s")
            finally:
                process.kill()
        self.instance.verify(client.certificate)

    def pending(self, client):
        def find():
            listed = self.instance.ctl("request", "list", "--state", "pending")["requests"]
            return next((request for request in listed if f"CN={client.name}" in request["subject"]), None)
        return wait_until(find, f"a pending request of {client.name}")


if __name__ == "__main__":
    unittest.main()
