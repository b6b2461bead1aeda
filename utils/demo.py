#!/usr/bin/env python3
"""The Python half of utils/demo: checkpoint, conversion, compilation, and the comparison of all with TensorFlow."""

import argparse
import gzip
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # TensorFlow's default is off by up to 0.1 on BERT graphs

import numpy as np  # noqa: E402
import openvino  # noqa: E402
import safetensors.numpy  # noqa: E402
import tensorflow.compat.v1 as tf  # noqa: E402
import tokenizers  # noqa: E402

tf.logging.set_verbosity("ERROR")
tf.disable_v2_behavior()

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "Integration"))
import native  # noqa: E402

INPUTS = ["Placeholder:0", "Placeholder_1:0", "Placeholder_2:0"]  # ids, mask, segment ids
OUTPUT = "bert/encoder/Reshape_7"  # the sequence output, [1, LENGTH, 384]
LENGTH = 128  # built into the graph

SENTENCES = [
    "How do I convert a BERT checkpoint for inference?",
    "What is the way to prepare a trained BERT model for deployment?",
    "The cat sleeps on the warm windowsill.",
    "A kitten is napping in the sun by the window.",
    "Interest rates rose again this quarter.",
    "The central bank made borrowing more expensive.",
]


def checkpoint_name(variable):
    """The name in model.safetensors of a variable of google-research/bert."""
    name = variable.removeprefix("bert/").replace("layer_", "layer/").replace("/", ".")
    if name.endswith("_embeddings"):
        return name + ".weight"
    for ours, theirs in ((".kernel", ".weight"), (".gamma", ".weight"), (".beta", ".bias")):
        if name.endswith(ours):
            return name.removesuffix(ours) + theirs
    return name


def write_checkpoint(weights_path, prefix):
    """Stores the trained weights under the graph's variable names; returns the loaded graph's session."""
    weights = safetensors.numpy.load_file(weights_path)
    meta = prefix.with_name("graph.meta")
    meta.write_bytes(gzip.decompress((ROOT / "utils" / "demo-data" / "minilm-l6.meta.gz").read_bytes()))
    saver = tf.train.import_meta_graph(str(meta), clear_devices=True)
    meta.unlink()
    session = tf.Session()
    for variable in tf.global_variables():
        value = weights[checkpoint_name(variable.op.name)]
        # Dense kernels are stored [out, in] there and [in, out] here.
        variable.load(value.T if variable.op.name.endswith("/kernel") else value, session)
    saver.save(session, str(prefix), write_state=False)
    return session


def encode(tokenizer, sentence):
    tokenized = tokenizer.encode(sentence)
    pad = LENGTH - len(tokenized.ids)
    rows = (tokenized.ids + [0] * pad, tokenized.attention_mask + [0] * pad, tokenized.type_ids + [0] * pad)
    return [np.array([row], np.int32) for row in rows]


def embed(sequence_output, mask):
    """The mean of the token vectors over the mask, of length 1."""
    weights = mask[0, :, None].astype(np.float64)
    mean = (sequence_output[0] * weights).sum(axis=0) / weights.sum()
    return mean / np.linalg.norm(mean)


def run(command):
    """Prints and runs a command with paths as a user in the checkout's folder would type them."""
    command = [os.path.relpath(part, ROOT) if isinstance(part, pathlib.Path) else part for part in command]
    print(shlex.join(command), flush=True)
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT)
    if done.returncode:
        sys.exit(done.returncode)
    print(f"({time.monotonic() - start:.2f} s)")


def clock(functions, rounds=15):
    """Milliseconds for each function, the median; in turns, so that a busy neighbour hits all alike."""
    times = [[] for _ in functions]
    for number in range(rounds + 2):
        for function, kept in zip(functions, times):
            start = time.perf_counter()
            function()
            if number >= 2:
                kept.append(time.perf_counter() - start)
    return [statistics.median(kept) * 1e3 for kept in times]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=pathlib.Path, required=True, help="where model.safetensors lies, somewhere")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "demo")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "release" / "bin", help="where our tools lie")
    arguments = parser.parse_args()
    weights = next(arguments.package.rglob("model.safetensors"))
    arguments.out.mkdir(parents=True, exist_ok=True)
    prefix = arguments.out / "bert_model.ckpt"

    print("== writing the trained model as a TensorFlow checkpoint")
    session = write_checkpoint(weights, prefix)

    print("== converting it to OpenVINO IR")
    graph = prefix.with_suffix(".ckpt.meta")
    what = ["--output", OUTPUT, "--disable_nhwc_to_nchw"]
    what += ["--input", "Placeholder{i32},Placeholder_1{i32},Placeholder_2{i32}"]
    run([arguments.bin / "bert-mo", "--input_meta_graph", graph, *what, "--output_dir", arguments.out])

    print("== running it in OpenVINO, and the checkpoint in TensorFlow")
    core = openvino.Core()
    compiled = core.compile_model(str(arguments.out / "bert_model.ckpt.xml"), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    tokenizer = tokenizers.BertWordPieceTokenizer(str(weights.with_name("vocab.txt")), lowercase=True)
    tokenizer.enable_truncation(LENGTH)
    ours, theirs = [], []
    largest = difference = 0.0
    for sentence in SENTENCES:
        values = encode(tokenizer, sentence)
        answer = compiled(dict(zip(INPUTS, values)))[compiled.output(OUTPUT)]
        expected = session.run(OUTPUT + ":0", dict(zip(INPUTS, values)))
        largest = max(largest, np.abs(expected).max())
        difference = max(difference, np.abs(answer - expected).max())
        ours.append(embed(answer, values[1]))
        theirs.append(embed(expected, values[1]))

    print("== compiling it to a shared library, and answering from text")
    library = arguments.out / "model.so"
    run([arguments.bin / "bert-compile", graph, "--output", OUTPUT, "-o", library])
    shutil.copyfile(weights.with_name("vocab.txt"), arguments.out / "vocab.txt")
    lines, similar = arguments.out / "sentences.txt", arguments.out / "similar.npz"
    lines.write_text("".join(sentence + "\n" for sentence in SENTENCES))
    run([arguments.bin / "bert-run", library, "--text_from", lines, "--similarity"])
    command = [arguments.bin / "bert-run", library, "--text_from", lines, "--similarity", "--outputs_to", similar]
    subprocess.run(command, check=True)
    ours_compiled = np.load(similar)["similarity"]

    print()
    for number, sentence in enumerate(SENTENCES, 1):
        print(f"  {number}  {sentence}")
    print("\n  alike      compiled  OpenVINO  TensorFlow")
    pairs = [(i, j) for i in range(len(SENTENCES)) for j in range(i)]
    worst = 0.0
    for i, j in sorted(pairs, key=lambda pair: -(ours[pair[0]] @ ours[pair[1]])):
        wanted = theirs[i] @ theirs[j]
        worst = max(worst, abs(ours_compiled[i, j] - wanted))
        print(f"  {j + 1} and {i + 1}    {ours_compiled[i, j]:8.5f}  {ours[i] @ ours[j]:8.5f}    {wanted:8.5f}")
    print(f"\nlargest difference of the compiled model's similarities from TensorFlow's: {worst:.1e}")
    error = difference / largest
    print(f"largest difference of OpenVINO's sequence outputs, relative to the largest value: {error:.1e}")
    if not (error < 1e-4 and worst < 1e-4):
        print("they do not agree", file=sys.stderr)
        return 1

    print("\n== the same sentences, from ids, in milliseconds (median)")
    model = native.Model(library)
    values = [encode(tokenizer, sentence) for sentence in SENTENCES]
    lengths = [int(value[1].sum()) for value in values]
    # OpenVINO at the sentences' own lengths: the model that bert-mo --dynamic writes.
    run([arguments.bin / "bert-mo", "--input_meta_graph", graph, *what, "--dynamic", "--silent",
         "--model_name", "dynamic", "--output_dir", arguments.out])  # fmt: skip
    config = {"INFERENCE_PRECISION_HINT": "f32"}
    dynamic = core.compile_model(str(arguments.out / "dynamic.xml"), "CPU", config)
    feeds = [dict(zip(INPUTS, value)) for value in values]
    cut = [{name: array[:, :n] for name, array in feed.items()} for feed, n in zip(feeds, lengths)]
    sequences = [value[0][0, :n] for value, n in zip(values, lengths)]
    ways = {
        f"OpenVINO, padded to {LENGTH} as the graph was built": lambda: [compiled(feed) for feed in feeds],
        "OpenVINO, one by one at their own length": lambda: [dynamic(feed) for feed in cut],
        "compiled, one by one": lambda: [model.run_ragged([sequence]) for sequence in sequences],
        "compiled, all in one call": lambda: model.run_ragged(sequences),
    }
    for name, milliseconds in zip(ways, clock(list(ways.values()))):
        print(f"  {milliseconds:8.2f}  {name}")
    print("(all in f32, and on as many threads as each takes by itself)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
