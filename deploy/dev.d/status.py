"""Prints the launcher's status lines (name, pid, ready, ports) as a table, or as JSON with --json."""

import json
import sys


def row_of(line):
    name, pid, ready, ports = line.rstrip("\n").split("\t")
    ports = json.loads(ports)
    health_port = ports.pop("health", None)
    web_port = ports.pop("web", None)
    return {"name": name, "kind": name.split("-")[0], "pid": int(pid) if pid else None, "ready": ready == "yes",
            "port": next(iter(ports.values()), None), "health_port": health_port,
            "web_port": web_port}


def main():
    rows = [row_of(line) for line in sys.stdin]
    if sys.argv[1:] == ["--json"]:
        print(json.dumps({"services": rows}, indent=2))
        return
    print(f"{'SERVICE':<12}{'PID':<10}{'PORT':<8}{'HEALTH':<8}READY")
    for row in rows:
        print(f"{row['name']:<12}{row['pid'] or '-':<10}{row['port'] or '-':<8}{row['health_port'] or '-':<8}"
              f"{'yes' if row['ready'] else 'no'}")


main()
