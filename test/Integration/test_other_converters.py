"""IRs that Model Optimizer 2024.6 and ovc write on the spot from models with built-in shapes become reshapeable."""

import copy
import pathlib
import re
import subprocess
import sys

import pytest

import conftest
import harness

# Folders that are checked in, then zoo models; by how the converters fold them.
FOLDERS = ["meta-static", "frozen-static", "frozen-classifier", "frozen-iterator-patched", "frozen-dynamic", "meta-erf-legacy"]
ZOO = [
    "batch-one", "ids-only", "einsum-static", "packed", "mlm", "pretraining", "squad-split", "full-mlm", "dynamic-seq",
    "batch-is-seq-is-head", "batch-is-seq-is-hidden", "seq-is-hidden-is-intermediate", "tokens-are-vocab", "batch-is-heads",
    "seq-is-head-size", "one-head", "split-concat",
]  # fmt: skip
FP16 = ["meta-static", "frozen-static"]
# ovc takes only ends of the graph as outputs.
ONLY_MO = {"batch-is-seq-is-head", "seq-is-hidden-is-intermediate", "batch-is-heads", "one-head"}
BOTH = ["mo", "ovc"]


def convert_with(kind, out, *folders, flags=()):
    """Writes the IR of each folder's model with a converter of OpenVINO's."""
    python = sys.executable if kind == "ovc" else harness.python_of("mo")
    command = [python, pathlib.Path(__file__).with_name("convert_with.py"), kind, out, *flags, *folders]
    made = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert made.returncode == 0, made.stderr[-2000:]


@pytest.fixture(scope="session")
def converted(zoo, tmp_path_factory):
    """A function: the IR of a converter for a model, which converts all of them when it is first asked."""
    folders = {folder.name: folder for folder in conftest.model_folders()}
    folders.update({name: harness.ModelFolder(zoo / name) for name in ZOO})
    done = {}

    def get(kind, precision, name):
        out = done.get((kind, precision))
        if out is None:
            out = tmp_path_factory.mktemp(f"{kind}-{precision}")
            names = FP16 if precision == "f16" else [name for name in FOLDERS + ZOO if kind == "mo" or name not in ONLY_MO]
            flags = ["--fp16"] if precision == "f16" else []
            convert_with(kind, out, *(folders[name].path for name in names), flags=flags)
            done[kind, precision] = out
        xml = out / f"{name}.xml"
        return named_as_in(xml, folders[name]), xml

    return get


def named_as_in(xml, folder):
    """The folder with the names that a file has: Model Optimizer leaves the `:0` of some away, ovc adds one to each."""
    model = harness.read(xml)
    known = set().union(*(port.get_names() for port in [*model.inputs, *model.outputs]))

    def find(name):
        bare = name.removesuffix(":0")
        found = [spelling for spelling in (name, bare, bare + ":0", name + ":0") if spelling in known]
        assert found, f"{name} is none of {known}"
        return found[0]

    named = copy.copy(folder)
    named.signature = {**folder.signature, **{key: list(map(find, folder.signature[key])) for key in ("inputs", "outputs")}}
    return named


def limit_of(output):
    match = re.search(r"the sequence can have 1 to (\d+) tokens", output)
    return int(match[1]) if match else None


def check(folder, xml, out, tolerance):
    result = harness.bert_mo(["--input_model", xml, "--dynamic", "--output_dir", out, "--model_name", "m"])
    limit = limit_of(result.stdout)
    own = folder.signature["seq"]
    if own:
        # Both converters keep as many positions as the graph was built for, and the message says so.
        assert limit == own and "the converter that wrote the model has cut it" in result.stdout
    shapes = [shape for shape in folder.references if not limit or shape[1] <= limit]
    assert len(shapes) >= 3
    for shape in shapes:
        model = harness.read(pathlib.Path(out) / "m.xml")
        harness.reshape(model, folder, shape)
        assert harness.error_at(harness.compile_f32(model), folder, shape) <= tolerance, shape


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in BOTH for name in FOLDERS + ZOO if kind == "mo" or name not in ONLY_MO])
def test_becomes_reshapeable(kind, name, converted, tmp_path):
    folder, xml = converted(kind, "f32", name)
    check(folder, xml, tmp_path, harness.MICRO_TOLERANCE)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("name", FP16)
def test_half_precision_becomes_reshapeable(kind, name, converted, tmp_path):
    folder, xml = converted(kind, "f16", name)
    check(folder, xml, tmp_path, 1e-2)


@pytest.mark.parametrize("kind", BOTH)
def test_shapes_can_be_asked_for(kind, converted, tmp_path):
    """--batch, shapes in --input and in --input_shape, and types, as for TensorFlow's graphs."""
    folder, xml = converted(kind, "f32", "meta-static")
    shape = next(shape for shape in folder.references if shape != folder.own_shapes()[0] and shape[1] <= folder.signature["seq"])
    names = [name.removesuffix(":0") for name in folder.signature["inputs"]]
    text = "[%d,%d]" % shape
    for flags in (
        ["--input", folder.input_argument(shape)],
        ["--input", ",".join(names), "--input_shape", ",".join([text] * len(names))],
        ["--batch", shape[0], "--dynamic"],
    ):
        harness.bert_mo(["--input_model", xml, *flags, "--output_dir", tmp_path, "--model_name", "m"])
        model = harness.read(tmp_path / "m.xml")
        if "--dynamic" in flags:
            harness.reshape(model, folder, shape)
        assert all(list(port.shape) == list(shape) for port in model.inputs)
        assert harness.error_at(harness.compile_f32(model), folder, shape) <= harness.MICRO_TOLERANCE
    harness.bert_mo(["--input_model", xml, "--input", folder.input_argument(None, "i64"), "--output_dir", tmp_path, "--model_name", "m"])
    assert {port.element_type.to_string() for port in harness.read(tmp_path / "m.xml").inputs} == {"i64"}


@pytest.mark.parametrize("kind", BOTH)
def test_longer_than_what_is_left_is_refused(kind, converted, tmp_path):
    folder, xml = converted(kind, "f32", "meta-static")
    longer = (1, folder.signature["seq"] + 1)
    result = harness.bert_mo(["--input_model", xml, "--input", folder.input_argument(longer), "--output_dir", tmp_path], check=False)
    assert result.returncode == 1
    assert f"it can have 1 to {folder.signature['seq']}, as many as the position table" in result.stderr


@pytest.mark.parametrize("kind", BOTH)
def test_dropout_that_was_left_in_is_named(kind, tmp_path, zoo):
    folder = zoo / "dropout-select"
    convert_with(kind, tmp_path, folder)
    result = harness.bert_mo(["--input_model", tmp_path / "dropout-select.xml", "--dynamic", "--output_dir", tmp_path], check=False)
    assert result.returncode == 1 and "dropout" in result.stderr


def test_written_files_are_a_fixed_point(model, tmp_path):
    """.xml -> ov -> .xml changes no byte of what bert-mo writes."""
    translate = harness.BIN / "bert-translate"
    shape = harness.own_shape_to_ask_for(model)
    for name, how in (
        ("static", dict(shape=shape)),
        ("dynamic", dict(extra=["--dynamic"])),
        ("half", dict(extra=["--dynamic", "--compress_to_fp16"])),
        ("fused", dict(extra=["--dynamic", "--target_openvino", "2024.6"])),
    ):
        xml = harness.convert(model, tmp_path / name, **how)
        imported = subprocess.run([translate, "--import-ir", xml, "--emit-bytecode"], check=True, capture_output=True).stdout
        again = tmp_path / name / "again.xml"
        subprocess.run([translate, "--export-ir", "-", "-o", again], input=imported, check=True)
        assert again.read_bytes() == xml.read_bytes(), name
        assert again.with_suffix(".bin").read_bytes() == xml.with_suffix(".bin").read_bytes(), name
