"""Runs the load generator and takes its figures."""
import json
import subprocess

from .fleet import FLEET
from .place import LOAD, LOAD_CORE, Failure, pinned

#: Every command that was run, for the page.
commands = []


def arguments(server, mode, connections, **options):
    words = [LOAD, "--mode", mode, "--port", str(server.port), "--protocol", server.protocol,
             "--in-flight" if mode == "handshakes" else "--connections", str(connections),
             "--identities", f"{FLEET}/nodes", "--ca", f"{FLEET}/nodes/ca.pem"]
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        words += [flag] if value is True else [] if value in (None, False) else [flag, str(value)]
    for pid in server.pids():
        words += ["--server", str(pid)]
    return words


def remember(server, words):
    """Notes a command without what differs from run to run."""
    shown, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("--port", "--server"):
            skip = True
        else:
            shown.append(word)
    line = f"{server.name}: {' '.join(shown)}"
    if line not in commands:
        commands.append(line)


def figures_of(server, process, patience):
    """Waits for a generator's end."""
    try:
        output, complaints = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise Failure(f"{server.name}: the load generator did not end within {patience} s")
    try:
        figures = json.loads(output)
    except ValueError:
        raise Failure(f"{server.name}: {complaints.strip() or 'the load generator said nothing'}") from None
    if figures["failures"] or figures["unanswered"]:
        raise Failure(f"{server.name}: {figures['failures']} connections failed ({figures['first_failure']}), "
                      f"{figures['unanswered']} requests stayed unanswered")
    return figures


def start(server, mode, connections, core=LOAD_CORE, **options):
    words = arguments(server, mode, connections, **options)
    remember(server, words)
    command = words if core is None else pinned(core, words)
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def load(server, mode, connections, patience=180, core=LOAD_CORE, **options):
    return figures_of(server, start(server, mode, connections, core, **options), patience)
