"""The plot of ./dev bench growth: SVG written by hand, for light and dark pages."""
import math
import xml.sax.saxutils

WIDTH, HEIGHT = 860, 600
PANEL_WIDTH, PANEL_HEIGHT = 330, 170
LEFTS, TOPS = (70, 490), (92, 336)
AXES = {"rows": "rows, 64 connections", "connections": "connections, from 100,000 to 300,000 rows"}
VALUES = {"cpu_us": "CPU per row, µs", "peak_mib": "peak memory, MiB"}
STYLE = """
    text { font: 12.5px system-ui, sans-serif; fill: #24292f }
    .title { font-size: 16px; font-weight: 600 }
    .small { font-size: 11.5px; fill: #57606a }
    .back { fill: #ffffff }
    .grid { stroke: #d0d7de }
    .audit { stroke: #bc4c00; fill: #bc4c00 }
    .library { stroke: #0969da; fill: #0969da }
    .bare { stroke: #6e7781; fill: #6e7781 }
    polyline { fill: none !important; stroke-width: 2 }
    .audit-name { fill: #bc4c00; font-weight: 600 }
    .library-name { fill: #0969da; font-weight: 600 }
    .bare-name { fill: #6e7781; font-weight: 600 }
    @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .small { fill: #9198a1 }
        .back { fill: #0d1117 }
        .grid { stroke: #30363d }
        .audit { stroke: #f0883e; fill: #f0883e }
        .library { stroke: #4493f8; fill: #4493f8 }
        .bare { stroke: #9198a1; fill: #9198a1 }
        .audit-name { fill: #f0883e }
        .library-name { fill: #4493f8 }
        .bare-name { fill: #9198a1 }
    }
"""


def text(x, y, words, style="", anchor="start"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{style}">'
            f"{xml.sax.saxutils.escape(words)}</text>")


def nice_top(most):
    """A top of the axis with a quarter of it a round number."""
    step = 10 ** math.floor(math.log10(most / 4))
    quarter = next(step * each for each in (1, 2, 2.5, 5, 10) if step * each * 4 >= most)
    return quarter * 4


def panel(left, top, points, axis, value):
    lines = [text(left, top - 12, VALUES[value])]
    series = {what: found for (of_axis, what), found in points.items()
              if of_axis == axis and value in next(iter(found.values()))}
    at = sorted(next(iter(series.values())))
    highest = nice_top(max(point[value] for found in series.values() for point in found.values()))

    def x(number):
        low, high = math.log(at[0]), math.log(at[-1])
        return left + (math.log(number) - low) / (high - low) * PANEL_WIDTH if high > low else left

    def y(number):
        return top + PANEL_HEIGHT * (1 - number / highest)

    for part in range(5):
        number = highest * part / 4
        lines.append(f'<line x1="{left}" x2="{left + PANEL_WIDTH}" y1="{y(number):.1f}" y2="{y(number):.1f}" class="grid"/>')
        lines.append(text(left - 8, y(number) + 4, f"{number:g}", "small", "end"))
    for number in at:
        lines.append(text(x(number), top + PANEL_HEIGHT + 18, f"{number:,}", "small", "middle"))
    lines.append(text(left + PANEL_WIDTH / 2, top + PANEL_HEIGHT + 36, AXES[axis], "small", "middle"))
    for what, found in series.items():
        places = [(x(number), y(found[number][value])) for number in at]
        lines.append(f'<polyline class="{what}" points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in places)}"/>')
        lines += [f'<circle class="{what}" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in places]
    return lines


def draw(points, names, conditions):
    """`points`: (axis, what) to value of the axis to figures; `names`: what to its title."""
    lines = [text(24, 30, "What a row costs, however many there are", "title")]
    left = 24
    for what, name in names.items():
        lines.append(text(left, 54, name, f"{what}-name"))
        left += 8 * len(name) + 24
    for left, axis in zip(LEFTS, AXES):
        for top, value in zip(TOPS, VALUES):
            lines += panel(left, top, points, axis, value)
    notes = [f"Medians. TLS 1.3 with nginx on another core of the same machine ({conditions['cpu']}), {conditions['date']}.",
             "Each connection has TLS buffers of its own: memory grows by them, and by them alone."]
    lines += [text(24, HEIGHT - 28 + 16 * number, note, "small") for number, note in enumerate(notes)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
            f"<style>{STYLE}</style>\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\" class=\"back\"/>\n"
            + "\n".join(lines) + "\n</svg>\n")
