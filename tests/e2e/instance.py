"""An instance of Certifier for tests: started with deploy/dev in a state directory and on ports of its own."""

import atexit
import functools
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CERTIFIER_BUILD_DIR", ROOT / "build/release"))


class CommandFailed(AssertionError):
    """A program that should have succeeded did not; its output is the message."""


def run(*command, check=True, **options):
    """Runs a program and returns it with its output as text."""
    options.setdefault("timeout", 120)
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **options)
    if check and done.returncode != 0:
        raise CommandFailed(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def wait_until(condition, what, seconds=30):
    """Returns the first true value of condition(); fails with `what` when the time is up."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


class Instance:
    """One instance; `secrets` remembers every pre-shared key that was minted, for the test that looks for them."""

    def __init__(self, *options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certifier-e2e-"))
        self.folder.chmod(0o711)  # PostgreSQL runs as another user than root.
        self.state = self.folder / "state"
        self.scratch = self.folder / "scratch"
        self.scratch.mkdir()
        self.options = ["--scep-port", 0, "--listen", "127.0.0.1", "--host", "127.0.0.1", *options]
        self.secrets = []
        self.count = 0

    def dev(self, command, *arguments, **options):
        return run(ROOT / "deploy/dev", command, "--state", self.state, *arguments, timeout=600, **options)

    def up(self, *options, **run_options):
        return self.dev("up", *self.options, *options, **run_options)

    def close(self):
        self.dev("down", check=False)
        if os.environ.get("CERTIFIER_KEEP"):
            print(f"kept {self.folder}", flush=True)
            return
        home = (self.state / "postgres").resolve()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)

    def services(self):
        listed = json.loads(self.dev("status", "--json").stdout)["services"]
        return {service["name"]: service for service in listed}

    def gateway_ports(self):
        return [service["port"] for service in self.services().values() if service["kind"] == "gateway"]

    def url(self, gateway=0, ca="demo"):
        return f"http://127.0.0.1:{self.gateway_ports()[gateway]}/scep/{ca}"

    def ctl(self, *arguments):
        return json.loads(self.dev("ctl", "--json", *arguments).stdout)

    def ctl_code(self, *arguments):
        return self.dev("ctl", "--json", *arguments, check=False).returncode

    def sql(self, statement):
        return self.dev("psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", statement).stdout.strip()

    def name(self, stem):
        """A name that no other test uses."""
        self.count += 1
        return f"{stem}-{self.count}"

    def directory(self, stem):
        directory = self.scratch / self.name(stem)
        directory.mkdir()
        return directory

    def entity(self, stem="device"):
        name = self.name(stem)
        self.ctl("entity", "create", name)
        return name

    def key(self, entity, uses=1, *options, ca="demo"):
        """A pre-shared key's value."""
        made = self.ctl("key", "create", "--entity", entity, "--ca", ca, "--uses", uses, *options)
        self.secrets.append(made["key"])
        return made["key"]

    def pending_request(self, subject, seconds=30):
        """The pending request for a subject, as soon as there is one."""
        def find():
            listed = self.ctl("request", "list", "--state", "pending")["requests"]
            return next((request for request in listed if request["subject"] == subject), None)
        return wait_until(find, f"a pending request for {subject}", seconds)

    def certificate_count(self, subject):
        """How many certificates were issued for requests with this subject."""
        listed = self.sql("SELECT count(*) FROM certificates JOIN requests USING (request_id) "
                          f"WHERE subject = '{subject}'")
        return int(listed)

    def verify(self, certificate):
        """OpenSSL's judgement of an issued certificate, strictly."""
        return run("openssl", "verify", "-x509_strict", "-CAfile", self.ca_file(), certificate)

    def ca_file(self):
        return self.state / "demo/ca.crt"

    def ra_file(self):
        return self.state / "demo/ra.crt"


@functools.cache
def shared():
    """The instance that tests use which stop nothing: two gateways, two engines."""
    instance = Instance("--engines", 2)
    atexit.register(instance.close)
    instance.up()
    return instance


def http_request(port, method, path, body=None, headers=None):
    """(status, headers, body) of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        if body:
            headers = {"Content-Type": "application/x-pki-message", **(headers or {})}
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def make_key(path, bits=2048):
    run("openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}", "-out", path)
    return path


def subject_of(certificate):
    return run("openssl", "x509", "-in", certificate, "-noout", "-subject", "-nameopt", "RFC2253").stdout.strip()
