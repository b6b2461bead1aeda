#!/usr/bin/env python3
"""Check that each pass is idempotent: run on its own result it changes nothing.

For each entry of a Passes.td the pass's example and the tests beside it are run as their
RUN lines say, up to the pass; then the pass runs once more on what came out, and the text
must be the same. What is not idempotent by nature is listed below with the reason.

    utils/run-twice.py [--bin build/release/bin] [--only PASS]
"""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import lint

ROOT = lint.ROOT

# Passes that do more the second time, and why that is right.
NOT_IDEMPOTENT = {
    "ov-generalize-shapes": "how long a table is it learns from sizes that it replaces by computed ones",
    "ov-set-input-shapes": "a shape that is asked of one input goes before the batch of all, and is used up",
    "ov-specialize-inputs": "what became a constant is no input by then",
    "outline-parallel-loops": "loops in an outlined loop run in one thread; by themselves they would be outlined, too",
    "plan-arena": "a model has one arena: the pass refuses what it has made",
    "tf-specialize-inputs": "what it has cut at is an input by then, and no node that could be cut at",
}

class Run:
    """What one RUN line does up to the pass, and the pass alone."""

    def __init__(self, test, arguments, again):
        self.test, self.arguments, self.again = test, arguments, again


def runs_of(name, test):
    """What the RUN lines of a test do with the pass, each way once."""
    seen = set()
    for line in re.findall(r"RUN:(.*)", lint.run_lines(test.read_text())):
        words = shlex.split(line)
        if "%s" in words and "bert-opt" in words[:2]:
            arguments, again = upto_pass(name, words[: words.index("|")] if "|" in words else words)
            if again and arguments not in seen:
                seen.add(arguments)
                yield Run(test, arguments, again)


def upto_pass(name, words):
    """The passes among a command's words up to the first `name`, and that one alone."""
    passes = []
    for word in words:
        pipeline = re.fullmatch(r"--?pass-pipeline=(builtin\.module\((?:(?:tf\.graph|func\.func)\()?)(.*?)(\)+)", word, re.DOTALL)
        if pipeline and (found := re.search(rf"\b{name}(\{{.*?\}})?(?=,|$)", pipeline[2])):
            around = f"--pass-pipeline={pipeline[1]}{{}}{pipeline[3]}"
            return (around.format(pipeline[2][: found.end()]),), (around.format(found[0]),)
        if word.startswith("--") and not re.match(r"--(verify-diagnostics|split-input-file|remark|mlir-|allow-)", word):
            passes.append(word)
            if word == f"--{name}" or word.startswith(f"--{name}="):
                return tuple(passes), (word,)
    return (), ()


def opt(tools, arguments, text):
    command = [tools.resolve() / "bert-opt", "--split-input-file", *arguments, "-"]
    # Of some passes the result is a file, too, which stays in the folder.
    with tempfile.TemporaryDirectory() as folder:
        printed = subprocess.run(command, input=text, cwd=folder, capture_output=True, text=True).stdout
    # Where a pass refuses a part of the file, a separator is all that is printed.
    parts = [part.strip() for part in printed.split("// -----")]
    return "\n// -----\n".join(part for part in parts if part not in ("", "module {\n}"))


def complaint(tools, run):
    once = opt(tools, run.arguments, run.test.read_text())
    twice = opt(tools, run.again, once)
    if once == twice:
        return None, once != ""
    changes = difflib.unified_diff(once.splitlines(), twice.splitlines(), "once", "twice", lineterm="", n=1)
    return "\n".join(changes), True


def tests_of(record):
    """The pass's example, and the tests beside it that are called like it."""
    example = ROOT / re.search(r"Example: (\S+)\.(?:\s|$)", record["description"])[1]
    stem = lint.names_of(record)[0]
    siblings = example.parent.glob("*.mlir") if stem == "example" else example.parent.glob(f"{stem}*.mlir")
    return sorted({example, *siblings})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--only", help="look at this pass only")
    parser.add_argument("--no-exceptions", action="store_true", help="complain of those that are listed, too")
    arguments = parser.parse_args()
    exceptions = {} if arguments.no_exceptions else NOT_IDEMPOTENT

    passes = [record for file in sorted((ROOT / "include").rglob("Passes.td")) for record in lint.passes_of(file)]
    passes = [record for record in passes if arguments.only in (None, record["argument"])]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        results = [
            (record, [(run, pool.submit(complaint, arguments.bin, run)) for test in tests_of(record) for run in runs_of(record["argument"], test)])
            for record in passes
        ]
        for record, runs in results:
            name = record["argument"]
            verdicts = [(run, *future.result()) for run, future in runs]
            changed = [(run, text) for run, text, _ in verdicts if text]
            if not any(is_something for _, _, is_something in verdicts):
                failures += 1
                print(f"{name}: no RUN line of its tests shows a result (bert-opt %s --{name})")
            elif name in exceptions:
                if not changed:
                    failures += 1
                    print(f"{name}: is idempotent in its tests; take it off the list in {pathlib.Path(__file__).name}")
            else:
                for run, text in changed:
                    failures += 1
                    print(f"{name}: does more when it runs again, in {run.test.relative_to(ROOT)} with {' '.join(run.arguments)}")
                    print(text)
    print(f"{len(passes)} passes, {failures} complaints")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
