"""The one table: a row a server, a column a measurement."""
from harness.servers import PEERS, Floor, Rollcall

SERVERS = [Rollcall, Floor, *PEERS]


def versions():
    return {server.name: server.version() for server in SERVERS if server.is_installed()}


def number(value, digits=None):
    """A number for people: three figures that matter, thousands with commas."""
    if value is None:
        return "–"
    if digits is None:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def spread(figure, scale=1, digits=None):
    """Median, and least to most where there were several runs."""
    if figure is None:
        return "–"
    text = number(figure["median"] * scale, digits)
    if figure["runs"] > 1:
        text += f" ({number(figure['least'] * scale, digits)}–{number(figure['most'] * scale, digits)})"
    return text


def find(results, part, *path):
    value = results.get("parts", {}).get(part, {}).get("figures")
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


COLUMNS = [
    ("heartbeat, closed loop, CPU µs", lambda r, s: spread(find(r, "heartbeat", "closed", s, "cpu_us"))),
    ("paced, CPU µs", lambda r, s: spread(find(r, "heartbeat", "paced", s, "cpu_us"))),
    ("paced, p99 ms", lambda r, s: spread(find(r, "heartbeat", "paced", s, "p99_us"), 1e-3)),
    ("full mutual handshake, CPU µs", lambda r, s: spread(find(r, "handshakes", "full", s, "cpu_us"))),
    ("resumed, CPU µs", lambda r, s: resumed(r, s)),
    ("memory for an idle connection, bytes", lambda r, s: spread(find(r, "heartbeat", "paced", s, "memory_per_connection"), digits=0)),
]


def resumed(results, server):
    share = find(results, "handshakes", "resumed", server, "resumed_share")
    if share is not None and share < 0.9:
        return "not resumed"
    return spread(find(results, "handshakes", "resumed", server, "cpu_us"))


def rows(results):
    known = [server.name for server in SERVERS]
    measured = find(results, "heartbeat", "paced") or {}
    variants = [name for name in measured if name not in known]
    names = sorted([*known, *variants], key=lambda name: (known.index(name.split(",")[0]), name))
    for name in names:
        cells = [cell(results, name) for _, cell in COLUMNS]
        if any(cell != "–" for cell in cells):
            version = results.get("servers", {}).get(name, "")
            yield [name + (f" {version}" if version and name not in ("floor", "rollcall") else ""), *cells]


def markdown(results):
    lines = ["| | " + " | ".join(title for title, _ in COLUMNS) + " |", "|---|" + "---|" * len(COLUMNS)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows(results)])


def text(results):
    """For a terminal."""
    grid = [["", *(title for title, _ in COLUMNS)], *rows(results)]
    lines = []
    for row in grid[1:]:
        lines.append(f"\n{row[0]}")
        lines += [f"  {title:42} {cell}" for title, cell in zip(grid[0][1:], row[1:]) if cell != "–"]
    for name, title in (("closed_ratio", "closed loop"), ("paced_ratio", "paced")):
        ratio = find(results, "heartbeat", name)
        if ratio:
            lines.append(f"\nrollcall / floor, {title}: {spread(ratio, digits=2)}")
    return "\n".join(lines)
