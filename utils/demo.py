#!/usr/bin/env python3
"""The Python half of utils/demo: checkpoint, conversion, and the comparison of OpenVINO with TensorFlow."""

import argparse
import gzip
import os
import pathlib
import shlex
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=pathlib.Path, required=True, help="where model.safetensors lies, somewhere")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "demo")
    parser.add_argument("--bert-mo", type=pathlib.Path, default=ROOT / "build" / "release" / "bin" / "bert-mo")
    arguments = parser.parse_args()
    weights = next(arguments.package.rglob("model.safetensors"))
    arguments.out.mkdir(parents=True, exist_ok=True)
    prefix = arguments.out / "bert_model.ckpt"

    print("== writing the trained model as a TensorFlow checkpoint")
    session = write_checkpoint(weights, prefix)

    command = [
        arguments.bert_mo, "--input_meta_graph", prefix.with_suffix(".ckpt.meta"), "--output", OUTPUT,
        "--disable_nhwc_to_nchw", "--input", "Placeholder{i32},Placeholder_1{i32},Placeholder_2{i32}",
        "--output_dir", arguments.out,
    ]  # fmt: skip
    command = [os.path.relpath(part, ROOT) if isinstance(part, pathlib.Path) else part for part in command]
    print("== converting it\n" + shlex.join(command))
    start = time.monotonic()
    converted = subprocess.run(command, cwd=ROOT)
    if converted.returncode:
        return converted.returncode
    print(f"({time.monotonic() - start:.2f} s)")

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

    for number, sentence in enumerate(SENTENCES, 1):
        print(f"  {number}  {sentence}")
    print("\n  alike      OpenVINO  TensorFlow")
    pairs = [(i, j) for i in range(len(SENTENCES)) for j in range(i)]
    for i, j in sorted(pairs, key=lambda pair: -(ours[pair[0]] @ ours[pair[1]])):
        print(f"  {j + 1} and {i + 1}   {ours[i] @ ours[j]:8.5f}    {theirs[i] @ theirs[j]:8.5f}")
    error = difference / largest
    print(f"\nlargest difference of the sequence outputs, relative to the largest value: {error:.1e}")
    if not error < 1e-4:
        print("the two do not agree", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
