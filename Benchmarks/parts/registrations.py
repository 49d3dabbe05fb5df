"""New nodes registered durably, as fast as the server takes them; and at a set rate, with heartbeats of others beside."""
from harness import load as generator
from harness.load import figures_of, load
from harness.place import Failure
from harness.servers import Rollcall

RATE = 10000


def start(server, mode, connections, **options):
    """Server and generators share the cores: a registration is worked on by three threads of the server."""
    return generator.start(server, mode, connections, core=None, **options)


def ready(process):
    line = process.stderr.readline().strip()
    if line != "ready":
        raise Failure(f"the load generator said '{line}' where it should be ready")


def begin(*processes):
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()


def beside(server, beating, newcomers):
    """Heartbeats alone, then heartbeats while newcomers register at the rate."""
    arriving = start(server, "register", newcomers, first=beating, rate=RATE, in_flight=2000, wait=True)
    try:
        ready(arriving)
        quiet = start(server, "paced", beating, interval=1, seconds=3, warmup=0, wait=True)
        ready(quiet)
        begin(quiet)
        quiet = figures_of(server, quiet, 60)
        disturbed = start(server, "paced", beating, interval=1, seconds=max(1, newcomers / RATE), warmup=0, wait=True)
        ready(disturbed)
        begin(disturbed, arriving)
        return quiet, figures_of(server, disturbed, 60), figures_of(server, arriving, 60)
    finally:
        arriving.kill()


def measure(quick=False):
    newcomers, beating = (2000, 500) if quick else (10000, 2000)
    with Rollcall(core=None) as server:
        fastest = load(server, "register", newcomers, core=None, in_flight=2000)
    newcomers -= beating
    with Rollcall(core=None) as server:
        quiet, disturbed, arrived = beside(server, beating, newcomers)
    return {
        "newcomers": fastest["operations"], "per_second": fastest["operations_per_second"],
        "cpu_us": fastest["cpu_us_per_operation"], "p99_us": fastest["latency"]["p99_us"],
        "rate": RATE, "rate_reached": arrived["operations_per_second"], "rate_newcomers": arrived["operations"],
        "rate_p99_us": arrived["latency"]["p99_us"], "beating": beating,
        "quiet_p99_us": quiet["latency"]["p99_us"], "beside_p99_us": disturbed["latency"]["p99_us"],
        "quiet_p50_us": quiet["latency"]["p50_us"], "beside_p50_us": disturbed["latency"]["p50_us"],
        "quiet_lag_p99_us": quiet["lag"]["p99_us"], "beside_lag_p99_us": disturbed["lag"]["p99_us"],
    }
