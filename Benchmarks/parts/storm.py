"""A fleet that comes back at once: the server is killed and started again under simulated agents, which run the code of the
real ones. How long until the last one is reachable, beside what the server said when it had just started. The server has a core
of its own, as machines of a real fleet do not compute on the server's: it announces what half of its processors can do, and a
neighbour who takes them makes it late."""
import datetime
import json
import os
import subprocess
import time

from harness.place import LOAD_CORE, ROLLCALL, Failure, pinned
from harness.servers import PKI, Rollcall

FLEET_SIZE = 10000


def status(server):
    # The exit status tells of health, not of this.
    result = subprocess.run([ROLLCALL, "status", "--json", "--data", server.data], capture_output=True, text=True)
    try:
        return json.loads(result.stdout)
    except ValueError:
        return None


def is_back(told, count):
    """All connected. What a status calls reachable right after a start is what was known before it."""
    coming = told.get("homecoming")
    return told["connections"] >= count and (not coming or coming["returned"] >= coming["expected"])


def wait_until(holds, patience, what):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.2)
    raise Failure(f"after {patience} s {what}")


def seconds_between(earlier, later):
    moment = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment(later) - moment(earlier)).total_seconds()


def homecoming(server, count, patience):
    """Watches the fleet come back. Returns, in seconds since the homecoming began, when the last node was due by what was
    announced first, and when it was there; and the most errors there were meanwhile."""
    deadline, began, due, errors = time.monotonic() + patience, None, None, 0
    while time.monotonic() < deadline:
        told = status(server)
        if told:
            errors = max(errors, told["error_count"])
            coming = told.get("homecoming") or {}
            began = began or coming.get("began")
            due = due or coming.get("last_due")
            if is_back(told, count):
                since = began or told["started_at"]
                return seconds_between(since, due) if due else None, seconds_between(since, told["server_time"]), errors
        time.sleep(0.1)
    raise Failure(f"{status(server)['connections']} of {count} nodes are back after {patience} s")


def measure(quick=False):
    count = 500 if quick else FLEET_SIZE
    with Rollcall() as server:
        command = [ROLLCALL, "simulate", "--server", f"localhost:{server.port}", "--pki", PKI, "--agents", str(count),
                   "--process-servers", "0", "--master-targets", "0", "--sites", "20", "--no-goodbye", "--json", "--every", "10s"]
        log = open(f"{server.directory}/simulate", "w")
        agents = subprocess.Popen(pinned(LOAD_CORE, command), stdout=log, stderr=log)
        try:
            wait_until(lambda: (told := status(server)) and is_back(told, count), 120, "not all nodes had registered")
            server.process.kill()
            server.process.wait()
            server.start()
            announced, took, errors = homecoming(server, count, 180)
            ticks = os.sysconf("SC_CLK_TCK")
            with open(f"/proc/{server.process.pid}/stat") as file:
                cpu = sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13])) / ticks
        finally:
            agents.terminate()
            try:
                agents.wait(20)
            except subprocess.TimeoutExpired:
                agents.kill()
                agents.wait()
            log.close()
    return {"nodes": count, "announced_seconds": announced, "took_seconds": took, "errors": errors,
            "cpu_us": cpu / count * 1e6}
