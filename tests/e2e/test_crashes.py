"""A part that dies or goes away loses nothing, and the rest says so."""

import concurrent.futures
import itertools
import threading
import time
import unittest

from devices import ScepTool, post
from instance import Instance, http_request, wait_until

CLIENTS = 8


class Crashes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.instance = Instance()
        cls.addClassCleanup(cls.instance.close)
        cls.instance.up()
        cls.ports = cls.instance.gateway_ports()

    def setUp(self):
        self.device = self.enterContext(ScepTool(self.instance))

    def kill_engine(self):
        self.instance.dev("stop", "engine-1", "KILL")

    def start_engine(self):
        self.instance.dev("start", "engine-1")
        wait_until(lambda: all(service["ready"] for service in self.instance.services().values()), "all are ready")

    def send(self, message, gateway=0):
        """Sends it as a patient client does: again, as long as the answer is 503."""
        deadline = time.monotonic() + 30
        while True:
            status, headers, body = post(self.ports[gateway], message)
            if status == 200:
                return self.device.read(body)
            self.assertEqual(503, status)
            self.assertIsNotNone(headers["Retry-After"])
            self.assertLess(time.monotonic(), deadline, "503 for 30 s")
            time.sleep(0.1)

    def pending(self):
        self.assertEqual("pending", self.send(self.device.request())["status"])
        return self.instance.pending_request(f"CN={self.device.name}")

    def approve(self, request):
        self.instance.ctl("request", "approve", request["request_id"], "--fingerprint",
                          request["fingerprints"]["request"]["md5"]["grouped"])

    def test_an_engine_killed_between_pending_and_approval_loses_nothing(self):
        request = self.pending()
        self.kill_engine()
        self.start_engine()
        self.approve(request)
        self.assertEqual("success", self.send(self.device.poll(), 1)["status"])
        self.instance.verify(self.device.certificate)

    def test_an_engine_killed_between_approval_and_poll_loses_nothing(self):
        self.approve(self.pending())
        self.kill_engine()
        self.start_engine()
        self.assertEqual("success", self.send(self.device.poll(), 1)["status"])
        self.instance.verify(self.device.certificate)
        self.assertEqual(1, self.instance.certificate_count(f"CN={self.device.name}"))

    def test_without_an_engine_the_ca_is_served_and_enrolment_is_503(self):
        message = self.device.request(self.instance.key(self.instance.entity()))
        self.kill_engine()
        try:
            for port in self.ports:
                self.assertEqual(200, http_request(port, "GET", "/scep/demo?operation=GetCACert")[0])
                self.assertEqual(200, http_request(port, "GET", "/scep/demo?operation=GetCACaps")[0])
                status, headers, _ = post(port, message)
                self.assertEqual(503, status)
                self.assertGreater(int(headers["Retry-After"]), 0)
        finally:
            self.start_engine()
        self.assertEqual("success", self.send(message)["status"])

    def test_a_database_restarted_under_load_costs_no_certificate(self):
        key = self.instance.key(self.instance.entity(), 100000)
        load = Load(self.instance, self.ports, key)
        with load:
            wait_until(lambda: len(load.serials) >= CLIENTS, "the load runs")
            self.instance.dev("stop", "postgres")
            wait_until(lambda: load.unavailable >= CLIENTS, "clients see 503")
            self.instance.dev("start", "postgres")
            count = len(load.serials)
            wait_until(lambda: len(load.serials) >= count + CLIENTS, "clients succeed again")
        self.assertEqual([], load.surprises)
        self.assertEqual(len(load.serials), len(set(load.serials)))
        listed = self.instance.sql("SELECT encode(serial_number, 'hex') FROM certificates").split()
        self.assertEqual([], [serial for serial in load.serials if listed.count(serial) != 1])


class Load:
    """Devices that enrol without end, each trying a message again until it is answered."""

    def __init__(self, instance, ports, key):
        self.instance, self.ports, self.key = instance, ports, key
        self.serials, self.surprises, self.unavailable = [], [], 0
        self.stopping = threading.Event()
        self.lock = threading.Lock()

    def __enter__(self):
        self.pool = concurrent.futures.ThreadPoolExecutor(CLIENTS)
        self.runs = [self.pool.submit(self.enrol_on, number) for number in range(CLIENTS)]
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for running in self.runs:
            running.result()
        self.pool.shutdown()

    def enrol_on(self, number):
        with self.lock:
            device = ScepTool(self.instance, "load")
        with device:
            for count in itertools.count():
                if self.stopping.is_set():
                    return
                message = device.request(self.key, f"dns:{device.name}-{count}.example")
                self.enrol(device, message, self.ports[number % len(self.ports)])

    def enrol(self, device, message, port):
        """Repeats one message until it is answered, even while stopping: an outcome in doubt is asked for again."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            status, _, body = post(port, message)
            if status == 503:
                with self.lock:
                    self.unavailable += 1
                time.sleep(0.05)
                continue
            answer = device.read(body) if status == 200 else {"status": status}
            with self.lock:
                if answer["status"] == "success":
                    self.serials.append(answer["serial_number"])
                else:
                    self.surprises.append(answer)
            return
        with self.lock:
            self.surprises.append("no answer")


if __name__ == "__main__":
    unittest.main()
