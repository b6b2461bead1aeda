#!/usr/bin/env python3
"""What converting costs: bert-mo against `cp` of the same input, interleaved, and bert-mo's largest resident memory.

    "$(utils/venv peers)" utils/bench-convert.py MODEL_FOLDER... [--runs 7] [--bin build/release/bin]

Model folders as utils/make-model.py writes them. Times are wall-clock and warm (the
input is in the page cache); medians of interleaved pairs, since machines are shared.
`cp + 0.2 s` and 300 MB are the goals.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "test" / "Integration"))
import harness  # noqa: E402


def timed(command):
    """Wall seconds and peak resident bytes of one process."""
    start = time.monotonic()
    null = os.open(os.devnull, os.O_WRONLY)
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
    _, status, usage = os.wait4(pid, 0)
    os.close(null)
    seconds = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return seconds, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--bin", type=pathlib.Path, default=harness.BIN)
    parser.add_argument("--extra", default="", help="more flags for bert-mo, for instance --compress_to_fp16")
    arguments = parser.parse_args()

    print(f"{'model':34} {'input':>8} {'cp':>8} {'bert-mo':>8} {'difference':>10} {'max RSS':>8}")
    for path in arguments.folders:
        folder = harness.ModelFolder(path)
        inputs = [file for file in path.iterdir() if file.name.startswith(("bert_model.ckpt", "inference_graph"))]
        size = sum(file.stat().st_size for file in inputs)
        copies, conversions, memory = [], [], 0
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            out = pathlib.Path(scratch) / "out"
            convert = [arguments.bin / "bert-mo", *folder.arguments(harness.own_shape_to_ask_for(folder))]
            convert += ["--output_dir", out, "--model_name", "m", *arguments.extra.split()]
            copy = [shutil.which("cp"), *inputs, out]
            for run in range(arguments.runs + 1):
                for command, times in ((copy, copies), (convert, conversions)):
                    shutil.rmtree(out, ignore_errors=True)
                    out.mkdir()
                    seconds, resident = timed(list(map(str, command)))
                    if run > 0:  # The first pair warms the page cache.
                        times.append(seconds)
                    if command is convert:
                        memory = max(memory, resident)
        copied, converted = statistics.median(copies), statistics.median(conversions)
        gap = statistics.median(b - a for a, b in zip(copies, conversions))
        print(
            f"{folder.name:34} {size / 1e6:6.0f}MB {copied:7.3f}s {converted:7.3f}s {gap:+9.3f}s {memory / 1e6:6.0f}MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
