"""What a connection costs to make: server CPU for a mutual handshake, with one request answered, full and resumed."""
from harness.figures import alternate, ratios, summary
from harness.load import load
from harness.servers import PEERS, Floor, Rollcall

IN_FLIGHT = 32


def shakes(make, resume, quick):
    def measure():
        with make() as server:
            return load(server, "handshakes", IN_FLIGHT, resume=resume, seconds=2 if quick else 3)
    return measure


def told(runs):
    full, resumed = (sum(run[kind] for run in runs) for kind in ("full_handshakes", "resumed_handshakes"))
    return {"cpu_us": summary([run["cpu_us_per_operation"] for run in runs]),
            "per_second": summary([run["operations_per_second"] for run in runs]),
            "resumed_share": resumed / max(1, full + resumed)}


def measure(quick=False):
    result = {}
    for kind, resume in (("full", False), ("resumed", True)):
        ours, floor = alternate(1 if quick else 3, shakes(Rollcall, resume, quick),
                                shakes(lambda: Floor(resumes=resume), resume, quick))
        result[kind] = {"rollcall": told(ours), "floor": told(floor)}
        result[kind + "_ratio"] = ratios(*[[run["cpu_us_per_operation"] for run in runs] for runs in (ours, floor)])
        if quick:
            continue
        for peer in PEERS:
            if peer.is_installed():
                result[kind][peer.name] = told([shakes(lambda: peer(resumes=resume), resume, quick)()])
            else:
                print(f"       {peer.name} is not installed: skipped", flush=True)
    return result
