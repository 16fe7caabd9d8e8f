#!/usr/bin/env python3
"""Runs the tests of what deploy/ ships: manifests, compose file, example settings, scripts, runbook. Usage: run.py [-v]

They need nothing running; compose.py, which builds images and starts them, is a tier of its own.
"""

import pathlib
import sys
import unittest


def main():
    suite = unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent), pattern="*_test.py")
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    sys.exit(not result.wasSuccessful())


main()
