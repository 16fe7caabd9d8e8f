#!/usr/bin/env python3
"""Runs the end-to-end tests, a line each. Usage: run.py [-v] [MODULE or MODULE.Class.test ...]

`deploy/dev test e2e` calls it. CERTIFIER_BUILD_DIR says where the programs are, CERTIFIER_KEEP=1 keeps the instances'
files.
"""

import os
import pathlib
import sys
import unittest

# Secrets come after the tests whose keys they look for, on the same instance.
MODULES = ["test_strongswan", "test_scepclient", "test_certmonger", "test_renewal", "test_shapes", "test_manual",
           "test_approvals", "test_operators", "test_revocation", "test_http", "test_scep_service", "test_exactly_once",
           "test_key_mint", "test_web", "test_secrets", "test_launcher", "test_crashes", "test_audit"]


class Result(unittest.TextTestResult):
    def getDescription(self, test):
        return str(test)


def main():
    written = {path.stem for path in pathlib.Path(__file__).parent.glob("test_*.py")}
    if written != set(MODULES):
        sys.exit(f"run.py does not list what is there: {sorted(written ^ set(MODULES))}")
    os.environ.setdefault("CERTIFIER_SKIP_BUILD", "1")
    names = [word for word in sys.argv[1:] if not word.startswith("-")] or MODULES
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result).run(suite)
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
