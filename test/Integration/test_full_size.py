"""Both commands of the guide on the full-size models that it lists, with seeded random weights (utils/test --full)."""

import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

import harness
import native
import test_compile
import test_masks
import test_other_converters

GRAPHS = harness.ROOT.parent / "shared" / "models" / "full-size"
SHAPES = [(1, 128), (8, 128), (1, 384), (3, 17), (1, 512), (1, 1), (1, 7), (2, 511), (64, 3)]

pytestmark = pytest.mark.skipif(os.environ.get("BERT_MLIR_FULL") != "yes", reason="only with utils/test --full")


def graphs():
    return sorted(path.parent for path in GRAPHS.glob("*/bert_model.ckpt.meta.gz"))


@pytest.fixture(scope="module", params=graphs() or [None], ids=lambda path: path.name if path else "none")
def full_model(request, tmp_path_factory):
    """One full-size model at a time: they take up to 1.4 GB each."""
    if request.param is None:
        pytest.skip("the full-size graphs are not here (../shared/models/full-size)")
    out = tmp_path_factory.mktemp("full") / request.param.name
    command = [sys.executable, harness.ROOT / "utils" / "make-model.py", request.param / "bert_model.ckpt.meta.gz", out]
    if request.param.name.endswith("-iterator"):
        command.append("--frozen")
    command += ["--shapes", ",".join("%dx%d" % shape for shape in SHAPES)]
    made = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    yield harness.ModelFolder(out)
    shutil.rmtree(out)


@pytest.fixture
def scratch(tmp_path):
    yield pathlib.Path(tmp_path)
    shutil.rmtree(tmp_path)


def error_of(xml, folder, shape):
    model = harness.read(xml)
    if model.is_dynamic():
        harness.reshape(model, folder, shape)
    return harness.error_at(harness.compile_f32(model), folder, shape)


def test_guide_command(full_model, scratch):
    shape = (1, 128)
    asked = shape if full_model.is_iterator else None
    xml = harness.convert(full_model, scratch, asked, outputs=not full_model.is_iterator)
    assert error_of(xml, full_model, shape) <= harness.FULL_TOLERANCE


@pytest.mark.needs("fp16")
def test_fp16_weights(full_model, scratch):
    shape = (1, 128)
    asked = shape if full_model.is_iterator else None
    xml = harness.convert(full_model, scratch, asked, extra=["--compress_to_fp16"])
    assert error_of(xml, full_model, shape) <= 1e-2


@pytest.mark.needs("dynamic")
def test_dynamic(full_model, scratch):
    xml = harness.convert(full_model, scratch, extra=["--dynamic"])
    for shape in SHAPES:
        assert error_of(xml, full_model, shape) <= harness.FULL_TOLERANCE, shape


@pytest.mark.needs("dynamic")
def test_longer_than_the_position_table_is_refused(full_model, scratch):
    result = harness.bert_mo([*full_model.arguments((1, 513)), "--output_dir", scratch], check=False)
    assert result.returncode == 1 and "position_embeddings" in result.stderr


@pytest.mark.needs("dynamic")
@pytest.mark.parametrize("kind", test_other_converters.BOTH)
def test_ir_of_other_converters(kind, full_model, scratch):
    """What Model Optimizer 2024.6 and ovc write becomes reshapeable within the rows that they keep."""
    if full_model.name != "base-uncased":
        pytest.skip("one model will do")
    test_other_converters.convert_with(kind, scratch, full_model.path)
    xml = scratch / f"{full_model.name}.xml"
    folder = test_other_converters.named_as_in(xml, full_model)
    test_other_converters.check(folder, xml, scratch, harness.FULL_TOLERANCE)
    arguments = ["--input_model", xml, "--input", folder.input_argument((1, 129)), "--output_dir", scratch]
    result = harness.bert_mo(arguments, check=False)
    assert result.returncode == 1 and "it can have 1 to 128" in result.stderr


@pytest.fixture(scope="module")
def full_library(full_model):
    path = full_model.path / "model.so"
    test_compile.bert_compile([*full_model.arguments(), "-o", path])
    return path


@pytest.mark.needs("native")
def test_library(full_model, full_library):
    """One library answers all shapes; it is small, and loading it reads next to nothing of the weights."""
    assert full_library.stat().st_size < 2 << 20
    compiled = native.Model(full_library)
    for shape in SHAPES:
        reference = full_model.load_reference(shape)
        outputs = compiled.run(test_compile.feed_of(full_model, reference), *shape)
        for index, name in enumerate(full_model.signature["outputs"]):
            error = harness.relative_error(outputs[compiled.find_output(name)], reference[f"output_{index}"])
            assert error <= harness.FULL_TOLERANCE, (shape, name)
    compiled.close()


@pytest.mark.needs("native")
def test_masks_of_every_kind(full_model, full_library):
    """Left, right and holed masks, none left, values other than 0 and 1, against the graph itself in TensorFlow."""
    sequence = 128
    rows = test_masks.masks(sequence)
    rows = {name: (row, max(tolerance, harness.FULL_TOLERANCE)) for name, (row, tolerance) in rows.items()}
    arrays = test_masks.inputs(full_model, rows, sequence)
    graph = pytest.importorskip("tensorflow_graph").Graph(full_model)
    expected = test_masks.by_rows(graph.run(arrays), len(rows))
    graph.close()
    compiled = native.Model(full_library)
    names = dict(zip(full_model.roles, full_model.signature["inputs"]))
    outputs = compiled.run_any({names[role]: value for role, value in arrays.items()})
    found = [outputs[compiled.find_output(name)] for name in full_model.signature["outputs"]]
    test_masks.check(rows, test_masks.by_rows(found, len(rows)), expected, "library")
    compiled.close()


@pytest.mark.needs("native")
def test_same_bits(full_model, full_library):
    """However many threads, whatever stands beside, however long the padding."""
    shape, lengths = (3, 200), np.array([200, 129, 5])
    one, two = (native.Model(full_library, threads=threads) for threads in (1, 2))
    feed = test_compile.random_inputs(full_model, one, *shape)
    for role, name in zip(full_model.roles, full_model.signature["inputs"]):
        if role == "input_mask":
            feed[name][:] = np.arange(shape[1]) < lengths[:, None]
    expected = one.run(feed, *shape)
    for a, b in zip(expected, two.run(feed, *shape)):
        assert a.tobytes() == b.tobytes()
    for row, length in enumerate(lengths):
        alone = two.run({name: value[row : row + 1, :length] for name, value in feed.items()}, 1, length)
        for port, a, b in zip(one.outputs, expected, alone):
            whole = a[row : row + 1, :length] if native.SEQUENCE in port.dims else a[row : row + 1]
            assert whole.tobytes() == b.tobytes(), (port.name, row)
