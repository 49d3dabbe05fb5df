#!/usr/bin/env python3
"""Counts instructions and allocations of the heartbeat's path, piece by piece, under valgrind: both repeat, however busy the
machine is. Needs a debug build beside it (`swift build`), whose third-party modules it links.

  micro.py check BUILD     compares with the counts kept for this compiler; ends with 1 beyond 10 % more instructions, or at
                           the first allocation more
  micro.py write BUILD     keeps the counts
  micro.py compare NOW KEPT    compares two files of counts

BUILD is where `swift build` puts its products; default .build/debug. The targets on the path are compiled anew, optimised,
because a test runs in a build for debugging, where counts say nothing.
"""
import glob
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOLERANCE = 0.10
#: Of them the heartbeat's path consists: not one allocation.
PATH = ["frame decoder", "heartbeat decode", "heartbeat answer", "registry heartbeat",
        "deadline index, due and hung again", "frame to answer"]
#: Allocates once a time, by design: if that is not seen, no allocation would be.
ALLOCATES = "an array made and dropped (one allocation)"
#: As SwiftPM compiles a release, with the settings of Package.swift that change code or what compiles.
FLAGS = ["-O", "-wmo", "-swift-version", "6", "-enable-upcoming-feature", "InternalImportsByDefault",
         "-enable-upcoming-feature", "ExistentialAny", "-package-name", "rollcall", "-suppress-warnings"]
#: Targets in the order of their needs. Generated messages are not on the path, and would take a minute.
TARGETS = ["EventLoop", "ErrorCatalogue", "Registry", "RollcallProtocol"]
#: Of these only some files: the rest needs C libraries.
PARTS_OF = {"EventLoop": ["LoopOwned.swift"]}
ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}


class Trouble(Exception):
    """Why there are no counts."""


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        lines = [line for line in (result.stderr + result.stdout).splitlines() if "error" in line] or [result.stderr]
        raise Trouble(f"{os.path.basename(command[0])}: {lines[0].strip()}")
    return result.stdout


def sources(target):
    files = glob.glob(f"{ROOT}/Sources/{target}/**/*.swift", recursive=True)
    if target in PARTS_OF:
        return [path for path in files if os.path.basename(path) in PARTS_OF[target]]
    def is_plain(path):
        with open(path) as file:
            return "import SwiftProtobuf" not in file.read()
    return sorted(path for path in files if "/Generated/" not in path and is_plain(path))


def build(products, work):
    """Compiles the targets, then the program; returns its path."""
    modules = f"{products}/Modules"
    if not os.path.isdir(modules):
        raise Trouble(f"{modules} is not there; type: swift build")
    include = ["-I", work, "-I", modules]
    objects = []
    for target in TARGETS:
        objects.append(f"{work}/{target}.o")
        run(["swiftc", *FLAGS, *include, "-parse-as-library", "-module-name", target, "-emit-module", "-emit-module-path",
             f"{work}/{target}.swiftmodule", "-c", "-o", objects[-1], *sources(target)])
    program = f"{work}/micro"
    imports = set()
    for target in TARGETS:
        for path in sources(target):
            with open(path) as file:
                imports |= set(re.findall(r"^(?:\w+ )?import (\w+)$", file.read(), re.M))
    others = [path for name in sorted(collections() if imports - set(TARGETS) else [])
              for path in glob.glob(f"{products}/{name}.build/**/*.o", recursive=True)]
    run(["swiftc", *FLAGS, *include, "-parse-as-library", "-static-stdlib", "-module-name", "MicroBenchmarks", "-o", program,
         *glob.glob(f"{ROOT}/Benchmarks/Micro/*.swift"), *objects, *others, "-Xlinker", "--gc-sections"])
    return program


def collections():
    """Modules of swift-collections, which the registry stands on."""
    return ["BasicContainers", "BitCollections", "ContainersPreview", "DequeModule", "HashTreeCollections", "HeapModule",
            "InternalCollectionsUtilities", "OrderedCollections", "RopeModule", "SortedCollections", "TrailingElementsModule"]


def tally(path):
    """Instructions and allocations in one of callgrind's files."""
    instructions, allocations = None, 0
    names, called = {}, None
    with open(path) as file:
        for line in file:
            if line.startswith("cfn="):
                number, _, name = line[4:].strip().partition(" ")
                if name:
                    names[number] = name
                called = names.get(number)
            elif line.startswith("fn="):
                number, _, name = line[3:].strip().partition(" ")
                if name:
                    names[number] = name
            elif line.startswith("calls="):
                if called is not None and called.split("@")[0].split("'")[0] in ALLOCATORS:
                    allocations += int(line[6:].split()[0])
            elif line.startswith(("totals:", "summary:")):
                instructions = int(line.split()[1])
    if instructions is None:
        raise Trouble(f"callgrind's {os.path.basename(path)} has no sum")
    return instructions, allocations


def count(program, work):
    """For each piece, instructions and allocations a time."""
    output = run(["valgrind", "--tool=callgrind", "--dump-before=*rollcall_mark*", f"--callgrind-out-file={work}/counts",
                  program], env=dict(os.environ, SWIFT_DETERMINISTIC_HASHING="1"))
    pieces = [line.split("\t") for line in output.splitlines() if not line.startswith("sum")]
    counts = {}
    for number, (name, times) in enumerate(pieces):
        few, many = (tally(f"{work}/counts.{3 * number + offset}") for offset in (2, 3))
        counts[name] = {"instructions": round((many[0] - few[0]) / int(times), 1),
                        "allocations": round((many[1] - few[1]) / int(times), 3)}
    if counts[ALLOCATES]["allocations"] != 1:
        raise Trouble(f"of one allocation {counts[ALLOCATES]['allocations']:g} are seen: mend tally in Benchmarks/micro.py")
    return counts


def kept_path():
    version = re.search(r"Swift version ([\d.]+)", run(["swiftc", "--version"]))
    if not version:
        raise Trouble("swiftc --version tells no version")
    return f"{ROOT}/Benchmarks/counts/swift-{version[1]}-{platform.machine()}.json"


def faults(counts, kept):
    """What is worse than it was, in words."""
    for name, now in counts.items():
        if name in PATH and now["allocations"] > 0:
            yield f"{name}: {now['allocations']:g} allocations a time; the heartbeat's path allocates nothing"
        before = kept.get(name)
        if before is None:
            continue
        if now["instructions"] > before["instructions"] * (1 + TOLERANCE):
            yield (f"{name}: {now['instructions']:g} instructions, more than 10 % above the {before['instructions']:g} kept. "
                   "Find out why; if it is worth it, keep the new counts and say so: make bench-counts")
        if now["allocations"] > before["allocations"]:
            yield f"{name}: {now['allocations']:g} allocations, {before['allocations']:g} kept"
    for name in kept.keys() - counts.keys():
        yield f"{name}: has counts but is measured no more; type: make bench-counts"


def read(path):
    with open(path) as file:
        return json.load(file)


def judge(counts, kept):
    found = list(faults(counts, kept))
    for fault in found:
        print(f"FAULT {fault}")
    sys.exit(1 if found else 0)


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what == "compare" and len(sys.argv) == 4:
        judge(read(sys.argv[2]), read(sys.argv[3]))
    if len(sys.argv) not in (2, 3) or what not in ("check", "write"):
        sys.exit(__doc__)
    products = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else f"{ROOT}/.build/debug")
    for tool in ("valgrind", "swiftc"):
        if not shutil.which(tool):
            sys.exit(f"micro: there is no {tool} in PATH")
    path = kept_path()
    name = os.path.relpath(path, ROOT)
    with tempfile.TemporaryDirectory(prefix="rollcall-micro-") as work:
        counts = count(build(products, work), work)
    kept = read(path) if os.path.exists(path) else {}
    for piece, now in counts.items():
        before = kept.get(piece, {}).get("instructions")
        print(f"{now['instructions']:8g} instructions {now['allocations']:5g} allocations  {piece}"
              + (f" (kept: {before:g})" if before is not None else ""))
    if what == "write":
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            json.dump(counts, file, indent=1)
            file.write("\n")
        print(f"kept in {name}")
        return
    if not kept:
        print(f"no counts are kept for this compiler ({name}): only allocations are checked. To keep them: make bench-counts")
    judge(counts, kept)


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"micro: {trouble}")
