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


DENSE = [
    (1, 1, "none", True), (7, 5, "tanh", True), (26, 78, "gelu_erf", True), (64, 64, "relu", True),
    (65, 130, "gelu_tanh", True), (300, 17, "none", True), (26, 78, "gelu_tanh", False), (65, 64, "gelu_erf", False),
    (130, 33, "relu", False), (129, 65, "tanh", False), (64, 30, "none", False),
]  # fmt: skip


@pytest.mark.parametrize("rows,columns,activation,has_bias", DENSE)
def test_dense(rows, columns, activation, has_bias, target, tmp_path):
    w, b = normal(rows, columns) / np.float32(math.sqrt(rows)), normal(columns) * has_bias
    given, result = tensor("?", "?", rows), tensor("?", "?", columns)
    bias, bias_type = (" bias %b", ", " + tensor(columns)) if has_bias else ("", "")
    body = [f"  %y = bert.dense %x, %w{bias} then {activation} : ({given}, {tensor(rows, columns)}{bias_type}) -> {result}"]
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


@pytest.mark.parametrize("is_transposed", [False, True])
def test_dense_of_several_weights(is_transposed, target, tmp_path):
    """Side by side in one product, as query, key and value are; or stored with rows and columns exchanged."""
    rows, columns, count = 26, 34, 3
    weights = {f"w{i}": normal(rows, columns) for i in range(count)}
    biases = {f"b{i}": normal(columns) for i in range(count)}
    stored = {name: np.ascontiguousarray(value.T) if is_transposed else value for name, value in weights.items()}
    given, result = tensor("?", "?", rows), tensor("?", "?", count * columns)
    types = [given, *(tensor(*value.shape) for value in stored.values()), *[tensor(columns)] * count]
    names = ", ".join("%" + name for name in weights), ", ".join("%" + name for name in biases)
    attribute = " {transposed}" if is_transposed else ""
    body = [f"  %y = bert.dense %x, {names[0]} bias {names[1]}{attribute} : ({', '.join(types)}) -> {result}"]
    write_model(tmp_path / "dense.mlir", f'%x: {given} {{ov.name = "x"}}', result, {**stored, **biases}, body)
    x = normal(1, 13, rows)
    found = run_all([tmp_path / "dense.mlir", "--target_features", target], [{"x": x}], tmp_path / "runs")[0]["y"]
    parts = [x.astype("f8") @ weights[f"w{i}"].astype("f8") + biases[f"b{i}"] for i in range(count)]
    assert relative_error(found, np.concatenate(parts, axis=2)) <= TOLERANCE


def attention(x, keys, heads, scale):
    return biased_attention(x, np.where(keys, 0.0, -np.inf), heads, scale)


def biased_attention(x, bias, heads, scale):
    batch, sequence, width = x.shape[0], x.shape[1], x.shape[2] // 3
    q, k, v = (part.reshape(batch, sequence, heads, -1) for part in np.split(x.astype("f8"), 3, axis=2))
    scores = np.einsum("bqhd,bkhd->bhqk", q, k) * scale + bias[:, None, None, :]
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


MASKS = [("i32", -10000.0), ("i64", -10000.0), ("f32", -10000.0), ("i32", -3.0), ("i32", -1e9), (None, -10000.0)]


@pytest.mark.parametrize("element,masked_value", MASKS)
@pytest.mark.parametrize("is_apart", [False, True])
def test_masks(element, masked_value, is_apart, target, tmp_path):
    """Every type of mask, numbers other than 0 and 1 among its values, for query, key and value in one tensor or in three."""
    heads, size, batch = 2, 16, 4
    width, scale = heads * size, 1 / math.sqrt(size)
    given, result = tensor("?", "?", 3 * width), tensor("?", "?", width)
    names = ["q", "k", "v"] if is_apart else ["x"]
    input_type = result if is_apart else given
    parameters = [f'%{name}: {input_type} {{ov.name = "{name}"}}' for name in names]
    types, mask = [input_type] * len(names), ""
    if element:
        parameters.append(f'%m: tensor<?x?x{element}> {{ov.name = "m"}}')
        types.append(f"tensor<?x?x{element}>")
        mask = " mask %m"
    attributes = f"{{heads = {heads} : i64, scale = {scale:.9e} : f32, masked_value = {masked_value:.9e} : f32}}"
    operands = ", ".join("%" + name for name in names)
    body = [f"  %y = bert.attention {operands}{mask} {attributes} : ({', '.join(types)}) -> {result}"]
    write_model(tmp_path / "masks.mlir", ", ".join(parameters), result, {"unused": normal(1)}, body)
    feeds, biases = [], []
    for sequence in (1, 2, 9, 67):
        x = normal(batch, sequence, 3 * width)
        feed = dict(zip("qkv", np.split(x, 3, axis=2))) if is_apart else {"x": x}
        mask = np.ones((batch, sequence), {"i64": "i8", "f32": "f4"}.get(element, "i4"))
        if element:
            mask[1] = _random.integers(0, 2, sequence)
            mask[2] = _random.integers(-1, 4, sequence)
            mask[3] = 0
            feed["m"] = mask
        feeds.append(feed)
        biases.append((1.0 - mask.astype("f8")) * masked_value)
    found = run_all([tmp_path / "masks.mlir", "--target_features", target], feeds, tmp_path / "runs")
    for feed, bias, outputs in zip(feeds, biases, found):
        x = np.concatenate([feed[name] for name in names], axis=2)
        expected = biased_attention(x, bias, heads, scale)
        for row in range(batch):
            # A score beside a number of thousands keeps three digits, beside one of 1e9 none.
            is_rounded = masked_value < -3.0 and bias[row].max() != 0
            if not (is_rounded and masked_value == -1e9):
                assert relative_error(outputs["y"][row], expected[row]) <= (2e-3 if is_rounded else TOLERANCE), row


@pytest.mark.parametrize("heads,size", [(1, 8), (3, 5), (2, 26), (3, 64)])
def test_attention_of_first_tokens(heads, size, target, tmp_path):
    """The last layer of a model whose answer is position 0: one query for each sequence, which padding may hide."""
    width, scale = heads * size, 1 / math.sqrt(size)
    rows = 24
    weights = {name: normal(rows, width) / np.float32(math.sqrt(rows)) for name in "qkv"}
    given, joined, result = tensor("?", "?", rows), tensor("?", "?", 3 * width), tensor("?", width)
    types = ", ".join([given, *[tensor(rows, width)] * 3])
    body = [
        f"  %x = bert.dense %i, %q, %k, %v : ({types}) -> {joined}",
        f"  %a = bert.attention %x mask %m {{heads = {heads} : i64, scale = {scale:.9e} : f32}} : ({joined}, tensor<?x?xi32>) -> {tensor('?', '?', width)}",
        f"  %y = bert.first_token %a : ({tensor('?', '?', width)}) -> {result}",
    ]
    parameters = f'%ids: tensor<?x?xi32> {{ov.name = "ids"}}, %i: {given} {{ov.name = "i"}}, %m: tensor<?x?xi32> {{ov.name = "m"}}'
    write_model(tmp_path / "first.mlir", parameters, result, weights, body)
    feeds = []
    for sequence in (1, 2, 6, 7, 63, 70):
        mask = np.ones((3, sequence), "i4")
        mask[1, : sequence // 2] = 0
        mask[2, (sequence + 1) // 2 :] = 0
        feeds.append({"ids": np.zeros((3, sequence), "i4"), "i": normal(3, sequence, rows), "m": mask})
    found = run_all([tmp_path / "first.mlir", "--target_features", target], feeds, tmp_path / "runs")
    for feed, outputs in zip(feeds, found):
        x = np.concatenate([feed["i"].astype("f8") @ weights[name].astype("f8") for name in "qkv"], axis=2)
        assert relative_error(outputs["y"], attention(x, feed["m"], heads, scale)[:, 0]) <= TOLERANCE


def layer_norm(x, gamma, beta, epsilon):
    distance = x - x.mean(axis=-1, keepdims=True)
    return distance / np.sqrt((distance**2).mean(axis=-1, keepdims=True) + epsilon) * gamma + beta


# How tokens are unpacked: the op's text behind the tokens, and its result.
UNPACKED = {
    "all": ("unpack_tokens", "", 3), "keys": ("unpack_tokens", "", 3), "keys_and_first": ("first_token", "", 2),
    "keys, one column": ("unpack_tokens", " column 3", 2),
}  # fmt: skip


@pytest.mark.parametrize("width,has_types,element", [(5, True, "i32"), (16, False, "i32"), (64, True, "i64"), (100, False, "i64")])
@pytest.mark.parametrize("kind", UNPACKED)
def test_tokens(kind, width, has_types, element, target, tmp_path):
    """Which positions are packed, their embeddings, and the way back: to all positions, to one column of them, to the first."""
    op, column, rank = UNPACKED[kind]
    tables = {"w": normal(23, width), "p": normal(70, width), "t": normal(2, width), "g": normal(width), "b": normal(width)}
    ids_type, result = f"tensor<?x?x{element}>", tensor("?", "?", width) if op != "first_token" else tensor("?", width)
    if column:
        result = "tensor<?x?xf32>"
    types, types_type = (" types %types", ids_type + ", ") if has_types else ("", "")
    token_type, table_type = (" token_type %t", tensor(2, width) + ", ") if has_types else ("", "")
    rows = tensor("?", width)
    body = [
        f"  %tokens = bert.pack_tokens {kind.split(',')[0]} of %ids mask %m : ({ids_type}, tensor<?x?xi32>) -> !bert.tokens",
        f"  %e = bert.embeddings %ids{types} tokens %tokens word %w position %p{token_type} norm %g, %b {{epsilon = 1.0e-12 : f32}} : "
        f"({ids_type}, {types_type}!bert.tokens, {tensor(23, width)}, {tensor(70, width)}, {table_type}{tensor(width)}, {tensor(width)}) -> {rows}",
        f"  %y = bert.{op} %e tokens %tokens{column} : ({rows}, !bert.tokens) -> {result}",
    ]
    parameters = ", ".join(
        [f'%ids: {ids_type} {{ov.name = "ids"}}', f'%m: tensor<?x?xi32> {{ov.name = "m"}}']
        + [f'%types: {ids_type} {{ov.name = "types"}}'] * has_types
    )
    write_model(tmp_path / "tokens.mlir", parameters, result, tables, body)
    feeds = []
    for shape in [(1, 1), (2, 7), (3, 33), (5, 70)]:
        mask = _random.integers(0, 2, shape).astype("i4")
        mask[:, shape[1] // 2] = 1
        ids = lambda limit: _random.integers(0, limit, shape).astype("i8" if element == "i64" else "i4")
        feeds.append({"ids": ids(23), "m": mask, **({"types": ids(2)} if has_types else {})})
    found = run_all([tmp_path / "tokens.mlir", "--target_features", target], feeds, tmp_path / "runs")
    for feed, outputs in zip(feeds, found):
        x = tables["w"][feed["ids"]].astype("f8") + tables["p"][: feed["ids"].shape[1]]
        if has_types:
            x += tables["t"][feed["types"]]
        expected = layer_norm(x, tables["g"], tables["b"], 1e-12)
        if kind.startswith("keys") and op == "unpack_tokens":
            expected *= (feed["m"] != 0)[:, :, None]
        expected = expected[:, 0] if op == "first_token" else expected[:, :, 3] if column else expected
        assert relative_error(outputs["y"], expected) <= TOLERANCE


@pytest.mark.parametrize("width,has_residual", [(w, True) for w in (1, 5, 16, 63, 64, 100, 384)] + [(1, False), (17, False), (64, False)])
def test_add_layer_norm(width, has_residual, target, tmp_path):
    gamma, beta = normal(width), normal(width)
    given = tensor("?", "?", width)
    parameters = f'%x: {given} {{ov.name = "x"}}' + f', %r: {given} {{ov.name = "r"}}' * has_residual
    types = f"({given}, {(given + ', ') * has_residual}{tensor(width)}, {tensor(width)}) -> {given}"
    residual = " residual %r" * has_residual
    body = [f"  %y = bert.add_layer_norm %x{residual} norm %g, %b {{epsilon = 1.0e-5 : f32}} : {types}"]
    write_model(tmp_path / "norm.mlir", parameters, given, {"g": gamma, "b": beta}, body)
    # Far from zero, where one pass over the squares would lose the variance.
    feeds = [{"x": normal(1, count, width) + 100} for count in (1, 2, 9, 17)]
    for feed in feeds if has_residual else []:
        feed["r"] = normal(*feed["x"].shape)
    found = run_all([tmp_path / "norm.mlir", "--target_features", target], feeds, tmp_path / "runs")
    for feed, outputs in zip(feeds, found):
        x = (feed["x"] + feed.get("r", np.float32(0))).astype("f8")
        expected = layer_norm(x, gamma, beta, 1e-5)
        # The mean of values near 100 is known to some 1e-5.
        assert relative_error(outputs["y"], expected) <= 1e-4
