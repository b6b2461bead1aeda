"""Graphs that say shapes in odd ways: --dynamic answers right at every shape it takes, or refuses and says why."""

import os

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import functools
import re

import numpy as np
import openvino
import pytest
import tensorflow.compat.v1 as tf

import harness
from zoo import odd

tf.disable_v2_behavior()
tf.logging.set_verbosity("ERROR")

SHAPES = [(1, 8), (3, 5), (2, 16), (4, 4)]


def port_of(ports, name):
    return next(port for port in ports if {name, name + ":0"} & port.get_names())


@functools.cache
def reference(name, shape, one_by_one):
    """Inputs, and the answer of the graph that is built for the shape; or of the one for one example, to each of them."""
    _, _, how = odd.GRAPHS[name]
    values = odd.inputs_of(how, *shape)
    if not one_by_one:
        return values, odd.answer(odd.build(name, *shape), values)
    graph = odd.build(name, 1, shape[1])
    answers = [odd.answer(graph, {key: value[i : i + 1] for key, value in values.items()}) for i in range(shape[0])]
    return values, np.concatenate(answers)


def reshaped_error(xml, name, shape, one_by_one):
    values, expected = reference(name, shape, one_by_one)
    model = harness.read(xml)
    model.reshape({port_of(model.inputs, key): list(value.shape) for key, value in values.items()})
    compiled = harness.compile_f32(model)
    results = compiled({port_of(compiled.inputs, key): value for key, value in values.items()})
    return harness.relative_error(results[0], expected)


def check(name, own, arguments, out, is_expected_right):
    expect = odd.GRAPHS[name][1]
    result = harness.bert_mo([*arguments, "--dynamic", "--output_dir", out, "--model_name", "m"], check=False)
    if result.returncode != 0:
        assert not is_expected_right, result.stderr
        assert "can't be made reshapeable" in result.stderr or re.search(expect, result.stderr), result.stderr
        return result.stderr
    match = re.search(r"1 to (\d+) tokens", result.stdout)
    for shape in [own, *SHAPES]:
        if match and shape[1] > int(match[1]):
            continue
        # A graph for one example says nothing of the others: each gets its answer.
        assert reshaped_error(out / "m.xml", name, shape, own[0] == 1) <= harness.MICRO_TOLERANCE, shape
    return ""


@pytest.mark.parametrize("name", odd.GRAPHS)
def test_graph(name, tmp_path):
    _, expect, how = odd.GRAPHS[name]
    graph = tmp_path / "graph.pb"
    # As many examples as tokens or heads must change nothing but what can be known.
    for own in ((2, 8), (4, 4), (1, 8)):
        graph.write_bytes(odd.build(name, *own).SerializeToString())
        arguments = ["--input_model", graph, "--output", "output", "--input", ",".join(odd.inputs_of(how, *own))]
        is_main = own == (2, 8)
        reason = check(name, own, arguments, tmp_path, is_main and expect == "right")
        if is_main and expect != "right":
            assert re.search(expect, reason), reason or "was accepted"


# Folded to a table of as many rows as tokens, of which nobody can see how it was made.
LOST = {"reversed_positions", "halves_by_place"}


@pytest.mark.parametrize("name", sorted(odd.GRAPHS.keys() - LOST))
def test_graph_that_was_converted_before(name, tmp_path):
    """The same through OpenVINO's own converter, which folds what it can: within the rows that it left, or refused."""
    own = (2, 8)
    graph = tmp_path / "graph.pb"
    graph.write_bytes(odd.build(name, *own).SerializeToString())
    try:
        model = openvino.convert_model(str(graph))
    except Exception:
        pytest.skip("OpenVINO can't convert it")
    openvino.save_model(model, str(tmp_path / "graph.xml"), compress_to_fp16=False)
    check(name, own, ["--input_model", tmp_path / "graph.xml"], tmp_path, False)
