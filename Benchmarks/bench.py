#!/usr/bin/env python3
"""Runs the benchmarks and writes docs/performance.md. Called by Scripts/bench.sh, which builds what is needed.

  bench.py all       every part, or those that PARTS names; what others measured before stays in the results
  bench.py quick     the main figures in two minutes, printed only
  bench.py page      the page and its plots anew from the results
  bench.py fixture   DIR=… N=…: what an outside load generator needs
"""
import datetime
import importlib
import json
import os
import sys
import time

from harness import fleet, load, machine, place
from report import page, table

RESULTS = "docs/performance/results.json"
QUICK = f"{place.RUN}/quick.json"
PARTS = ["counts", "instructions", "heartbeat", "handshakes", "memory", "registrations", "loops", "news", "storm",
         "scale"]
QUICK_PARTS = ["counts", "heartbeat", "handshakes", "memory"]


def read(path):
    try:
        with open(path) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def write(path, results):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(results, file, indent=1)
        file.write("\n")


def measure(names, quick, results, keep):
    """Runs parts, puts what they found into the results, and keeps these after each. Returns the names of those that failed:
    one that fails, for whatever reason, does not take the others with it."""
    failed = []
    for name in names:
        began = time.monotonic()
        load.commands.clear()
        print(f"       {name} …", flush=True)
        try:
            figures = importlib.import_module(f"parts.{name}").measure(quick)
        except Exception as failure:
            where = "" if isinstance(failure, place.Failure) else f"{type(failure).__name__}: "
            print(f"bench: {name}: {where}{failure}", file=sys.stderr, flush=True)
            failed.append(name)
            continue
        results[name] = {
            "figures": figures, "is_short": quick, "commands": list(load.commands), "revision": machine.revision(),
            "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
            "seconds": round(time.monotonic() - began),
        }
        keep()
        print(f"{results[name]['seconds']:4} s {name}", flush=True)
    return failed


def chosen():
    names = os.environ.get("PARTS", "").split() or PARTS
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"bench: PARTS names '{unknown[0]}'; there are: {' '.join(PARTS)}")
    return names


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    if what not in ("all", "quick", "page", "fixture"):
        sys.exit(__doc__)
    directory, count = os.path.abspath(os.environ.get("DIR") or "run/bench/fixture"), os.environ.get("N") or "10000"
    place.prepare()
    if what == "fixture":
        if not count.isdigit() or not 1 <= int(count) <= 1_000_000:
            sys.exit(f"bench-fixture: N is '{count}': how many nodes, 1 to 1000000")
        fleet.write_fixture(directory, int(count))
        print(f"made {directory}; {directory}/README.txt says what is in it, {directory}/serve.sh starts the server")
        return
    failed = []
    if what == "page":
        results = read(RESULTS)
        if not results:
            sys.exit(f"bench: there is no {RESULTS}. Type: make bench")
    else:
        quick = what == "quick"
        results = {} if quick else read(RESULTS)
        results["machine"], results["servers"] = machine.describe(), table.versions()
        fleet.ensure(2000 if quick else 12000)
        failed = measure(QUICK_PARTS if quick else chosen(), quick, results.setdefault("parts", {}),
                         lambda: write(QUICK if quick else RESULTS, results))
        if quick:
            print(table.text(results))
    if what in ("all", "page"):
        page.write(results)
        print("       docs/performance.md is written")
    if failed:
        sys.exit(f"bench: failed: {' '.join(failed)}")


if __name__ == "__main__":
    try:
        main()
    except place.Failure as failure:
        sys.exit(f"bench: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
