"""The plots of utils/bench are well-formed and true to their numbers. (Its times are nobody's test.)"""

import sys
import xml.etree.ElementTree

import harness

sys.path.insert(0, str(harness.ROOT / "utils"))
import svg_bars  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_as_long_as_their_values(tmp_path):
    groups = {"1x16 & more": {"ours": 10.0, "<theirs>": 40.0}, "8x128": {"ours": 3.0}}
    svg_bars.write(tmp_path / "plot.svg", "Milliseconds", groups)
    root = xml.etree.ElementTree.parse(tmp_path / "plot.svg").getroot()
    widths = [float(bar.get("width")) for bar in root.iter(SVG + "rect") if bar.get("width") != "100%"]
    assert widths[0] / widths[1] == 0.25
    assert widths[1] == widths[2]  # each group has its own scale
    labels = [text.text for text in root.iter(SVG + "text")]
    assert {"Milliseconds", "1x16 & more", "<theirs>", "40"} <= set(labels)
