"""Every model folder, compiled to a library, gives TensorFlow's answer at every shape, and the same bits however it is called."""

import filecmp
import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest

import harness
import native

pytestmark = pytest.mark.needs("native")

NATIVE_TOLERANCE = 2e-5  # relative to the largest output
ODD_SHAPES = [(1, 1), (1, 7), (3, 17), (2, 63), (64, 3)]


def bert_compile(arguments, check=True):
    command = [str(harness.BIN / "bert-compile"), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if check and result.returncode != 0:
        raise AssertionError(f"exit code {result.returncode}: {(result.stderr or result.stdout).strip()}")
    return result


_compiled = {}


@pytest.fixture
def library(model, tmp_path_factory):
    """The model's library; each is compiled once."""
    if model.name not in _compiled:
        path = tmp_path_factory.mktemp(model.name) / "model.so"
        bert_compile([*model.arguments(), "-o", path])
        _compiled[model.name] = path
    return _compiled[model.name]


def feed_of(model, reference):
    return dict(zip(model.signature["inputs"], (reference[role] for role in model.roles)))


def random_inputs(model, compiled, batch, sequence, padding=0, seed=0):
    """Ids by input name, the last `padding` positions of each row masked."""
    rng = np.random.default_rng(seed)
    feed = {}
    for role, name in zip(model.roles, model.signature["inputs"]):
        port = compiled.inputs[compiled.find_input(name)]
        if role == "input_mask":
            value = np.ones((batch, sequence))
            value[:, sequence - padding :] = 0
        else:
            value = rng.integers(0, port.limit or 2, (batch, sequence))
        feed[name] = value.astype(port.dtype)
    return feed


def test_every_reference(model, library):
    compiled = native.Model(library)
    for shape in model.references:
        reference = model.load_reference(shape)
        outputs = compiled.run(feed_of(model, reference), *shape)
        for index, name in enumerate(model.signature["outputs"]):
            error = harness.relative_error(outputs[compiled.find_output(name)], reference[f"output_{index}"])
            assert error <= NATIVE_TOLERANCE, (shape, name)


def test_odd_shapes(model, library, tmp_path):
    """Against OpenVINO, where TensorFlow has left no reference; masks with padding and holes."""
    compiled = native.Model(library)
    xml = harness.convert(model, tmp_path, extra=["--dynamic"])
    for seed, shape in enumerate(ODD_SHAPES):
        feed = random_inputs(model, compiled, *shape, seed=seed)
        for role, name in zip(model.roles, model.signature["inputs"]):
            if role == "input_mask" and shape[1] > 4:
                feed[name][0, -2:] = 0
                feed[name][-1, :2] = 0
                feed[name][shape[0] // 2, 1:3] = 0
        openvino_model = harness.read(xml)
        harness.reshape(openvino_model, model, shape)
        expected = harness.compile_f32(openvino_model)(feed)
        outputs = compiled.run(feed, *shape)
        for name in model.signature["outputs"]:
            error = harness.relative_error(outputs[compiled.find_output(name)], np.asarray(expected[name]))
            assert error <= NATIVE_TOLERANCE, (shape, name)


def test_bits_do_not_depend_on_threads(model, library):
    one, two = (native.Model(library, threads=threads) for threads in (1, 2))
    for shape in [(1, 16), (5, 33)]:
        feed = random_inputs(model, one, *shape, padding=2)
        expected = one.run(feed, *shape)
        for _ in range(3):
            for a, b in zip(expected, two.run(feed, *shape)):
                assert a.tobytes() == b.tobytes(), shape


def test_bits_do_not_depend_on_neighbours(model, library):
    compiled = native.Model(library)
    feed = random_inputs(model, compiled, 7, 21, padding=3)
    together = compiled.run(feed, 7, 21)
    for row in (0, 3, 6):
        alone = compiled.run({name: value[row : row + 1] for name, value in feed.items()}, 1, 21)
        for a, b in zip(together, alone):
            assert a[row : row + 1].tobytes() == b.tobytes(), row


def test_bits_do_not_depend_on_padding(model, library):
    """Right padding; outputs that have a row for each token are compared where there are tokens."""
    if "input_mask" not in model.roles:
        pytest.skip("the model has no mask")
    compiled = native.Model(library)
    feed = random_inputs(model, compiled, 2, 40, padding=23)
    long = compiled.run(feed, 2, 40)
    short = compiled.run({name: value[:, :17] for name, value in feed.items()}, 2, 17)
    for port, a, b in zip(compiled.outputs, long, short):
        if port.dims[:2] == [native.BATCH, native.SEQUENCE]:
            a = np.ascontiguousarray(a[:, :17])
        assert a.tobytes() == b.tobytes(), port.name


def test_ragged_is_padded(model, library):
    if model.roles != ["input_ids", "input_mask", "segment_ids"]:
        pytest.skip("the model takes other inputs")
    compiled = native.Model(library)
    lengths = [3, 16, 1, 9]
    feed = random_inputs(model, compiled, len(lengths), max(lengths))
    ids, mask, types = (feed[name] for name in model.signature["inputs"])
    for row, length in enumerate(lengths):
        mask[row, length:] = 0
        ids[row, length:] = types[row, length:] = 0
    padded = compiled.run(feed, len(lengths), max(lengths))
    cut = lambda value: [value[row, :length] for row, length in enumerate(lengths)]
    ragged = compiled.run_ragged(cut(ids), cut(types))
    for port, a, b in zip(compiled.outputs, padded, ragged):
        if port.dims[:2] == [native.BATCH, native.SEQUENCE]:
            a = np.concatenate(cut(a))
        assert a.tobytes() == b.tobytes(), port.name


def test_bad_ids_are_errors(model, library):
    compiled = native.Model(library)
    for role, name in zip(model.roles, model.signature["inputs"]):
        if role == "input_mask":
            continue
        port = compiled.inputs[compiled.find_input(name)]
        assert port.limit > 0, name
        for value in (-1, port.limit, np.iinfo(port.dtype).min, np.iinfo(port.dtype).max):
            feed = random_inputs(model, compiled, 2, 16)
            feed[name][1, 15] = value
            with pytest.raises(native.Error, match=re.escape(str(value))) as error:
                compiled.run(feed, 2, 16)
            assert error.value.status == native.INVALID_ID
    assert compiled.max_sequence == 64
    with pytest.raises(native.Error) as error:
        compiled.run(random_inputs(model, compiled, 1, 65), 1, 65)
    assert error.value.status == native.TOO_LONG


def test_two_runs_are_byte_identical(model, library, tmp_path):
    bert_compile([*model.arguments(), "-o", tmp_path / "model.so"])
    for extension in (".so", ".h", ".weights"):
        again = tmp_path / f"model{extension}"
        assert filecmp.cmp(library.with_suffix(extension), again, shallow=False), extension
    assert library.stat().st_size < 2 << 20


@pytest.mark.parametrize("target", ["avx2,fma", "avx2", "portable", "--multi-target", "--plain"])
@pytest.mark.parametrize("name", ["meta-static", "meta-erf-legacy"])
def test_other_processors(name, target, tmp_path):
    """Code for other processors than this one, as far as this one runs it, gives the same answers; so does code without fusion."""
    model = harness.ModelFolder(harness.ROOT / "test" / "Inputs" / "models" / name)
    flags = [target] if target.startswith("--") else ["--target-features", target]
    bert_compile([*model.arguments(), *flags, "-o", tmp_path / "model.so"])
    try:
        compiled = native.Model(tmp_path / "model.so")
    except native.Error as error:
        assert error.status == native.CPU and "avx2" in str(error)
        pytest.skip(str(error))
    assert target.startswith("--") or compiled.code_name in (target, "custom")
    for shape in model.references:
        reference = model.load_reference(shape)
        outputs = compiled.run(feed_of(model, reference), *shape)
        assert harness.relative_error(outputs[0], reference["output_0"]) <= NATIVE_TOLERANCE, shape


def test_accesses_stay_inside(model, tmp_path):
    """Nothing behind the arena, the weights or an input is touched, and nothing is read before it is written."""
    bert_compile([*model.arguments(), "--emit=object", "-o", tmp_path / "model.o"])
    runtime = harness.BIN.parent / "lib" / "libbert-runtime.a"
    source = harness.ROOT / "test" / "Integration" / "guard.c"
    clang = "/usr/lib/llvm-22/bin/clang"
    command = [clang, "-O1", "-I", harness.ROOT / "include", source, tmp_path / "model.o", runtime, "-lm", "-lpthread"]
    subprocess.run(list(map(str, [*command, "-o", tmp_path / "guard"])), check=True)
    shapes = ["1x1", "1x2", "1x7", "3x17", "5x64", "64x3", "2x33"]
    result = subprocess.run(
        [tmp_path / "guard", tmp_path / "model.weights", *shapes], capture_output=True, text=True, timeout=120
    )
    assert (result.returncode, result.stdout) == (0, "clean\n")


def test_verify(model, library, tmp_path):
    native.Model(library).verify()
    data = bytearray(library.with_suffix(".weights").read_bytes())
    data[-1] ^= 1
    (tmp_path / "damaged.weights").write_bytes(data)
    with pytest.raises(native.Error, match="checksum"):
        native.Model(library, tmp_path / "damaged.weights").verify()


_MEASURE = """
import json, sys
sys.path.insert(0, sys.argv[2])
import native
model = native.Model(sys.argv[1])
model.verify()
print("ready", flush=True)
sys.stdin.readline()
total = shared = 0
for line in open("/proc/self/smaps"):
    fields = line.split()
    if "-" in fields[0] and not fields[0].endswith(":"):
        is_weights = line.rstrip().endswith(".weights")
    elif is_weights and fields[0] == "Rss:":
        total += int(fields[1])
    elif is_weights and fields[0] in ("Shared_Clean:", "Shared_Dirty:"):
        shared += int(fields[1])
print(json.dumps([total, shared]))
"""


def test_processes_share_weights(model, library):
    """While two processes have read all weights, no page of them is one process' own."""
    folder = os.path.dirname(native.__file__)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _MEASURE, str(library), folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    first, _ = processes[0].communicate("\n")
    second, _ = processes[1].communicate("\n")
    total, shared = json.loads(first)
    assert total > 0 and shared == total
    assert json.loads(second)[0] == total
