"""Ten million nodes, by arithmetic from what was measured."""
from .table import find, number

NODES = 10_000_000
INTERVAL = 30
#: A machine as one buys it, and how many nodes it is given.
CORES, NODES_EACH = 8, 1_000_000
#: TCP and IPv4 headers with timestamps; a TLS 1.3 record's header, type and tag (RFC 8446 section 5.2).
SEGMENT, RECORD = 52, 22
#: Frames of a heartbeat and its answer, bytes (docs/protocol.md).
REQUEST, ANSWER = 32, 15


def deployment(r):
    beat = find(r, "heartbeat", "paced", "rollcall", "cpu_us")
    busy = find(r, "heartbeat", "closed", "rollcall", "cpu_us")
    full = find(r, "handshakes", "full", "rollcall", "cpu_us")
    if not (beat and busy and full):
        return ""
    resumes = (find(r, "handshakes", "resumed", "rollcall", "resumed_share") or 0) > 0.9
    again = find(r, "handshakes", "resumed", "rollcall", "cpu_us") if resumes else full
    kinds = find(r, "memory", "connection") or {}
    memory = min([told["bytes"] for told in kinds.values()] or [find(r, "heartbeat", "paced", "rollcall", "memory_per_connection")["median"]])
    kernel = find(r, "heartbeat", "paced", "rollcall", "kernel_memory_per_connection")
    kernel = kernel["median"] if kernel else 4000
    servers = NODES // NODES_EACH
    rate = NODES_EACH / INTERVAL
    up, down = SEGMENT + RECORD + REQUEST, SEGMENT + RECORD + ANSWER
    back = NODES_EACH * again["median"] / 1e6 / CORES
    lost = (NODES_EACH / (servers - 1)) * again["median"] / 1e6 / CORES
    return f"""
## Ten million nodes

By arithmetic from the figures above, for a heartbeat each {INTERVAL} s: {number(NODES / INTERVAL, 0)} a second in all.

| | each of {servers} servers | together |
|---|---|---|
| nodes | {number(NODES_EACH, 0)} | {number(NODES, 0)} |
| heartbeats a second | {number(rate, 0)} | {number(rate * servers, 0)} |
| cores for them, at the price of a paced heartbeat | {number(rate * beat["median"] / 1e6, 2)} | {number(rate * servers * beat["median"] / 1e6, 1)} |
| … at that of a closed loop, which a busy loop comes near | {number(rate * busy["median"] / 1e6, 2)} | {number(rate * servers * busy["median"] / 1e6, 1)} |
| memory of the process | {number(NODES_EACH * memory / 2**30, 1)} GiB | {number(NODES * memory / 2**30, 0)} GiB |
| … of the kernel for the sockets | {number(NODES_EACH * kernel / 2**30, 1)} GiB | {number(NODES * kernel / 2**30, 0)} GiB |
| bandwidth in (an acknowledgement each included) | {number(rate * (up + SEGMENT) * 8 / 1e6, 0)} Mbit/s | {number(rate * servers * (up + SEGMENT) * 8 / 1e9, 2)} Gbit/s |
| bandwidth out | {number(rate * down * 8 / 1e6, 0)} Mbit/s | {number(rate * servers * down * 8 / 1e9, 2)} Gbit/s |
| everybody back after a restart, on {CORES} cores{"" if resumes else " (full handshakes)"} | {number(back, 0)} s | |
| a server is lost, the others take its nodes in | {number(lost, 0)} s | |

**What decides is coming home, not the heartbeat.** A heartbeat each {INTERVAL} s needs a core or two a server; a million handshakes need
{number(NODES_EACH * again["median"] / 1e6, 0)} core-seconds. So the cores are there for the storm, and memory for the connections;
both say about a million nodes for a machine of {CORES} cores, and one server more than needed, so that one may be lost.

**Servers.** A registry holds a million nodes and is one process on one machine with its disk. Ten million are therefore {servers} fleets
today, each with its own authority and operators' view; several servers that share one database, any of them answering for all, are
where the design goes and are not built. A process needs a descriptor a connection (`LimitNOFILE` above a million), and the
kernel `net.ipv4.tcp_mem` and `fs.file-max` to match.

**Load balancing.** The connections are long and mutual TLS ends in the server, so a balancer can only pass TCP through (layer 4), and
does so for hours: it spreads *connections*, not load, and after a loss it must not be the bottleneck of the storm. Simpler and
as good is none: a name for each server, and a node knows which is its own. Source addresses must survive on the way, because they
are evidence in diagnosis. Idle limits of balancers and NAT on the path must be longer than the heartbeat interval.

**Heartbeats less often** halve the first lines and not the rest: at 60 s noticing a death takes twice as long, for one core less a
server.
"""
