"""A request without a challenge waits for an operator, whichever gateway it reached."""

import threading
import unittest

from devices import ScepTool, StrongSwan
from instance import shared


class Manual(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        self.ports = self.instance.gateway_ports()
        self.device = self.enterContext(ScepTool(self.instance))

    def ask(self):
        answer = self.device.send(self.ports[0], self.device.request())
        self.assertEqual("pending", answer["status"])
        return self.instance.pending_request(f"CN={self.device.name}")

    def poll(self, gateway=1):
        return self.device.send(self.ports[gateway], self.device.poll())

    def test_it_stays_pending_until_the_operator_decides(self):
        self.ask()
        self.assertEqual("pending", self.poll(0)["status"])
        self.assertEqual("pending", self.poll(1)["status"])

    def test_the_queue_tells_what_the_device_sent(self):
        request = self.ask()
        shown = self.instance.ctl("request", "show", request["request_id"])
        self.assertEqual("127.0.0.1", shown["source_address"])
        self.assertEqual("rsa-2048", shown["key_algorithm"])
        self.assertEqual(self.device.command("poll", "/dev/null")["transaction_id"], shown["transaction_id"])
        self.assertFalse(shown["has_challenge"])

    def test_the_queue_is_searched_by_words(self):
        request = self.ask()
        name = self.device.name
        listed = self.instance.ctl("request", "list", "--state", "pending", "--search", f"+{name} -somebody")
        self.assertEqual([request["request_id"]], [found["request_id"] for found in listed["requests"]])
        listed = self.instance.ctl("request", "list", "--search", f"nobody {name}")
        self.assertEqual([], listed["requests"])
        listed = self.instance.ctl("request", "list", "--search", f"nobody {name}", "--some")
        self.assertEqual(1, len(listed["requests"]))
        self.assertEqual([], self.instance.ctl("certificate", "list", "--search", name)["certificates"])
        self.instance.ctl("request", "approve", request["request_id"], "--fingerprint",
                          request["fingerprints"]["request"]["sha256"]["colon"])
        listed = self.instance.ctl("certificate", "list", "--search", name, "--status", "good")
        self.assertEqual([request["request_id"]], [found["request_id"] for found in listed["certificates"]])
        refused = self.instance.dev("ctl", "certificate", "list", "--search", "x*", check=False)
        self.assertEqual(2, refused.returncode)
        self.assertIn("at least two characters", refused.stderr)

    def test_every_notation_of_the_fingerprint_approves(self):
        for digest, notation in (("md5", "grouped"), ("sha1", "upper"), ("sha256", "colon")):
            with self.subTest(digest=digest), ScepTool(self.instance) as self.device:
                request = self.ask()
                fingerprint = request["fingerprints"]["unsigned_request"][digest][notation]
                self.instance.ctl("request", "approve", request["request_id"], "--fingerprint", fingerprint)
                self.assertEqual("success", self.poll()["status"])
                self.instance.verify(self.device.certificate)

    def test_polling_again_gets_the_same_certificate(self):
        request = self.ask()
        self.instance.ctl("request", "approve", request["request_id"], "--fingerprint",
                          request["fingerprints"]["request"]["md5"]["grouped"])
        serials = {self.poll(gateway)["serial_number"] for gateway in (0, 1, 0)}
        self.assertEqual(1, len(serials))
        self.assertEqual(1, self.instance.certificate_count(f"CN={self.device.name}"))

    def test_a_rejected_request_fails_at_the_next_poll(self):
        request = self.ask()
        self.instance.ctl("request", "reject", request["request_id"], "--reason", "unknown device")
        answer = self.poll()
        self.assertEqual("failure", answer["status"])
        self.assertEqual(0, self.instance.certificate_count(f"CN={self.device.name}"))

    def test_a_decided_request_cannot_be_decided_again(self):
        request = self.ask()
        number = request["request_id"]
        self.instance.ctl("request", "reject", number, "--reason", "unknown device")
        fingerprint = request["fingerprints"]["request"]["md5"]["grouped"]
        self.assertEqual(4, self.instance.ctl_code("request", "approve", number, "--fingerprint", fingerprint))

    def test_strongswan_polls_until_the_approval(self):
        device = StrongSwan(self.instance)
        thread = threading.Thread(target=device.enrol, args=(None,))
        thread.start()
        request = self.instance.pending_request(f"CN={device.name}")
        self.instance.ctl("request", "approve", request["request_id"], "--fingerprint",
                          request["fingerprints"]["request"]["sha256"]["lower"])
        thread.join(60)
        self.instance.verify(device.certificate)


if __name__ == "__main__":
    unittest.main()
