"""Groups of horizontal bars as SVG, for figures in the documentation; nothing to install."""

from xml.sax.saxutils import escape

_COLOURS = ["#2563a8", "#c2703d", "#d9b38c", "#7a8f5a", "#8c8c8c"]
_ROW, _LABEL, _WIDTH, _VALUE = 20, 260, 420, 80


def _colour(way, ways):
    return _COLOURS[min(ways.index(way), len(_COLOURS) - 1)]


def write(path, title, groups):
    """`groups`: {group: {way: value}}. Each group has its own scale: what counts is the ratio within it."""
    ways = list(dict.fromkeys(way for values in groups.values() for way in values))
    parts, y = [], 30
    for group, values in groups.items():
        y += 22
        parts.append(f'<text x="10" y="{y}" font-weight="bold">{escape(group)}</text>')
        largest = max(values.values())
        for way, value in values.items():
            y += _ROW
            width = max(1.0, _WIDTH * value / largest)
            parts.append(f'<text x="{_LABEL - 8}" y="{y}" text-anchor="end">{escape(way)}</text>')
            parts.append(
                f'<rect x="{_LABEL}" y="{y - 13}" width="{width:.1f}" height="16" fill="{_colour(way, ways)}"/>'
            )
            parts.append(f'<text x="{_LABEL + width + 6:.1f}" y="{y}">{value:.3g}</text>')
        y += 6
    size = f'width="{_LABEL + _WIDTH + _VALUE}" height="{y + 16}"'
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n'
        f'<text x="10" y="24" font-size="15">{escape(title)}</text>\n' + "\n".join(parts) + "\n</svg>\n"
    )
