"""Model Optimizer's command line: the grammar of --input, what is chosen without flags, what is refused.

Several tests are about what other converters got wrong; docs/testing.md has the list.
"""

import subprocess

import pytest

import conftest
import harness

META = ["--input_meta_graph", conftest.MODELS / "meta-static" / "bert_model.ckpt.meta", "--output", "bert/pooler/dense/Tanh"]


def convert(arguments, out):
    result = harness.bert_mo([*arguments, "--output_dir", out, "--model_name", "m"])
    return harness.read(out / "m.xml"), result.stdout


def refused(arguments, out, *words):
    result = harness.bert_mo([*arguments, "--output_dir", out, "--model_name", "m"], check=False)
    assert result.returncode == 1 and not list(out.iterdir())
    for word in words:
        assert word in result.stderr, result.stderr


@pytest.mark.parametrize(
    "text",
    [
        "Placeholder,Placeholder_1,Placeholder_2",
        "Placeholder:0,Placeholder_1:0,Placeholder_2:0",
        "Placeholder:0 {i32} , Placeholder_1:0(1,16),Placeholder_2 [1,16]",
        "Placeholder[1 16]{i32},Placeholder_1{i32}[1,16],Placeholder_2( 1 16 )",
    ],
)
def test_spellings_of_inputs(text, tmp_path):
    model, _ = convert([*META, "--input", text], tmp_path)
    folder = harness.ModelFolder(conftest.MODELS / "meta-static")
    assert [list(port.shape) for port in model.inputs] == [[1, 16]] * 3
    assert harness.error_at(harness.compile_f32(model), folder, (1, 16)) <= harness.MICRO_TOLERANCE


def test_inputs_are_in_the_order_asked_for(tmp_path):
    model, _ = convert([*META, "--input", "Placeholder_2,Placeholder,Placeholder_1"], tmp_path)
    assert ["Placeholder_2", "Placeholder", "Placeholder_1"] == [min(port.get_names()) for port in model.inputs]


def test_iterator_ports_are_found(tmp_path):
    """Neither inputs nor outputs are named: only what is needed, with its own types, and it is said."""
    model, said = convert(["--input_model", conftest.MODELS / "frozen-iterator-patched" / "inference_graph.pb"], tmp_path)
    assert [port.element_type.to_string() for port in model.inputs] == ["i32"] * 3
    for name in ("IteratorGetNext:0", "IteratorGetNext:1", "IteratorGetNext:4", "bert/pooler/dense/Tanh"):
        assert name in said


def test_i64_inputs_stay_i64(tmp_path):
    text = ",".join(name + "{i64}" for name in ("Placeholder", "Placeholder_1", "Placeholder_2"))
    model, _ = convert([*META, "--input", text], tmp_path)
    assert [port.element_type.to_string() for port in model.inputs] == ["i64"] * 3
    folder = harness.ModelFolder(conftest.MODELS / "meta-static")
    assert harness.error_at(harness.compile_f32(model), folder, (1, 16)) <= harness.MICRO_TOLERANCE


def test_batch_with_named_inputs(tmp_path):
    model, _ = convert([*META, "--batch", "3", "--input", "Placeholder{i32},Placeholder_1,Placeholder_2"], tmp_path)
    assert [list(port.shape) for port in model.inputs] == [[3, 16]] * 3


@pytest.mark.parametrize("flag", ["--input", "--freeze_placeholder_with_value"])
def test_frozen_value_of_wrong_length(flag, tmp_path):
    refused([*META, flag, "Placeholder_2->[0 0 0]"], tmp_path, "Placeholder_2", "16", "3")


def test_frozen_value(tmp_path):
    model, _ = convert([*META, "--input", "Placeholder,Placeholder_1[1 16]->1,Placeholder_2->0"], tmp_path)
    assert [min(port.get_names()) for port in model.inputs] == ["Placeholder"]


def test_retired_flags_are_said_once(tmp_path):
    flags = ["--progress", "--disable_fusing", "--progress", "--layout", "Placeholder(nc)", "--static_shape"]
    _, said = convert([*META, *flags], tmp_path)
    for flag in ("--progress", "--disable_fusing", "--layout", "--static_shape"):
        assert said.count(flag) == 1


LIST_FLAGS = """
from openvino.tools.mo.utils.cli_parser import get_all_cli_parser
for action in get_all_cli_parser()._actions:
    print(*action.option_strings)
"""


def test_no_flag_of_model_optimizer_is_unknown(tmp_path):
    """Those of its last release; what it says of a model that isn't there comes after all flags were understood."""
    listed = subprocess.run([harness.python_of("mo"), "-c", LIST_FLAGS], check=True, capture_output=True, text=True)
    flags = listed.stdout.split()
    assert len(flags) > 40
    for flag in flags:
        result = harness.bert_mo([flag, "1", "--output_dir", tmp_path], check=False)
        assert "unknown" not in result.stderr and "did you mean" not in result.stderr, flag


@pytest.mark.parametrize("flags", [["--scale", "255"], ["-s", "255"], ["--mean_values", "x[1]"], ["--transform", "LowLatency2"]])
def test_flags_that_would_change_the_model(flags, tmp_path):
    refused([*META, *flags], tmp_path, flags[0] if len(flags[0]) > 2 else "--scale", "leave")


def test_data_type(tmp_path):
    full, _ = convert([*META, "--data_type", "FP32"], tmp_path / "full")
    half, _ = convert([*META, "--data_type", "half"], tmp_path / "half")
    sizes = [(tmp_path / folder / "m.bin").stat().st_size for folder in ("full", "half")]
    assert sizes[1] < 0.6 * sizes[0]


def test_precision_is_said(tmp_path):
    _, said = convert(META, tmp_path / "full")
    assert "weights are stored as they are, none is rounded" in said and "INFERENCE_PRECISION_HINT" in said
    _, said = convert([*META, "--compress_to_fp16"], tmp_path / "half")
    assert "weights are stored as f16" in said


def test_inputs_and_outputs_are_found(tmp_path):
    model, said = convert(META[:2], tmp_path)
    assert {min(port.get_names()) for port in model.inputs} == {"Placeholder", "Placeholder_1", "Placeholder_2"}
    assert "output 'bert/pooler/dense/Tanh' was chosen" in said
    assert all("was chosen" in line for line in said.splitlines() if "output" in line and "INFO" in line)


def test_training_graph_without_output(tmp_path):
    """The model's answer, not its loss."""
    model, _ = convert(["--input_meta_graph", conftest.MODELS / "meta-training" / "bert_model.ckpt.meta"], tmp_path)
    assert [min(port.get_names()) for port in model.outputs] == ["bert/encoder/Reshape_2", "bert/pooler/dense/Tanh"]


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("run-squad", ["bert/encoder/Reshape_2", "bert/pooler/dense/Tanh", "unstack", "unstack:1"]),
        ("classifier-training", ["bert/encoder/Reshape_2", "loss/Softmax"]),
        ("training", ["bert/encoder/Reshape_2", "bert/pooler/dense/Tanh"]),
        ("entities", ["mul"]),
        ("labels", ["labels"]),
    ],
)
def test_answers_are_found(name, answers, zoo, tmp_path):
    folder = harness.ModelFolder(zoo / name)
    model, _ = convert(folder.graph_arguments(), tmp_path)
    assert sorted(min(port.get_names(), key=len) for port in model.outputs) == answers


def test_parsed_examples_are_found(zoo, tmp_path):
    """An estimator's export: it begins with serialized examples, and the parser's outputs become the inputs."""
    folder = harness.ModelFolder(zoo / "examples")
    model, said = convert([*folder.graph_arguments(), "--output", ",".join(folder.signature["outputs"])], tmp_path)
    assert len(model.inputs) == 3 and said.count("was chosen") == 3
    assert all(port.partial_shape.to_string() == "[?,8]" and port.element_type.to_string() == "i64" for port in model.inputs)


def test_letters_and_beginnings_of_flags(tmp_path):
    """What Model Optimizer's parser took: -m and -w, a value that is glued on, a name that is cut short."""
    graph = conftest.MODELS / "frozen-dynamic" / "inference_graph.pb"
    for index, flags in enumerate((["-m", graph], ["-w", graph], [f"-m{graph}"], ["--input_model", graph])):
        out = tmp_path / str(index)
        harness.bert_mo([*flags, "--output_d", out, "-n", "short", "-b1", "--progress", "False", "--share_weights", "True"])
        assert (out / "short.xml").exists()
    harness.bert_mo(["-m", graph, "--input_model_is_text", "False", "--output_dir", tmp_path / "binary"])
    result = harness.bert_mo(["--input", "x", "--input_m", graph], check=False)
    assert result.returncode == 1 and "--input_m" in result.stderr


def test_error_is_last(tmp_path):
    """Also where both streams go to one file."""
    command = [*META, "--progress", "--input", "0:bert/nowhere", "--output_dir", tmp_path]
    command = [str(harness.BIN / "bert-mo"), *map(str, command)]
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout.splitlines()
    assert "INFO" in said[0] and "ERROR" in said[-1]


def test_types_of_outputs_stay(zoo, tmp_path):
    """i32 for the inputs of an int64 graph changes neither its answers nor the types of its outputs."""
    folder = harness.ModelFolder(zoo / "int64-as-int32")
    model = harness.read(harness.convert(folder, tmp_path))
    assert [port.element_type.to_string() for port in model.inputs] == ["i32"] * 3
    types = [model.output(name).element_type.to_string() for name in folder.signature["outputs"]]
    assert types == ["i64", "i64", "f32"]


def test_unused_input_is_said_once(tmp_path):
    embeddings = [*META[:2], "--output", "bert/embeddings/LayerNorm/batchnorm/add_1"]
    result = harness.bert_mo([*embeddings, "--input", "Placeholder,Placeholder_1,Placeholder_2", "--output_dir", tmp_path])
    assert (result.stdout + result.stderr).count("is not needed by any output") == 1
    assert len(harness.read(tmp_path / "bert_model.ckpt.xml").inputs) == 3
