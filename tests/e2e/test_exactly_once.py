"""One request gives one certificate, however often and wherever it arrives."""

import concurrent.futures
import unittest

from devices import ScepTool, post
from instance import shared

COPIES = 50


class ExactlyOnce(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        self.ports = self.instance.gateway_ports()
        self.device = self.enterContext(ScepTool(self.instance))

    def send_all(self, message):
        """Sends the message COPIES times at once, by turns through each gateway."""
        with concurrent.futures.ThreadPoolExecutor(COPIES) as pool:
            return list(pool.map(lambda number: post(self.ports[number % len(self.ports)], message), range(COPIES)))

    def test_fifty_copies_at_once_get_one_certificate(self):
        replies = self.send_all(self.device.request(self.instance.key(self.instance.entity(), 1)))
        self.assertEqual({200}, {status for status, _, _ in replies})
        answers = [self.device.read(body) for _, _, body in replies]
        self.assertEqual({"success"}, {answer["status"] for answer in answers})
        self.assertEqual(1, len({answer["serial_number"] for answer in answers}))
        self.assertEqual(1, self.instance.certificate_count(f"CN={self.device.name}"))

    def test_fifty_copies_without_a_key_make_one_entry_in_the_queue(self):
        replies = self.send_all(self.device.request())
        self.assertEqual({"pending"}, {self.device.read(body)["status"] for _, _, body in replies})
        count = self.instance.sql(f"SELECT count(*) FROM requests WHERE subject = 'CN={self.device.name}'")
        self.assertEqual("1", count)

    def test_a_key_for_three_gets_three_of_ten_racing_devices(self):
        key = self.instance.key(self.instance.entity(), 3)
        devices = [self.enterContext(ScepTool(self.instance)) for _ in range(10)]
        messages = [device.request(key) for device in devices]
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            replies = list(pool.map(lambda turn: post(self.ports[turn[0] % 2], turn[1]), enumerate(messages)))
        answers = [device.read(body)["status"] for device, (_, _, body) in zip(devices, replies)]
        self.assertEqual(3, answers.count("success"))
        self.assertEqual(7, answers.count("failure"))


if __name__ == "__main__":
    unittest.main()
