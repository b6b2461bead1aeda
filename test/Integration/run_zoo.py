#!/usr/bin/env python3
"""Converts zoo models with bert-mo, runs them in OpenVINO (f32) and prints a table of what is right, wrong or refused.

usage: utils/run-zoo [--zoo FOLDER] [--own | --dynamic] [--bin FOLDER] [--failures] [--keep FOLDER] [NAME...]

  own      the command of the guide, at the shapes the graph itself takes
  dynamic  the same with --dynamic, at every reference shape
  NAME     shell patterns; all models if none

Exits 1 if a model is wrong or fails; with models that may be refused (signature.json: dynamic = any) a refusal is right.
"""

import argparse
import fnmatch
import pathlib
import subprocess
import sys
import tempfile

import harness


def reason(error):
    """The first line that says what went wrong, without the log prefix."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].replace("[ ERROR ]  ", "") if lines else type(error).__name__


def error_reshaped(xml, folder, shape):
    """The error of the model reshaped to one shape.

    One compiled model for all shapes would do as well, but OpenVINO 2026.4.1 answers wrongly where attention has no mask
    and the sequence length changes between calls (also with its own ScaledDotProductAttention; docs/known-issues.md).
    """
    model = harness.read(xml)
    harness.reshape(model, folder, shape)
    return harness.error_at(harness.compile_f32(model), folder, shape)


def try_own(folder, out):
    shape = harness.own_shape_to_ask_for(folder)
    xml = harness.convert(folder, out, shape)
    return max(error_reshaped(xml, folder, s) for s in ([shape] if shape else folder.own_shapes()))


def dynamic_shapes(folder):
    """The shapes at which the model made dynamic is compared."""
    shapes = list(folder.references)
    if folder.signature.get("dynamic") == "batch":
        shapes = [shape for shape in shapes if shape[1] == folder.signature["seq"]]
    return shapes


def try_dynamic(folder, out):
    xml = harness.convert(folder, out, extra=["--dynamic"])
    return max(error_reshaped(xml, folder, shape) for shape in dynamic_shapes(folder))


def is_permitted(folder, problem):
    """Whether a model may be refused when it is to become dynamic, and was."""
    return folder.signature.get("dynamic") == "any" and "exit code 1:" in str(problem)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zoo", type=pathlib.Path, required=True)
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--dynamic", action="store_true")
    parser.add_argument("--bin", type=pathlib.Path, default=harness.BIN)
    parser.add_argument("--failures", action="store_true", help="print only what is not right")
    parser.add_argument("--keep", type=pathlib.Path, help="leave the converted models here")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    harness.BIN = arguments.bin

    both = not (arguments.own or arguments.dynamic)
    tries = [("own", try_own)] * (both or arguments.own) + [("dynamic", try_dynamic)] * (both or arguments.dynamic)
    right = wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(arguments.zoo.glob("*/signature.json")):
            folder = harness.ModelFolder(path.parent)
            if arguments.names and not any(fnmatch.fnmatch(folder.name, name) for name in arguments.names):
                continue
            for kind, attempt in tries:
                try:
                    out = (arguments.keep or pathlib.Path(scratch)) / folder.name / kind
                    error = attempt(folder, out)
                    passed = error <= folder.tolerance
                    text = f"error {error:.1e}"
                except (AssertionError, RuntimeError, subprocess.TimeoutExpired) as problem:
                    passed = kind == "dynamic" and is_permitted(folder, problem)
                    text = reason(problem)
                right += passed
                wrong += not passed
                if not (passed and arguments.failures):
                    print(f"{'ok  ' if passed else 'FAIL'} {kind:7} {folder.name:32} {text[:300]}", flush=True)
    print(f"{right} right, {wrong} wrong")
    return 1 if wrong or not right else 0


if __name__ == "__main__":
    sys.exit(main())
