"""certmonger's daemon on a private bus, with all of its files in one directory, and getcert to talk to it."""

import os
import re
import signal
import subprocess

from instance import run, wait_until

DIRECTORIES = {"CERTMONGER_CONFIG_DIR": "config", "CERTMONGER_REQUESTS_DIR": "requests",
               "CERTMONGER_CAS_DIR": "cas", "CERTMONGER_TMPDIR": "tmp", "CERTMONGER_LOCAL_CA_DIR": "local"}
CA = "certifier"


class Certmonger:
    def __init__(self, instance, stem="certmonger"):
        self.directory = instance.directory(stem)
        self.environment = dict(os.environ, HOME=str(self.directory))
        for variable, name in DIRECTORIES.items():
            (self.directory / name).mkdir()
            self.environment[variable] = str(self.directory / name)
        self.environment["CERTMONGER_SYSTEM_LOCK_FILE"] = str(self.directory / "lock")
        self.url = instance.url()

    def __enter__(self):
        with (self.directory / "daemon.log").open("w") as log:
            self.process = subprocess.Popen(
                ["dbus-run-session", "--", "sh", "-c",
                 'echo "$$ $DBUS_SESSION_BUS_ADDRESS"; exec certmonger -s -n -d 3'],
                env=self.environment, text=True, stdout=subprocess.PIPE, stderr=log)
        pid, self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.process.stdout.readline().split()
        self.pid = int(pid)
        wait_until(lambda: self.getcert("list-cas", check=False).returncode == 0, "certmonger answers")
        self.getcert("add-scep-ca", "-c", CA, "-u", self.url)
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGTERM)  # The private bus ends with the daemon.
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def getcert(self, command, *arguments, check=True):
        return run("getcert", command, "-s", *arguments, env=self.environment, check=check)

    def request(self, name, key=None):
        """Asks for a certificate for CN=name; returns the path that it will have."""
        certificate = self.directory / f"{name}.crt"
        words = ["-c", CA, "-I", name, "-k", self.directory / f"{name}.key", "-f", certificate, "-N", f"CN={name}"]
        if key:
            words += ["-L", key]
        self.getcert("request", *words)
        return certificate

    def listed(self, name):
        """What `getcert list` says of a request."""
        return self.getcert("list", "-i", name).stdout

    def status(self, name):
        match = re.search(r"^\s*status: (\S+)", self.listed(name), re.MULTILINE)
        return match[1] if match else ""

    def wait_for(self, name, *statuses, refresh=False):
        """Waits for one of the statuses; with refresh, the daemon is asked to look again each time."""
        def reached():
            status = self.status(name)
            if status in statuses:
                return status
            if refresh:
                self.getcert("refresh", "-i", name, check=False)
            return None
        try:
            return wait_until(reached, f"{name} is {' or '.join(statuses)}", 60)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.listed(name)}") from None

    def thumbprint(self, name, digest="MD5"):
        """The signing request's thumbprint that an operator reads from the device."""
        def find():
            match = re.search(rf"signing request thumbprint \({digest}\): ([0-9A-F ]+)", self.listed(name))
            return match and match[1].strip()
        return wait_until(find, f"certmonger shows the {digest} thumbprint of {name}")
