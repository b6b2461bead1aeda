"""The results of utils/bench as Markdown tables and SVG plots."""

import svg_bars

OURS = "bert-mlir f32"
BASE = "OpenVINO f32"
WAYS = [OURS, "OpenVINO f32", "bert-mo's IR in OpenVINO f32", "ONNX Runtime f32", "OpenVINO bf16", "OpenVINO int8"]


def rows_of_case(title, case):
    """A row, or where peers can pad or go one by one two: (title, {way: milliseconds})."""
    manners = list(dict.fromkeys(way.split(", ")[0] for way in case["ms"] if ", " in way))
    if not manners:
        return [(title, case["ms"])]
    rows = []
    for manner in manners:
        ours = {OURS: case["ms"][OURS]}
        peers = {way.split(", ")[1]: value for way, value in case["ms"].items() if way.startswith(manner + ", ")}
        rows.append((f"{title}; for the peers {manner}", ours | peers))
    return rows


def share_of_peak(case):
    """Of the higher of the two peaks: a neighbour can only have lowered them."""
    return case["gflop"] / case["ms"][OURS] * 1e3 / max(case["peak"])


def lines_of_case(title, case):
    parts = [f"{title}: f32 peak {case['peak'][0]:.0f} before, {case['peak'][1]:.0f} GFLOP/s after"]
    parts += [f"  {value:9.2f} ms  {way}" for way, value in case["ms"].items()]
    return "\n".join(parts)


def _number(value):
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def speed_table(results):
    """Milliseconds; in brackets how many times faster ours is."""
    rows = [row for title, case in results["cases"].items() for row in rows_of_case(title, case)]
    found = [way for way in WAYS if any(way in times for _, times in rows)]
    yield "| milliseconds | " + " | ".join(found[:1] + ["of the f32 peak"] + found[1:]) + " |"
    yield "|---|" + "--:|" * (len(found) + 1)
    shares = {title: share_of_peak(case) for title, case in results["cases"].items()}
    for title, times in rows:
        share = f"{shares[title.split(';')[0]]:.0%}"
        cells = [f"**{_number(times[OURS])}**", share]
        for way in found[1:]:
            cells.append(f"{_number(times[way])} ({times[way] / times[OURS]:.2f}x)" if way in times else "")
        yield f"| {title} | " + " | ".join(cells) + " |"


def conversion_table(results):
    for title, times in results["conversion"].items():
        yield f"| {title}: from file to file | seconds |"
        yield "|---|--:|"
        for way, seconds in times.items():
            yield f"| {way} | {seconds:.2f} |"
        yield ""


def write(out, results):
    """bench.md, speed.svg (f32 only) and conversion.svg in `out`."""
    lines = [f"{results['machine']}; {results['date']}; {results['versions']}."]
    if results["cases"]:
        peaks = [peak for case in results["cases"].values() for peak in case["peak"]]
        lines.append(f"f32 peak, before and after each case: {min(peaks):.0f} to {max(peaks):.0f} GFLOP/s.")
        lines += ["", *speed_table(results)]
        bars = {}
        for title, case in results["cases"].items():
            for row, times in rows_of_case(title, case):
                bars[row] = {way: times[way] for way in WAYS if way in times and way.endswith("f32")}
        svg_bars.write(out / "speed.svg", "Milliseconds in f32; less is better", bars)
    if results["conversion"]:
        lines += ["", *conversion_table(results)]
        svg_bars.write(out / "conversion.svg", "Seconds from file to file; less is better", results["conversion"])
    (out / "bench.md").write_text("\n".join(lines).rstrip() + "\n")
