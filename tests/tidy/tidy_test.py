#!/usr/bin/env python3
"""Polices the tree: who may include what, which names and lengths are allowed. Each test is one rule.

Usage: tidy_test.py [unittest options]. Reads the files that git knows or would add; needs nothing but Python and git.
"""

import functools
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = (".h", ".cc")
SERVICES = ("scep-gateway", "certifier-engine", "admin-service")
TOP = {"CMakeLists.txt", "CMakePresets.json", "README.md", ".ci", ".clang-format", ".clang-tidy", ".gitignore",
       ".dockerignore", "cmake", "proto", "libs", *SERVICES, "deploy", "tests"}
LIBS = {"CMakeLists.txt", "result", "pki", "scep", "service", "transparency"}
# Each part of the engine may include the parts after it and the store's interfaces, never one before it.
ENGINE_ORDER = ["webhook", "rpc", "operators", "enrollment", "policy", "issuance", "authority", "audit", "keys"]
BANNED_NAMES = re.compile(r"(^|[/_.-])(common|utils?|helpers?|misc|core)([/_.-]|$)")
FOLDERS_WITH_README = ["libs/result", "libs/pki", "libs/scep", "libs/service", "libs/transparency", "scep-gateway",
                       "certifier-engine", "admin-service", "admin-service/web", "deploy", "tests"]


@functools.cache
def files():
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard"],
                            check=True, capture_output=True, text=True).stdout.split("\n")
    return [path for path in listed if path and (ROOT / path).is_file()]


@functools.cache
def text(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def code(*folders):
    return [path for path in files() if path.endswith(CODE) and (not folders or path.startswith(folders))]


def includes(path):
    return re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', text(path), re.MULTILINE)


def including(pattern, paths):
    expression = re.compile(pattern)
    return [f"{path}: {include}" for path in paths for include in includes(path) if expression.match(include)]


class Tidy(unittest.TestCase):
    maxDiff = None

    def none(self, found, rule):
        self.assertEqual([], sorted(set(found)), rule)

    def test_the_top_level_is_the_one_of_the_architecture(self):
        self.none([path for path in files() if path.split("/")[0] not in TOP], "not a top-level name of the project")

    def test_libs_has_exactly_its_five_children(self):
        self.none([path for path in files() if path.startswith("libs/") and path.split("/")[1] not in LIBS],
                  "libs/ holds result, pki, scep, service and transparency")

    def test_no_name_refuses_nothing(self):
        self.none([path for path in files() if BANNED_NAMES.search(path)], "a name that admits any file")

    def test_only_pki_includes_openssl(self):
        allowed = ("libs/pki/", "tests/")
        self.none(including(r"openssl/", [path for path in code() if not path.startswith(allowed)]),
                  "OpenSSL is behind libs/pki")

    def test_only_the_postgres_store_includes_pqxx(self):
        allowed = ("certifier-engine/store/postgres/", "tests/support/", "tests/integration/")
        self.none(including(r"pqxx|libpq-fe", [path for path in code() if not path.startswith(allowed)]),
                  "the database is behind store/postgres")

    def test_httplib_serves_the_private_port_and_asks_for_the_doctor(self):
        # Both clients are bounded from outside (admin-service/README.md, certifier-engine/webhook/README.md); the web
        # page's server gives it one whole and bounded request at a time (admin-service/web/README.md).
        allowed = ("libs/service/health", "admin-service/ctl/http_client.cc", "admin-service/web/http_server.cc",
                   "certifier-engine/webhook/https_connection.cc", "tests/")
        self.none(including(r"httplib", [path for path in code() if not path.startswith(allowed)]),
                  "cpp-httplib serves no network")

    def test_pki_scep_and_transparency_know_no_transport(self):
        pure = code("libs/pki/", "libs/scep/", "libs/transparency/")
        self.none(including(r"grpc|pqxx|httplib|certifier/v1|service/", pure),
                  "pki, scep and transparency link neither gRPC, PostgreSQL nor HTTP")

    def test_libraries_depend_one_way(self):
        self.none(including(r"(pki|scep|service|transparency)/", code("libs/result/")),
                  "result depends on nothing of ours")
        self.none(including(r"(scep|service|transparency)/", code("libs/pki/")), "pki depends on result")
        self.none(including(r"(scep|service)/", code("libs/transparency/")), "transparency depends on result and pki")
        self.none(including(r"(scep|transparency)/", code("libs/service/")), "service knows no SCEP and no audit log")
        self.none(including(r"transparency/", code("libs/scep/")), "scep knows no audit log")

    def test_services_never_include_each_other(self):
        for service in SERVICES:
            own = {path[len(service) + 1:] for path in code(service + "/")}
            others = {path.split("/", 1)[1] for other in SERVICES if other != service for path in code(other + "/")}
            self.none([f"{path}: {include}" for path in code(service + "/") for include in includes(path)
                       if include in others - own or include.startswith(SERVICES)], "services meet in protos only")

    def test_the_engine_depends_downwards(self):
        for position, part in enumerate(ENGINE_ORDER):
            above = "|".join(ENGINE_ORDER[:position])
            if above:
                found = including(rf"({above})/", code(f"certifier-engine/{part}/"))
                self.none(found, f"{part} includes what is above it")
        parts = "|".join(ENGINE_ORDER)
        self.none(including(rf"({parts})/", code("certifier-engine/store/")), "the store decides nothing")
        inner = [path for path in code("certifier-engine/") if not path.startswith("certifier-engine/store/")
                 and path.count("/") > 1]
        self.none(including(r"store/postgres/", inner), "only the wiring knows which store it is")

    def test_files_are_short(self):
        limits = ((lambda p: p.startswith("tests/") and p.endswith(CODE), 600), (lambda p: p.endswith(".h"), 250),
                  (lambda p: p.endswith(".proto"), 300), (lambda p: p.endswith("main.cc"), 200),
                  (lambda p: p.endswith((".cc", ".py", ".sh")), 500))
        found = []
        for path in files():
            limit = next((limit for matches, limit in limits if matches(path)), None)
            if limit and text(path).count("\n") > limit:
                found.append(f"{path}: {text(path).count(chr(10))} lines, {limit} allowed")
        self.none(found, "split it")

    def test_lines_fit(self):
        self.none([f"{path}:{number}" for path in files() if path.endswith(CODE + (".proto", ".py", ".cmake"))
                   for number, line in enumerate(text(path).split("\n"), 1) if len(line) > 120], "over 120 columns")

    def test_include_guards_name_their_file(self):
        found = []
        for path in code():
            if not path.endswith(".h"):
                continue
            guard = re.search(r"#ifndef (\w+)\n#define (\w+)", text(path))
            stem = re.sub(r"\W", "_", pathlib.PurePath(path).stem).upper()
            if not guard or guard[1] != guard[2] or not guard[1].startswith("CERTIFIER_") or stem not in guard[1]:
                found.append(path)
        self.none(found, "#ifndef CERTIFIER_..._H")

    def test_todos_name_an_issue(self):
        me = "tests/tidy/"
        self.none([f"{path}:{number}" for path in files() if not path.startswith(me)
                   for number, line in enumerate(text(path).split("\n"), 1)
                   if re.search(r"\b(FIXME|XXX|HACK)\b", line) or re.search(r"\bTODO\b(?!\(#\d+\))", line)],
                  "TODO(#123): ... or nothing")

    def test_tests_do_not_sleep(self):
        pattern = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(")
        self.none([f"{path}:{number}" for path in code("tests/unit/", "tests/integration/", "tests/conformance/")
                   for number, line in enumerate(text(path).split("\n"), 1) if pattern.search(line)],
                  "wait on a condition with a deadline")

    def test_exceptions_are_not_swallowed(self):
        self.none([path for path in code(*SERVICES, "libs/") if re.search(r"catch \(\.\.\.\)\s*\{\s*\}", text(path))],
                  "an empty catch-all")

    def test_nobody_detaches_threads(self):
        self.none([path for path in code() if re.search(r"\.detach\(\)|std::async\b", text(path))],
                  "threads are joined by who made them")

    def test_migrations_are_numbered_once_and_without_gaps(self):
        names = sorted(pathlib.PurePath(path).name for path in files()
                       if path.startswith("certifier-engine/store/migrations/") and path.endswith(".sql"))
        self.assertTrue(names)
        for number, name in enumerate(names, 1):
            self.assertRegex(name, rf"^{number:04}_[a-z0-9_]+\.sql$")

    def test_sql_names_its_columns(self):
        self.none([path for path in files() if path.endswith((".sql", "queries.h"))
                   and re.search(r"SELECT\s+\*|\b\w\.\*", text(path), re.IGNORECASE)], "SELECT *")

    def test_folders_have_a_readme(self):
        self.none([folder for folder in FOLDERS_WITH_README if not (ROOT / folder / "README.md").is_file()],
                  "what it is, what it must never do")

    def test_links_in_readmes_lead_somewhere(self):
        found = []
        for path in files():
            if not path.endswith(".md"):
                continue
            for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text(path)):
                if not (ROOT / path).parent.joinpath(link).exists():
                    found.append(f"{path}: {link}")
        self.none(found, "a link to nothing")

    def test_settings_in_example_configurations_are_commented(self):
        found = []
        for path in files():
            if path.startswith("deploy/config/") and path.endswith(".toml"):
                lines = text(path).split("\n")
                found += [f"{path}: {line}" for before, line in zip([""] + lines, lines)
                          if re.match(r"\w[\w-]*\s*=", line) and not before.startswith("#")]
        self.none(found, "a key without a line that says what it does")


if __name__ == "__main__":
    unittest.main(verbosity=2)
