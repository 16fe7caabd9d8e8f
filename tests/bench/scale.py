"""Compares an instance with few entities to one with many, side by side in one run.

Every entity has a pre-shared key. The devices of both instances bring keys that are spread over all of theirs, and the
two are loaded in turns, so that the machine's moods hit both. What is compared is the CPU of every process.
"""

import hashlib
import hmac
import pathlib
import statistics

FEW = 1000
INFO = b"pre-shared-key-index"  # As certifier-engine/keys derives it.


def index_key(state):
    """The key of the HMAC under which keys are found: HKDF-SHA256 (RFC 5869) of the key-encryption key, no salt."""
    octets = bytes.fromhex((pathlib.Path(state) / "secrets/key-encryption-key").read_text().strip())
    return hmac.digest(hmac.digest(bytes(32), octets, "sha256"), INFO + b"\x01", "sha256")


def value(number):
    """A challenge that is none of the engine's own kind, so that it is taken as it stands."""
    return f"bench key {number} " + hashlib.sha256(str(number).encode()).hexdigest()[:16]


class Population:
    """Entities 1 to `count`, each with a key for as many certificates as `requests` over them need."""

    def __init__(self, instance, count, requests):
        self.instance, self.count, self.requests = instance, count, requests
        self.uses = -(-requests // count)

    def sql(self, *commands, **options):
        arguments = [part for command in commands for part in ("-c", command)]
        return self.instance.dev("psql", "-qAt", "-v", "ON_ERROR_STOP=1", *arguments, **options)

    def insert(self, folder):
        key = index_key(self.instance.state)
        path = folder / f"digests-{self.count}"
        with open(path, "w", encoding="ascii") as file:
            for number in range(1, self.count + 1):
                digest = hmac.digest(key, value(number).encode(), "sha256").hex()
                file.write(f"{number}\t\\\\x{digest}\n")
        with open(path, encoding="ascii") as file:
            self.sql("CREATE UNLOGGED TABLE bulk (number bigint, digest bytea)", "COPY bulk FROM STDIN",
                     """INSERT INTO entities (name, status, description, created_at, created_by)
                        SELECT 'bulk-' || number, 'active', '', now(), 'bench' FROM bulk""",
                     f"""INSERT INTO pre_shared_keys (reference_number, entity_id, ca_id, digest, use_limit, not_before,
                                                     expires_at, created_at, created_by)
                        SELECT 'B' || b.number, e.entity_id, (SELECT min(ca_id) FROM cas), b.digest, {self.uses},
                               now() - interval '1 minute', now() + interval '1 day', now(), 'bench'
                          FROM bulk b JOIN entities e ON e.name = 'bulk-' || b.number""",
                     "DROP TABLE bulk", "VACUUM ANALYZE entities", "VACUUM ANALYZE pre_shared_keys",
                     stdin=file)
        path.unlink()

    def challenges(self):
        """One for each request, of keys that are spread evenly over all that there are."""
        return [value(1 + number * self.count // self.requests) for number in range(self.requests)]


def prepare(instance, folder, count, requests):
    """Fills the instance; returns the folder with what its load needs."""
    scratch = folder / f"load-{count}"
    scratch.mkdir()
    population = Population(instance, count, requests)
    population.insert(folder)
    (scratch / "challenges").write_text("\n".join(population.challenges()) + "\n")
    ca = instance.ctl("ca", "show", "demo")
    (scratch / "ra.pem").write_text(ca["registration_authorities"][0]["certificate_pem"])
    return scratch


def figures_of(few, many):
    """The ratio of each round's CPU for an enrolment, many over few, and the medians."""
    ratios = [m["cpu_ms_sum"] / f["cpu_ms_sum"] for f, m in zip(few["rounds"], many["rounds"])]
    return {"ratio": statistics.median(ratios), "ratios": ratios, "few": few, "many": many,
            "failures": few["failures"] + many["failures"]}


def show(figures, many):
    print(f"CPU per enrolment, {FEW} entities against {many}")
    for name in figures["few"]["cpu_ms"]:
        print(f"  {name:<16}{figures['few']['cpu_ms'][name]:.3f} ms   {figures['many']['cpu_ms'][name]:.3f} ms")
    ratios = figures["ratios"]
    print(f"  {'ratio':<16}{figures['ratio']:.2f} (median of {len(ratios)} rounds: "
          f"{min(ratios):.2f} to {max(ratios):.2f})")
