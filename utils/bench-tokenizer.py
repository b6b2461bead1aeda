#!/usr/bin/env python3
"""Time the tokenizer against PyPI's `tokenizers`, in turns, on one thread each; print ids per second and the ratio.

    "$(utils/venv peers)" utils/bench-tokenizer.py VOCAB.TXT [TEXT FILE] [--runs N]

Without a file, the text is this checkout's documentation (English) and then the
generated lines of the tests (twenty scripts). Both sides take lines in one batch;
what Python's own objects cost is in both figures.
"""

import argparse
import os
import pathlib
import statistics
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "Integration"))

import generated_text  # noqa: E402
import native_tokenizer  # noqa: E402
import tokenizers  # noqa: E402


def texts(path):
    if path:
        yield path.name, path.read_text(errors="replace").splitlines()
        return
    english = [line for page in sorted(ROOT.rglob("docs/**/*.md")) for line in page.read_text().splitlines()]
    yield "English", english * (1 + 20_000 // len(english))
    yield "20 scripts", generated_text.lines(20_000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vocabulary")
    parser.add_argument("text", type=pathlib.Path, nargs="?")
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    ours = native_tokenizer.Tokenizer(arguments.vocabulary)
    theirs = tokenizers.BertWordPieceTokenizer(arguments.vocabulary)
    print(f"{'text':<12} {'ids':>9} {'ours ids/s':>12} {'tokenizers ids/s':>17} {'ratio':>6}")
    for name, lines in texts(arguments.text):
        batch = native_tokenizer.as_texts(lines)
        encoding = native_tokenizer.Encoding()
        times = [[], []]
        for _ in range(arguments.runs):
            start = time.perf_counter()
            ours.encode_into(batch, encoding)
            middle = time.perf_counter()
            theirs.encode_batch(lines)
            times[0].append(middle - start)
            times[1].append(time.perf_counter() - middle)
        total = encoding.offsets[encoding.count]
        mine, other = (statistics.median(values) for values in times)
        print(f"{name:<12} {total:9} {total / mine:12.0f} {total / other:17.0f} {other / mine:6.1f}")
        ours.free(encoding)


if __name__ == "__main__":
    main()
