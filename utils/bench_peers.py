"""The runtimes that utils/bench compares with: OpenVINO in f32, bf16 and int8, and ONNX Runtime in f32.

Each class is made of the model's files once; `at(batch, sequence)` gives a function that
takes the inputs by name and returns the first output, compiled for that shape where the
runtime gains by it. What it takes to make their files is kept beside the TensorFlow graph.
"""

import importlib.metadata
import importlib.util
import logging
import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import openvino


class OpenVINO:
    def __init__(self, xml, precision, threads):
        self.core, self.xml = openvino.Core(), str(xml)
        self.config = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads}

    def at(self, batch, sequence):
        loaded = self.core.read_model(self.xml)
        # ovc's names end in `:0` where the graph's do not.
        names = [port.any_name for port in loaded.inputs]
        loaded.reshape({name: [batch, sequence] for name in names})
        request = self.core.compile_model(loaded, "CPU", self.config).create_infer_request()
        return lambda feed: request.infer({name: feed[name.removesuffix(":0")] for name in names})[0]


class OnnxRuntime:
    def __init__(self, path, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])
        self.names = [port.name for port in self.session.get_inputs()]

    def at(self, batch, sequence):
        def run(feed):
            return self.session.run(None, {name: feed[name.removesuffix(":0")] for name in self.names})[0]

        return run


def _to_onnx(graph_path, out, heads, hidden):
    """TensorFlow's graph through tf2onnx, then through ONNX Runtime's own optimizer for transformers."""
    import onnxruntime.transformers.optimizer
    import tensorflow.compat.v1 as tf
    import tf2onnx

    logging.disable(logging.WARNING)
    graph = tf.GraphDef()
    graph.ParseFromString(graph_path.read_bytes())
    inputs = [node.name + ":0" for node in graph.node if node.op == "Placeholder"]
    plain = out.with_suffix(".plain")
    tf2onnx.convert.from_graph_def(
        graph, input_names=inputs, output_names=[graph.node[-1].name + ":0"], opset=17, output_path=str(plain)
    )
    optimized = onnxruntime.transformers.optimizer.optimize_model(
        str(plain), model_type="bert_tf", num_heads=heads, hidden_size=hidden, opt_level=0
    )
    optimized.save_model_to_file(str(out))
    plain.unlink()


def _to_int8(xml, out, vocabulary):
    """Weights and activations in int8 by NNCF's post-training quantization for transformers."""
    import nncf

    nncf.set_log_level(logging.ERROR)
    core = openvino.Core()
    model = core.read_model(str(xml))
    random = np.random.default_rng(1)

    def sample(length):
        ids = random.integers(0, vocabulary, (1, length)).astype(np.int32)
        others = iter((np.ones_like(ids), np.zeros_like(ids)))  # in the graph's order: ids, mask, types
        return {port.any_name: ids if i == 0 else next(others) for i, port in enumerate(model.inputs)}

    data = nncf.Dataset([sample(length) for length in (16, 32, 64, 128)])
    quantized = nncf.quantize(model, data, model_type=nncf.ModelType.TRANSFORMER, subset_size=4)
    openvino.save_model(quantized, str(out), compress_to_fp16=False)


def _available_memory():
    return int(re.search(r"MemAvailable: *(\d+) kB", pathlib.Path("/proc/meminfo").read_text())[1]) * 1024


def onnx_file(graph_path, sizes):
    """The ONNX model of a frozen graph, made unless it is there; None where tf2onnx is not installed or has
    no room: it took 20 GB for BERT-Large's 1.3."""
    out = graph_path.with_suffix(".onnx")
    if not out.exists():
        if not importlib.util.find_spec("tf2onnx"):
            return None
        if _available_memory() < 20 * graph_path.stat().st_size:
            print(f"too little memory for tf2onnx to write {out}: ONNX Runtime is left out", flush=True)
            return None
        print(f"writing {out}", flush=True)
        _in_its_own_process("_to_onnx", graph_path, out, sizes["heads"], sizes["hidden"])
    return out


def _to_ir(graph_path, out):
    openvino.save_model(openvino.convert_model(str(graph_path)), str(out), compress_to_fp16=False)


def ovc_file(graph_path):
    """What OpenVINO's own converter makes of a frozen graph, made unless it is there."""
    out = graph_path.with_name(graph_path.stem + "-ovc.xml")
    if not out.exists():
        print(f"writing {out}", flush=True)
        _in_its_own_process("_to_ir", graph_path, out)
    return out


def int8_file(graph_path, xml, sizes):
    """The int8 model of an IR, made unless it is there; None where NNCF is not installed."""
    out = graph_path.with_name(graph_path.stem + "-int8.xml")
    if not out.exists():
        if not importlib.util.find_spec("nncf"):
            return None
        print(f"writing {out}", flush=True)
        _in_its_own_process("_to_int8", xml, out, sizes["vocab"])
    return out


def _in_its_own_process(function, source, out, *arguments):
    """What converters leave behind (threads, gigabytes) must not be there when time is taken."""
    temporary = out.with_name("new-" + out.name)
    code = (
        f"import pathlib, sys; sys.path.insert(0, {os.path.dirname(__file__)!r}); import bench_peers; "
        f"bench_peers.{function}(pathlib.Path({str(source)!r}), pathlib.Path({str(temporary)!r}), *{arguments!r})"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"utils/bench: can't write {out}\n{done.stderr}")
    if out.suffix == ".xml":
        temporary.with_suffix(".bin").rename(out.with_suffix(".bin"))
    temporary.rename(out)


def versions():
    """The peers' versions, for the table's heading."""
    packages = {"OpenVINO": "openvino", "ONNX Runtime": "onnxruntime", "NNCF": "nncf"}
    found = []
    for name, package in packages.items():
        try:
            found.append(f"{name} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            pass
    return ", ".join(found)
