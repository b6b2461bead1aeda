#!/usr/bin/env python3
"""The Python half of utils/bench: ours beside OpenVINO and ONNX Runtime, in one run; a table, and plots of it.

All ways of a case run in turns, so that what a neighbour on the machine does hits all
alike; the medians count. The machine's peak is measured before and after each case. The
first answer of each way is compared with ours: who computes something else is no peer.
"""

import argparse
import datetime
import importlib.util
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "test" / "Integration"), str(ROOT / "utils")]
import bench_conversion  # noqa: E402
import bench_peers  # noqa: E402
import bench_report  # noqa: E402
import native  # noqa: E402

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
OURS = "bert-mlir f32"
# How far an answer may be from ours (outputs lie within -1..1), by the last word of a way's name.
TOLERANCE = {"f32": 1e-3, "bf16": 0.5, "int8": 2.0}


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


def in_turns(ways, seconds):
    """The median time of each way. A turn is a few calls of one way, of which the first, which finds the
    others' data in the caches, does not count; before it the others' threads have time to go to sleep."""
    times = {way: [] for way in ways}
    end = time.time() + seconds
    while time.time() < end or min(map(len, times.values())) < 5:
        for way, function in ways.items():
            time.sleep(0.03)
            function()
            turn_end = time.perf_counter() + 0.05
            while True:
                start = time.perf_counter()
                function()
                times[way].append(time.perf_counter() - start)
                if time.perf_counter() > turn_end:
                    break
    return {way: statistics.median(values) for way, values in times.items()}


def ways_of(case, model, peers):
    """For each way its name and what to time, and how long the lines are."""
    if case != "ragged":
        batch, sequence = map(int, case.split("x"))
        feed = bench_native.inputs(model, batch, sequence, [sequence] * batch)
        ways = {OURS: lambda: model.run(feed, batch, sequence)[0]}
        for name, peer in peers.items():
            ways[name] = lambda run=peer.at(batch, sequence): run(feed)
        return ways, [sequence] * batch
    feed = bench_native.inputs(model, 8, 128, LENGTHS)
    (ids,) = [feed[port.name] for port in model.inputs if port.limit > 2]
    sequences = [row[:length] for row, length in zip(ids, LENGTHS)]
    ways = {OURS: lambda: model.run_ragged(sequences)[0]}
    rows = [{name: value[i : i + 1, :n] for name, value in feed.items()} for i, n in enumerate(LENGTHS)]
    for name, peer in peers.items():
        ways["padded, " + name] = lambda run=peer.at(8, 128): run(feed)
        single = [peer.at(1, length) for length in LENGTHS]
        ways["one by one, " + name] = lambda single=single: np.concatenate([r(row) for r, row in zip(single, rows)])
    return ways, LENGTHS


def check_answers(title, ways):
    """Stops where a peer's answer is not ours."""
    answers = {way: np.array(function()) for way, function in ways.items()}
    for way, answer in answers.items():
        difference = np.abs(answer - answers[OURS]).max()
        if not difference <= TOLERANCE[way.split()[-1]]:
            sys.exit(f"utils/bench: {title}: the answer of {way} is {difference:.2g} away from ours")


def machine(threads):
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    units = [unit for unit, flag in (("AVX2", "avx2"), ("AVX-512", "avx512f"), ("AMX", "amx_tile")) if f" {flag}" in flags]
    name = cpu[1] if cpu else os.uname().machine
    return f"{name}, {threads} threads, {', '.join(units) or 'no vector unit known'}"


def main():
    parser = argparse.ArgumentParser(prog="utils/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(MODELS), help=f"of {', '.join(MODELS)}")
    parser.add_argument("--cases", default="", help="only these, for instance 1x128,ragged")
    parser.add_argument("--precisions", default="f32,bf16,int8", help="OpenVINO's; f32 is what ratios are to")
    parser.add_argument("--seconds", type=float, default=10, help="for each case")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--no-onnx", action="store_true", help="leave ONNX Runtime out")
    parser.add_argument("--no-conversion", action="store_true", help="leave the time of converters out")
    parser.add_argument("--keep", action="store_true", help="add to the results in --out: to measure in pieces")
    parser.add_argument("--mo", type=pathlib.Path, help="Model Optimizer, for the conversion part")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="where models are kept")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "bench")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    results_path = arguments.out / "results.json"
    results = {"cases": {}, "conversion": {}}
    if arguments.keep and results_path.exists():
        results = json.loads(results_path.read_text())
    results["machine"] = machine(arguments.threads)
    results["date"] = datetime.date.today().isoformat()
    results["versions"] = bench_peers.versions()

    def save():
        results_path.write_text(json.dumps(results, indent=1) + "\n")

    for name in filter(None, arguments.models.split(",")):
        cases = [case for case in CASES[name] if not arguments.cases or case in arguments.cases.split(",")]
        if not cases:
            continue
        graph = write_model(name, arguments.cache)
        command = [arguments.bin / "bert-mo", "--input_model", graph, "--dynamic", "--silent"]
        subprocess.run([*command, "--model_name", name, "--output_dir", arguments.out], check=True)
        subprocess.run([arguments.bin / "bert-compile", graph, "-o", arguments.out / f"{name}.so", "--silent"], check=True)
        xml = arguments.out / f"{name}.xml"
        model = native.Model(arguments.out / f"{name}.so", threads=arguments.threads)
        peers = {}
        for precision in arguments.precisions.split(","):
            file = bench_peers.int8_file(graph, xml, MODELS[name]) if precision == "int8" else bench_peers.ovc_file(graph)
            if file:
                hint = "f32" if precision == "int8" else precision
                peers[f"OpenVINO {precision}"] = bench_peers.OpenVINO(file, hint, arguments.threads)
        peers["bert-mo's IR in OpenVINO f32"] = bench_peers.OpenVINO(xml, "f32", arguments.threads)
        onnx = None if arguments.no_onnx else bench_peers.onnx_file(graph, MODELS[name])
        if onnx:
            peers["ONNX Runtime f32"] = bench_peers.OnnxRuntime(onnx, arguments.threads)
        for case in cases:
            title = f"{name}, " + (f"{sum(LENGTHS)} tokens in {len(LENGTHS)} lines" if case == "ragged" else case)
            ways, lengths = ways_of(case, model, peers)
            check_answers(title, ways)
            before = bench_native.measure_peak(arguments.threads)
            times = in_turns(ways, arguments.seconds)
            after = bench_native.measure_peak(arguments.threads)
            results["cases"][title] = {
                "ms": {way: seconds * 1e3 for way, seconds in times.items()},
                "gflop": bench_native.flops_of(model, lengths) / 1e9,
                "peak": [before, after],
            }
            save()
            print(bench_report.lines_of_case(title, results["cases"][title]), flush=True)
    if not arguments.no_conversion:
        name = arguments.models.split(",")[0] or "BERT-Base"
        graph = write_model(name, arguments.cache)
        results["conversion"][f"{name}, frozen graph"] = bench_conversion.seconds(
            graph, arguments.bin, arguments.out, arguments.mo
        )
        save()
    bench_report.write(arguments.out, results)
    print((arguments.out / "bench.md").read_text())
    print(f"in {os.path.relpath(arguments.out)}: bench.md, speed.svg, conversion.svg, results.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
