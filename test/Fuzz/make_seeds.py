#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets whose formats need TensorFlow or OpenVINO to write them; the files are checked in.

    "$(utils/venv peers)" test/Fuzz/make_seeds.py

Small on purpose: a fuzzer gets through hundreds of them in a second. One-layer BERTs in the
spellings that take different ways through the compiler, and graphs with one node of each op.
"""

import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "test" / "Integration"))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np  # noqa: E402
import tensorflow.compat.v1 as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from zoo.variants import VARIANTS  # noqa: E402
from zoo.write import References, write_model  # noqa: E402

SEEDS = HERE / "Seeds"
BIN = pathlib.Path(os.environ.get("BERT_MLIR_BIN", ROOT / "build" / "release" / "bin"))
TINY = dict(vocab=6, hidden=4, layers=1, heads=2, intermediate=6, positions=8)
GRAPHS = [
    "static", "dynamic-both", "no-mask-dynamic", "iterator-dynamic-batch", "one-hot-dynamic", "legacy-ops-dynamic", "packed-dynamic",
    "dropout-frozen-select", "is-training-placeholder", "einsum", "norm-keras-fused", "squad-dynamic", "mlm-dynamic", "mean",
]  # fmt: skip
METAS = ["meta", "resource-meta", "partitioned-meta"]


def strip(graph_def):
    """What only takes space."""
    for node in graph_def.node:
        node.ClearField("device")
        for name in ("_output_shapes", "_class", "_grappler_do_not_remove"):
            if name in node.attr:
                del node.attr[name]
    graph_def.ClearField("library")
    return graph_def


def put(target, name, content):
    path = SEEDS / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def zoo_models(folder):
    """The models of GRAPHS and METAS at the smallest size that still has all parts."""
    references = References()
    for spec in VARIANTS:
        if spec.name in GRAPHS + METAS:
            tiny = dataclasses.replace(spec, seq=spec.seq and 4, format="meta" if spec.name in METAS else "frozen", **TINY)
            write_model(tiny, folder, references)


def every_op():
    """Graphs with one node of each op that a BERT's graph may hold, computed in a row from two inputs."""
    x = tf.placeholder(tf.float32, [2, 3, 4], "x")
    ids = tf.placeholder(tf.int32, [None, 3], "ids")
    floats = [x]
    for unary in (
        tf.abs, tf.exp, tf.log, tf.log1p, tf.math.erf, tf.math.erfc, tf.tanh, tf.sigmoid, tf.nn.relu, tf.nn.relu6, tf.nn.elu,
        tf.nn.softplus, tf.nn.leaky_relu, tf.floor, tf.math.ceil, tf.round, tf.sign, tf.sqrt, tf.rsqrt, tf.reciprocal, tf.square,
        tf.negative, tf.nn.softmax, tf.nn.log_softmax, tf.identity, tf.stop_gradient, tf.zeros_like, tf.ones_like,
    ):  # fmt: skip
        floats.append(unary(floats[-1]))
    y = floats[-1]
    for binary in (
        tf.add, tf.subtract, tf.multiply, tf.divide, tf.maximum, tf.minimum, tf.math.squared_difference, tf.pow, tf.math.divide_no_nan,
        tf.math.floordiv, tf.math.floormod,
    ):  # fmt: skip
        y = binary(y, x)
    y = tf.nn.bias_add(tf.add_n([y, x]), tf.constant([1.0, 2.0, 3.0, 4.0]))
    for reduce in (tf.reduce_mean, tf.reduce_sum, tf.reduce_max, tf.reduce_min, tf.reduce_prod):
        y = tf.add(y, reduce(y, [2], keepdims=True))
    y = tf.where_v2(tf.logical_and(tf.less(y, x), tf.logical_not(tf.logical_or(tf.equal(y, x), tf.greater_equal(y, 1.0)))), y, x)
    tf.identity(y, "elementwise")
    table = tf.constant(np.arange(20, dtype=np.float32).reshape(5, 4))
    rows = tf.gather(table, ids)
    rows = tf.concat([rows, tf.reshape(tf.one_hot(ids, 4), [-1, 3, 4])], 0)
    shape = tf.shape(rows)
    rows = tf.transpose(tf.reshape(rows, tf.stack([shape[0], 3, 2, 2])), [0, 2, 1, 3])
    rows = tf.matmul(rows, rows, transpose_b=True)
    first, second = tf.unstack(rows, axis=1)
    first = tf.tile(tf.expand_dims(first, 1), [1, 2, 1, 1])
    left, right = tf.split(first, 2, axis=1)
    rows = tf.squeeze(left + right, [1]) + second
    rows = rows * tf.fill([3, 3], 2.0) + tf.cast(tf.range(0, 3, 1), tf.float32)
    rows = tf.slice(rows, [0, 0, 0], [-1, 2, 3]) + tf.broadcast_to(tf.constant([1.0, 2.0, 3.0]), [2, 3])
    best, places = tf.math.top_k(rows[:, 0], 2)
    picked = tf.gather_nd(rows, tf.stack([tf.range(tf.shape(rows)[0]), tf.argmax(rows[:, :, 0], 1, output_type=tf.int32)], 1))
    picked = tf.einsum("bi,ij->bj", picked, tf.constant(np.ones((3, 2), np.float32))) + best
    tf.identity(picked * tf.cast(tf.size(places) + tf.rank(places), tf.float32), "movement")


def main():
    for target in ("convert", "tensorflow-binary", "tensorflow-text", "checkpoint-index", "checkpoint", "openvino-ir"):
        shutil.rmtree(SEEDS / target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        models = pathlib.Path(folder)
        zoo_models(models)
        for name in GRAPHS:
            graph = tf.GraphDef.FromString((models / name / "inference_graph.pb").read_bytes())
            put("convert", name, strip(graph).SerializeToString(deterministic=True))
        with tf.Graph().as_default() as graph:
            every_op()
            ops = strip(graph.as_graph_def())
        put("convert", "every-op", ops.SerializeToString(deterministic=True))

        for name in METAS:
            meta = tf.MetaGraphDef.FromString((models / name / "bert_model.ckpt.meta").read_bytes())
            strip(meta.graph_def)
            meta.ClearField("collection_def")
            meta.meta_info_def.ClearField("stripped_op_list")
            del meta.graph_def.node[40:]
            put("tensorflow-binary", name, meta.SerializeToString(deterministic=True))
            # The index's length, the index, the only data file.
            prefix = models / name / "bert_model.ckpt"
            index = pathlib.Path(f"{prefix}.index").read_bytes()
            data = pathlib.Path(f"{prefix}.data-00000-of-00001").read_bytes()
            put("checkpoint-index", name, index)
            put("checkpoint", name, len(index).to_bytes(2, "little") + index + data)
        del ops.node[40:]
        put("tensorflow-binary", "graph", ops.SerializeToString(deterministic=True))
        put("tensorflow-text", "graph", text_format.MessageToString(ops).encode())
        del meta.graph_def.node[8:]
        put("tensorflow-text", "meta", text_format.MessageToString(meta).encode())
        saved = ROOT / "test" / "Inputs" / "checkpoints" / "saved-model" / "saved_model.pb"
        put("tensorflow-binary", "saved-model", saved.read_bytes())

        # The content of the .xml, a zero, the content of the .bin.
        for name in ("static", "dynamic-both", "mean"):
            for release in ("2022.1", "2026.4"):
                command = [BIN / "bert-mo", "--input_model", models / name / "inference_graph.pb", "--output_dir", models, "--model_name"]
                subprocess.run([*map(str, command), "m", "--target-openvino", release, "--silent"], check=True)
                content = (models / "m.xml").read_bytes() + b"\0" + (models / "m.bin").read_bytes()
                put("openvino-ir", f"{name}-{release}", content)


if __name__ == "__main__":
    main()
