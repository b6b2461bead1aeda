"""Layers and tensors of an IR have TensorFlow's names: what Netron shows, and what a user asks the runtime for."""

import json
import shutil
import subprocess

import pytest
import tensorflow.compat.v1 as tf

import harness

# TensorFlow's ops that are one layer each, and that layer's type.
LAYERS = {
    "BatchMatMulV2": "MatMul",
    "BiasAdd": "Add",
    "Cast": "Convert",
    "ExpandDims": "Unsqueeze",
    "GatherV2": "Gather",
    "MatMul": "MatMul",
    "Mul": "Multiply",
    "Reshape": "Reshape",
    "Softmax": "Softmax",
    "Sub": "Subtract",
    "Tanh": "Tanh",
    "Transpose": "Transpose",
}


@pytest.mark.parametrize("name", ["meta-static", "frozen-dynamic"])
def test_layers_are_called_as_their_nodes(copy_of, tmp_path, name):
    folder = copy_of(name)
    model = harness.read(harness.convert(folder, tmp_path))
    graph = tf.GraphDef()
    meta = folder.path / "bert_model.ckpt.meta"
    if meta.exists():
        meta_graph = tf.MetaGraphDef()
        meta_graph.ParseFromString(meta.read_bytes())
        graph = meta_graph.graph_def
    else:
        graph.ParseFromString((folder.path / "inference_graph.pb").read_bytes())
    nodes = {node.name: node.op for node in graph.node}
    layers = {op.get_friendly_name(): op.get_type_name() for op in model.get_ops()}

    # A layer with a node's name is that node, unless it became another or something was fused into it.
    known = {layer: kind for layer, kind in layers.items() if nodes.get(layer) in LAYERS}
    wrong = {layer: (nodes[layer], kind) for layer, kind in known.items() if kind not in ("Constant", "Gelu", LAYERS[nodes[layer]])}
    wrong.pop("bert/embeddings/MatMul")  # one-hot rows times a table are looked up
    wrong.pop("bert/encoder/Reshape")  # of the mask, which adds an axis
    assert not wrong and len(known) > 40
    # Every product and SoftMax that is left has its node's name, and no constant took one.
    for kind, ops in (("MatMul", {"MatMul", "BatchMatMulV2"}), ("Softmax", {"Softmax"}), ("Transpose", {"Transpose"})):
        for layer in (layer for layer, type_name in layers.items() if type_name == kind):
            assert nodes.get(layer) in ops, layer
    taken = [layer for layer, kind in layers.items() if kind == "Constant" and nodes.get(layer) in ("MatMul", "Softmax")]
    assert not taken

    variables = [op.get_friendly_name() for op in model.get_ops() if op.get_type_name() == "Constant"]
    assert "bert/encoder/layer_0/attention/self/query/kernel" in variables
    for port, tensor in zip(model.inputs, folder.signature["inputs"]):
        assert {tensor, tensor.split(":")[0]} <= port.names
    for port, tensor in zip(model.outputs, folder.signature["outputs"]):
        assert {tensor, tensor + ":0"} <= port.names


@pytest.mark.skipif(not shutil.which("node"), reason="Netron is JavaScript; there is no node here")
def test_netron_reads_it(copy_of, tmp_path):
    """Netron's own reader, without its window."""
    folder = copy_of("meta-static")
    xml = harness.convert(folder, tmp_path)
    netron = next((harness.python_of("netron").parents[1] / "lib").glob("python3*/site-packages/netron"))
    script = harness.ROOT / "test" / "Integration" / "netron.mjs"
    # Its modules are of the new kind, which node wants to be told.
    shutil.copytree(netron, tmp_path / "netron")
    (tmp_path / "netron" / "package.json").write_text('{"type": "module"}')
    done = subprocess.run(["node", script, tmp_path / "netron", xml], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["format"].startswith("OpenVINO IR")
    assert shown["inputs"] == [name.split(":")[0] for name in folder.signature["inputs"]]
    assert ["bert/encoder/layer_0/attention/self/query/MatMul", "MatMul"] in shown["nodes"]
    assert ["bert/encoder/layer_1/attention/self/Softmax", "SoftMax"] in shown["nodes"]
