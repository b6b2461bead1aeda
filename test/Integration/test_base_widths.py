"""Layers as wide as BERT-Base's: several panels, chunks and blocks of rows, which the checked-in models are too narrow for."""

import numpy as np
import pytest

import harness
import native
import test_compile

pytestmark = pytest.mark.needs("native")

# Around the edges of a task's 384 rows, and many short sequences.
SHAPES = ((1, 128), (3, 129), (1, 385), (64, 3), (1, 512))


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """Two layers, whose last is computed for the first token only where nobody reads more."""
    write = pytest.importorskip("zoo.write")
    spec_class = write.VARIANTS[0].__class__
    sizes = dict(vocab=100, hidden=768, heads=12, intermediate=3072, layers=2, positions=512)
    spec = spec_class(name="wide", why="", head="both", batch=None, seq=None, shapes=SHAPES, format="meta", **sizes)
    out = tmp_path_factory.mktemp("wide")
    write.write_model(spec, out, write.References())
    return harness.ModelFolder(out / "wide")


@pytest.fixture(scope="module", params=["pooled", "sequence"])
def library(request, wide, tmp_path_factory):
    """The library with one of the two outputs, and which one it is."""
    index = [name.endswith("Tanh") for name in wide.signature["outputs"]].index(request.param == "pooled")
    path = tmp_path_factory.mktemp(request.param) / "model.so"
    arguments = [*wide.arguments(outputs=False), "--output", wide.signature["outputs"][index]]
    test_compile.bert_compile([*arguments, "-o", path])
    return path, index


def feed_of(wide, reference):
    return {name: reference[role] for role, name in zip(wide.roles, wide.signature["inputs"])}


def test_answers(wide, library):
    path, index = library
    compiled = native.Model(path)
    for shape in wide.references:
        reference = wide.load_reference(shape)
        (found,) = compiled.run(feed_of(wide, reference), *shape)
        assert harness.relative_error(found, reference[f"output_{index}"]) <= test_compile.NATIVE_TOLERANCE, shape


def test_bits(wide, library):
    """However many threads, whatever stands beside, however long the padding, whenever it is asked."""
    one = native.Model(library[0], threads=1)
    shape = (3, 129)
    reference = wide.load_reference(shape)
    reference["input_mask"][:] = np.arange(129) < np.array([[129], [128], [5]])
    feed = feed_of(wide, reference)
    (expected,) = one.run(feed, *shape)
    for threads in (1, 2, 3, 7):
        model = native.Model(library[0], threads=threads)
        for _ in range(3):
            (found,) = model.run(feed, *shape)
            assert found.tobytes() == expected.tobytes(), threads
        for row, length in enumerate((129, 128, 5)):
            alone = {name: np.ascontiguousarray(value[row : row + 1, :length]) for name, value in feed.items()}
            (found,) = model.run(alone, 1, length)
            part = expected[row : row + 1, :length] if expected.ndim == 3 else expected[row : row + 1]
            assert found.tobytes() == part.tobytes(), (threads, row)
        model.close()
