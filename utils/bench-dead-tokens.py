#!/usr/bin/env python3
"""What ov-sink-token-slice is worth in OpenVINO (f32): our IR of a pooler with the pass beside the one without it.

    "$(utils/venv peers)" utils/bench-dead-tokens.py CHECKPOINT_FOLDER... [--layers 2,12] [--shapes 1x128,8x128] [--runs 15]

A folder holds a checkpoint and its bert_config.json (utils/make-model.py writes both); of the checkpoint's layers the
first --layers are taken. Both models are compiled for each shape and run in turns in one process; the ratio is the
median of the pairs' ratios. --nodes prints what the runtime executes in the last layer, and for how long.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import openvino

ROOT = pathlib.Path(__file__).resolve().parents[1]
BIN = ROOT / "build" / "release" / "bin"


def convert(folder, layers, sinks, out):
    """The IR of the first layers, open in both dimensions."""
    config = json.loads((folder / "bert_config.json").read_text())
    config["num_hidden_layers"] = layers
    (out / "bert_config.json").write_text(json.dumps(config))
    read = [BIN / "bert-translate", "--import-bert-config", out / "bert_config.json", "--config-checkpoint", folder / "bert_model.ckpt"]
    model = subprocess.run(
        [*read, "--emit-bytecode"], check=True, stdout=subprocess.PIPE
    ).stdout
    how = f"outputs=pooled_output sink-token-slice={'true' if sinks else 'false'} target=2022.1"
    model = subprocess.run(
        [BIN / "bert-opt", f"--ir-to-openvino={how}", "--emit-bytecode"], check=True, input=model, stdout=subprocess.PIPE
    ).stdout
    xml = out / f"{'with' if sinks else 'without'}.xml"
    subprocess.run([BIN / "bert-translate", "--export-ir", "-", "-o", xml], check=True, input=model)
    return xml


def compiled_at(xml, shape, threads, counts=False):
    core = openvino.Core()
    model = core.read_model(xml)
    model.reshape({port: list(shape) for port in model.inputs})
    how = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
    if counts:
        how["PERF_COUNT"] = True
    return core.compile_model(model, "CPU", how)


def print_nodes(xml, shape, threads, layer):
    request = compiled_at(xml, shape, threads, counts=True).create_infer_request()
    for _ in range(5):
        request.infer([np.ones(shape, np.int32)] * len(request.model_inputs))
    print(f"  {xml.stem}:")
    for node in request.profiling_info:
        if f"layer_{layer}/" in node.node_name or "pooler" in node.node_name:
            print(f"    {node.real_time.total_seconds() * 1e6:8.0f} us  {node.node_type:16} {node.exec_type:28} {node.node_name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--layers", default="", help="how many layers, comma separated (default: all)")
    parser.add_argument("--shapes", default="1x128,8x128")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--nodes", action="store_true")
    arguments = parser.parse_args()
    shapes = [tuple(map(int, shape.split("x"))) for shape in arguments.shapes.split(",")]

    print(f"{'model':20} {'layers':>6} {'shape':>7} {'without':>10} {'with':>10} {'ratio':>6}")
    for folder in arguments.folders:
        own = json.loads((folder / "bert_config.json").read_text())["num_hidden_layers"]
        for layers in [int(number) for number in arguments.layers.split(",") if number] or [own]:
            with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
                out = pathlib.Path(scratch)
                xmls = [convert(folder, layers, sinks, out) for sinks in (False, True)]
                for shape in shapes:
                    models = [compiled_at(xml, shape, arguments.threads) for xml in xmls]
                    times = [[], []]
                    data = np.ones(shape, np.int32)
                    for run in range(arguments.runs + 2):
                        for model, taken in zip(models, times):
                            start = time.monotonic()
                            model([data] * len(model.inputs))
                            if run >= 2:
                                taken.append(time.monotonic() - start)
                    ratio = statistics.median(b / a for a, b in zip(*times))
                    without, with_it = (statistics.median(taken) * 1e3 for taken in times)
                    print(
                        f"{folder.name:20} {layers:6} {'%dx%d' % shape:>7} {without:8.1f}ms {with_it:8.1f}ms {ratio:6.3f}",
                        flush=True,
                    )
                    del models
                    if arguments.nodes:
                        for xml in xmls:
                            print_nodes(xml, shape, arguments.threads, layers - 1)


if __name__ == "__main__":
    main()
