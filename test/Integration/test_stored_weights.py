"""The bytes of weights in the .bin: transposed piece by piece, a matrix of any size comes out as NumPy transposes it."""

import os

import numpy as np
import pytest

import harness

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# Of one tile and less, of whole tiles, with rests on each side, of several pieces with a rest, with rows longer than a piece.
SHAPES = [(3, 5), (5, 16), (16, 32), (32, 17), (17, 700), (700, 1001), (1001, 1536), (1536, 20), (20, 18000), (18000, 3)]


@pytest.fixture(scope="module")
def weights():
    random = np.random.default_rng(11)
    return {f"w{index}": random.standard_normal(shape).astype("f4") for index, shape in enumerate(SHAPES)}


@pytest.fixture(scope="module")
def graph(weights, tmp_path_factory):
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, (2, SHAPES[0][0]), name="x")
        for name, weight in weights.items():
            x = tf.nn.relu(tf.matmul(x, tf.constant(weight, name=name)))
        tf.identity(x, name="out")
    path = tmp_path_factory.mktemp("weights") / "graph.pb"
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


@pytest.mark.parametrize("precision", ["f4", "f2"])
def test_every_element_is_where_it_belongs(precision, graph, weights, tmp_path):
    flags = ["--compress_to_fp16"] if precision == "f2" else []
    harness.bert_mo(["--input_model", graph, "--output_dir", tmp_path, "--model_name", "m", *flags])
    model = harness.read(tmp_path / "m.xml")
    constants = {tuple(op.get_output_shape(0)): op.data for op in model.get_ops() if op.get_type_name() == "Constant"}
    for name, weight in weights.items():
        stored = constants[(weight.shape[1], weight.shape[0])]
        assert stored.dtype == np.dtype(precision), name
        assert np.array_equal(stored, weight.T.astype(precision)), name
