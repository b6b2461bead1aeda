"""Masks of every kind, natively: TensorFlow's own graph is run beside the model compiled to a library and in memory."""

import numpy as np
import pytest

import harness
import native
import test_compile
import test_native

pytestmark = pytest.mark.needs("native")

SEQUENCE = 16  # where the graph leaves it open
TOLERANCE = 2e-5  # relative to the largest output
# Next to a mask value of thousands f32 holds a score to three digits only, and each way rounds it elsewhere.
ADDITIVE_TOLERANCE = 1e-3

# Spellings of the mask, and outputs that have a row for padding too. The folders of test/Inputs/models have the usual ones.
ZOO = ["mask-select", "mask-small", "mask-1e9", "mask-before-scale", "mask-expand-dynamic", "i64-ids", "all-layers", "probabilities"]


def masks(sequence):
    """Rows of masks by what they are, and how near the answer has to be."""
    third = sequence // 3
    rows = {name: np.ones(sequence, "i4") for name in ("none", "right", "left", "holes", "both ends")}
    rows["right"][-third:] = 0
    rows["left"][:third] = 0
    rows["holes"][1:third] = rows["holes"][-3] = 0
    rows["both ends"][:2] = rows["both ends"][-2:] = 0
    rows["one key"] = np.zeros(sequence, "i4")
    rows["one key"][third] = 1
    exact = {name: (row, TOLERANCE) for name, row in rows.items()}
    mixed = np.resize([1, 3, 0, 2, 1, -1], sequence).astype("i4")
    additive = {
        "all zero": np.zeros(sequence, "i4"),
        "all three": np.full(sequence, 3, "i4"),
        "all minus one": np.full(sequence, -1, "i4"),
        "two or zero": np.resize([2, 0], sequence).astype("i4"),
        "one or minus one": np.resize([1, -1, 1], sequence).astype("i4"),
        "mixed": mixed,
        "mixed, from the right": mixed[::-1].copy(),
    }
    rows = {**exact, **{name: (row, ADDITIVE_TOLERANCE) for name, row in additive.items()}}
    rows.update({f"{name} {i}": rows["none"] for i, name in enumerate(["none"] * (-len(rows) % 4))})
    return rows


def inputs(folder, rows, sequence):
    random = np.random.default_rng(5)
    shape = (len(rows), sequence)
    kind = "i8" if "i64" in folder.name else "i4"
    arrays = {
        "input_ids": random.integers(0, 40, shape),
        "input_mask": np.stack([row for row, _ in rows.values()]),
        "segment_ids": random.integers(0, 2, shape),
    }
    return {role: arrays[role].astype(kind) for role in folder.roles}


def check(rows, found, expected, way):
    for name, a, b in zip(range(len(expected)), found, expected):
        assert a.shape == b.shape, (way, name)
        for index, (row, (_, tolerance)) in enumerate(rows.items()):
            error = harness.relative_error(a[index], b[index])
            assert error <= tolerance, f"{way}, mask {row}, output {name}: {error:.2e}"


def by_rows(outputs, count):
    """Outputs as [rows, ...]: some graphs have batch and sequence as one dimension."""
    return [np.reshape(value, (count, -1)) for value in outputs]


def check_folder(folder, tmp_path):
    tensorflow_graph = pytest.importorskip("tensorflow_graph")
    sequence = folder.signature["seq"] or SEQUENCE
    rows = masks(sequence)
    arrays = inputs(folder, rows, sequence)
    graph = tensorflow_graph.Graph(folder)
    expected = by_rows(graph.run(arrays), len(rows))
    names = dict(zip(folder.roles, folder.signature["inputs"]))
    feed = {names[role]: value for role, value in arrays.items()}

    test_compile.bert_compile([*folder.arguments(), "-o", tmp_path / "model.so"])
    compiled = native.Model(tmp_path / "model.so")
    places = [compiled.find_output(name) for name in folder.signature["outputs"]]
    outputs = compiled.run_any(feed)
    check(rows, by_rows([outputs[place] for place in places], len(rows)), expected, "library")

    for way, flags in test_native.WAYS.items():
        outputs = test_native.run_all([*folder.arguments(), "--dynamic", *flags], [feed], tmp_path / way)[0]
        found = [test_native.output_of(outputs, name) for name in folder.signature["outputs"]]
        check(rows, by_rows(found, len(rows)), expected, way)

    # Without padding at all: what TensorFlow answers where the rest is masked, unless it sees masked keys all the same.
    lengths = [sequence, 1, sequence // 2, 3]
    is_per_token = all(port.dims[0] == native.BATCH and native.SEQUENCE not in port.dims[2:] for port in compiled.outputs)
    if not is_per_token or folder.name == "mask-small":
        return
    arrays = {role: value[:4].copy() for role, value in arrays.items()}
    arrays["input_mask"][:] = np.arange(sequence) < np.array(lengths)[:, None]
    expected = graph.run(arrays)
    cut = lambda value: [row[:length] for row, length in zip(value, lengths)]
    found = compiled.run_ragged(cut(arrays["input_ids"]), cut(arrays["segment_ids"]))
    for place, value in zip(places, expected):
        if compiled.outputs[place].dims[:2] == [native.BATCH, native.SEQUENCE]:
            value = np.concatenate(cut(value))
        assert harness.relative_error(found[place], value) <= TOLERANCE


def test_model_folders(model, tmp_path):
    check_folder(model, tmp_path)


@pytest.mark.parametrize("name", ZOO)
def test_zoo(name, zoo, tmp_path):
    check_folder(harness.ModelFolder(zoo / name), tmp_path)
