"""What a heartbeat costs: server CPU in a closed loop and at a steady pace, beside the floor, in alternating pairs; then
the peers. The paced runs also tell what an idle connection costs in memory."""
from harness.figures import alternate, ratios, summary
from harness.load import load
from harness.servers import PEERS, Floor, Rollcall
from parts.memory import variants

GATHER_MS = 2


def closed(make, quick):
    def measure():
        with make() as server:
            return load(server, "closed", 200 if quick else 1000, seconds=2 if quick else 3)
    return measure


def paced(make, quick):
    def measure():
        with make() as server:
            return load(server, "paced", 2000 if quick else 10000, interval=1, seconds=3 if quick else 5, warmup=2)
    return measure


def told(runs, *more):
    figures = {"cpu_us": summary([run["cpu_us_per_operation"] for run in runs]),
               "p50_us": summary([run["latency"]["p50_us"] for run in runs]),
               "p99_us": summary([run["latency"]["p99_us"] for run in runs]),
               "p999_us": summary([run["latency"]["p999_us"] for run in runs]),
               "per_second": summary([run["operations_per_second"] for run in runs]),
               "kernel_share": summary([run["kernel_share"] for run in runs]),
               "server_share": summary([run["server_share"] for run in runs]),
               "connections": runs[0]["connections"]}
    for name in more:
        figures[name] = summary([run[name] for run in runs])
    return figures


def pair(kind, ours, floor, quick, rounds, *more):
    mine, theirs = alternate(rounds, kind(ours, quick), kind(floor, quick))
    cpu = [[run["cpu_us_per_operation"] for run in runs] for runs in (mine, theirs)]
    return told(mine, *more), told(theirs, *more), ratios(*cpu)


def measure(quick=False):
    result = {"gather_ms": GATHER_MS, "closed": {}, "paced": {}}
    side = result["closed"]
    side["rollcall"], side["floor"], result["closed_ratio"] = pair(closed, Rollcall, Floor, quick, 2 if quick else 5)
    memory = ("memory_per_connection", "memory_per_connection_after", "kernel_memory_per_connection")
    side = result["paced"]
    side["rollcall"], side["floor"], result["paced_ratio"] = pair(
        paced, Rollcall, lambda: Floor(gather_ms=GATHER_MS), quick, 1 if quick else 3, *memory)
    if quick:
        return result
    for name, flags in variants()[1:]:
        other = lambda: Rollcall(settings=flags)
        result["closed"][f"rollcall, {name}"] = told([closed(other, quick)() for _ in range(2)])
        result["paced"][f"rollcall, {name}"] = told([paced(other, quick)()], *memory)
    side["floor, not gathering"] = told([paced(Floor, quick)()], *memory)
    for peer in PEERS:
        if not peer.is_installed():
            print(f"       {peer.name} is not installed: skipped", flush=True)
            continue
        result["closed"][peer.name] = told([closed(peer, quick)() for _ in range(2)])
        result["paced"][peer.name] = told([paced(peer, quick)()], *memory)
    return result
