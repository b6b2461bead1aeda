#!/usr/bin/env python3
"""The Python half of utils/bench: ours beside OpenVINO, in one run; a table, and plots of it.

Both sides of a case run in turns, so that what a neighbour on the machine does hits all
alike; medians are printed, and ratios. The machine's peak is measured before and after.
"""

import argparse
import importlib.util
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402
import openvino  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "Integration"))
import native  # noqa: E402

sys.path.insert(0, str(ROOT / "utils"))
import svg_bars  # noqa: E402

_spec = importlib.util.spec_from_file_location("bench_native", ROOT / "utils" / "bench-native.py")
bench_native = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench_native)

# The sizes of the published models; weights are seeded random numbers, which cost the same.
MODELS = {
    "BERT-Base": dict(vocab=30522, hidden=768, layers=12, heads=12, intermediate=3072, positions=512),
    "MiniLM-L6": dict(vocab=30522, hidden=384, layers=6, heads=12, intermediate=1536, positions=512),
    "BERT-Large": dict(vocab=30522, hidden=1024, layers=24, heads=16, intermediate=4096, positions=512),
}
CASES = {
    "BERT-Base": ["1x16", "1x128", "1x384", "8x128", "ragged"],
    "MiniLM-L6": ["1x32", "32x32"],
    "BERT-Large": ["1x128"],
}
# A batch of 8 sentences, 427 tokens in all.
LENGTHS = [24, 31, 40, 47, 52, 60, 75, 98]


def write_model(name, folder):
    """A frozen graph, open in batch and sequence, unless it is there."""
    path = folder / f"{name}.pb"
    if path.exists():
        return path
    import tensorflow.compat.v1 as tf

    from zoo.bert import Model
    from zoo.spec import Spec

    tf.logging.set_verbosity("ERROR")
    tf.disable_v2_behavior()
    folder.mkdir(parents=True, exist_ok=True)
    print(f"writing {path}", flush=True)
    with tf.Graph().as_default() as graph, tf.Session() as session:
        model = Model(Spec(name=name, why="", **MODELS[name]).plain())
        random = np.random.default_rng(1)
        for variable in tf.global_variables():
            values = np.float32(0.04) * random.standard_normal(variable.shape.as_list(), np.float32)
            variable.load(values + np.float32(variable.op.name.endswith("gamma")), session)
        frozen = tf.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), [model.pooled.op.name])
        temporary = path.with_suffix(".part")
        temporary.write_bytes(frozen.SerializeToString())
        temporary.rename(path)
    return path


def seconds_of(command):
    start = time.perf_counter()
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def conversion(model, bin_folder, out, runs=5):
    """Seconds of each converter, in turns; all write f32."""
    commands = {
        "cp": ["cp", model, out / "copy.pb"],
        "bert-mo": [bin_folder / "bert-mo", "--input_model", model, "--output_dir", out, "--model_name", "m", "--silent"],
        "bert-compile": [bin_folder / "bert-compile", model, "-o", out / "m.so", "--silent"],
        "ovc": [pathlib.Path(sys.executable).with_name("ovc"), model, "--output_model", out / "ovc.xml",
                "--compress_to_fp16=False"],
    }  # fmt: skip
    times = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            if pathlib.Path(command[0]).exists() or shutil.which(str(command[0])):
                times[name].append(seconds_of(command))
    return {name: statistics.median(values) for name, values in times.items() if values}


class Peer:
    """OpenVINO at a fixed shape, in one precision."""

    def __init__(self, xml, precision, threads):
        self.core, self.xml = openvino.Core(), xml
        self.config = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads}

    def at(self, batch, sequence):
        loaded = self.core.read_model(self.xml)
        loaded.reshape({port.any_name: [batch, sequence] for port in loaded.inputs})
        return self.core.compile_model(loaded, "CPU", self.config).create_infer_request()


def case_functions(case, model, peers):
    """For each way its name and what to time, and the number of useful tokens."""
    if case != "ragged":
        batch, sequence = map(int, case.split("x"))
        feed = bench_native.inputs(model, batch, sequence, [sequence] * batch)
        ways = {"bert-mlir f32": lambda: model.run(feed, batch, sequence)}
        for name, peer in peers.items():
            ways[name] = lambda request=peer.at(batch, sequence): request.infer(feed)
        return ways, batch * sequence
    feed = bench_native.inputs(model, 8, 128, LENGTHS)
    (ids,) = [feed[port.name] for port in model.inputs if port.limit > 2]
    sequences = [row[:length] for row, length in zip(ids, LENGTHS)]
    ways = {"bert-mlir f32": lambda: model.run_ragged(sequences)}
    rows = [{name: value[i : i + 1, :n] for name, value in feed.items()} for i, n in enumerate(LENGTHS)]
    for name, peer in peers.items():
        ways[name + ", padded to 128"] = lambda request=peer.at(8, 128): request.infer(feed)
        single = [peer.at(1, length) for length in LENGTHS]
        ways[name + ", one by one"] = lambda single=single: [r.infer(row) for r, row in zip(single, rows)]
    return ways, sum(LENGTHS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default="BERT-Base,MiniLM-L6", help=f"of {', '.join(MODELS)}")
    parser.add_argument("--cases", default="", help="only these, for instance 1x128,ragged")
    parser.add_argument("--precisions", default="f32,bf16", help="OpenVINO's; f32 is what ratios are to")
    parser.add_argument("--seconds", type=float, default=8, help="for each case")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--no-conversion", action="store_true")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="where models are kept")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "bench")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    lines = []

    def say(line=""):
        print(line, flush=True)
        lines.append(line)

    say(f"f32 peak before, {arguments.threads} threads: {bench_native.measure_peak(arguments.threads):.0f} GFLOP/s\n")
    say("| model and case | way | ms | against OpenVINO f32 | of the f32 peak |")
    say("|---|---|---|---|---|")
    bars = {}
    for name in arguments.models.split(","):
        graph = write_model(name, arguments.cache)
        command = [arguments.bin / "bert-mo", "--input_model", graph, "--dynamic", "--silent"]
        seconds_of([*command, "--model_name", name, "--output_dir", arguments.out])
        seconds_of([arguments.bin / "bert-compile", graph, "-o", arguments.out / f"{name}.so", "--silent"])
        xml = str(arguments.out / f"{name}.xml")
        flops = bench_native.weight_flops(xml)
        model = native.Model(arguments.out / f"{name}.so", threads=arguments.threads)
        peers = {f"OpenVINO {p}": Peer(xml, p, arguments.threads) for p in arguments.precisions.split(",")}
        for case in CASES[name]:
            if arguments.cases and case not in arguments.cases.split(","):
                continue
            peak = bench_native.measure_peak(arguments.threads)
            ways, tokens = case_functions(case, model, peers)
            times = dict(zip(ways, bench_native.alternate(list(ways.values()), arguments.seconds)))
            base = min((t for way, t in times.items() if way.startswith("OpenVINO f32")), default=None)
            title = f"{name}, " + (f"{sum(LENGTHS)} tokens in 8 lines" if case == "ragged" else case)
            bars[title] = {way: seconds * 1e3 for way, seconds in times.items()}
            for way, seconds in times.items():
                ratio = f"{base / seconds:.2f}x" if base else ""
                share = f"{flops * tokens / seconds / 1e9 / peak:.0%}" if " f32" in way else ""
                say(f"| {title} | {way} | {seconds * 1e3:.2f} | {ratio} | {share} |")
    say(f"\nf32 peak after: {bench_native.measure_peak(arguments.threads):.0f} GFLOP/s")
    svg_bars.write(arguments.out / "speed.svg", "Milliseconds, less is better", bars)
    if not arguments.no_conversion:
        name = arguments.models.split(",")[0]
        times = conversion(arguments.cache / f"{name}.pb", arguments.bin, arguments.out)
        say(f"\n| {name}, frozen: from file to file | s |\n|---|---|")
        for way, seconds in times.items():
            say(f"| {way} | {seconds:.2f} |")
        svg_bars.write(arguments.out / "conversion.svg", "Seconds, less is better", {f"{name}, frozen graph": times})
    (arguments.out / "bench.md").write_text("\n".join(lines) + "\n")
    print(f"\nin {os.path.relpath(arguments.out, ROOT)}: bench.md and *.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
