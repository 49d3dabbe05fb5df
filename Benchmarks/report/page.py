"""docs/performance.md, and the plots beside it, from the results. No figure is typed: the sentences around them are."""
import os

from . import plots
from .deployment import deployment
from .table import COLUMNS, find, markdown, number, spread

PAGE = "docs/performance.md"
PLOTS = "docs/performance"

#: What was promised for each, and how it is held against the results: (what, aim, measured, kept).
def aims(r):
    def ratio(part, name):
        return find(r, part, name)

    def at_most(figure, limit, text):
        return None if figure is None else (text, figure <= limit)

    closed, paced = ratio("heartbeat", "closed_ratio"), ratio("heartbeat", "paced_ratio")
    p99 = find(r, "heartbeat", "paced", "rollcall", "p99_us")
    mqtt = find(r, "heartbeat", "closed", "Mosquitto", "cpu_us")
    ours = find(r, "heartbeat", "closed", "rollcall", "cpu_us")
    counted, floor = (find(r, "instructions", name, "instructions") for name in ("rollcall", "floor"))
    own = find(r, "counts", "frame to answer", "instructions")
    resumed = ratio("handshakes", "resumed_ratio")
    is_resumed = (find(r, "handshakes", "resumed", "rollcall", "resumed_share") or 0) > 0.9
    idle = find(r, "heartbeat", "paced", "rollcall", "memory_per_connection")
    plain = find(r, "memory", "connection", "--tls-records openssl", "bytes")
    node = find(r, "memory", "node")
    rate = find(r, "registrations", "per_second")
    beside, quiet = (find(r, "registrations", name) for name in ("beside_p99_us", "quiet_p99_us"))
    loops, news = find(r, "loops", "speed_up"), find(r, "news", "p99_ms")
    started, summary, page = (find(r, "scale", *path) for path in (
        ("start_seconds",), ("status_ms", "median"), ("page_ms", "median")))
    million = (find(r, "scale", "loops") or [None])[-1]
    yield "heartbeat, closed loop, CPU / floor", "1.10", closed and at_most(closed["median"], 1.10, spread(closed, digits=2))
    yield ("… less than Mosquitto's empty PINGREQ", f"{spread(mqtt)} µs" if mqtt else "–",
           mqtt and ours and at_most(ours["median"], mqtt["median"], f"{spread(ours)} µs"))
    yield ("user instructions for a heartbeat", f"{number(floor, 0)} (floor)" if floor else "–",
           counted and floor and at_most(counted, floor, number(counted, 0)))
    yield "… of them our own, from the frame to the answer", "600", own and at_most(own, 600, number(own, 0))
    yield "heartbeat, paced, CPU / gathering floor", "1.10", paced and at_most(paced["median"], 1.10, spread(paced, digits=2))
    yield "… p99 of the answer", "5 ms", p99 and at_most(p99["median"], 5000, f"{spread(p99, 1e-3)} ms")
    yield ("resumed mutual handshake, CPU / best floor", "1.15",
           resumed and (at_most(resumed["median"], 1.15, spread(resumed, digits=2)) if is_resumed else ("not resumed", False)))
    yield ("memory for an idle connection, OpenSSL's records", "13.5 kB",
           plain and at_most(plain, 13500, f"{number(plain, 0)} bytes"))
    yield ("… own records", "2 kB",
           idle and at_most(idle["median"], 2000, f"{number(idle['median'], 0)} bytes"))
    if find(r, "storm", "announced_seconds"):
        took, said = find(r, "storm", "took_seconds"), find(r, "storm", "announced_seconds")
        yield "a fleet back after a restart, time to announced", "0.9 to 1.1", (number(took / said, 2), 0.9 <= took / said <= 1.1)
        yield "… errors raised because of it", "0", (str(find(r, "storm", "errors")), find(r, "storm", "errors") == 0)
    yield "memory for a registered node without one", "400 bytes", node and at_most(node, 400, f"{number(node, 0)} bytes")
    yield "a million nodes: start from disk", "5 s", started and at_most(started, 5, f"{number(started)} s")
    yield "… `status`, start of the command included", "50 ms", summary and at_most(summary, 50, f"{number(summary)} ms")
    yield "… a page of `nodes`, filtered", "100 ms", page and at_most(page, 100, f"{number(page)} ms")
    yield ("… heartbeats each minute in the core, share of a core", "5 %",
           million and at_most(million["share_of_a_core"], 0.05, f"{million['share_of_a_core']:.2%}"))
    yield ("… longest tick of a loop", "5 ms",
           million and at_most(million["longest_tick_ms"], 5, f"{number(million['longest_tick_ms'])} ms"))
    yield "registrations, durable, per second", "10,000", rate and (number(rate, 0), rate >= 10000)
    yield ("… p99 of heartbeats beside, to quiet", "2",
           beside and quiet and at_most(beside / quiet, 2, number(beside / quiet, 2)))
    yield "two loops to one", "1.8", loops and (spread(loops, digits=2), loops["median"] >= 1.8)
    yield f"from {find(r, 'news', 'news') or 'a reset socket'} to the line in `errors --follow`, p99", "20 ms", news and at_most(news, 20, f"{number(news)} ms")


def aims_table(r):
    lines = ["| | aim | measured | |", "|---|---|---|---|"]
    for what, aim, told in aims(r):
        measured, kept = told if told else ("not measured", None)
        lines.append(f"| {what} | {aim} | {measured} | {'' if kept is None else 'kept' if kept else '**missed**'} |")
    return "\n".join(lines)


def picture(name, alternative):
    return f"![{alternative}](performance/{name}.svg)"


def bar_rows(r, part, kind, figure, scale=1):
    rows = []
    for name, told in (find(r, part, kind) or {}).items():
        value = told.get(figure)
        if value and (kind != "resumed" or told["resumed_share"] > 0.9):
            rows.append((name, value["median"] * scale, value["least"] * scale, value["most"] * scale))
    return sorted(rows, key=lambda row: row[1])


def draw(r):
    """Writes the plots that there are figures for; returns the Markdown of each by name."""
    drawn = {}

    def bars(name, title, subtitle, rows):
        if rows:
            drawn[name] = plots.bars(title, subtitle, rows)

    opened = lambda kind: number(find(r, "heartbeat", kind, "rollcall", "connections"), 0)
    bars("heartbeat-closed", "A heartbeat in a closed loop: server CPU, µs",
         f"{opened('closed')} connections, one request unanswered on each; median, least to most", bar_rows(r, "heartbeat", "closed", "cpu_us"))
    bars("heartbeat-paced", "A heartbeat at a steady pace: server CPU, µs",
         f"{opened('paced')} connections, one request a second on each, evenly spread", bar_rows(r, "heartbeat", "paced", "cpu_us"))
    bars("latency-paced", "The same: 99th percentile of the answer, ms", "from when the request was due",
         bar_rows(r, "heartbeat", "paced", "p99_us", 1e-3))
    bars("handshake-full", "A full mutual handshake and one answer: server CPU, µs", "TLS 1.3, ECDSA P-256, X25519",
         bar_rows(r, "handshakes", "full", "cpu_us"))
    bars("handshake-resumed", "The same, resumed: server CPU, µs", "those that resume, with a client certificate",
         bar_rows(r, "handshakes", "resumed", "cpu_us"))
    bars("memory", "An idle connection: resident memory of the server, bytes",
         f"mutual TLS 1.3, {opened('paced')} connections; the kernel's sockets not counted", bar_rows(r, "heartbeat", "paced", "memory_per_connection"))
    split = {name: find(r, "instructions", name, "by") for name in ("rollcall", "floor")}
    if all(split.values()):
        kinds = ["OpenSSL, ciphers", "OpenSSL, TLS", "C library", "libuv", "own", "other"]
        drawn["instructions"] = plots.stacks("User instructions of a heartbeat", "instructions; callgrind, a long run less a short one", kinds,
                                             list(split.items()))
    news = find(r, "news", "delays_ms")
    if news:
        drawn["news"] = plots.shares(f"From {find(r, 'news', 'news')} to the line in `errors --follow`",
                                     f"ms; share of {len(news)} times, {number(find(r, 'news', 'connections'), 0)} nodes connected", news, 20)
    os.makedirs(PLOTS, exist_ok=True)
    for name in os.listdir(PLOTS):
        if name.endswith(".svg") and name[:-4] not in drawn:
            os.remove(f"{PLOTS}/{name}")
    for name, text in drawn.items():
        with open(f"{PLOTS}/{name}.svg", "w") as file:
            file.write(text)
    titles = {"heartbeat-closed": "server CPU for a heartbeat in a closed loop", "heartbeat-paced": "server CPU at a steady pace",
              "latency-paced": "99th percentile of the answer", "handshake-full": "server CPU for a full handshake",
              "handshake-resumed": "server CPU for a resumed handshake", "memory": "memory for an idle connection",
              "instructions": "user instructions by library", "news": "distribution of the latency of news"}
    return {name: picture(name, titles[name]) for name in drawn}


def heartbeat_walk(r):
    """Where the time of a heartbeat goes."""
    kernel = find(r, "heartbeat", "closed", "rollcall", "kernel_share")
    cpu = find(r, "heartbeat", "closed", "rollcall", "cpu_us")
    paced = find(r, "heartbeat", "paced", "rollcall", "cpu_us")
    by, total = find(r, "instructions", "rollcall", "by"), find(r, "instructions", "rollcall", "instructions")
    if not (kernel and cpu and by):
        return ""
    share, us = kernel["median"], cpu["median"]
    part = lambda kind: by.get(kind, 0) / total
    own = find(r, "counts", "frame to answer", "instructions")
    pieces = "\n".join(f"| {name} | {number(told['instructions'], 0)} | {number(told['allocations'], 0)} |"
                       for name, told in (find(r, "counts") or {}).items())
    return f"""
Of the {number(us)} µs that a heartbeat costs in a closed loop, **{number(share * us)} µs ({share:.0%}) are the kernel's**: one
`epoll_wait` for several connections, a `read`, a `write`, and on loopback the delivery to the other end, which a network card
would spare the server. The remaining {number((1 - share) * us)} µs are user code; by instructions counted:

| of the user part | instructions | share |
|---|---|---|
""" + "\n".join(f"| {kind} | {number(by.get(kind, 0), 0)} | {part(kind):.0%} |"
                for kind in ("OpenSSL, ciphers", "OpenSSL, TLS", "C library", "libuv", "own", "other")) + f"""
| together | {number(total, 0)} | |

“OpenSSL, ciphers” is libcrypto: AES-GCM for two records of some 40 bytes is the smaller part of it, the way there (parameter
lists compared as strings) the larger. “C library” is mostly `malloc` and `free` of OpenSSL's record buffers, and `memcpy`.
“Own” is everything in our binary: loop, stream, session, frames, registry, and the Swift runtime.{f" Of it {number(own, 0)} are the work itself, from the frame to the answer." if own else ""}

At a steady pace the same heartbeat costs {number(paced["median"]) if paced else "–"} µs: the server sleeps between two of them, so each pays for a
wake-up and finds cold caches. Letting arrivals gather for a millisecond (`gather-arrivals`) shares one wake-up among several;
that is why the floor it is held against gathers, too.

The pieces of our own work, counted by `Benchmarks/micro.py`; a test fails at 10 % more, and at the first allocation:

| piece | instructions | allocations |
|---|---|---|
{pieces}
"""


def commands(r):
    lines = []
    for name, part in r.get("parts", {}).items():
        lines.append(f"\n{name} ({part['date']}, revision {part['revision']}, {part['seconds']} s):\n\n```")
        lines += part["commands"] or ["Benchmarks/micro.py"]
        lines.append("```")
    return "\n".join(lines)


def machine(r):
    m = r["machine"]
    return (f"{m['processor']}{', a virtual machine' if m['is_virtual'] else ''}, {m['cores']} cores, "
            f"{m['memory_bytes'] / 2**30:.0f} GiB; {m['system']}, Linux {m['kernel']}; {m['openssl']}, libuv {m['libuv']}, "
            f"Swift {m['swift']}; {number(m['descriptors'], 0)} descriptors a process")


def versions(r):
    return ", ".join(f"{name} {version}" for name, version in r.get("servers", {}).items() if name != "floor")


def warning(r):
    """Says so if figures come from runs that are too short, with fewer connections."""
    short_ones = [name for name, part in r["parts"].items() if part.get("is_short")]
    return (f"\n**Of short runs with few connections, as `make bench-quick` makes them: {', '.join(short_ones)}.** `make bench` makes "
            "them in full.\n") if short_ones else ""


def paragraph(figures, text):
    return text(figures) if figures else "Not measured in this run."


def write(r):
    drawn = draw(r)
    show = lambda *names: "\n\n".join(drawn[name] for name in names if name in drawn)
    registrations, loops, memory, news = (find(r, name) for name in ("registrations", "loops", "memory", "news"))
    text = f"""# Performance

Made by `make bench` from [performance/results.json](performance/results.json): table, plots and every figure. How each is
measured is in [Benchmarks](../Benchmarks/README.md); the aims are those of the project's beginning.

{machine(r)}. {versions(r)}.
{warning(r)}
{aims_table(r)}

## Beside others

Server CPU for one operation, and memory of the server's process for one connection. Everybody with mutual TLS 1.3, the same
certificates, one worker on one core; the load generator has the other. The *floor* is the least that a TLS server on the same
libraries can do: it counts frames and answers. Rollcall decodes, updates the registry, moves a deadline, and has persistence and
failure detection on. Rollcall and floor ran in alternating pairs. In brackets: least to most of the runs.

{markdown(r)}

{show("heartbeat-closed", "heartbeat-paced", "latency-paced")}

## Where the time of a heartbeat goes

{show("instructions")}
{heartbeat_walk(r)}
## A connection

{show("handshake-full", "handshake-resumed", "memory")}

{paragraph(memory, memory_words)}

{storm(r)}
## Registrations

{paragraph(registrations, registration_words)}

## Two loops

{paragraph(loops, loops_words)}

## News

{paragraph(news, news_words)}

{show("news")}
{scale(r)}
{deployment(r)}
## What is extrapolated

Descriptors are limited to {number(r["machine"]["descriptors"], 0)} a process here, and loopback has both ends on one machine, so
10,000 connections are the most that was opened at a time. What a connection or a node costs is taken as the same for more of
them: the tables that hold them are dense and grow in parts, and what is looked up by hash or heap grows with the
logarithm. Processor time for a heartbeat was measured at 10,000 connections, where caches are cold already.

## Commands

`make bench`; a part alone: `make bench PARTS=heartbeat`. In detail, without ports and process numbers:
{commands(r)}
"""
    with open(PAGE, "w") as file:
        file.write("\n".join(line.rstrip() for line in text.splitlines()) + "\n")


def memory_words(m):
    connections = "; ".join(f"{name}: **{number(told['bytes'], 0)} bytes**" for name, told in m["connection"].items())
    return (f"Memory for an idle connection, registry entry included, at {number(next(iter(m['connection'].values()))['connections'], 0)} "
            f"connections: {connections}. A registered node without a connection takes {number(m['node'], 0)} bytes (a server started with "
            f"{number(m['nodes'], 0)} of them, less one with none, {number(m['empty'] / 2**20)} MiB), and {number(m['stored_bytes'], 0)} bytes on disk.")


def registration_words(g):
    return (f"{number(g['newcomers'], 0)} new nodes, connected already, registered durably at **{number(g['per_second'], 0)} a second** "
            f"(p99 of the answer, which comes after the commit: {number(g['p99_us'] / 1e3)} ms; {number(g['cpu_us'])} µs of CPU each). "
            f"At {number(g['rate_reached'], 0)} a second, heartbeats of {number(g['beating'], 0)} others were answered with a p99 of "
            f"{number(g['beside_p99_us'] / 1e3)} ms, where it was {number(g['quiet_p99_us'] / 1e3)} ms without newcomers. (Server and "
            f"load generators share the cores: these were themselves late by {number(g['beside_lag_p99_us'] / 1e3)} and "
            f"{number(g['quiet_lag_p99_us'] / 1e3)} ms at the p99.)")


def loops_words(g):
    return (f"With server and generator on the same {g['cores']} cores, a heartbeat cost {spread(g['one_cpu_us'])} µs with one loop and "
            f"{spread(g['two_cpu_us'])} µs with two: two cores do **{spread(g['speed_up'], digits=2)} times** the work of one. (Twice one, "
            "less what a heartbeat costs more; rates would tell how generator and server share the cores.)")


def news_words(g):
    return (f"From {g['news']} to the line in `rollcall errors --follow`, {g['samples']} times, with {number(g['connections'], 0)} others connected: "
            f"{number(g['p50_ms'])} ms at the median, **{number(g['p99_ms'])} ms at the p99**, {number(g['most_ms'])} ms at most.")


def scale(r):
    g = find(r, "scale")
    if not g:
        return ""
    rows = "\n".join(f"| {number(loop['sessions'], 0)} | {number(loop['beat_ns'])} | {loop['share_of_a_core']:.2%} | "
                     f"{number(loop['longest_tick_ms'])} | {number(loop['noticed_after_seconds'])} |" for loop in g["loops"])
    core = "\n".join(g.get("core", []))
    asked = lambda name: f"{number(g[name]['median'])} ms ({number(g[name]['most'])} at most)"
    return f"""
## A million nodes

A server with {number(g['nodes'], 0)} nodes in its database answers **{number(g['start_seconds'])} s** after it was started, and holds
{number(g['node_bytes'], 0)} bytes for each ({number(g['database_bytes'], 0)} on disk). A few were registered; their rows were multiplied in the database.
`rollcall status` then takes {asked('status_ms')}, a page of 100 `nodes` of a site {asked('page_ms')}, and 100 by health
{asked('by_health_ms')}; all with the start of the command, which alone takes {number(g['command_ms']['median'])} ms.

The clocks of a loop, {number(g['loops'][0]['sessions'], 0)} sessions to {number(g['loops'][-1]['sessions'], 0)}, a heartbeat a minute each, in virtual time; one session
falls silent, which is noticed as soon in a large fleet as in a small one:

| sessions | ns a beat | share of a core | longest tick, ms | noticed after, s |
|---|---|---|---|---|
{rows}
""" + (f"""
Registry and store by themselves, without sockets, at that size (`swift run -c release CoreScale`, one run):

```
{core}
```
""" if core else "")


def storm(r):
    g = find(r, "storm")
    if not g:
        return ""
    announced = (f"the server said after its start that the last would be due after {number(g['announced_seconds'])} s"
                 if g["announced_seconds"] else "the server announced nothing")
    return (f"**A fleet that comes back at once.** The server was killed and started again under {number(g['nodes'], 0)} simulated agents: "
            f"{announced}, and all were reachable after **{number(g['took_seconds'])} s**; {g['errors']} errors were raised meanwhile, and it "
            f"used {number(g['cpu_us'])} µs of CPU for each node. (One core for the server, the other for the agents.)\n")
