"""Two loops beside one, on the same two cores as the load generator: processor time for a heartbeat tells whether loops
get into each other's way, where rates would tell how the generator and the server share the cores."""
from harness.figures import alternate, ratios, summary
from harness.load import load
from harness.place import CORES
from harness.servers import Rollcall


def beats(loops, quick):
    def measure():
        with Rollcall(loops=loops, core=None) as server:
            return load(server, "closed", 200 if quick else 1000, core=None, seconds=2 if quick else 3)
    return measure


def measure(quick=False):
    one, two = alternate(1 if quick else 3, beats(1, quick), beats(2, quick))
    cpu = [[run["cpu_us_per_operation"] for run in runs] for runs in (one, two)]
    return {"cores": len(CORES), "one_cpu_us": summary(cpu[0]), "two_cpu_us": summary(cpu[1]),
            "one_per_second": summary([run["operations_per_second"] for run in one]),
            "two_per_second": summary([run["operations_per_second"] for run in two]),
            # Two cores do twice the work of one, less what a heartbeat costs more.
            "speed_up": summary([2 * a / b for a, b in zip(*cpu)]), "ratio": ratios(*reversed(cpu))}
