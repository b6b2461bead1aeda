#!/usr/bin/env python3
"""Time a compiled model against OpenVINO (f32) in one run, and say what share of the machine's peak it uses.

    "$(utils/venv peers)" utils/bench-native.py MODEL.so MODEL.xml [--shapes 1x16,1x128,8x128] [--ragged 427]
        [--threads N] [--seconds S]

MODEL.xml is the same model from `bert-mo --dynamic`. Both sides run in turns, so that
what a neighbour on the machine does hits both; the median of each is printed, and the
ratio. --ragged N adds a batch of 8 sequences with N tokens in all: padded to 128 in
OpenVINO and one by one at their own length, without padding here. The peak is what
utils/peak.c, compiled here, does in f32 on as many threads; the work is that of all
products, attention's too.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import openvino

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "Integration"))
import native  # noqa: E402


def measure_peak(threads):
    """GFLOP/s of f32 multiply-adds on `threads` threads."""
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "peak"
        command = ["clang-22", "-O2", "-march=native", "-pthread", str(ROOT / "utils" / "peak.c"), "-o", str(program)]
        subprocess.run(command, check=True)
        return float(subprocess.run([program, str(threads)], check=True, capture_output=True, text=True).stdout)


def flops_of(model, lengths):
    """What the products of all tokens take, those of attention too, as the library states it."""
    info = model.info
    per_sequence = (info.flops_per_token * n + info.flops_per_pair * n * n + info.flops_per_sequence for n in lengths)
    return sum(map(int, per_sequence))


def alternate(functions, seconds):
    """The median time of each function, in turns. A turn is some calls in a row, and its first is not counted: the
    threads of the one before still spin then, and the caches hold what it has left."""
    counts = []
    for function in functions:
        function()
        start = time.perf_counter()
        function()
        counts.append(2 + int(0.05 / (time.perf_counter() - start)))
    times = [[] for _ in functions]
    end = time.time() + seconds
    while time.time() < end or len(times[0]) < 5:
        for function, count, list_ in zip(functions, counts, times):
            function()
            for _ in range(count - 1):
                start = time.perf_counter()
                function()
                list_.append(time.perf_counter() - start)
    return [statistics.median(list_) for list_ in times]


def inputs(model, batch, sequence, lengths):
    rng = np.random.default_rng(1)
    feed = {}
    for port in model.inputs:
        if port.limit > 2:
            value = rng.integers(0, port.limit, (batch, sequence))
        elif port.limit == 2:
            value = np.zeros((batch, sequence))
        else:
            value = np.arange(sequence)[None, :] < np.array(lengths)[:, None]
        feed[port.name] = value.astype(port.dtype)
    return feed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("xml")
    parser.add_argument("--shapes", default="1x16,1x128,1x384,8x128")
    parser.add_argument("--ragged", type=int, default=427)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seconds", type=float, default=8)
    arguments = parser.parse_args()

    model = native.Model(arguments.library, threads=arguments.threads)
    core = openvino.Core()
    config = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": arguments.threads}
    peak = measure_peak(arguments.threads)
    print(f"{arguments.threads} threads")
    print(f"{'case':>10} {'ours ms':>9} {'OpenVINO ms':>12} {'ratio':>6} {'GFLOP/s':>8} {'of peak':>8} {'OpenVINO of it':>15}")

    def report(case, lengths, ours, theirs):
        nonlocal peak
        # What a neighbour took away from the one before is not the machine's limit.
        peak = max(peak, measure_peak(arguments.threads))
        work = flops_of(model, lengths)
        row = f"{case:>10} {ours * 1e3:9.2f} {theirs * 1e3:12.2f} {theirs / ours:6.2f} {work / ours / 1e9:8.0f}"
        print(f"{row} {work / ours / peak / 1e9:8.0%} {work / theirs / peak / 1e9:15.0%}", flush=True)

    def compile_for(batch, sequence):
        loaded = core.read_model(arguments.xml)
        loaded.reshape({port.any_name: [batch, sequence] for port in loaded.inputs})
        return core.compile_model(loaded, "CPU", config).create_infer_request()

    for shape in filter(None, arguments.shapes.split(",")):
        batch, sequence = map(int, shape.split("x"))
        feed = inputs(model, batch, sequence, [sequence] * batch)
        request = compile_for(batch, sequence)
        ours, theirs = alternate(
            [lambda: model.run(feed, batch, sequence), lambda: request.infer(feed)], arguments.seconds
        )
        report(shape, [sequence] * batch, ours, theirs)

    if arguments.ragged:
        lengths = np.array([128, 97, 75, 52, 34, 22, 12, 7])
        lengths = np.maximum(1, lengths * arguments.ragged // lengths.sum())
        lengths[0] += arguments.ragged - lengths.sum()
        feed = inputs(model, 8, max(lengths), lengths)
        (ids,) = [feed[port.name] for port in model.inputs if port.limit > 2]
        sequences = [row[:length] for row, length in zip(ids, lengths)]
        padded = compile_for(8, int(max(lengths)))
        singles = [compile_for(1, int(length)) for length in lengths]
        rows = [
            {name: value[i : i + 1, :length] for name, value in feed.items()} for i, length in enumerate(lengths)
        ]

        def one_by_one():
            for request, row in zip(singles, rows):
                request.infer(row)

        ours, in_batch, alone = alternate(
            [lambda: model.run_ragged(sequences), lambda: padded.infer(feed), one_by_one], 2 * arguments.seconds
        )
        report("padded", lengths, ours, in_batch)
        report("1 by 1", lengths, ours, alone)
    print(f"peak {peak:.0f} GFLOP/s, the largest seen between the cases")


if __name__ == "__main__":
    main()
