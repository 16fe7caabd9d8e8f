"""The settings of the SCEP service change at running gateways, and no device notices but for what was meant."""

import socket
import threading
import unittest

from devices import ScepTool, StrongSwan
from instance import Instance, http_request, wait_until


def free_port():
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ScepService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # One gateway: two on one host cannot have one port.
        cls.instance = Instance("--gateways", 1)
        cls.addClassCleanup(cls.instance.close)
        cls.instance.up()

    def setUp(self):
        self.port = self.instance.gateway_ports()[0]
        self.addCleanup(self.instance.ctl, "scep", "set", "--listen", f"127.0.0.1:{self.port}", "--enable", "--allow",
                        "all", "--domain-name", "")

    def status(self, port, operation="GetCACert"):
        return http_request(port, "GET", f"/scep/demo?operation={operation}")[0]

    def is_refused(self, port):
        with socket.socket() as probe:
            probe.settimeout(5)
            return probe.connect_ex(("127.0.0.1", port)) != 0

    def test_devices_enrol_on_the_new_port_and_a_request_that_had_begun_is_answered(self):
        new_port = free_port()
        with ScepTool(self.instance, "slow") as device:
            message = device.request(self.instance.key(self.instance.entity()))
            head = (f"POST /scep/demo?operation=PKIOperation HTTP/1.1\r\nHost: a\r\n"
                    f"Content-Type: application/x-pki-message\r\nContent-Length: {len(message)}\r\n\r\n").encode()
            with socket.create_connection(("127.0.0.1", self.port), timeout=30) as slow:
                slow.sendall(head + message[:100])
                shown = self.instance.ctl("scep", "set", "--listen", f"127.0.0.1:{new_port}")
                self.assertEqual([f"127.0.0.1:{new_port}"], [gateway["listen"] for gateway in shown["gateways"]])
                self.assertEqual(200, self.status(new_port))
                wait_until(lambda: self.is_refused(self.port), "the old port is closed", 10)
                slow.sendall(message[100:])
                answer = b""
                while piece := slow.recv(65536):
                    answer += piece
            self.assertIn(b"200 OK", answer.split(b"\r\n")[0])
            self.assertEqual("success", device.read(answer.split(b"\r\n\r\n", 1)[1])["status"])
        self.assertEqual([new_port], self.instance.gateway_ports())
        client = StrongSwan(self.instance)
        client.enrol(self.instance.key(self.instance.entity()))
        self.instance.verify(client.certificate)

    def test_no_request_fails_while_the_port_goes_to_and_fro(self):
        outcomes, is_over = [], threading.Event()

        def ask():
            while not is_over.is_set():
                try:
                    outcomes.append(self.status(self.port))
                except (ConnectionRefusedError, socket.timeout):
                    pass  # Not in, nothing begun.
                except OSError as error:
                    outcomes.append(repr(error))

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            wait_until(lambda: len(outcomes) > 20, "requests are under way")
            for listen in (free_port(), self.port, free_port(), self.port):
                self.instance.ctl("scep", "set", "--listen", f"127.0.0.1:{listen}")
        finally:
            is_over.set()
            asking.join()
        self.assertEqual({200}, set(outcomes))

    def test_a_taken_port_is_reported_and_the_old_one_stays(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            taken = f"127.0.0.1:{other.getsockname()[1]}"
            done = self.instance.dev("ctl", "scep", "set", "--listen", taken, check=False)
        self.assertEqual(4, done.returncode)
        self.assertIn("the port is taken", done.stderr)
        self.assertEqual(200, self.status(self.port))

    def test_a_disabled_service_tells_devices_to_come_back_and_still_serves_crls(self):
        self.instance.ctl("scep", "set", "--disable")
        status, headers, _ = http_request(self.port, "GET", "/scep/demo?operation=GetCACaps")
        self.assertEqual((503, "300"), (status, headers["Retry-After"]))
        self.assertEqual(200, http_request(self.port, "GET", "/crl/demo.crl")[0])
        self.instance.ctl("scep", "set", "--enable")
        self.assertEqual(200, self.status(self.port))

    def test_where_enrolment_is_refused_devices_are(self):
        self.instance.ctl("scep", "set", "--refuse", "enrollment", "--refuse", "GetNextCACert")
        with ScepTool(self.instance, "refused") as device:
            answer = device.send(self.port, device.request(self.instance.key(self.instance.entity())))
        self.assertEqual("failure", answer["status"])
        self.assertEqual(400, self.status(self.port, "GetNextCACert"))

    def test_the_domain_name_is_in_the_url_that_operators_pass_on(self):
        self.instance.ctl("scep", "set", "--domain-name", "pki.example")
        shown = self.instance.dev("ctl", "ca", "show", "demo").stdout
        self.assertIn(f"http://pki.example:{self.port}/scep/demo", shown)


if __name__ == "__main__":
    unittest.main()
