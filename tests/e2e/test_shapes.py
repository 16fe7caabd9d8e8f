"""CAs of every shape, and one that is rolled over, as other people's clients and OpenSSL see them."""

import unittest

from devices import ScepClient, StrongSwan
from instance import http_request, run, shared, wait_until


class Shapes(unittest.TestCase):
    def setUp(self):
        self.instance = shared()
        self.directory = self.instance.directory("shapes")

    def make_ca(self, *options):
        name = self.instance.name("shape")
        self.instance.ctl("ca", "create", name, *options)
        self.instance.ctl("ca", "set", name, "legacy-des=on")
        wait_until(lambda: all(self.get(name, "GetCACaps", gateway)[0] == 200 and
                               self.get(name, "GetCACert", gateway)[2] != self.get("demo", "GetCACert", gateway)[2]
                               for gateway in (0, 1)), f"{name} is served")
        return name

    def get(self, ca, operation, gateway=0):
        port = self.instance.gateway_ports()[gateway]
        return http_request(port, "GET", f"/scep/{ca}?operation={operation}")

    def bundle(self, ca):
        """The files of GetCACert's certificates, in order."""
        return self.certificates_in(self.get(ca, "GetCACert")[2], self.instance.name("bundle"))

    def certificates_in(self, octets, stem):
        whole = self.directory / f"{stem}.p7"
        whole.write_bytes(octets)
        text = run("openssl", "pkcs7", "-inform", "der", "-in", whole, "-print_certs").stdout
        end = "-----END CERTIFICATE-----\n"
        files = []
        for number, certificate in enumerate(text.split(end)[:-1]):
            files.append(self.directory / f"{stem}-{number}.crt")
            files[-1].write_text(certificate[certificate.index("-----BEGIN"):] + end)
        return files

    def key(self, ca):
        return self.instance.key(self.instance.entity(), ca=ca)

    def issued_by(self, root, certificate, *between):
        words = ["openssl", "verify", "-x509_strict", "-CAfile", root]
        for file in between:
            words += ["-untrusted", file]
        run(*words, certificate)

    def test_a_ca_without_an_ra_enrols_strongswan_and_scepclient(self):
        ca = self.make_ca("--key-algorithm", "rsa-2048", "--ra", "none")
        status, headers, body = self.get(ca, "GetCACert")
        self.assertEqual((200, "application/x-x509-ca-cert"), (status, headers["Content-Type"]))
        der, certificate = self.directory / "ca.der", self.directory / "ca.crt"
        der.write_bytes(body)
        run("openssl", "x509", "-inform", "der", "-in", der, "-out", certificate)
        device = StrongSwan(self.instance, ca=ca)
        device.enrol(self.key(ca), recipients=(certificate, certificate, certificate))
        self.issued_by(certificate, device.certificate)
        client = ScepClient(self.instance, ca=ca)
        client.enrol(self.key(ca))
        self.issued_by(certificate, client.certificate)

    def test_a_split_ra_receives_by_one_certificate_and_signs_by_the_other(self):
        ca = self.make_ca("--key-algorithm", "rsa-2048", "--ra", "split")
        signing, encryption, issuer = self.bundle(ca)
        device = StrongSwan(self.instance, ca=ca)
        device.enrol(self.key(ca), recipients=(issuer, encryption, signing))
        self.issued_by(issuer, device.certificate)

    def test_an_intermediate_ca_is_published_with_its_root(self):
        root = self.make_ca("--key-algorithm", "rsa-2048")
        ca = self.make_ca("--key-algorithm", "rsa-2048", "--issuer", root)
        ra, issuer, top = self.bundle(ca)
        device = StrongSwan(self.instance, ca=ca)
        device.enrol(self.key(ca), options=("--cacert", top), recipients=(issuer, ra, ra))
        self.issued_by(top, device.certificate, issuer)
        client = ScepClient(self.instance, ca=ca)
        client.enrol(self.key(ca))
        self.issued_by(top, client.certificate, issuer)

    def test_a_ca_is_rolled_over_while_devices_have_the_old_bundle(self):
        ca = self.make_ca("--key-algorithm", "rsa-2048")
        old_ra, old = self.bundle(ca)
        self.instance.ctl("ca", "stage", ca)
        answer = wait_until(lambda: self.next_ca(ca), "GetNextCACert on both gateways")
        signed, content = self.directory / "next.p7", self.directory / "next.der"
        signed.write_bytes(answer)
        run("openssl", "cms", "-verify", "-inform", "der", "-in", signed, "-CAfile", old, "-purpose", "any", "-binary",
            "-out", content)
        new_ra, new = self.certificates_in(content.read_bytes(), "next")
        early = StrongSwan(self.instance, ca=ca)
        early.enrol(self.key(ca), recipients=(new, new_ra, new_ra))
        self.issued_by(new, early.certificate)

        self.instance.ctl("ca", "activate", ca)
        for gateway in (0, 1):
            wait_until(lambda: self.get(ca, "GetNextCACert", gateway)[0] == 404, f"gateway {gateway} follows")
        self.assertEqual(new.read_text(), self.bundle(ca)[1].read_text())
        late = StrongSwan(self.instance, ca=ca)
        late.enrol(self.key(ca), options=("--cacert", new), recipients=(old, old_ra, old_ra))
        self.issued_by(new, late.certificate)

    def test_certmongers_scep_submit_reads_capabilities_and_certificates(self):
        ca = self.make_ca("--key-algorithm", "rsa-2048")
        submit = ["/usr/lib/certmonger/scep-submit", "-u", self.instance.url(ca=ca)]
        capabilities = run(*submit, "-c").stdout.split()
        self.assertEqual(self.get(ca, "GetCACaps")[2].decode().split(), capabilities)
        printed = run(*submit, "-C").stdout
        for file in self.bundle(ca):
            self.assertIn("".join(file.read_text().split()), "".join(printed.split()))
        alone = self.make_ca("--key-algorithm", "rsa-2048", "--ra", "none")
        printed = run("/usr/lib/certmonger/scep-submit", "-u", self.instance.url(ca=alone), "-C").stdout
        self.assertEqual(1, printed.count("BEGIN CERTIFICATE"))

    def test_a_certificate_says_where_its_crl_and_its_issuer_are_also_after_a_rollover(self):
        root = self.make_ca("--key-algorithm", "rsa-2048")
        self.publish(root)
        ca = self.make_ca("--key-algorithm", "rsa-2048", "--issuer", root)
        self.publish(ca)
        ra, issuer, top = self.bundle(ca)
        device = StrongSwan(self.instance, ca=ca)
        device.enrol(self.key(ca), options=("--cacert", top), recipients=(issuer, ra, ra))
        self.check_by_its_links(device.certificate, top)
        self.instance.ctl("ca", "stage", ca)
        self.instance.ctl("ca", "activate", ca)
        wait_until(lambda: self.bundle(ca)[1].read_text() != issuer.read_text(), "the rollover at the gateway")
        self.check_by_its_links(device.certificate, top)

    def publish(self, ca):
        self.instance.ctl("ca", "set", ca, f"public-url=http://127.0.0.1:{self.instance.gateway_ports()[0]}")

    def link(self, certificate, extension, suffix):
        text = run("openssl", "x509", "-in", certificate, "-noout", "-ext", extension).stdout
        return next(word.removeprefix("URI:") for word in text.split() if word.endswith(suffix))

    def download(self, certificate, extension, suffix):
        """What a certificate links to, as PEM."""
        url = self.link(certificate, extension, suffix)
        path = url[url.index("/", len("http://")):]
        status, _, body = wait_until(lambda: self.answered(path), url)
        der, pem = self.directory / "link.der", self.directory / self.instance.name("link")
        der.write_bytes(body)
        command = "crl" if suffix == ".crl" else "x509"
        run("openssl", command, "-inform", "der", "-in", der, "-out", pem)
        return pem

    def answered(self, path):
        answer = http_request(self.instance.gateway_ports()[0], "GET", path)
        return answer if answer[0] == 200 else None

    def check_by_its_links(self, certificate, root):
        """A verifier needs nothing but the root: what it misses is where the certificates say."""
        issuer = self.download(certificate, "authorityInfoAccess", ".crt")
        crls = self.directory / self.instance.name("crls")
        crls.write_text("".join(self.download(file, "crlDistributionPoints", ".crl").read_text()
                                for file in (certificate, issuer)))
        run("openssl", "verify", "-x509_strict", "-crl_check_all", "-CAfile", root, "-untrusted", issuer, "-CRLfile",
            crls, certificate)

    def next_ca(self, ca):
        answers = [self.get(ca, "GetNextCACert", gateway) for gateway in (0, 1)]
        return answers[0][2] if all(status == 200 for status, _, _ in answers) else None


if __name__ == "__main__":
    unittest.main()
