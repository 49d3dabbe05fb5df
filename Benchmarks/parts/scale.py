"""A million registered nodes: how long a start from disk takes, what they cost in memory, and how quickly an operator is
answered. A few nodes register with the real server; their rows are multiplied in its database, and it is started on that.
Then a loop's clocks through some minutes of fleets of several sizes, in virtual time (Benchmarks/Micro/FleetOfSessions.swift)."""
import json
import os
import sqlite3
import statistics
import subprocess
import tempfile
import time
import uuid

import micro

from harness.load import load
from harness.place import ROLLCALL, RUN, SERVER_CORE, Failure, pinned, run
from harness.servers import Rollcall
from parts.memory import resident
from parts.storm import status

NODES = 1_000_000  # the most a registry takes
REGISTERED = 10
CORE_SCALE = ".build/release/CoreScale"
SITES = 500
ASKED = 9


def multiply(database, count):
    """Makes `count` nodes of the first one, each with a name, id, address and machine of its own."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous = OFF")
    columns = [row[1] for row in connection.execute("PRAGMA table_info(node)")]
    template = dict(zip(columns, connection.execute("SELECT * FROM node ORDER BY number LIMIT 1").fetchone()))
    seen = connection.execute("SELECT max(at) FROM last_seen").fetchone()[0]
    first = connection.execute("SELECT max(number) FROM node").fetchone()[0] + 1

    def rows():
        for number in range(first, first + count):
            yield tuple({**template, "number": number, "id": str(uuid.UUID(int=number | 4 << 76 | 2 << 62)),
                         "hostname": f"host-{number:07}.example.net", "site": f"site-{number % SITES:03}",
                         "addresses": f'["10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"]',
                         "machine_id": f"machine-{number:07}", "boot_id": number.to_bytes(16, "big")}.values())

    connection.executemany(f"INSERT INTO node VALUES ({','.join('?' * len(columns))})", rows())
    connection.executemany("INSERT INTO last_seen VALUES (?, ?)", ((number, seen) for number in range(first, first + count)))
    connection.commit()
    connection.close()


def took(command):
    """Median and most of the milliseconds a command takes."""
    times = []
    for _ in range(ASKED):
        began = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times.append((time.monotonic() - began) * 1e3)
    return {"median": statistics.median(times), "most": max(times)}


def loops_of(sizes):
    """What a loop does in fleets of these sizes."""
    products = next((path for path in (".build/debug", ".build/release") if os.path.isdir(f"{path}/Modules")), None)
    if products is None:
        raise Failure("no build has left modules to link; type: swift build")
    with tempfile.TemporaryDirectory(prefix="rollcall-micro-") as work:
        try:
            program = micro.build(os.path.abspath(products), work)
        except micro.Trouble as trouble:
            raise Failure(str(trouble)) from None
        return [json.loads(run(pinned(SERVER_CORE, [program, "fleet", size]))) for size in sizes]


def core(count):
    """What CoreScale prints, a line a figure; none where it is not built."""
    if not os.path.exists(CORE_SCALE):
        return []
    with tempfile.TemporaryDirectory(prefix="core-scale-", dir=RUN) as directory:
        return run(pinned(SERVER_CORE, [CORE_SCALE, count, directory]), timeout=400).splitlines()


def measure(quick=False):
    count = 100_000 if quick else NODES
    with Rollcall() as server:
        empty = resident(server)
        load(server, "idle", REGISTERED, seconds=0)
        server.stop()
        database = next(f"{server.data}/{name}" for name in os.listdir(server.data) if name.endswith(".sqlite"))
        multiply(database, count - REGISTERED)
        began = time.monotonic()
        server.start(patience=120)
        # Listening is not yet answering.
        while not status(server):
            if time.monotonic() - began > 120:
                raise Failure("the server does not answer after 120 s")
            time.sleep(0.02)
        started = time.monotonic() - began
        time.sleep(1)
        asking = [ROLLCALL, "--version"], [ROLLCALL, "status", "--json", "--data", server.data], [
            ROLLCALL, "nodes", "--json", "--site", "site-007", "--limit", "100", "--data", server.data], [
            ROLLCALL, "nodes", "--json", "--sort", "health", "--limit", "100", "--data", server.data]
        start, summary, page, by_health = map(took, asking)
        return {"nodes": count, "start_seconds": started, "node_bytes": (resident(server) - empty) / count,
                "database_bytes": os.path.getsize(database) / count, "command_ms": start, "status_ms": summary,
                "page_ms": page, "by_health_ms": by_health, "loops": loops_of([1000, 10_000, count]),
                "core": core(count)}
