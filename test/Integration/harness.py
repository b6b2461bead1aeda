"""What the integration tests and utils/run-zoo share: model folders, the command a user types, and OpenVINO as the judge.

A model folder holds a graph, `signature.json` (tensor names of inputs and outputs, the
built-in batch and sequence length, null where open) and `reference-BxS.npz` (inputs by
role and TensorFlow's `output_0`.. at that shape).
"""

import json
import os
import pathlib
import re
import subprocess

import numpy as np
import openvino

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("BERT_MLIR_BIN", ROOT / "build" / "release" / "bin"))
MICRO_TOLERANCE = 1e-5  # relative to the largest output
FULL_TOLERANCE = 1e-4

_REFERENCE_NAME = re.compile(r"reference-(\d+)x(\d+)\.npz")
_ROLES = ["input_ids", "input_mask", "segment_ids"]


class ModelFolder:
    """One model on disk and the command line that a user of its route would type."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.name = self.path.name
        self.signature = json.loads((self.path / "signature.json").read_text())
        self.roles = self.signature.get("roles", _ROLES[: len(self.signature["inputs"])])
        self.tolerance = self.signature.get("tolerance", MICRO_TOLERANCE)
        self.references = {}
        for file in sorted(self.path.glob("reference-*.npz")):
            match = _REFERENCE_NAME.fullmatch(file.name)
            self.references[int(match[1]), int(match[2])] = file

    def graph_arguments(self):
        """The flags that name the graph, by what lies in the folder."""
        kind = self.signature.get("format")
        if kind == "graph_and_checkpoint":
            return ["--input_model", self.path / "graph.pb", "--input_checkpoint", self.path / "bert_model.ckpt"]
        if kind == "text_and_folder":
            return ["--input_model", self.path / "graph.pbtxt", "--input_model_is_text", "--input_checkpoint", self.path]
        if kind == "saved_model":
            return ["--saved_model_dir", self.path / "saved_model"]
        if (self.path / "bert_model.ckpt.meta").exists():
            return ["--input_meta_graph", self.path / "bert_model.ckpt.meta"]
        if (self.path / "inference_graph.pb").exists():
            return ["--input_model", self.path / "inference_graph.pb"]
        return ["--input_model", self.path / "inference_graph.pbtxt", "--input_model_is_text"]

    @property
    def is_iterator(self):
        return self.signature["inputs"][0].startswith("IteratorGetNext")

    def input_argument(self, shape=None, element_type="i32"):
        """The value of --input: placeholders by node name, iterator ports by tensor name, as the guide does it."""
        items = []
        for role, name in zip(self.roles, self.signature["inputs"]):
            item = name if self.is_iterator else name.removesuffix(":0")
            own_type = self.signature.get("types", {}).get(role, element_type)
            if element_type and own_type:
                item += "{%s}" % own_type
            if shape and role in _ROLES:
                item += "[%d %d]" % shape
            else:
                item += self.signature.get("shape", "")
            items.append(item)
        return ",".join(items)

    def arguments(self, shape=None, element_type="i32", outputs=True):
        """The command of the guide for this folder. `shape` is spelled out in --input."""
        arguments = [*self.graph_arguments(), "--input", self.input_argument(shape, element_type)]
        if outputs:
            arguments += ["--output", ",".join(self.signature["outputs"])]
        return [*arguments, "--disable_nhwc_to_nchw", *self.signature.get("flags", [])]

    def fits(self, shape):
        """Whether the graph itself takes [batch, sequence] = shape."""
        return self.signature["batch"] in (None, shape[0]) and self.signature["seq"] in (None, shape[1])

    def own_shapes(self):
        """The shapes to compare the graph at as it is."""
        batch, seq = self.signature["batch"], self.signature["seq"]
        if batch and seq:
            return [(batch, seq)]
        return [shape for shape in self.references if self.fits(shape)]

    def load_reference(self, shape):
        """Inputs by role and outputs at [batch, sequence]. Where there is no file for that batch, rows of others at
        that sequence length are put together: examples do not depend on each other."""
        if shape in self.references:
            return dict(np.load(self.references[shape]))
        files = [file for (_, seq), file in sorted(self.references.items()) if seq == shape[1]]
        if not files:
            raise AssertionError(f"{self.name} has no reference at sequence length {shape[1]}")
        parts = [dict(np.load(file)) for file in files]
        rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return {name: np.resize(value, (shape[0], *value.shape[1:])) for name, value in rows.items()}


def python_of(name):
    """The Python of one of utils/requirements, with its wheels."""
    made = subprocess.run([ROOT / "utils" / "venv", name], check=True, capture_output=True, text=True)
    return pathlib.Path(made.stdout.strip())


def bert_mo(arguments, check=True, timeout=300):
    """Runs bert-mo. With `check`, a failure is raised with what it printed."""
    command = [str(BIN / "bert-mo"), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    if check and result.returncode != 0:
        raise AssertionError(f"exit code {result.returncode}: {(result.stderr or result.stdout).strip()}")
    return result


def convert(folder, out, shape=None, extra=(), **how):
    """Converts a model folder and returns the path of the .xml."""
    arguments = [*folder.arguments(shape, **how), "--output_dir", out, "--model_name", "m", *extra]
    bert_mo(arguments)
    return pathlib.Path(out) / "m.xml"


_core = openvino.Core()
# Without this, OpenVINO computes in bf16 where the machine can.
# As users run it: with one thread OpenVINO 2026.4.1 crashes while it compiles the zoo's pre-norm at batch 1.
_CONFIG = {"INFERENCE_PRECISION_HINT": "f32"}


def read(xml):
    return _core.read_model(str(xml))


def compile_f32(model):
    return _core.compile_model(model, "CPU", _CONFIG)


def relative_error(actual, expected):
    """The largest difference, relative to the largest expected value; infinite where shapes, NaNs or indices differ."""
    actual = np.asarray(actual)
    if actual.shape != expected.shape:
        return float("inf")
    if expected.dtype.kind != "f":
        return 0.0 if np.array_equal(actual, expected) else float("inf")
    difference = np.abs(actual.astype(np.float64) - expected).max()
    if difference == 0:
        return 0.0
    return float(difference / np.abs(expected).max()) if np.isfinite(difference) else float("inf")


def error_at(compiled, folder, shape):
    """How far a compiled model is from the reference at `shape`; inputs and outputs go by their TensorFlow names."""
    reference = folder.load_reference(shape)
    feed = {}
    for role, name in zip(folder.roles, folder.signature["inputs"]):
        port = compiled.input(name)
        feed[port] = reference[role].astype(port.element_type.to_dtype())
    results = compiled(feed)
    worst = 0.0
    for index, name in enumerate(folder.signature["outputs"]):
        worst = max(worst, relative_error(results[compiled.output(name)], reference[f"output_{index}"]))
    return worst


def reshape(model, folder, shape):
    """OpenVINO's reshape() of the two-dimensional inputs to [batch, sequence]; others keep all but the batch."""
    shapes = {}
    sizes = {"B": shape[0], "S": shape[1], "S/2": shape[1] // 2}
    for role, name in zip(folder.roles, folder.signature["inputs"]):
        if role in folder.signature.get("shapes", {}):
            shapes[name] = [sizes.get(size) or int(size) for size in folder.signature["shapes"][role].split()]
        elif role.endswith("_sb"):
            shapes[name] = list(shape[::-1])
        elif role in _ROLES or len(model.input(name).partial_shape) == 2 and role != "masked_lm_positions":
            shapes[name] = list(shape)
        else:
            shapes[name] = [shape[0], *list(model.input(name).partial_shape)[1:]]
    model.reshape(shapes)


def own_shape_to_ask_for(folder):
    """The shape to spell in --input: the guide does so for iterator ports, whose batch is open."""
    if folder.is_iterator and None in (folder.signature["batch"], folder.signature["seq"]):
        return folder.own_shapes()[0]
    return None
