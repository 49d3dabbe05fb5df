"""Where things are, and how commands are run. All paths are relative to the repository, so that what is written down
about a run can be repeated anywhere."""
import os
import resource
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN = "run/bench"
BIN = f"{RUN}/bin"
LOAD = f"{BIN}/load"
FLOOR = f"{BIN}/floor"
ROLLCALL = os.environ.get("ROLLCALL", ".build/release/rollcall")

# The server has a core of its own, the load generator another: where there are two.
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = (CORES[0], CORES[1]) if len(CORES) > 1 else (CORES[0], CORES[0])


class Failure(Exception):
    """A measurement that did not come about, and why."""


def prepare():
    os.chdir(ROOT)
    os.makedirs(RUN, exist_ok=True)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def descriptors():
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def run(command, **options):
    """Runs a command to its end and returns its output. Raises `Failure` with its first complaint."""
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if result.returncode != 0:
        said = (result.stderr or result.stdout).strip().splitlines()
        raise Failure(f"{' '.join(map(str, command))}: status {result.returncode}: {said[0] if said else 'no word'}")
    return result.stdout


def pinned(core, command):
    return ["taskset", "-c", str(core), *map(str, command)] if len(CORES) > 1 else [str(word) for word in command]
