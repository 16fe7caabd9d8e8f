#!/usr/bin/env python3
"""Measures enrolments on a fresh instance: rate, latency, and CPU of every process against the floor.

Starts an instance of its own with deploy/dev, with an RSA-2048 CA, enrols over keep-alive connections with scep_load,
and takes the CPU of each process from /proc before and after. The load generator's own CPU is not counted. Exits with 1
if a bar is missed and --check is given.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import scale

ROOT = pathlib.Path(__file__).resolve().parents[2]
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
CHALLENGES = 16
# One machine stands for a fleet here: its budgets are not what is measured.
UNBOUNDED = {f"CERTIFIER_{of}_{bound}": "0" for of in ("DECRYPTS", "POLLS") for bound in ("PER_SOURCE", "IN_ALL")}


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], check=True, text=True, stdout=subprocess.PIPE, **options)
    return done.stdout


def say(text):
    print(text, file=sys.stderr, flush=True)


class Instance:
    """One private instance below `state`, stopped when the with-block ends."""

    def __init__(self, state, gateways, engines):
        self.state = pathlib.Path(state)
        self.size = ["--gateways", gateways, "--engines", engines]

    def __enter__(self):
        self.dev("up", "--scep-port", 0, *self.size, "--ca-key", "rsa-2048", stderr=sys.stderr,
                 env=os.environ | UNBOUNDED)
        return self

    def __exit__(self, *_):
        self.dev("down", stderr=subprocess.DEVNULL)

    def dev(self, command, *arguments, **options):
        return run(ROOT / "deploy/dev", command, "--state", self.state, *arguments, **options)

    def ctl(self, *arguments):
        return json.loads(self.dev("ctl", "--json", *arguments))

    def services(self):
        return json.loads(self.dev("status", "--json"))["services"]


def children(pid):
    listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def cpu_ms(pid):
    """User and system time of a process, with that of children which have ended."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) * TICK_MS


def tree_cpu_ms(pid):
    total = cpu_ms(pid)
    for child in children(pid):
        try:
            total += tree_cpu_ms(child)
        except (FileNotFoundError, ProcessLookupError):
            pass  # It ended between the two looks; its time is in its parent's.
    return total


# What an engine's one look at a password took, when the first operator was made: it is the peak that counts.
PASSWORD_MIB = 64


def resident_mib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def prepare(instance, scratch, requests):
    """Mints the keys, and writes them and the RA certificate where the load generator reads them."""
    keys = []
    instance.ctl("entity", "create", "bench")
    for _ in range(CHALLENGES):
        keys.append(instance.ctl("key", "create", "--entity", "bench", "--ca", "demo", "--uses", requests)["key"])
    ca = instance.ctl("ca", "show", "demo")
    (scratch / "challenges").write_text("\n".join(keys) + "\n")
    (scratch / "ra.pem").write_text(ca["registration_authorities"][0]["certificate_pem"])


class CrlMaking:
    """Makes every other round one in which the engine is kept making CRLs with `revoked` entries."""

    REVOKE = """
        WITH bulk AS (SELECT int8send(n) AS octets FROM generate_series(1, {count}) n),
        asked AS (
            INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                                  subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                                  policy_version_id)
            SELECT (SELECT min(ca_id) FROM cas), 'bulk'::bytea || octets, sha256(octets), sha256(octets), 'issued', '',
                   '', '{{}}', 'rsa-2048', '', now(), false, (SELECT min(policy_version_id) FROM policy_versions)
              FROM bulk
            RETURNING request_id),
        made AS (
            INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                                      issued_at)
            SELECT (SELECT min(ca_generation_id) FROM ca_generations),
                   '\\x40'::bytea || substr(sha256(int8send(request_id)), 1, 15), request_id, '', now(),
                   now() + interval '1 year', now()
              FROM asked
            RETURNING certificate_id)
        INSERT INTO revocations (certificate_id, state, reason, revoked_at, revoked_by)
        SELECT certificate_id, 'revoked', 'keyCompromise', now(), 'bench' FROM made"""
    # Says again and again, for some two seconds, that the newest CRL does not know all.
    CHANGE = """DO $$ BEGIN FOR i IN 1..15 LOOP
        UPDATE ca_generations SET revocation_changes = revocation_changes + 1;
        PERFORM pg_notify('certifier_directory', ''); COMMIT; PERFORM pg_sleep(0.1);
        END LOOP; END $$"""

    IS_LEFT = """SELECT EXISTS (SELECT 1 FROM ca_generations g WHERE g.revocation_changes <>
        (SELECT coalesce(max(c.revocation_changes), -1) FROM crls c WHERE c.ca_generation_id = g.ca_generation_id))"""

    def __init__(self, instance, revoked):
        self.instance, self.revoked, self.process, self.made = instance, revoked, None, []
        if revoked:
            say(f"bench: revoking {revoked} certificates")
            instance.dev("psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", self.REVOKE.format(count=revoked), "-c",
                         "UPDATE ca_generations SET revocation_changes = revocation_changes + 1", "-c",
                         "NOTIFY certifier_directory")

    def crls(self):
        return int(self.instance.dev("psql", "-qAt", "-c", "SELECT coalesce(max(crl_number), 0) FROM crls"))

    def settle(self):
        """Waits until the newest CRL knows all, so that no work is left over for the next round."""
        while self.instance.dev("psql", "-qAt", "-c", self.IS_LEFT).strip() == "t":
            time.sleep(0.2)
        time.sleep(1)  # For the gateways to fetch it.

    def between(self, number):
        """Called before round `number`, counted from 1, and after the last one."""
        if not self.revoked:
            return
        if self.process:
            self.process.wait()
            self.process = None
            self.made.append(self.crls() - self.before)
        self.settle()
        if number % 2 == 0:
            self.before = self.crls()
            self.process = subprocess.Popen([str(ROOT / "deploy/dev"), "psql", "--state", str(self.instance.state),
                                             "-qAt", "-c", self.CHANGE], stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL)


class Load:
    """The load generator over one instance, round by round; takes the CPU milliseconds of each service."""

    def __init__(self, instance, scratch, settings):
        self.services, self.readings = instance.services(), []
        targets = [f"127.0.0.1:{service['port']}" for service in self.services if service["kind"] == "gateway"]
        command = [settings.binary, "--registration-authority", scratch / "ra.pem", "--challenges",
                   scratch / "challenges", "--requests", settings.requests, "--connections", settings.connections,
                   "--rounds", settings.rounds]
        command += [part for target in targets for part in ("--target", target)]
        say(f"bench: making {settings.requests} PKCSReqs and measuring the floor")
        self.process = subprocess.Popen([str(part) for part in command], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.await_ready()

    def await_ready(self):
        """Returns when the generator waits for its next word: at first, and when a round's last reply is in."""
        expect(self.process, "ready")

    def read(self):
        return {service["name"]: tree_cpu_ms(service["pid"]) for service in self.services}

    def run_round(self, between=lambda: None):
        before = self.read()
        go(self.process)
        self.await_ready()
        # What follows the last reply counts too.
        between()
        self.readings.append((before, self.read()))

    def finish(self):
        """Returns the figures of all rounds."""
        say("bench: opening every reply")
        go(self.process)
        figures = json.loads(self.process.stdout.readline())
        self.process.stdin.close()
        self.process.wait()
        summarize(figures, self.readings)
        return figures


def load(instance, scratch, settings):
    """Runs the load; returns its figures."""
    running = Load(instance, scratch, settings)
    crl_making = CrlMaking(instance, settings.revoked)
    crl_making.between(1)
    for number in range(1, settings.rounds + 1):
        say(f"bench: enrolling over {settings.connections} connections, round {number} of {settings.rounds}")
        following = number + 1 if number < settings.rounds else 1
        running.run_round(lambda following=following: crl_making.between(following))
    figures = running.finish()
    if settings.revoked:
        figures["crls"] = sum(crl_making.made)
    figures["resident_mib"] = {service["name"]: resident_mib(service["pid"]) for service in running.services
                               if service["kind"] != "postgres"}
    return figures


def compare_populations(folder, settings):
    """Loads an instance with few entities and one with many in turns."""
    with Instance(folder / "few", settings.gateways, settings.engines) as few, \
            Instance(folder / "many", settings.gateways, settings.engines) as many:
        running = []
        for instance, count in ((few, scale.FEW), (many, settings.entities)):
            say(f"bench: making {count} entities with a key each")
            running.append(Load(instance, scale.prepare(instance, folder, count, settings.requests), settings))
        for number in range(1, settings.rounds + 1):
            say(f"bench: enrolling in turns, round {number} of {settings.rounds}")
            for one in running if number % 2 else reversed(running):
                one.run_round()
        return scale.figures_of(*(one.finish() for one in running))


def summarize(figures, readings):
    """Adds each service's CPU, from before each round to after it."""
    totals = dict.fromkeys(readings[0][0], 0)
    for part, (before, after) in zip(figures["rounds"], readings):
        spent = {name: after[name] - before[name] for name in before}
        totals = {name: totals[name] + spent[name] for name in totals}
        part["cpu_ms_sum"] = sum(spent.values()) / part["requests"]
        part["ratio"] = part["cpu_ms_sum"] / part["floor_ms"]
    figures["cpu_ms"] = {name: total / figures["requests"] for name, total in totals.items()}
    figures["cpu_ms_sum"] = sum(figures["cpu_ms"].values())
    figures["floor_ms"] = statistics.mean(part["floor_ms"] for part in figures["rounds"])
    figures["ratio"] = figures["cpu_ms_sum"] / figures["floor_ms"]


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def expect(process, word):
    line = process.stdout.readline().strip()
    if line != word:
        raise SystemExit(f"bench: the load generator said {line!r} where {word!r} was due; see its messages above")


def show(figures):
    latency = figures["latency_ms"]
    print(f"enrolments        {figures['requests']} in {figures['seconds']:.2f} s = "
          f"{figures['enrollments_per_second']:.0f}/s, {figures['failures']} failed")
    print(f"latency           p50 {latency['p50']:.1f} ms   p95 {latency['p95']:.1f} ms   p99 {latency['p99']:.1f} ms")
    print("CPU per enrolment")
    for name, ms in figures["cpu_ms"].items():
        print(f"  {name:<16}{ms:.3f} ms")
    ratios = [part["ratio"] for part in figures["rounds"]]
    print(f"  {'sum':<16}{figures['cpu_ms_sum']:.3f} ms = "
          f"{figures['ratio']:.2f} x the floor of {figures['floor_ms']:.3f} ms "
          f"({len(ratios)} rounds: {min(ratios):.2f} to {max(ratios):.2f}, median {statistics.median(ratios):.2f})")
    print("resident, at most")
    for name, mib in figures["resident_mib"].items():
        print(f"  {name:<16}{mib:.1f} MiB")


def show_crl_making(figures, revoked):
    plain, making = figures["rounds"][0::2], figures["rounds"][1::2]
    print(f"while {figures['crls']} CRLs with {revoked} entries were made, beside rounds without")
    for name, of in (("rate", lambda part: part["enrollments_per_second"]),
                     ("latency p50", lambda part: part["latency_ms"]["p50"]),
                     ("latency p99", lambda part: part["latency_ms"]["p99"])):
        without, during = (statistics.median(of(part) for part in parts) for parts in (plain, making))
        print(f"  {name:<16}{during:.1f} against {without:.1f}: {during / without:.2f} times")


def misses(figures, settings):
    found = []
    if figures["failures"]:
        found.append(f"{figures['failures']} enrolments failed")
    if figures["ratio"] > settings.max_ratio:
        found.append(f"{figures['ratio']:.2f} times the floor, {settings.max_ratio} allowed")
    for name, mib in figures["resident_mib"].items():
        allowed = settings.max_resident + (PASSWORD_MIB if name.startswith("engine") else 0)
        if mib >= allowed:
            found.append(f"{name} has {mib:.1f} MiB resident, {allowed} allowed")
    return found


def report_growth(figures, settings):
    print(json.dumps(figures, indent=2)) if settings.json else scale.show(figures, settings.entities)
    missed = [f"{figures['failures']} enrolments failed"] if figures["failures"] else []
    if figures["ratio"] > settings.max_growth:
        missed.append(f"{figures['ratio']:.2f} times as much with many entities, {settings.max_growth} allowed")
    for miss in missed:
        say(f"bench: bar missed: {miss}")
    return 1 if missed and settings.check else 0


def main():
    parser = argparse.ArgumentParser(prog="deploy/dev bench", description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=ROOT / "build/release/bin/scep_load", type=pathlib.Path)
    parser.add_argument("--requests", default=8000, type=int)
    parser.add_argument("--connections", default=64, type=int)
    parser.add_argument("--rounds", default=8, type=int, help="parts that the enrolments are sent in")
    parser.add_argument("--gateways", default=2, type=int)
    parser.add_argument("--engines", default=1, type=int)
    parser.add_argument("--revoked", default=0, type=int,
                        help="make CRLs with so many entries in every other round, and compare")
    parser.add_argument("--entities", default=0, type=int,
                        help=f"compare an instance with so many entities, a key each, to one with {scale.FEW}")
    parser.add_argument("--max-growth", default=1.2, type=float,
                        help="bar of --entities: CPU of an enrolment with many entities over that with few")
    parser.add_argument("--max-ratio", default=1.5, type=float, help="bar: CPU of all processes over the floor")
    parser.add_argument("--max-resident", default=64, type=float, help="bar: MiB of each process, PostgreSQL aside")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a bar is missed")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    settings = parser.parse_args()
    settings.rounds = min(settings.rounds, settings.requests)
    with tempfile.TemporaryDirectory(prefix="certifier-bench-") as folder:
        os.chmod(folder, 0o755)  # PostgreSQL runs as another user.
        scratch = pathlib.Path(folder)
        if settings.entities:
            return report_growth(compare_populations(scratch, settings), settings)
        with Instance(scratch / "state", settings.gateways, settings.engines) as instance:
            prepare(instance, scratch, settings.requests)
            figures = load(instance, scratch, settings)
    print(json.dumps(figures, indent=2)) if settings.json else show(figures)
    if settings.revoked:
        if not settings.json:
            show_crl_making(figures, settings.revoked)
        return 1 if figures["failures"] and settings.check else 0
    missed = misses(figures, settings)
    for miss in missed:
        say(f"bench: bar missed: {miss}")
    return 1 if missed and settings.check else 0


if __name__ == "__main__":
    sys.exit(main())
