"""What a network may throw at a running gateway has an answer, and leaves no row behind."""

import base64
import unittest
import urllib.parse

from devices import ScepTool, post
from instance import http_request, shared, wait_until


class Http(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        self.port = self.instance.gateway_ports()[0]

    def get(self, query, path="/scep/demo"):
        return http_request(self.port, "GET", f"{path}?{query}")

    def rows(self):
        return self.instance.sql("SELECT count(*) FROM requests")

    def test_capabilities_are_plain_text(self):
        status, headers, body = self.get("operation=GetCACaps")
        self.assertEqual(200, status)
        self.assertTrue(headers["Content-Type"].startswith("text/plain"))
        self.assertIn(b"POSTPKIOperation", body.split(b"\n"))

    def test_the_ca_is_named_by_path_or_by_message(self):
        by_path = self.get("operation=GetCACert")
        by_message = self.get("operation=GetCACert&message=demo", "/scep/")
        self.assertEqual(200, by_path[0])
        self.assertEqual(by_path[2], by_message[2])
        self.assertEqual("application/x-x509-ca-ra-cert", by_path[1]["Content-Type"])

    def test_an_unknown_name_means_the_default_ca(self):
        default = self.get("operation=GetCACert", "/scep/")
        for query, path in (("operation=GetCACert", "/scep/nobody"), ("operation=GetCACert&message=nobody", "/scep/")):
            self.assertEqual((200, default[2]), self.get(query, path)[::2])

    def test_an_enrolment_by_get_is_issued(self):
        with ScepTool(self.instance) as device:
            message = base64.b64encode(device.request(self.instance.key(self.instance.entity()))).decode()
            status, _, body = self.get("operation=PKIOperation&message=" + urllib.parse.quote(message, safe=""))
            self.assertEqual(200, status)
            self.assertEqual("success", device.read(body)["status"])
            self.instance.verify(device.certificate)

    def test_nonsense_is_answered_and_leaves_no_row(self):
        before = self.rows()
        with ScepTool(self.instance) as device:
            message = device.request()
        self.assertEqual(400, self.get("operation=PKIOperation&message=%%%")[0])
        self.assertEqual(400, post(self.port, b"no DER at all")[0])
        self.assertEqual(400, post(self.port, message[:len(message) // 2])[0])
        self.assertGreaterEqual(post(self.port, b"0" * (300 << 10))[0], 400)
        self.assertGreaterEqual(self.get("operation=Nonsense")[0], 400)
        self.assertEqual(before, self.rows())
        self.assertEqual(200, self.get("operation=GetCACaps")[0])

    def test_the_doctor_finds_nothing_to_say(self):
        challenge = self.instance.directory("doctor") / "challenge"
        challenge.write_text(self.instance.key(self.instance.entity()) + "\n")
        report = self.instance.ctl("doctor", f"http://127.0.0.1:{self.port}/scep/demo", "--challenge-file", challenge)
        self.assertEqual([], [check for check in report["checks"] if check["verdict"] in ("warn", "fail")])
        self.assertEqual({"next-ca", "renewal"},
                         {check["check"] for check in report["checks"] if check["verdict"] == "skipped"})

    def test_a_new_ca_is_served_without_a_restart(self):
        name = self.instance.name("ca")
        self.instance.ctl("ca", "create", name, "--key-algorithm", "ecdsa-p256")
        wait_until(lambda: self.get("operation=GetCACert", f"/scep/{name}")[0] == 200, "the new CA is served", 2)


if __name__ == "__main__":
    unittest.main()
