#!/usr/bin/env python3
"""Runs libFuzzer for each target of tests/fuzz and says what it found: `deploy/dev fuzz SECONDS [TARGET ...]`.

The target `services` is no libFuzzer: it is the conformance test T-104, which sends whole messages to a running gateway
and engine. CERTIFIER_FUZZ_SEED repeats a run of it.

What libFuzzer learns stays in var/fuzz/TARGET; an input that breaks something is in var/fuzz/found, and its path is
printed.
"""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/fuzz/bin/certifier_fuzz"
SEEDS = ROOT / "tests/fuzz/corpus"
WORK = ROOT / "var/fuzz"
BUILD = pathlib.Path(os.environ.get("CERTIFIER_BUILD_DIR", ROOT / "build/release"))
SERVICES = "services"
BOUNDS = ["-max_len=65536", "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1"]


def fuzz(target, seconds):
    """Runs one target; true if it is clean."""
    learnt, found = WORK / target, WORK / "found"
    learnt.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    log = WORK / f"{target}.log"
    with log.open("w") as output:
        code = subprocess.run([PROGRAM, *BOUNDS, f"-max_total_time={seconds}", f"-artifact_prefix={found}/{target}-",
                               learnt, SEEDS / target], stdout=output, stderr=subprocess.STDOUT,
                              env=os.environ | {"FUZZ_TARGET": target}).returncode
    text = log.read_text(errors="replace")
    runs = re.search(r"number_of_executed_units:\s*(\d+)", text)
    memory = re.search(r"peak_rss_mb:\s*(\d+)", text)
    written = re.search(r"Test unit written to (\S+)", text)
    verdict = "clean" if code == 0 else f"BROKEN: {written[1] if written else log}"
    print(f"fuzz: {target:<26}{runs[1] if runs else '?':>10} inputs, {memory[1] if memory else '?':>4} MiB, {verdict}",
          flush=True)
    return code == 0


def fuzz_services(seconds):
    """Runs T-104 for so long; true if it passes."""
    log = WORK / f"{SERVICES}.log"
    WORK.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        code = subprocess.run([BUILD / "tests/conformance_test", "T-104*"], stdout=output, stderr=subprocess.DEVNULL,
                              env=os.environ | {"CERTIFIER_FUZZ_SECONDS": seconds}).returncode
    summary = re.search(r"^services: (.*)$", log.read_text(errors="replace"), re.MULTILINE)
    verdict = "clean" if code == 0 else f"BROKEN: {log}"
    print(f"fuzz: {SERVICES:<26}{summary[1] if summary else '?'}, {verdict}", flush=True)
    return code == 0


def run(name, seconds):
    return fuzz_services(seconds) if name == SERVICES else fuzz(name, seconds)


def main():
    seconds, *names = sys.argv[1:]
    known = sorted(folder.name for folder in SEEDS.iterdir()) + [SERVICES]
    if unknown := set(names) - set(known):
        sys.exit(f"fuzz: no target {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    broken = [name for name in names or known if not run(name, seconds)]
    if broken:
        sys.exit(f"fuzz: broken: {', '.join(broken)}; the inputs are in {WORK / 'found'}: add them to {SEEDS}. "
                 f"Those of {SERVICES} are in its log")


if __name__ == "__main__":
    main()
