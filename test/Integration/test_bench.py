"""The tables and plots of utils/bench are well-formed and true to their numbers. (Its times are nobody's test.)"""

import json
import sys
import xml.etree.ElementTree

import harness

sys.path.insert(0, str(harness.ROOT / "utils"))
import bench_report  # noqa: E402
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


def test_report(tmp_path):
    one = {"bert-mlir f32": 10.0, "OpenVINO f32": 20.0, "ONNX Runtime f32": 200.0, "OpenVINO int8": 5.0}
    lines = {"bert-mlir f32": 10.0, "padded, OpenVINO f32": 30.0, "one by one, OpenVINO f32": 15.0}
    results = {
        "machine": "A machine",
        "date": "2026-01-02",
        "versions": "OpenVINO 1",
        "cases": {
            "Model, 1x16": {"ms": one, "gflop": 1.0, "peak": [100.0, 200.0]},
            "Model, 9 tokens in 2 lines": {"ms": lines, "gflop": 1.0, "peak": [100.0, 100.0]},
        },
        "conversion": {"Model": {"cp": 0.1, "bert-mo": 0.2}},
    }
    bench_report.write(tmp_path, results)
    text = (tmp_path / "bench.md").read_text()
    # 1 GFLOP in 10 ms is 100 GFLOP/s: half of the higher peak.
    assert "| Model, 1x16 | **10.0** | 50% | 20.0 (2.00x) | 200 (20.00x) | 5.0 (0.50x) |" in text
    assert "| Model, 9 tokens in 2 lines; for the peers padded | **10.0** | 100% | 30.0 (3.00x) |  |  |" in text
    assert "| Model, 9 tokens in 2 lines; for the peers one by one | **10.0** | 100% | 15.0 (1.50x) |  |  |" in text
    assert "A machine; 2026-01-02; OpenVINO 1." in text and "| bert-mo | 0.20 |" in text
    plot = (tmp_path / "speed.svg").read_text()
    assert "ONNX Runtime f32" in plot and "int8" not in plot  # f32 only
    assert "cp" in (tmp_path / "conversion.svg").read_text()


def test_figures_of_the_readme_are_one_run(tmp_path):
    """Plots and tables are what utils/bench writes of the numbers beside them."""
    figures = harness.ROOT / "docs" / "figures"
    bench_report.write(tmp_path, json.loads((figures / "bench.json").read_text()))
    for plot in ("speed.svg", "conversion.svg"):
        assert (figures / plot).read_text() == (tmp_path / plot).read_text()
    readme = (harness.ROOT / "README.md").read_text()
    shown = readme.split("as utils/bench_report.py writes it. -->\n")[1].split("<!-- end -->")[0]
    assert shown == (tmp_path / "bench.md").read_text()
