"""The results as a picture: what an allotment costs each client, on a logarithmic axis. SVG, written by hand."""
import math
import statistics
import textwrap
import xml.sax.saxutils

import goals

WIDTH, LEFT, RIGHT = 800, 250, 610
TOP, ROW, GAP = 92, 28, 26
LINE = 118  # characters of a note
PLOTTED = 64  # connections whose figure a row is about
GRID = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #24292f }
    .title { font-size: 16px; font-weight: 600 }
    .small { font-size: 11.5px; fill: #57606a }
    .own { font-weight: 600 }
    .back { fill: #ffffff }
    .grid { stroke: #d0d7de }
    .range { stroke: #0969da; stroke-width: 5; stroke-linecap: round; opacity: 0.35 }
    .dot { fill: #0969da }
    .own-range { stroke: #bc4c00; stroke-width: 5; stroke-linecap: round; opacity: 0.35 }
    .own-dot { fill: #bc4c00 }
    .other { fill: none; stroke: #8c959f }
    @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .small { fill: #9198a1 }
        .back { fill: #0d1117 }
        .grid { stroke: #30363d }
        .range { stroke: #4493f8 }
        .dot { fill: #4493f8 }
        .own-range { stroke: #f0883e }
        .own-dot { fill: #f0883e }
        .other { stroke: #7d8590 }
    }
"""


class Scale:
    def __init__(self, values):
        least, most = min(values), max(values)
        self.least = max((each for each in GRID if each <= least), default=GRID[0] / 2)
        self.most = min((each for each in GRID if each >= most), default=most * 1.2)

    def __call__(self, value):
        part = math.log(value / self.least) / math.log(self.most / self.least)
        return LEFT + part * (RIGHT - LEFT)

    def marks(self):
        return [each for each in GRID if self.least <= each <= self.most]


def text(x, y, words, style="", anchor="start"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{style}">'
            f'{xml.sax.saxutils.escape(words)}</text>')


def row(y, client, costs, scale, shown, over):
    """`costs`: by connections, the CPU of each round. `over`: its ratios to the library's."""
    own = "own-" if client.name in ("allot", "batch", "audit") else ""
    here = costs[shown]
    middle = statistics.median(here)
    parts = [text(LEFT - 14, y + 4, client.title, "own" if own else "", "end")]
    parts += [f'<line x1="{scale(min(here)):.1f}" x2="{scale(max(here)):.1f}" y1="{y}" y2="{y}" class="{own}range"/>',
              f'<circle cx="{scale(middle):.1f}" cy="{y}" r="5.5" class="{own}dot"/>']
    parts += [f'<circle cx="{scale(statistics.median(each)):.1f}" cy="{y}" r="3" class="other"/>'
              for connections, each in costs.items() if connections != shown]
    parts.append(text(RIGHT + 70, y + 4, f"{middle:.1f}" if middle < 100 else f"{middle:.0f}", "own" if own else "", "end"))
    if over:
        parts.append(text(RIGHT + 150, y + 4, f"{statistics.median(over):.2f}", "own" if own else "", "end"))
    return parts


def costs_of(runs, name):
    found = {}
    for run in runs:
        if run["client"] == name:
            found.setdefault(run["connections"], []).append(run["cpu_us"])
    return found


def notes(conditions, shown, others):
    wide = f"Small circles: {', '.join(map(str, others))} connections. " if others else ""
    said = [
        f"Dot and bar: {shown} keep-alive connections, median and range of {conditions['rounds']} rounds by turns. {wide}",
        f"User and kernel time of the client alone. nginx {conditions['nginx']} on another core answers each request at "
        f"once, over loopback and TLS 1.3, with the same {conditions['answer_bytes']} bytes: no network, no throttling, "
        "none of Graph's own time. The ratios hold for this machine and these versions.",
        f"{conditions['processor']}, {conditions['cores']} cores, Linux {conditions['kernel'].split('-')[0]}, "
        f"{conditions['system']}, {conditions['date']}.",
    ]
    return [line for part in said for line in textwrap.wrap(part, LINE)]


def svg(runs, clients, conditions):
    costs = {client.name: costs_of(runs, client.name) for client in clients}
    counts = sorted({run["connections"] for run in runs})
    shown = PLOTTED if PLOTTED in counts else counts[-1]
    scale = Scale([statistics.median(each) for found in costs.values() for each in found.values()]
                  + [each for found in costs.values() for each in found[shown]])
    groups = [("without decoding", [each for each in clients if not each.decodes]),
              ("decoded into a struct or object", [each for each in clients if each.decodes])]
    parts, y = [], TOP
    for title, members in groups:
        if not members:
            continue
        parts.append(text(24, y + 4, title, "small"))
        y += ROW - 4
        for client in sorted(members, key=lambda each: statistics.median(costs[each.name][shown])):
            over = goals.ratios(runs, client.name, "allot", shown)
            parts += row(y, client, costs[client.name], scale, shown, over)
            y += ROW
        y += GAP - ROW + 8
    bottom = y - 8
    grid = [f'<line x1="{scale(each):.1f}" x2="{scale(each):.1f}" y1="{TOP - 14}" y2="{bottom}" class="grid"/>'
            for each in scale.marks()]
    grid += [text(scale(each), bottom + 16, str(each), "small", "middle") for each in scale.marks()]
    said = notes(conditions, shown, [each for each in counts if each != shown])
    parts += [text(24, bottom + 46 + 17 * number, line, "small") for number, line in enumerate(said)]
    height = bottom + 46 + 17 * len(said)
    head = [
        text(24, 32, "What one allotment costs its client", "title"),
        text(24, 52, "microseconds of CPU per allotment, on a logarithmic axis; less is better", "small"),
        text(RIGHT + 70, TOP - 18, "\N{MICRO SIGN}s", "small", "end"),
        text(RIGHT + 150, TOP - 18, "over allot" if "allot" in costs else "", "small", "end"),
    ]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" role="img">',
        "<title>What one allotment costs its client</title>", f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height:.0f}" class="back"/>', *head, *grid, *parts, "</svg>", ""])
