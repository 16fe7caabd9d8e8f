#!/usr/bin/env python3
"""Builds the images, brings compose up, enrols through the proxy, stops a gateway, enrols again. Usage: compose.py [-v]

Takes minutes: the images are built from nothing. COMPOSE_KEEP=1 leaves everything running.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE = ROOT / "deploy/compose/compose.yaml"
PROJECT = "certifier-test"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def apt_settings():
    """How this machine reaches Debian's packages, for the images' builds: its sources and its acquire settings."""
    sources = pathlib.Path("/etc/apt/sources.list.d/debian.sources")
    found = {"APT_CONF": "\n".join(line for line in output("apt-config", "dump").splitlines()
                                   if line.startswith(("Acquire::Check", "Acquire::http", "Acquire::https")))}
    if sources.exists():
        found["APT_SOURCES"] = one_line_sources(sources.read_text())
    return found


def one_line_sources(text):
    """The lines of a sources.list that say what a deb822 file says, of Debian's own archive."""
    lines = []
    for stanza in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line and line[0] not in "# ")
        for suite in fields.get("Suites", "").split():
            lines.append(f"deb {fields['URIs']} {suite} {fields['Components']}")
    return "\n".join(lines)


def output(*command, **options):
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **options)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, command[:6]))} ended with {done.returncode}:\n{done.stdout}"
                             f"{done.stderr}"[-6000:])
    return done.stdout


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.port = free_port()
        cls.environment = dict(os.environ, SCEP_PORT=str(cls.port), ADMIN_PORT=str(free_port()),
                               WEB_PORT=str(free_port()), BUILD_NETWORK="host", **apt_settings())
        cls.addClassCleanup(cls.tear_down)
        cls.timed("images built", "build", "-q")
        cls.timed("containers up", "up", "-d", "--no-build")
        token = cls.compose("exec", "-T", "engine-1", "certifier-engine", "initialization-token")
        cls.compose("run", "--rm", "-T", "ctl", "init", "--login", "admin", "--no-password", "--token-from", "-",
                    input=token)
        cls.ctl("ca", "create", "demo")
        cls.ctl("entity", "create", "device")
        cls.wait_until_served()

    @classmethod
    def timed(cls, what, *words):
        started = time.monotonic()
        cls.compose(*words)
        print(f"{what} in {time.monotonic() - started:.0f} s", flush=True)

    @classmethod
    def compose(cls, *words, **options):
        return output("docker-compose", "-p", PROJECT, "-f", FILE, *words, env=cls.environment, **options)

    @classmethod
    def ctl(cls, *words):
        return json.loads(cls.compose("run", "--rm", "-T", "ctl", "--json", *words))

    @classmethod
    def tear_down(cls):
        if not os.environ.get("COMPOSE_KEEP"):
            cls.compose("down", "-v", "--remove-orphans")

    @classmethod
    def wait_until_served(cls):
        deadline = time.monotonic() + 120
        while subprocess.run(["curl", "-fs", "-o", "/dev/null", f"{cls.url()}?operation=GetCACaps"]).returncode:
            if time.monotonic() > deadline:
                raise AssertionError("the proxy serves nothing:\n" + cls.compose("logs", "--tail", "20"))
            time.sleep(0.5)

    @classmethod
    def url(cls):
        return f"http://127.0.0.1:{cls.port}/scep/"

    def enrol(self, name):
        """A device enrols through the proxy with strongSwan; OpenSSL judges its certificate."""
        key = self.ctl("key", "create", "--entity", "device", "--ca", "demo", "--uses", "1")["key"]
        with tempfile.TemporaryDirectory() as folder:
            url = self.url() + "demo"
            output("pki", "--scepca", "--url", url, "--caout", "ca.crt", "--raout", "ra.crt", "--outform", "pem",
                   cwd=folder)
            output("openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-out", "device.key", cwd=folder)
            issued = output("pki", "--scep", "--url", url, "--in", "device.key", "--dn", f"CN={name}", "--password",
                            key, "--cacert-enc", "ra.crt", "--cacert-sig", "ra.crt", "--cacert", "ca.crt", "--outform",
                            "pem", cwd=folder)
            (pathlib.Path(folder) / "device.crt").write_text(issued)
            output("openssl", "verify", "-x509_strict", "-CAfile", "ca.crt", "device.crt", cwd=folder)

    def test_a_device_enrols_through_the_proxy_and_again_when_a_gateway_is_gone(self):
        self.enrol("before")
        self.compose("stop", "gateway-1")
        self.enrol("after")
        self.compose("start", "gateway-1")

    def test_a_device_enrols_when_an_engine_is_gone(self):
        self.compose("stop", "engine-1")
        self.enrol("one-engine")
        self.compose("start", "engine-1")

    def test_no_service_runs_as_root(self):
        for name in ("engine-1", "gateway-1", "admin", "proxy", "postgres"):
            self.assertNotEqual("0", self.compose("exec", "-T", name, "id", "-u").strip(), name)

    def test_sigterm_ends_a_gateway_with_0(self):
        self.compose("stop", "gateway-2")
        identity = self.compose("ps", "-q", "gateway-2").strip()
        self.assertEqual("0", output("docker", "inspect", "-f", "{{.State.ExitCode}}", identity).strip())
        self.compose("start", "gateway-2")


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2), argv=sys.argv[:1])
