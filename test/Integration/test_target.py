"""--target-openvino: files for older and newer releases, run in OpenVINO 2026.4 and 2024.6 (known-failures: opset twins).

Releases before 2024 are no longer installed, so what they can read is checked on the file: no layer of an operation
set that they lack, and version 10 before 2022.1. That the file means the same is checked where it can be run.
"""

import re
import subprocess
import xml.etree.ElementTree

import numpy as np
import pytest

import conftest
import harness

OPSETS = {"2020.1": 1, "2021.1": 4, "2021.4": 7, "2022.1": 8, "2024.6": 15, "2026.4": 16}
MODELS = ["meta-static", "meta-erf-legacy", "frozen-dynamic", "frozen-classifier"]


def convert(name, target, out, *extra):
    folder = harness.ModelFolder(conftest.MODELS / name)
    shape = harness.own_shape_to_ask_for(folder)
    xml_path = harness.convert(folder, out, shape, extra=["--target-openvino", target, *extra])
    return folder, shape or folder.own_shapes()[0], xml_path


@pytest.fixture(scope="module")
def older_openvino():
    return harness.python_of("mo")


@pytest.mark.parametrize("target", OPSETS)
@pytest.mark.parametrize("name", MODELS)
def test_target(name, target, tmp_path, older_openvino):
    folder, shape, path = convert(name, target, tmp_path)
    net = xml.etree.ElementTree.parse(path).getroot()
    assert net.get("version") == ("10" if target < "2022.1" else "11")
    layers = list(net.iter("layer"))
    newest = max(int(re.fullmatch(r"opset(\d+)", layer.get("version"))[1]) for layer in layers)
    assert newest <= OPSETS[target]
    has_fused_attention = any(layer.get("type") == "ScaledDotProductAttention" for layer in layers)
    assert has_fused_attention == (target >= "2024.1")

    assert harness.error_at(harness.compile_f32(harness.read(path)), folder, shape) <= harness.MICRO_TOLERANCE

    reference = folder.load_reference(shape)
    feed = {}
    for role, tensor in zip(folder.roles, folder.signature["inputs"]):
        feed[tensor] = feed[tensor.removesuffix(":0")] = reference[role].astype("i4")
    np.savez(tmp_path / "inputs.npz", **feed)
    script = harness.ROOT / "test" / "Integration" / "run_ir.py"
    command = [older_openvino, script, path, tmp_path / "inputs.npz", tmp_path / "outputs.npz"]
    made = subprocess.run(command, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    outputs = np.load(tmp_path / "outputs.npz")
    for index in range(len(folder.signature["outputs"])):
        error = harness.relative_error(outputs[f"output_{index}"], reference[f"output_{index}"])
        assert error <= harness.MICRO_TOLERANCE


def test_version_10_keeps_names_and_types(tmp_path):
    """Readers of version 10 add layer names to tensor names; lookups by TensorFlow's names must still work."""
    folder, _, path = convert("meta-static", "2021.4", tmp_path)
    model = harness.compile_f32(harness.read(path))
    for name in folder.signature["inputs"]:
        assert model.input(name).element_type.to_string() == "i32"
        assert model.input(name.removesuffix(":0"))
    for name in folder.signature["outputs"]:
        assert model.output(name) and model.output(name + ":0")


def test_fp16_for_an_old_release(tmp_path):
    folder, shape, path = convert("meta-static", "2021.4", tmp_path, "--data_type", "FP16")
    assert harness.error_at(harness.compile_f32(harness.read(path)), folder, shape) <= 1e-2


@pytest.mark.parametrize("target", ["2019.3", "newest", "2022", "2022.x", ""])
def test_no_release(target, tmp_path):
    folder = harness.ModelFolder(conftest.MODELS / "meta-static")
    result = harness.bert_mo([*folder.arguments(), "--target-openvino", target, "--output_dir", tmp_path], check=False)
    assert result.returncode == 1 and "2024.6" in result.stderr and not list(tmp_path.iterdir())
