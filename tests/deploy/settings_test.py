"""The example settings of deploy/config are what the programs take."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CERTIFIER_BUILD_DIR", ROOT / "build/release"))
PROGRAMS = {"engine": ["certifier-engine", "serve"], "gateway": ["scep-gateway"], "admin": ["admin-service"]}


class Settings(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def check(self, name, text):
        """Runs the program's own check, with empty files where the example names files of /etc/certifier."""
        for path in re.findall(r'"/etc/certifier/([^"]+)"', text):
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(0o600)
        settings = self.folder / f"{name}.toml"
        settings.write_text(text.replace("/etc/certifier", str(self.folder)))
        program, *words = PROGRAMS[name]
        return subprocess.run([BUILD / "bin" / program, *words, "--config", settings, "--check-config"], timeout=20,
                              capture_output=True, text=True, env={"PATH": os.environ["PATH"]})

    def example(self, name):
        return (ROOT / f"deploy/config/{name}.toml").read_text()

    def test_every_example_is_taken(self):
        for name in PROGRAMS:
            with self.subTest(name):
                done = self.check(name, self.example(name))
                self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_a_key_that_is_no_flag_is_refused(self):
        for name in PROGRAMS:
            with self.subTest(name):
                self.assertNotEqual(0, self.check(name, self.example(name) + '\nno-such-flag = "1"\n').returncode)

    def test_every_program_has_its_example(self):
        self.assertEqual(set(PROGRAMS), {path.stem for path in (ROOT / "deploy/config").glob("*.toml")})


if __name__ == "__main__":
    unittest.main()
