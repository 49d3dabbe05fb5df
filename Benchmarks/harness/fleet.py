"""Certificates for made-up nodes, made once and used by every run: `FLEET/nodes/I.pem`, `FLEET/data/pki`."""
import os
import shutil
import time

from .place import LOAD, ROLLCALL, RUN, Failure, run

FLEET = f"{RUN}/fleet"
KEPT_SECONDS = 7 * 86400


def make(directory, count, nodes):
    """A CA, a server's certificate and `count` nodes' ones below `nodes`."""
    data = f"{directory}/data"
    run([ROLLCALL, "pki", "init", "--data", data, "--fleet", "bench", "--host", "localhost", "--host", "127.0.0.1"])
    run([ROLLCALL, "pki", "nodes", "--data", data, "--out", nodes, "--count", count, "--seed", 1])


def ensure(count):
    """The fleet of the runs, with at least so many nodes and not too old."""
    index = f"{FLEET}/nodes/nodes.tsv"
    if os.path.exists(index):
        with open(index) as file:
            there = sum(1 for _ in file) - 1
        if there >= count and time.time() - os.path.getmtime(index) < KEPT_SECONDS:
            return
    shutil.rmtree(FLEET, ignore_errors=True)
    print(f"       Making {count} certificates …", flush=True)
    make(FLEET, count, f"{FLEET}/nodes")


README = """\
What an outside load generator needs to repeat Rollcall's figures, for {count} nodes.

  ca.pem            the fleet's authority, which both sides are checked against (the server is called localhost)
  I.pem             certificate, then key, of node I (0 to {last}); nodes.tsv tells its node id
  register.rec      for each node in turn: four bytes of big-endian length, and a frame of so many bytes: its Register
  heartbeat.rec     the same with its Heartbeat: request id 2, sequence 1. It may be sent again and again; count the
                    sequence up (docs/protocol.md) to be exact
  serve.sh          starts a server for these nodes on 127.0.0.1:9443 (PORT=…), one loop; more options are passed on

Each connection: TLS 1.3, ALPN rollcall/1, certificate I; Register I; wait for the answer; Heartbeats. An answer is a frame,
one byte 0, four bytes of big-endian length, so many bytes, which begin with 08 (the request's id); a byte 10 behind the id
is a refusal. The project's own generator does the same with:

  {load} --mode closed --port 9443 --connections {count} --identities {directory} --ca {directory}/ca.pem
"""

SERVE = """\
#!/bin/sh
# A configuration server for the nodes of this directory.
cd "$(dirname "$0")" || exit 1
ulimit -n "$(ulimit -H -n)"
exec "${{ROLLCALL:-{rollcall}}}" serve --data data --listen "127.0.0.1:${{PORT:-9443}}" --loops 1 --heartbeat-interval 30s "$@"
"""


def write_fixture(directory, count):
    """Everything that somebody else's load generator needs."""
    if os.path.exists(f"{directory}/nodes.tsv"):
        raise Failure(f"{directory} holds a fixture already. Choose another DIR, or remove it")
    os.makedirs(directory, exist_ok=True)
    make(directory, count, directory)
    run([LOAD, "--mode", "frames", "--frames", directory, "--connections", count])
    with open(f"{directory}/README.txt", "w") as file:
        file.write(README.format(count=count, last=count - 1, load=os.path.abspath(LOAD), directory=os.path.abspath(directory)))
    with open(f"{directory}/serve.sh", "w") as file:
        file.write(SERVE.format(rollcall=os.path.abspath(ROLLCALL)))
    os.chmod(f"{directory}/serve.sh", 0o755)
