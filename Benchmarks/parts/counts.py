"""Instructions and allocations of the pieces of a heartbeat: those that `Benchmarks/micro.py` keeps and a test compares with."""
import json

import micro
from harness.place import Failure


def measure(quick=False):
    path = micro.kept_path()
    try:
        with open(path) as file:
            return json.load(file)
    except FileNotFoundError:
        raise Failure("no counts are kept for this compiler; type: make bench-counts") from None
