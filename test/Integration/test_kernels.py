"""The generated kernels, each alone, against numpy in f64: sizes around the edges of vectors, panels and blocks of rows."""

import math

import numpy as np
import pytest

from test_native import run_all

TARGETS = ["avx512", "avx2", "portable"]
TOLERANCE = 1e-5  # relative to the largest output
_random = np.random.default_rng(11)


def normal(*shape):
    return _random.normal(size=shape).astype("f4")


def has_avx512():
    with open("/proc/cpuinfo") as file:
        return "avx512vl" in file.read()


@pytest.fixture(params=TARGETS)
def target(request):
    if request.param == "avx512" and not has_avx512():
        pytest.skip("this CPU has no AVX-512")
    return request.param


def tensor(*shape):
    return "tensor<" + "x".join(map(str, shape)) + "xf32>"


def write_model(path, arguments, result, weights, body):
    """A module of one function; `weights` are arrays by name."""
    lines = [f'  %{name} = ov.weight "{name}" dense_resource<{name}> : {tensor(*value.shape)}' for name, value in weights.items()]
    blobs = [f'{name}: "0x04000000{value.tobytes().hex()}"' for name, value in weights.items()]
    path.write_text(
        f"func.func @main({arguments}) -> ({result} {{ov.name = \"y\"}}) {{\n"
        + "\n".join([*lines, *body, f"  return %y : {result}"])
        + "\n}\n{-# dialect_resources: { builtin: {\n"
        + ",\n".join(blobs)
        + "\n} } #-}\n"
    )


def relative_error(found, expected):
    assert found.shape == expected.shape
    return np.abs(found - expected).max() / max(1e-6, np.abs(expected).max())


def activate(name, x):
    erf = np.vectorize(math.erf)
    return {
        "none": lambda: x,
        "relu": lambda: np.maximum(x, 0),
        "tanh": lambda: np.tanh(x),
        "gelu_erf": lambda: 0.5 * x * (1 + erf(x / math.sqrt(2))),
        "gelu_tanh": lambda: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    }[name]()


DENSE = [(1, 1, "none"), (7, 5, "tanh"), (26, 78, "gelu_erf"), (64, 64, "relu"), (65, 130, "gelu_tanh"), (300, 17, "none")]


@pytest.mark.parametrize("rows,columns,activation", DENSE)
def test_dense(rows, columns, activation, target, tmp_path):
    w, b = normal(rows, columns) / np.float32(math.sqrt(rows)), normal(columns)
    given, result = tensor("?", "?", rows), tensor("?", "?", columns)
    body = [f"  %y = bert.dense %x, %w bias %b then {activation} : ({given}, {tensor(rows, columns)}, {tensor(columns)}) -> {result}"]
    write_model(tmp_path / "dense.mlir", f'%x: {given} {{ov.name = "x"}}', result, {"w": w, "b": b}, body)
    x = normal(1, 40, rows)
    counts = [*range(1, 21), 40]
    arguments = [tmp_path / "dense.mlir", "--target_features", target]
    found = run_all(arguments, [{"x": x[:, :count]} for count in counts], tmp_path / "runs")
    expected = activate(activation, x.astype("f8") @ w.astype("f8") + b)
    for count, outputs in zip(counts, found):
        assert relative_error(outputs["y"], expected[:, :count]) <= TOLERANCE
        # A row has the same bits whatever rows stand beside it.
        assert np.array_equal(outputs["y"], found[-1]["y"][:, :count])


def attention(x, keys, heads, scale):
    batch, sequence, width = x.shape[0], x.shape[1], x.shape[2] // 3
    q, k, v = (part.reshape(batch, sequence, heads, -1) for part in np.split(x.astype("f8"), 3, axis=2))
    scores = np.einsum("bqhd,bkhd->bhqk", q, k) * scale + np.where(keys, 0.0, -np.inf)[:, None, None, :]
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.einsum("bhqk,bkhd->bqhd", weights, v).reshape(batch, sequence, width)


@pytest.mark.parametrize("heads,size", [(1, 8), (3, 5), (2, 26), (1, 32), (3, 64), (1, 130)])
def test_attention(heads, size, target, tmp_path):
    width, scale = heads * size, 1 / math.sqrt(size)
    given, result = tensor("?", "?", 3 * width), tensor("?", "?", width)
    body = [f"  %y = bert.attention %x mask %m {{heads = {heads} : i64, scale = {scale:.9e} : f32}} : ({given}, tensor<?x?xi32>) -> {result}"]
    parameters = f'%x: {given} {{ov.name = "x"}}, %m: tensor<?x?xi32> {{ov.name = "m"}}'
    write_model(tmp_path / "attention.mlir", parameters, result, {"unused": normal(1)}, body)
    feeds = []
    for sequence in [*range(1, 20), 33, 63, 64, 65, 70, 129]:
        mask = _random.integers(0, 2, (2, sequence)).astype("i4")
        mask[0] = 1
        mask[1, _random.integers(0, sequence)] = 1
        feeds.append({"x": normal(2, sequence, 3 * width), "m": mask})
    arguments = [tmp_path / "attention.mlir", "--target_features", target]
    found = run_all([*arguments, "--threads", "1"], feeds, tmp_path / "one")
    # So many threads that the queries of a sequence are shared.
    shared = run_all([*arguments, "--threads", "9"], feeds, tmp_path / "nine")
    for feed, outputs, others in zip(feeds, found, shared):
        assert relative_error(outputs["y"], attention(feed["x"], feed["m"], heads, scale)) <= TOLERANCE
        assert np.array_equal(outputs["y"], others["y"])


@pytest.mark.parametrize("width", [1, 5, 16, 63, 64, 100, 384])
def test_add_layer_norm(width, target, tmp_path):
    gamma, beta = normal(width), normal(width)
    given = tensor("?", "?", width)
    parameters = f'%x: {given} {{ov.name = "x"}}, %r: {given} {{ov.name = "r"}}'
    types = f"({given}, {given}, {tensor(width)}, {tensor(width)}) -> {given}"
    body = [f"  %y = bert.add_layer_norm %x residual %r norm %g, %b {{epsilon = 1.0e-5 : f32}} : {types}"]
    write_model(tmp_path / "norm.mlir", parameters, given, {"g": gamma, "b": beta}, body)
    # Far from zero, where one pass over the squares would lose the variance.
    feeds = [{"x": normal(1, count, width) + 100, "r": normal(1, count, width)} for count in (1, 2, 9, 17)]
    found = run_all([tmp_path / "norm.mlir", "--target_features", target], feeds, tmp_path / "runs")
    for feed, outputs in zip(feeds, found):
        x = (feed["x"] + feed["r"]).astype("f8")
        distance = x - x.mean(axis=-1, keepdims=True)
        expected = distance / np.sqrt((distance**2).mean(axis=-1, keepdims=True) + 1e-5) * gamma + beta
        # The mean of values near 100 is known to some 1e-5.
        assert relative_error(outputs["y"], expected) <= 1e-4
