"""Plots as SVG, written by hand: no library, readable on light and on dark paper."""
import html
import math

WIDTH = 760
LEFT, RIGHT, TOP = 210, 110, 54
ROW = 26
#: Ours stands out; the floor is what it is held against; the rest are context. All readable on white and on black.
COLOURS = {"rollcall": "#2f81f7", "floor": "#3fa66b"}
OTHERS = "#8b949e"
SERIES = ["#2f81f7", "#d29922", "#3fa66b", "#a371f7", "#e5534b", "#8b949e"]
STYLE = """<style>
 text { font: 13px system-ui, sans-serif; fill: #24292f }
 .title { font-size: 15px; font-weight: 600 } .small { font-size: 11px; fill: #57606a }
 .axis { stroke: #8c959f; stroke-width: 1 } .grid { stroke: #d0d7de; stroke-width: 1 }
 .whisker { stroke: #24292f; stroke-width: 1.2 }
 @media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .axis { stroke: #6e7681 } .grid { stroke: #30363d } .whisker { stroke: #e6edf3 }
 }
</style>"""


def escape(text):
    return html.escape(str(text))


def svg(height, title, subtitle, body):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">',
        STYLE, f'<text class="title" x="10" y="22">{escape(title)}</text>',
        f'<text class="small" x="10" y="40">{escape(subtitle)}</text>', *body, "</svg>"]) + "\n"


def step(most):
    """A round distance between lines of the grid, about five of them."""
    if most <= 0:
        return 1
    power = 10 ** math.floor(math.log10(most / 5))
    return next(factor * power for factor in (1, 2, 5, 10) if most / (factor * power) <= 6)


def short(value):
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def grid(most, bottom):
    """Lines and numbers of a horizontal axis from 0, and the scale."""
    scale = (WIDTH - LEFT - RIGHT) / most
    lines, value, distance = [], 0, step(most)
    while value <= most * 1.0001:
        x = LEFT + value * scale
        lines.append(f'<line class="{"axis" if value == 0 else "grid"}" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>')
        lines.append(f'<text class="small" x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{short(value)}</text>')
        value += distance
    return lines, scale


def bars(title, subtitle, rows):
    """One bar a row: (name, median, least, most); the spread as a whisker."""
    bottom = TOP + ROW * len(rows)
    body, scale = grid(max(most for _, _, _, most in rows) * 1.02, bottom)
    for line, (name, median, least, most) in enumerate(rows):
        y = TOP + ROW * line + 4
        middle = y + (ROW - 8) / 2
        body.append(f'<text x="{LEFT - 8}" y="{middle + 4.5}" text-anchor="end">{escape(name)}</text>')
        body.append(f'<rect x="{LEFT}" y="{y}" width="{median * scale:.1f}" height="{ROW - 8}" '
                    f'fill="{COLOURS.get(name.split(",")[0], OTHERS)}"/>')
        if most > least:
            body.append(f'<line class="whisker" x1="{LEFT + least * scale:.1f}" y1="{middle}" '
                        f'x2="{LEFT + most * scale:.1f}" y2="{middle}"/>')
        body.append(f'<text x="{LEFT + most * scale + 6:.1f}" y="{middle + 4.5}">{short(median)}</text>')
    return svg(bottom + 28, title, subtitle, body)


def stacks(title, subtitle, kinds, rows):
    """One bar a row, made of parts: (name, {kind: value}); a legend above."""
    top = TOP + 24
    bottom = top + ROW * len(rows)
    body, scale = grid(max(sum(parts.values()) for _, parts in rows) * 1.02, bottom)
    x = LEFT
    for kind, colour in zip(kinds, SERIES):
        body.append(f'<rect x="{x}" y="{TOP - 2}" width="11" height="11" fill="{colour}"/>')
        body.append(f'<text class="small" x="{x + 15}" y="{TOP + 8}">{escape(kind)}</text>')
        x += 28 + 6.4 * len(kind)
    for line, (name, parts) in enumerate(rows):
        y = top + ROW * line + 4
        middle = y + (ROW - 8) / 2
        body.append(f'<text x="{LEFT - 8}" y="{middle + 4.5}" text-anchor="end">{escape(name)}</text>')
        x = LEFT
        for kind, colour in zip(kinds, SERIES):
            width = parts.get(kind, 0) * scale
            body.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW - 8}" fill="{colour}"/>')
            x += width
        body.append(f'<text x="{x + 6:.1f}" y="{middle + 4.5}">{short(sum(parts.values()))}</text>')
    return svg(bottom + 28, title, subtitle, body)


def shares(title, subtitle, values, limit=None):
    """How many of the values are at most so large: a step for each; a line at the limit."""
    height, bottom = 300, 260
    values = sorted(values)
    most = max(values[-1], limit or 0) * 1.05
    scale = (WIDTH - 70 - RIGHT) / most
    body, distance, value = [], step(most), 0
    while value <= most * 1.0001:
        x = 70 + value * scale
        body.append(f'<line class="{"axis" if value == 0 else "grid"}" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>')
        body.append(f'<text class="small" x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{short(value)}</text>')
        value += distance
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = bottom - share * (bottom - TOP)
        body.append(f'<line class="grid" x1="70" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        body.append(f'<text class="small" x="62" y="{y + 4:.1f}" text-anchor="end">{share * 100:.0f} %</text>')
    points = [f"70,{bottom}"]
    for number, value in enumerate(values):
        x, before, after = 70 + value * scale, number / len(values), (number + 1) / len(values)
        points += [f"{x:.1f},{bottom - share * (bottom - TOP):.1f}" for share in (before, after)]
    body.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{SERIES[0]}" stroke-width="2"/>')
    if limit:
        x = 70 + limit * scale
        body.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="{SERIES[4]}" stroke-dasharray="5 4"/>')
        body.append(f'<text class="small" x="{x + 5:.1f}" y="{TOP + 12}">aim: {short(limit)}</text>')
    return svg(height, title, subtitle, body)
