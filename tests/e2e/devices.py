"""Other people's SCEP clients as devices: strongSwan's pki, micromdm's scepclient; and scep_tool, our own."""

import json
import subprocess

from instance import BUILD, http_request, make_key, run


class StrongSwan:
    """`pki --scepca` and `pki --scep`, with the files of one device."""

    def __init__(self, instance, stem="strongswan", gateway=0, ca="demo"):
        self.name = instance.name(stem)
        self.directory = instance.directory(stem)
        self.url = instance.url(gateway, ca)
        self.certificate = self.directory / "device.crt"

    def fetch_ca(self):
        if (self.directory / "ca.crt").exists():  # pki overwrites nothing.
            return self.directory / "ca.crt", self.directory / "ra.crt"
        run("pki", "--scepca", "--url", self.url, "--caout", self.directory / "ca.crt", "--raout",
            self.directory / "ra.crt", "--outform", "pem")
        return self.directory / "ca.crt", self.directory / "ra.crt"

    def enrol(self, password, bits=2048, options=(), check=True, recipients=None):
        """Runs `pki --scep`; with a password that is good, `certificate` holds the result. `recipients` are the files
        of the CA, of who receives envelopes and of who signs replies; without them pki --scepca fetches them."""
        if not recipients:
            ca, ra = self.fetch_ca()
            recipients = ca, ra, ra
        ca, encryption, signing = recipients
        key = make_key(self.directory / "device.key", bits)
        words = ["pki", "--scep", "--url", self.url, "--in", key, "--dn", f"CN={self.name}", "--san",
                 f"{self.name}.example", "--cacert-enc", encryption, "--cacert-sig", signing, "--cacert", ca,
                 "--outform", "pem", "--interval", "1", "--maxpolltime", "60", *options]
        if password:
            words += ["--password", password]
        with self.certificate.open("w") as output:
            done = subprocess.run([str(word) for word in words], stdout=output, stderr=subprocess.PIPE, text=True,
                                  timeout=120)
        if check and done.returncode != 0:
            raise AssertionError(f"pki --scep ended with {done.returncode}:\n{done.stderr}")
        return done


class ScepClient:
    """micromdm's scepclient. It encrypts to every certificate of the bundle, and repeats its request until answered."""

    def __init__(self, instance, stem="scepclient", gateway=0, ca="demo"):
        self.name = instance.name(stem)
        self.directory = instance.directory(stem)
        self.certificate = self.directory / "client.crt"
        self.words = ["scepclient", "-server-url", instance.url(gateway, ca), "-private-key",
                      self.directory / "client.key", "-certificate", self.certificate, "-cn", self.name,
                      "-organization",
                      "e2e", "-ou", "e2e", "-country", "FI"]

    def enrol(self, challenge, check=True):
        return run(*self.words, "-challenge", challenge, cwd=self.directory, check=check)

    def start(self):
        """Asks without a challenge, in the background."""
        log = (self.directory / "log").open("w")
        return subprocess.Popen([str(word) for word in self.words], cwd=self.directory, stdout=log,
                                stderr=subprocess.STDOUT)


class ScepTool:
    """Our own client. Messages are files, so that a test can send one as often and wherever it likes."""

    def __init__(self, instance, stem="tool", subject=None):
        self.name = instance.name(stem)
        self.subject = subject or f"CN={self.name}"
        self.directory = instance.directory(stem)
        key = make_key(self.directory / "device.key")
        self.process = subprocess.Popen(
            [BUILD / "bin/scep_tool", instance.ra_file(), key, self.subject], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.replies = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()

    def command(self, *words):
        self.process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise AssertionError(f"scep_tool: {words[0]}: {answer['error']}")
        return answer

    def request(self, challenge=None, alternative_name=None):
        """A PKCSReq; a device's requests differ only by the name ("dns:a.example") that they ask for."""
        words = ["request", self.directory / "request.der"]
        if challenge:
            (self.directory / "challenge").write_text(challenge)
            words.append(self.directory / "challenge")
        if alternative_name:
            words += [alternative_name] if challenge else ["-", alternative_name]
        self.command(*words)
        return (self.directory / "request.der").read_bytes()

    def name_transaction(self, transaction_id):
        """What the next messages say as their transactionID: no spaces."""
        self.command("transaction", transaction_id)

    def poll(self):
        """A CertPoll."""
        self.command("poll", self.directory / "poll.der")
        return (self.directory / "poll.der").read_bytes()

    def read(self, reply):
        """What a reply to the last message says."""
        self.replies += 1
        (self.directory / "reply.der").write_bytes(reply)
        self.certificate = self.directory / f"certificate-{self.replies}.pem"
        return self.command("read", self.directory / "reply.der", self.certificate)

    def send(self, port, message):
        """Posts a message and returns what the reply says."""
        status, _, body = post(port, message)
        if status != 200:
            raise AssertionError(f"HTTP {status}: {body[:200]}")
        return self.read(body)


def post(port, message):
    return http_request(port, "POST", "/scep/demo?operation=PKIOperation", message)
