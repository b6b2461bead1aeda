"""bert-run: the plain path, which all others are compared with, and the fused one give TensorFlow's answers."""

import subprocess

import numpy as np
import pytest

import harness
import run_zoo
import test_ir_ops
from zoo.catalog import FAMILIES
from zoo.variants import VARIANTS

NATIVE_TOLERANCE = 2e-5  # relative to the largest output
ODD_SHAPES = [(1, 1), (1, 7), (3, 17)]
WAYS = {"plain": ["--plain"], "fused": []}

# What does not work yet, and why. A model that starts to work fails its test until its line is gone.
KNOWN_FAILURES = {}


def bert_run(arguments, check=True):
    command = [str(harness.BIN / "bert-run"), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if check and result.returncode != 0:
        raise AssertionError(f"exit code {result.returncode}: {(result.stderr or result.stdout).strip()}")
    return result


def run_all(arguments, feeds, folder):
    """The outputs for several sets of inputs, from one compilation."""
    folder.mkdir(exist_ok=True)
    files = []
    for index, feed in enumerate(feeds):
        np.savez(folder / f"in{index}.npz", **{name: np.ascontiguousarray(array) for name, array in feed.items()})
        files += ["--inputs-from", folder / f"in{index}.npz", "--outputs-to", folder / f"out{index}.npz"]
    bert_run([*arguments, "--silent", *files])
    return [dict(np.load(folder / f"out{index}.npz")) for index in range(len(feeds))]


def feed_of(model, reference):
    return dict(zip(model.signature["inputs"], (reference[role] for role in model.roles)))


def output_of(outputs, name):
    return outputs[name] if name in outputs else outputs[name + ":0"]


def worst_error(model, arguments, shapes, folder):
    references = [model.load_reference(shape) for shape in shapes]
    worst = 0.0
    results = run_all(arguments, [feed_of(model, reference) for reference in references], folder)
    for reference, outputs in zip(references, results):
        for index, name in enumerate(model.signature["outputs"]):
            worst = max(worst, harness.relative_error(output_of(outputs, name), reference[f"output_{index}"]))
    return worst


@pytest.mark.parametrize("way", WAYS)
def test_every_reference_shape(model, way, tmp_path):
    arguments = [*model.arguments(), "--dynamic", *WAYS[way]]
    assert worst_error(model, arguments, list(model.references), tmp_path) <= NATIVE_TOLERANCE


def test_as_it_was_built(model, tmp_path):
    """Without --dynamic, at the graph's own shape."""
    shape = harness.own_shape_to_ask_for(model)
    arguments = [*model.arguments(shape), "--plain"]
    assert worst_error(model, arguments, [shape] if shape else model.own_shapes(), tmp_path) <= max(NATIVE_TOLERANCE, model.tolerance)


def test_odd_shapes_agree(model, tmp_path):
    """At shapes without a reference, with holes in the mask, both ways give the same."""
    random = np.random.default_rng(3)
    feeds = []
    for batch, sequence in ODD_SHAPES:
        roles = {
            "input_ids": random.integers(0, 100, (batch, sequence)),
            "input_mask": random.integers(0, 2, (batch, sequence)),
            "segment_ids": random.integers(0, 2, (batch, sequence)),
        }
        roles["input_mask"][:, 0] = 1
        if not set(model.roles) <= set(roles):
            pytest.skip("has inputs of its own")
        feeds.append({name: roles[role].astype("i4") for role, name in zip(model.roles, model.signature["inputs"])})
    results = [run_all([*model.arguments(), "--dynamic", *way], feeds, tmp_path / name) for name, way in WAYS.items()]
    for plain, fused in zip(*results):
        for name, expected in plain.items():
            assert harness.relative_error(fused[name], expected) <= NATIVE_TOLERANCE


def test_any_number_of_threads_gives_the_same_bits(model, tmp_path):
    feed = feed_of(model, model.load_reference(list(model.references)[-1]))
    one, three = (run_all([*model.arguments(), "--dynamic", "--threads", n], [feed], tmp_path / str(n))[0] for n in (1, 3))
    assert all(np.array_equal(one[name], three[name]) for name in one)


# Those whose ops the folders above do not have; the rest would only take time.
PLAIN_ZOO = {
    "einsum", "tensordot-dynamic", "legacy-ops", "one-hot-dynamic", "mask-select", "mask-expand-dynamic", "packed-dynamic",
    "split-concat", "pre-norm", "squad-split", "mlm-dynamic", "pretraining", "classifier-log", "mean", "norm-keras-fused",
}  # fmt: skip
ZOO = [(spec.name, way) for spec in VARIANTS for way in WAYS if way == "fused" or spec.name in PLAIN_ZOO]
ZOO += [(family.name, "fused") for family in FAMILIES]


@pytest.mark.parametrize(("name", "way"), ZOO)
def test_zoo(name, way, zoo, tmp_path):
    if (name, way) in KNOWN_FAILURES:
        pytest.xfail(KNOWN_FAILURES[name, way])
    model = harness.ModelFolder(zoo / name)
    shape = harness.own_shape_to_ask_for(model)
    arguments = [*model.arguments(shape), *WAYS[way]]
    assert worst_error(model, arguments, [shape] if shape else model.own_shapes(), tmp_path) <= max(NATIVE_TOLERANCE, model.tolerance)


# Graphs with built-in shapes; of those without, the test before took several.
BUILT_IN = [model.name for model in [*VARIANTS, *FAMILIES] if model.batch or model.seq]


@pytest.mark.parametrize("name", BUILT_IN)
def test_zoo_dynamic(name, zoo, tmp_path):
    model = harness.ModelFolder(zoo / name)
    try:
        error = worst_error(model, [*model.arguments(), "--dynamic"], run_zoo.dynamic_shapes(model), tmp_path)
    except AssertionError as refusal:
        if run_zoo.is_permitted(model, refusal):
            return
        raise
    assert error <= max(NATIVE_TOLERANCE, model.tolerance)


# Nobody computes these natively: random numbers, a layer without an op, element types that the dialects below do not have.
NOT_NATIVE = ["random_uniform", "layer", "constant_ui8", "constant_ui16", "constant_ui32", "constant_ui64"]


_TEXT, _EXPECTED, _NAMES = test_ir_ops.write_text(without=NOT_NATIVE)


@pytest.fixture(scope="module")
def op_outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ops")
    (folder / "ops.mlir").write_text(_TEXT)
    return run_all([folder / "ops.mlir", "--plain"], [test_ir_ops.INPUTS], folder)[0]


@pytest.mark.parametrize("index", range(len(_NAMES)), ids=[f"{name}-{i}" for i, (name, _) in enumerate(_EXPECTED)])
def test_every_op(op_outputs, index):
    name, value = _EXPECTED[index]
    found = op_outputs[_NAMES[index]]
    assert found.shape == value.shape and found.dtype == value.dtype
    tolerance = 1e-2 if name == "fake_quantize" else 1e-5  # a value half-way may go to either side
    assert np.allclose(found.astype("f8"), value.astype("f8"), atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("way", WAYS)
def test_unsigned(way, tmp_path):
    """As an input, and between two conversions."""
    ids, bytes_, floats = (f"tensor<?x?x{element}>" for element in ("i32", "ui8", "f32"))
    (tmp_path / "m.mlir").write_text(
        f'func.func @main(%x: {bytes_} {{ov.name = "x"}}, %z: {ids} {{ov.name = "z"}}) -> ({ids} {{ov.name = "i"}}, {floats} {{ov.name = "f"}}) {{\n'
        f"  %0 = ov.convert %x {{destination_type = i32}} : ({bytes_}) -> {ids}\n"
        f"  %1 = ov.convert %z {{destination_type = ui8}} : ({ids}) -> {bytes_}\n"
        f"  %2 = ov.convert %1 {{destination_type = f32}} : ({bytes_}) -> {floats}\n"
        f"  return %0, %2 : {ids}, {floats}\n}}\n"
    )
    x = np.array([[0, 1, 127], [128, 200, 255]], "u1")
    found = run_all([tmp_path / "m.mlir", *WAYS[way]], [{"x": x, "z": x.astype("i4")}], tmp_path / "run")[0]
    assert np.array_equal(found["i"], x.astype("i4")) and np.array_equal(found["f"], x.astype("f4"))


def pipeline_of(model, folder):
    """What runs before the model is optimized, as text, and the passes that optimize it."""
    arguments = [*model.arguments(), "--dynamic", "--dump-pass-pipeline", "--output_dir", folder]
    lines = [line for line in harness.bert_mo(arguments).stderr.splitlines() if not line.startswith("[")]
    text = "".join(line.strip() for line in lines)
    first, last = "ov-fold-static-shapes", "ov-verify-normal-form"
    assert text.count(first) == text.count(last) == 1
    start, end = text.index(first), text.index(last) + len(last)
    head = text[:start]
    assert head.endswith("func.func(")
    return head.removesuffix("func.func("), text[start:end].split(",")


@pytest.mark.parametrize("name", ["meta-static", "meta-erf-legacy", "frozen-classifier"])
def test_no_pass_changes_an_answer(name, tmp_path):
    """The model as the conversion leaves it, and behind each pass that optimizes it, computed without fusion."""
    model = harness.ModelFolder(harness.ROOT / "test" / "Inputs" / "models" / name)
    is_meta = (model.path / "bert_model.ckpt.meta").exists()
    graph = model.path / ("bert_model.ckpt.meta" if is_meta else "inference_graph.pb")
    kind = "--import-tf-metagraph" if is_meta else "--import-tf-graphdef"
    test_ir_ops.translate(kind, graph, "--emit-bytecode", "-o", tmp_path / "graph.mlirbc")
    head, passes = pipeline_of(model, tmp_path)

    shape = list(model.references)[-1]
    feed = feed_of(model, model.load_reference(shape))
    before, text = None, None
    for count in range(len(passes)):
        prefix = f"{head}func.func({','.join(passes[:count])}))" if count else head.rstrip(",") + ")"
        file = tmp_path / f"{count}.mlirbc"
        command = [harness.BIN / "bert-opt", tmp_path / "graph.mlirbc", f"--pass-pipeline={prefix}", "--emit-bytecode", "-o", file]
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
        if file.read_bytes() == text:
            continue
        text = file.read_bytes()
        after = run_all([file, "--plain"], [feed], tmp_path / str(count))[0]
        if before is not None:
            assert before.keys() == after.keys()
            for key, expected in before.items():
                assert harness.relative_error(after[key], expected) <= NATIVE_TOLERANCE, passes[count - 1]
        before = after
