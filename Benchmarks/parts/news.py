"""How long news takes: from the moment a node's socket is reset to the line in `rollcall errors --follow` that says so, with the
rest of the fleet connected and beating. It is a suspicion then: the error follows if the node stays away."""
import json
import os
import queue
import socket
import ssl
import struct
import subprocess
import threading
import time

from harness.fleet import FLEET
from harness.load import start
from harness.place import LOAD, ROLLCALL, Failure, run
from harness.servers import AUTHORITY, Rollcall

VICTIMS = 200
# Followers are told a hundred suspicions and returns a second; a node takes two.
PAUSE = 0.03


def records(name):
    """The frames of a fixture's file, one a node."""
    with open(f"{FLEET}/nodes/{name}", "rb") as file:
        content = file.read()
    at = 0
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        yield content[at + 4:at + 4 + length]
        at += 4 + length


class Victim:
    """A node that we can cut off when we like."""

    def __init__(self, number, register):
        self.name = f"node-{number:06}.example.net"
        self.register = register
        self.context = ssl.create_default_context(cafile=AUTHORITY)
        self.context.load_cert_chain(f"{FLEET}/nodes/{number}.pem")
        self.context.set_alpn_protocols(["rollcall/1"])
        self.stream, self.sequence = None, 0

    def connect(self, port):
        plain = socket.create_connection(("127.0.0.1", port), 10)
        self.stream = self.context.wrap_socket(plain, server_hostname="localhost")
        self.sequence = 0
        self.stream.sendall(self.register)
        self.take_answer()

    def take_answer(self):
        header = self.stream.recv(5)
        (length,) = struct.unpack(">I", header[1:5])
        while length > 0:
            length -= len(self.stream.recv(length))

    def reset(self):
        """Resets the connection; returns the moment before."""
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        descriptor = self.stream.detach()
        moment = time.monotonic()
        os.close(descriptor)
        return moment


class Follower:
    """`rollcall errors --follow`, and when each of its lines came."""

    def __init__(self, server):
        command = [ROLLCALL, "errors", "--follow", "--json", "--data", server.data]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put((time.monotonic(), line))

    def wait(self, event, name, patience=10):
        """When the line came that tells this of that node."""
        deadline = time.monotonic() + patience
        while True:
            try:
                moment, line = self.lines.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                raise Failure(f"no line tells {event} of {name}") from None
            told = json.loads(line)
            if told.get("event") == event and told.get("suspect", {}).get("hostname") == name:
                return moment


def after_reset(follower, node, port):
    reset_at = node.reset()
    delay = follower.wait("suspect", node.name) - reset_at
    node.connect(port)
    follower.wait("returned", node.name)
    time.sleep(PAUSE)
    return delay


def measure(quick=False):
    crowd, victims = (500, 20) if quick else (10000, VICTIMS)
    run([LOAD, "--mode", "frames", "--frames", f"{FLEET}/nodes", "--connections", crowd + victims])
    registers = list(records("register.rec"))
    # Nobody is judged in the time after a start: it is made short.
    with Rollcall(settings=["--homecoming", "1s", "--log-level", "error"]) as server:
        others = start(server, "paced", crowd, interval=10, seconds=600, wait=True)
        if others.stderr.readline().strip() != "ready":
            raise Failure("the load generator could not connect")
        others.stdin.write("go\n")
        others.stdin.flush()
        follower = Follower(server)
        try:
            nodes = [Victim(number, registers[number]) for number in range(crowd, crowd + victims)]
            for node in nodes:
                node.connect(server.port)
            time.sleep(2)
            delays = sorted(after_reset(follower, node, server.port) for node in nodes)
        finally:
            others.kill()
            others.communicate()
            follower.process.kill()
            follower.process.wait()
    at = lambda share: delays[min(len(delays) - 1, int(share * len(delays)))] * 1e3
    return {"news": "a reset socket", "connections": crowd, "samples": len(delays), "p50_ms": at(0.5), "p90_ms": at(0.9), "p99_ms": at(0.99),
            "most_ms": delays[-1] * 1e3, "delays_ms": [round(delay * 1e3, 3) for delay in delays]}
