"""Seconds that converters take from file to file, in turns; for utils/bench."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time


def commands(model, bin_folder, out, mo):
    """What is compared; all write f32, and for all the input is in the page cache. `mo` may be None."""
    result = {
        "cp": ["cp", model, out / "copy.pb"],
        "bert-mo": [bin_folder / "bert-mo", "--input_model", model, "--output_dir", out, "--model_name", "m", "--silent"],
        "bert-compile": [bin_folder / "bert-compile", model, "-o", out / "m.so", "--silent"],
        "ovc": [pathlib.Path(sys.executable).with_name("ovc"), model, "--output_model", out / "ovc.xml",
                "--compress_to_fp16=False"],
    }  # fmt: skip
    if mo:
        result["Model Optimizer 2024.6"] = [
            mo, "--input_model", model, "--output_dir", out, "--model_name", "mo", "--compress_to_fp16=False"
        ]  # fmt: skip
    return {name: list(map(str, command)) for name, command in result.items()}


def seconds(model, bin_folder, out, mo, runs=5, slow_runs=3):
    """The median of each; a converter that takes more than two seconds is run `slow_runs` times only."""
    scratch = out / "converted"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    times = {}
    # The benchmark's own packages are no part of the converters' environments.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        for run in range(runs):
            for name, command in commands(model, bin_folder, scratch, mo).items():
                if not shutil.which(command[0]) or (run >= slow_runs and times[name][0] > 2):
                    continue
                # Nobody pays for what another has left to be written to the disk, or for replacing it.
                for left in scratch.iterdir():
                    left.unlink()
                os.sync()
                start = time.perf_counter()
                done = subprocess.run(command, env=environment, capture_output=True, text=True)
                if done.returncode:
                    sys.exit(f"utils/bench: {name} failed\n{done.stderr[-2000:]}")
                times.setdefault(name, []).append(time.perf_counter() - start)
    finally:
        shutil.rmtree(scratch)
    return {name: statistics.median(values) for name, values in times.items()}
