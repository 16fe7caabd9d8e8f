"""Operators use the page in Debian's Chromium, in front of whole services. Pictures go to web/screenshots/."""

import concurrent.futures
import contextlib
import json
import pathlib
import shutil
import socket
import ssl
import time
import unittest
import urllib.parse
import urllib.request

from certmonger import Certmonger
from devices import ScepTool
from instance import http_request, make_key, run, shared, wait_until

WEB = pathlib.Path(__file__).parent / "web"
READER_PASSWORD = "plum-tractor-9-sky"
MARKUP = "<img src=x onerror=alert(1)>"


def install_browser_driver():
    """What web/package-lock.json names, once: nothing of it is in a program of ours."""
    lock, done = WEB / "package-lock.json", WEB / "node_modules/.installed"
    if not done.exists() or done.read_text() != lock.read_text():
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=WEB, timeout=300)
        done.write_text(lock.read_text())


class Web(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install_browser_driver()
        cls.instance = shared()
        cls.reader = cls.instance.name("reader")
        password = cls.instance.directory("reader") / "password"
        password.write_text(READER_PASSWORD + "\n")
        cls.instance.ctl("operator", "create", cls.reader, "--password-from", password, "--grant", "read")

    def setUp(self):
        services = self.instance.services()
        self.facts = {"origin": f"https://127.0.0.1:{services['admin']['web_port']}", "login": "admin",
                      "password": (self.instance.state / "secrets/operator-password").read_text().strip(),
                      "reader": self.reader, "reader_password": READER_PASSWORD,
                      "chromium": shutil.which("chromium") or self.fail("Debian's chromium is not installed")}

    def ask(self, subject=None, alternative_name=None):
        """A request that waits, of a device of its own."""
        device = self.enterContext(ScepTool(self.instance, "web", subject))
        answer = device.send(self.instance.gateway_ports()[0], device.request(alternative_name=alternative_name))
        self.assertEqual("pending", answer["status"])
        return device, self.instance.pending_request(device.subject)

    @contextlib.contextmanager
    def playing(self, scenario, **facts):
        """Plays a scenario beside the test, which waits for what the scenario says by what this gives."""
        stage = self.instance.directory("stage")
        with concurrent.futures.ThreadPoolExecutor(1) as thread:
            played = thread.submit(self.play, scenario, stage=str(stage), **facts)

            def hear(what):
                wait_until(lambda: played.done() or (stage / what).exists(), f"{scenario} says {what}", 60)
                if played.done():
                    played.result()
                return stage
            yield hear
            played.result()

    def play(self, scenario, **facts):
        file = self.instance.directory("web") / "facts.json"
        file.write_text(json.dumps({**self.facts, **facts}))
        done = run("node", WEB / "run.mjs", scenario, file, check=False, timeout=180)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def play_with_request(self, scenario):
        device, request = self.ask()
        self.play(scenario, request=request["request_id"],
                  fingerprint=request["fingerprints"]["request"]["sha256"]["grouped"],
                  pages={"request": f"/requests/{request['request_id']}"})
        return device, request

    def state_of(self, request):
        return self.instance.ctl("request", "show", request["request_id"])["state"]

    def test_every_page_is_sound_in_light_in_dark_and_on_a_phone(self):
        _, request = self.ask()
        self.play("pages", pages={
            "cas": "/cas", "ca": "/cas/demo", "requests": "/requests",
            "requests-all": "/requests?state=all",
            "search": "/requests?q=nothing-of-that-name", "request": f"/requests/{request['request_id']}",
            "entities": "/entities", "certificates": "/certificates", "policies": "/policies",
            "policy": "/policies/default"})

    def test_a_login_begins_a_session_and_logging_out_ends_it(self):
        self.play("login")

    def test_a_client_certificate_logs_in(self):
        tls = self.instance.state / "tls"
        shown = {"certPath": str(tls / "admin.crt"), "keyPath": str(tls / "admin.key")}
        self.play("certificateLogin", certificate=shown)

    def test_times_are_in_the_operators_zone(self):
        self.play_with_request("times")

    def test_a_fingerprint_that_matches_approves_and_nothing_else_does(self):
        device, request = self.play_with_request("ceremony")
        self.assertEqual("issued", self.state_of(request))
        self.assertEqual("success", device.send(self.instance.gateway_ports()[1], device.poll())["status"])

    def test_certmonger_waits_while_the_fingerprint_that_it_shows_is_typed(self):
        with Certmonger(self.instance) as certmonger:
            name = self.instance.name("monger")
            certificate = certmonger.request(name)
            request = self.instance.pending_request(f"CN={name}")["request_id"]
            certmonger.wait_for(name, "CA_WORKING")
            self.play("ceremony", request=request, hash="SHA-1",
                      fingerprint=certmonger.thumbprint(name, "SHA1"))
            certmonger.wait_for(name, "MONITORING", refresh=True)
            self.instance.verify(certificate)

    def test_the_audit_log_is_searched_and_an_event_held_against_its_seal(self):
        _, request = self.ask()
        self.play("audit", request=request["request_id"])
        self.play("auditFilters")

    def test_an_event_that_was_changed_in_the_database_does_not_verify(self):
        _, request = self.ask()
        number = self.instance.sql(f"SELECT audit_event_id FROM audit_events WHERE kind = 'request_held'"
                                   f" AND event::jsonb -> 'about' ->> 'request' = '{request['request_id']}'")
        wait_until(lambda: self.instance.ctl("audit", "show", number)["event"].get("log_index"), "it is sealed", 30)
        kept = self.instance.sql(f"SELECT event FROM audit_events WHERE audit_event_id = {number}")

        def write(event):
            self.instance.sql("ALTER TABLE audit_events DISABLE TRIGGER USER;"
                              f" UPDATE audit_events SET event = $event${event}$event$ WHERE audit_event_id = {number};"
                              " ALTER TABLE audit_events ENABLE TRIGGER USER")

        self.addCleanup(write, kept)
        write(kept.replace("127.0.0.1", "127.0.0.2"))
        self.play("changedEvent", event=number)

    def test_the_ceremony_needs_no_script(self):
        _, request = self.play_with_request("plain")
        self.assertEqual("issued", self.state_of(request))

    def test_the_keyboard_is_enough(self):
        self.play_with_request("keyboard")

    def test_several_requests_are_rejected_at_once(self):
        numbers = [self.ask()[1]["request_id"] for _ in range(2)]
        self.play("rejecting", rejected=numbers)

    def test_a_list_is_kept_current_while_somebody_works_in_it(self):
        word = self.instance.name("live")
        _, kept = self.ask(subject=f"CN={word},O=kept")
        with self.playing("liveList", word=word, kept=kept["request_id"]) as hear:
            hear("listed")
            self.ask(subject=f"CN={word},O=new")
            hear("came")
            self.instance.ctl("request", "reject", kept["request_id"], "--reason", "no longer wanted")

    def test_a_requests_page_and_home_are_kept_current(self):
        _, request = self.ask()
        fingerprint = request["fingerprints"]["request"]["sha256"]["lower"]
        with self.playing("liveRequest", request=request["request_id"], fingerprint=fingerprint) as hear:
            hear("shown")
            self.instance.ctl("request", "approve", request["request_id"], "--fingerprint", fingerprint)

    def test_who_is_shut_out_is_told_so_where_he_looks(self):
        login = self.instance.name("watcher")
        password = self.instance.directory("watcher") / "password"
        password.write_text(READER_PASSWORD + "\n")
        self.instance.ctl("operator", "create", login, "--password-from", password, "--grant", "read")
        with self.playing("liveEnd", operator=login, operator_password=READER_PASSWORD) as hear:
            hear("watching")
            self.instance.ctl("operator", "set", login, "--disable")

    def test_without_a_stream_a_page_asks_now_and_then(self):
        word = self.instance.name("polled")
        self.ask(subject=f"CN={word},O=kept")
        with self.playing("livePolling", word=word) as hear:
            stage = hear("listed")
            self.ask(subject=f"CN={word},O=new")
            (stage / "asked").touch()

    def test_a_request_is_postponed_resumed_and_approved_while_its_device_waits(self):
        device, request = self.ask()
        port = self.instance.gateway_ports()[0]
        with self.playing("postponing", request=request["request_id"],
                          fingerprint=request["fingerprints"]["request"]["sha256"]["grouped"]) as hear:
            stage = hear("postponed")
            self.assertEqual("postponed", self.state_of(request))
            self.assertEqual("pending", device.send(port, device.poll())["status"])
            (stage / "polled").touch()
        self.assertEqual("success", device.send(port, device.poll())["status"])
        self.assertEqual("issued", self.state_of(request))

    def test_who_may_only_read_can_do_nothing_else(self):
        _, request = self.play_with_request("reader")
        self.assertEqual("pending", self.state_of(request))

    def test_another_site_can_do_nothing(self):
        _, request = self.play_with_request("forgery")
        self.assertEqual("pending", self.state_of(request))

    def test_markup_of_a_device_is_text(self):
        """In all that a device controls: its names, transactionID, User-Agent, and queries that are no message."""
        escaped = MARKUP.replace("<", "\\<").replace(">", "\\>").replace("=", "\\=")
        name = self.instance.name("x")
        device = self.enterContext(ScepTool(self.instance, "web", f"CN={escaped}{name}"))
        device.name_transaction(f"<svg/onload=alert(2)>{name}")
        message = device.request(alternative_name=f"uri:urn:{name}:<script>alert(3)</script>")
        port = self.instance.gateway_ports()[0]
        agent = {"User-Agent": "<script>alert(4)</script>"}
        status, _, reply = http_request(port, "POST", "/scep/demo?operation=PKIOperation", message, agent)
        self.assertEqual((200, "pending"), (status, device.read(reply)["status"]))
        hostile = urllib.parse.quote("\"><script>alert(5)</script>")
        for operation in ("GetCACert", "PKIOperation", hostile):
            http_request(port, "GET", f"/scep/demo?operation={operation}&message={hostile}", headers=agent)
            http_request(port, "GET", f"/scep/{hostile}?operation={operation}&message={hostile}", headers=agent)
        listed = self.instance.ctl("request", "list", "--state", "pending")["requests"]
        request = next(one for one in listed if name in one["subject"])
        number = self.instance.sql("SELECT audit_event_id FROM audit_events WHERE kind = 'request_held'"
                                   f" AND event::jsonb -> 'about' ->> 'request' = '{request['request_id']}'")
        self.instance.ctl("request", "approve", request["request_id"], "--fingerprint",
                          request["fingerprints"]["request"]["sha256"]["lower"])
        serial = self.instance.ctl("request", "show", request["request_id"])["serial_number"]
        again = self.enterContext(ScepTool(self.instance, "web", f"CN={escaped}{name}"))
        again.name_transaction(f"<svg/onload=alert(2)>{name}")
        again.send(port, again.request(alternative_name=f"uri:urn:{name}:<script>alert(3)</script>"))
        waits = next(one for one in self.instance.ctl("request", "list", "--state", "pending")["requests"]
                     if name in one["subject"])
        entity = f"{MARKUP}{name}"
        self.instance.ctl("entity", "create", entity, "--description", MARKUP)
        self.instance.key(entity)
        of_entity = urllib.parse.quote(entity, safe="")
        self.play("markup", hostile=waits["request_id"], hostile_text=waits["subject"],
                  shown=[waits["transaction_id"], *waits["subject_alternative_names"]],
                  where=["/", "/doctor", "/requests", "/requests?state=all", f"/requests?words={name}&state=all",
                         f"/requests?q={urllib.parse.quote(waits['transaction_id'])}",
                         f"/requests/{request['request_id']}", "/audit", f"/audit?about={request['request_id']}",
                         f"/audit/{number}", f"/audit/{number}/verify", "/certificates",
                         f"/certificates?words={name}", f"/certificates/demo/{serial}", "/entities",
                         f"/entities/{of_entity}", "/keys", f"/keys?entity={of_entity}"])

    def test_wrong_passwords_slow_down_who_sends_them_alone(self):
        self.play("loginLimits", elsewhere="127.0.0.9")

    def test_home_and_the_doctor_say_what_needs_an_operator(self):
        failing = self.enterContext(ScepTool(self.instance, "failing"))
        message = failing.request(challenge="WRONG-" + failing.name)
        self.assertEqual("failure", failing.send(self.instance.gateway_ports()[0], message)["status"])
        serial_number = self.issue()
        overdue = self.instance.ctl("certificate", "show", serial_number)["subject"]
        # Behind the product's back: its end is near.
        self.instance.sql("ALTER TABLE certificates DISABLE TRIGGER USER;"
                          " UPDATE certificates SET not_before = now() - interval '9 days',"
                          f" not_after = now() + interval '1 hour' WHERE serial_number = '\\x{serial_number}';"
                          " ALTER TABLE certificates ENABLE TRIGGER USER")
        entity = self.instance.name("expiring")
        self.instance.ctl("entity", "create", entity)
        key = self.instance.ctl("key", "create", "--entity", entity, "--ca", "demo", "--expires", "2h")
        wait_until(lambda: self.instance.ctl("report", "issuance").get("hours"), "what was issued is counted", 30)
        wait_until(lambda: failing.subject in str(self.instance.ctl("report", "failures")), "the failure is listed", 30)
        self.play("reports", subject=failing.subject, overdue=overdue, key=key["reference_number"])

    def test_keys_for_many_devices_are_minted_once(self):
        entities = [self.instance.name("minted") for _ in range(2)]
        self.play("minting", entities=entities)
        self.assertEqual(1, len(self.instance.ctl("entity", "show", entities[0])["keys"]))

    def test_a_keys_value_is_shown_once(self):
        entity = self.instance.name("browser")
        self.play("keys", entity=entity)
        shown = self.instance.ctl("entity", "show", entity)
        self.assertEqual("inactive", shown["entity"]["status"])

    def test_a_certificate_is_suspended_reactivated_and_revoked(self):
        serial_number = self.issue()
        self.play("certificates", serial_number=serial_number)
        self.assertEqual("revoked", self.instance.ctl("certificate", "show", serial_number)["status"])

    def issue(self):
        """The serial number of a certificate that an operator approved."""
        _, request = self.ask()
        self.instance.ctl("request", "approve", request["request_id"], "--fingerprint",
                          request["fingerprints"]["request"]["sha256"]["lower"])
        return self.instance.ctl("request", "show", request["request_id"])["serial_number"]

    def test_several_certificates_are_revoked_at_once(self):
        serials = [self.issue() for _ in range(2)]
        self.play("massRevocation", serials=serials)
        for serial in serials:
            shown = self.instance.ctl("certificate", "show", serial)
            self.assertEqual(("revoked", "superseded"), (shown["status"], shown["revocation"]["reason"]))

    def test_requests_are_found_by_words(self):
        _, request = self.ask(subject="CN=gate.north-7.example,O=Words")
        self.play("searching", request=request["request_id"], word="gate.north-7.example")

    def test_what_a_device_gets_is_edited_and_then_approved(self):
        _, request = self.play_with_request("editing")
        shown = self.instance.ctl("request", "show", request["request_id"])
        self.assertEqual("issued", shown["state"])
        certificate = self.instance.ctl("certificate", "show", shown["serial_number"])
        self.assertEqual(["dns:edited.example", "ip:192.0.2.7"], certificate["subject_alternative_names"])

    def test_a_policy_and_its_history_can_be_read(self):
        name, file = self.instance.name("policy"), self.instance.directory("policy") / "policy.json"
        for days in (16, 17):
            file.write_text(json.dumps({"name": name, "receive_request": {"modules": [{"require_key": {
                "then": "accept"}}]}, "accept_request": {"modules": [{"set_validity": {"days": days}}, {
                    "set_key_usage": {"usages": ["digital_signature"]}}, {"accept_all": {}}]}}))
            self.instance.ctl("policy", "apply", file)
        self.play("policies", policy=name)

    def test_a_policy_is_written_tried_compared_and_applied(self):
        directory = self.instance.directory("csr")
        key = make_key(directory / "device.key")
        csr = run("openssl", "req", "-new", "-key", key, "-subj", "/CN=tried").stdout
        name = self.instance.name("written")
        self.play("policyEditing", policy=name, csr=csr)
        self.assertEqual("<i>for gateways</i>", self.instance.ctl("policy", "get", name)["description"])

    def test_the_scep_service_is_shown_and_set(self):
        self.addCleanup(self.instance.ctl, "scep", "set", "--listen", "")
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            self.play("scep", taken=f"127.0.0.1:{other.getsockname()[1]}")
        self.assertEqual("admin", self.instance.ctl("scep", "show")["settings"]["changed_by"])

    def test_a_change_that_is_not_sent_yet_stays_while_another_is_made(self):
        self.addCleanup(self.instance.ctl, "scep", "set", "--description", "")
        with self.playing("liveSettings", description="changed by another") as hear:
            hear("chosen")
            self.instance.ctl("scep", "set", "--description", "changed by another")

    def test_an_operator_is_made_granted_and_shut_out_at_once(self):
        login = self.instance.name("operator")
        self.play("operators", operator=login, operator_password="marble-canoe-4-fig",
                  new_password="velvet-otter-6-tin")
        shown = self.instance.ctl("operator", "show", login)
        self.assertEqual("inactive", shown["status"])
        self.assertEqual({("read", ""), ("entity_write", "")},
                         {(grant["level"], grant["ca"]) for grant in shown["grants"]})

    def test_a_page_is_answered_within_a_tenth_of_a_second(self):
        context = ssl.create_default_context(cafile=self.instance.state / "tls/internal-ca.crt")
        took = []
        for _ in range(5):
            began = time.monotonic()
            urllib.request.urlopen(self.facts["origin"] + "/login", context=context, timeout=10).read()
            took.append(time.monotonic() - began)
        self.assertLess(min(took), 0.1)
