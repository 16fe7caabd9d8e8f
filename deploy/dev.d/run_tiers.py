#!/usr/bin/env python3
"""Runs tiers of tests, counts their cases and ends with "N passed, N failed". Called by `deploy/dev test`.

C++ tests are found through CTest's labels and counted by Catch2's own totals; the others are unittest modules. A
program that ends badly without naming a failed case counts as one.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["CERTIFIER_BUILD_DIR"])
LOGS = ROOT / "var/test-logs"
SUITES = {"tidy": "tests/tidy/tidy_test.py", "e2e": "tests/e2e/run.py", "deploy": "tests/deploy/run.py",
          "compose": "tests/deploy/compose.py"}
SANITIZERS = {"asan": {"ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"},
              "tsan": {"TSAN_OPTIONS": "halt_on_error=0:second_deadlock_stack=1:ignore_noninstrumented_modules=1:"
                                       f"suppressions={ROOT / 'tests/tsan.supp'}"}}
PROGRAM_TIMEOUT = 600


def catch_counts(output, code):
    """(passed, failed) from Catch2's last line."""
    if match := re.search(r"All tests passed \(.* in (\d+) test cases?\)", output):
        passed, failed = int(match[1]), 0
    elif match := re.search(r"test cases:\s*(\d+)(.*)", output):
        failed = sum(int(count) for count in re.findall(r"(\d+) failed\b(?! as expected)", match[2]))
        passed = int(match[1]) - failed
    else:
        passed, failed = 0, 0
    return passed, failed or (1 if code else 0)


def unittest_counts(output, code):
    """(passed, failed) from unittest's last lines; skipped tests are neither."""
    ran = sum(int(count) for count in re.findall(r"^Ran (\d+) tests?", output, re.MULTILINE))
    verdicts = " ".join(re.findall(r"^(?:OK|FAILED) \((.*)\)$", output, re.MULTILINE))
    counts = {name: sum(map(int, re.findall(rf"\b{name}=(\d+)", verdicts)))
              for name in ("failures", "errors", "skipped", "unexpected successes")}
    failed = counts["failures"] + counts["errors"] + counts["unexpected successes"]
    return max(0, ran - failed - counts["skipped"]), failed or (1 if code else 0)


def test_programs(build, label):
    listed = subprocess.run(["ctest", "--test-dir", build, "-L", f"^{label}$", "--show-only=json-v1"], check=True,
                            capture_output=True, text=True).stdout
    return [(test["name"], test["command"]) for test in json.loads(listed)["tests"] if "command" in test]


def run_program(name, command, environment):
    """Runs one Catch2 program, keeps its output in a log and prints one line."""
    log = LOGS / f"{name}.log"
    started = time.monotonic()
    with log.open("w") as output:
        try:
            code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, timeout=PROGRAM_TIMEOUT,
                                  env=os.environ | environment).returncode
        except subprocess.TimeoutExpired:
            code = -1
            output.write(f"\nended after {PROGRAM_TIMEOUT} seconds\n")
    text = log.read_text(errors="replace")
    passed, failed = catch_counts(text, code)
    print(f"{name}: {passed} passed, {failed} failed ({time.monotonic() - started:.1f} s)", flush=True)
    if failed:
        print("\n".join(text.splitlines()[-60:]), f"\n(exit {code}; log: {log})", flush=True)
    return passed, failed


def run_programs(build, label, environment=None):
    programs = test_programs(build, label)
    if not programs:
        print(f"{label}: no test program found", flush=True)
        return 0, 1
    counts = [run_program(name, command, environment or {}) for name, command in programs]
    return sum(passed for passed, _ in counts), sum(failed for _, failed in counts)


def run_suite(tier):
    """Runs one unittest program; its lines, one for each test, pass through."""
    lines = []
    command = [sys.executable, ROOT / SUITES[tier], "-v"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    (LOGS / f"{tier}.log").write_text("".join(lines))
    return unittest_counts("".join(lines), process.returncode)


def run_bench():
    command = [ROOT / "deploy/dev", "bench", "--requests", "300", "--rounds", "2", "--max-ratio", "100"]
    code = subprocess.run(command + ["--check"]).returncode
    return (0, 1) if code else (1, 0)


def run_tier(tier):
    if tier in SUITES:
        return run_suite(tier)
    if tier == "bench-smoke":
        return run_bench()
    if tier in SANITIZERS:
        counts = [run_programs(ROOT / "build" / tier, label, SANITIZERS[tier]) for label in ("unit", "integration")]
        return sum(passed for passed, _ in counts), sum(failed for _, failed in counts)
    return run_programs(BUILD, tier)


def main():
    LOGS.mkdir(parents=True, exist_ok=True)
    results = {}
    for tier in sys.argv[1:]:
        print(f"== {tier}", flush=True)
        started = time.monotonic()
        results[tier] = (*run_tier(tier), time.monotonic() - started)
    print("==")
    for tier, (passed, failed, seconds) in results.items():
        print(f"{tier:<12} {passed} passed, {failed} failed in {seconds:.0f} s")
    passed = sum(result[0] for result in results.values())
    failed = sum(result[1] for result in results.values())
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
