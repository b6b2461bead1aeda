#!/usr/bin/env python3
"""What our IR costs in OpenVINO (f32), beside the IR that OpenVINO's own converter writes for the same frozen graph.

    "$(utils/venv peers)" utils/bench-ir.py FROZEN_MODEL_FOLDER... [--shapes 1x16,1x128,8x128] [--runs 15]

Folders as utils/make-model.py --frozen writes them. Both models are compiled for each
shape and run in turns in one process; the ratio is the median of the pairs' ratios.
Also printed: the number of nodes that the runtime executes, constants aside.
"""

import argparse
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "test" / "Integration"))
import harness  # noqa: E402
import openvino  # noqa: E402


def ovc(folder, out):
    """OpenVINO's converter, weights in f32. It can't cut at an iterator, so only what it can read is compared."""
    inputs = list(folder.signature["inputs"])
    model = openvino.convert_model(folder.path / "inference_graph.pb", input=inputs)
    openvino.save_model(model, out / "theirs.xml", compress_to_fp16=False)
    return out / "theirs.xml"


def compiled_at(xml, folder, shape, threads):
    model = harness.read(xml)
    model.reshape({port: list(shape) for port in model.inputs})
    core = openvino.Core()
    return core.compile_model(
        model, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
    )


def nodes(compiled):
    operations = compiled.get_runtime_model().get_ordered_ops()
    return sum(op.get_rt_info()["layerType"].astype(str) != "Const" for op in operations)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--shapes", default="1x16,1x128,8x128")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--extra", default="", help="more flags for bert-mo")
    arguments = parser.parse_args()
    shapes = [tuple(map(int, shape.split("x"))) for shape in arguments.shapes.split(",")]

    print(f"{'model':28} {'shape':>8} {'ours':>9} {'ovc':>9} {'ratio':>6} {'nodes':>6} {'ovc':>6}")
    for path in arguments.folders:
        folder = harness.ModelFolder(path)
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            out = pathlib.Path(scratch)
            theirs_xml = ovc(folder, out)
            for shape in shapes:
                ours_xml = harness.convert(folder, out, shape, extra=arguments.extra.split())
                ours = compiled_at(ours_xml, folder, shape, arguments.threads)
                theirs = compiled_at(theirs_xml, folder, shape, arguments.threads)
                times = {ours: [], theirs: []}
                data = harness.np.ones(shape, harness.np.int32)
                for run in range(arguments.runs + 2):
                    for model in (ours, theirs):
                        start = time.monotonic()
                        model([data] * len(model.inputs))
                        if run >= 2:
                            times[model].append(time.monotonic() - start)
                ratio = statistics.median(a / b for a, b in zip(times[ours], times[theirs]))
                print(
                    f"{folder.name:28} {'%dx%d' % shape:>8} {statistics.median(times[ours]) * 1e3:7.1f}ms "
                    f"{statistics.median(times[theirs]) * 1e3:7.1f}ms {ratio:6.3f} {nodes(ours):6} {nodes(theirs):6}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
