"""Memory of the server's process: for a connection with nothing to say, and for a registered node without one."""
import os

from harness.load import load
from harness.place import ROLLCALL, run
from harness.servers import Rollcall

#: What `--tls-records` of the server may be, where it has that setting.
RECORDS = ("own", "openssl")


def resident(server):
    with open(f"/proc/{server.process.pid}/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))


def variants():
    """The settings that change what a connection costs: (name, flags)."""
    if "--tls-records" not in run([ROLLCALL, "serve", "--help"]):
        return [("OpenSSL's records", [])]
    return [(f"--tls-records {value}", ["--tls-records", value]) for value in RECORDS]


def measure(quick=False):
    count = 1000 if quick else 10000
    connection = {}
    for name, flags in variants():
        with Rollcall(settings=flags) as server:
            idle = load(server, "idle", count, seconds=1)
            connection[name] = {"bytes": idle["memory_per_connection"], "resident": idle["resident_connected"],
                                "connections": count}
    with Rollcall() as server:
        empty = resident(server)
        load(server, "idle", count, seconds=0)
        server.stop()
        server.start()
        restored = resident(server)
        stored = sum(os.path.getsize(f"{server.data}/{name}") for name in os.listdir(server.data)
                     if os.path.isfile(f"{server.data}/{name}"))
    return {"connection": connection, "empty": empty, "nodes": count, "node": (restored - empty) / count,
            "stored_bytes": stored / count}
