"""User instructions of a heartbeat, by library: callgrind on the running server, a long run less a short one."""
import os
import re
import shutil

from harness.load import load
from harness.place import ROLLCALL, RUN, run
from harness.servers import Floor, Rollcall

CONNECTIONS = 50
SHORT, LONG = 20, 220


def by_object(path):
    """Instructions of each library and program, calls not counted to the caller."""
    names, counts = {}, {}
    present, skip = None, False
    with open(path) as file:
        for line in file:
            if line.startswith("ob="):
                number, _, name = line[3:].strip().partition(" ")
                if name:
                    names[number] = os.path.basename(name)
                present = names.get(number, "")
            elif line.startswith("cob="):
                number, _, name = line[4:].strip().partition(" ")
                if name:
                    names[number] = os.path.basename(name)
            elif line.startswith("calls="):
                skip = True  # the next line is what the called one used
            elif re.match(r"[0-9+*-]", line):
                if not skip:
                    counts[present] = counts.get(present, 0) + int(line.split()[1])
                skip = False
    return counts


class UnderCallgrind:
    """Makes a server's class run under callgrind, with all its instructions in a file."""

    def command(self):
        self.counts = f"{self.directory}/callgrind"
        return ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.counts}", *map(str, super().command())]

    def start(self, patience=120):
        super().start(patience)

    def stop(self, patience=120):
        super().stop(patience)


class RollcallUnderCallgrind(UnderCallgrind, Rollcall):
    def command(self):
        command = super().command()
        # Valgrind stumbles over Swift's debugging information.
        program = f"{RUN}/rollcall-stripped"
        if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(ROLLCALL):
            run(["strip", "--strip-debug", "-o", program, ROLLCALL])
        command[command.index(ROLLCALL)] = program
        return command


class FloorUnderCallgrind(UnderCallgrind, Floor):
    pass


def counted(make, requests):
    with make() as server:
        load(server, "closed", CONNECTIONS, requests=requests, patience=170)
        server.stop()
        return by_object(server.counts)


def family(name):
    """Whose instructions a library's are."""
    for prefix, words in (("libcrypto", "OpenSSL, ciphers"), ("libssl", "OpenSSL, TLS"), ("libuv", "libuv"),
                          ("libc.", "C library"), ("libc-", "C library"), ("rollcall", "own"), ("floor", "own")):
        if name.startswith(prefix):
            return words
    return "other"


def a_heartbeat(make):
    short, long = counted(make, SHORT), counted(make, LONG)
    beats = CONNECTIONS * (LONG - SHORT)
    split = {}
    for name in long:
        split[family(name)] = split.get(family(name), 0) + (long[name] - short.get(name, 0)) / beats
    return {"instructions": sum(split.values()), "by": split, "beats": beats}


def measure(quick=False):
    if not shutil.which("valgrind"):
        return None
    return {"rollcall": a_heartbeat(RollcallUnderCallgrind), "floor": a_heartbeat(FloorUnderCallgrind)}
