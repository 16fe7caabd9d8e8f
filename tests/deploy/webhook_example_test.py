"""The code that certifier-engine/webhook/README.md shows to who receives questions does what it says."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECRET = b"0123456789abcdef0123456789abcdef"
BODY = b'{"version":1}'
NOW = 1_800_000_000


def example():
    text = (ROOT / "certifier-engine/webhook/README.md").read_text()
    names = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], names)
    return names["is_genuine"]


def signature_of_the_engine():
    """What tests/integration/webhook/secrets_test.cc expects of the engine for the same secret, time and body."""
    text = (ROOT / "tests/integration/webhook/secrets_test.cc").read_text()
    return re.search(r't=1800000000,v1=[0-9a-f]{64}', text)[0]


class WebhookExample(unittest.TestCase):
    def test_a_question_of_the_engine_is_genuine(self):
        self.assertTrue(example()(SECRET, signature_of_the_engine(), BODY, now=NOW))

    def test_nothing_else_is(self):
        is_genuine, header = example(), signature_of_the_engine()
        self.assertFalse(is_genuine(SECRET, header, BODY + b" ", now=NOW))
        self.assertFalse(is_genuine(SECRET[1:], header, BODY, now=NOW))
        self.assertFalse(is_genuine(SECRET, header.replace("t=18", "t=19"), BODY, now=1_900_000_000))
        for wrong in ("", "t=1800000000", header.replace("v1", "v2"), "v1=" + header[-64:], header[:-1], "t=,v1=",
                      "t=\u0661,v1=\u0661"):
            self.assertFalse(is_genuine(SECRET, wrong, BODY, now=NOW), wrong)

    def test_an_old_question_is_refused(self):
        for now, is_fresh in ((NOW + 300, True), (NOW + 301, False), (NOW - 300, True), (NOW - 301, False)):
            self.assertEqual(is_fresh, example()(SECRET, signature_of_the_engine(), BODY, now=now))
        self.assertFalse(example()(SECRET, signature_of_the_engine(), BODY))


if __name__ == "__main__":
    unittest.main()
