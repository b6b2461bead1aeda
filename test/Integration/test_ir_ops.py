"""Every op of the ov dialect, written as an IR and run by OpenVINO 2026.4 and 2024.6, against numpy.

All ops are in one model with one output per case; a case is the op's text, its result types and
what numpy says. Reading the IR back and writing it again must give the same files.
"""

import math
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest

import harness
import run_ir

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(__import__("os").environ.get("BERT_MLIR_BIN", ROOT / "build" / "release" / "bin"))

_random = np.random.default_rng(7)
INPUTS = {
    "x": _random.normal(size=(2, 3, 4)).astype("f4"),
    "y": _random.normal(size=(3, 1)).astype("f4"),
    "p": _random.uniform(0.1, 3, size=(2, 3, 4)).astype("f4"),
    "a": _random.integers(0, 2, size=(2, 3, 4)).astype(bool),
    "b": _random.integers(0, 2, size=(3, 4)).astype(bool),
    "i": _random.integers(0, 3, size=(2, 2)).astype("i4"),
    "n": _random.integers(-9, 9, size=(2, 3)).astype("i4"),
    "d": _random.integers(1, 5, size=(2, 3)).astype("i4"),
    "q": _random.normal(size=(2, 2, 5, 4)).astype("f4"),
    "k": _random.normal(size=(2, 2, 6, 4)).astype("f4"),
    "m": _random.normal(size=(2, 1, 5, 6)).astype("f4"),
}
_NAMES = {"f4": "f32", "f8": "f64", "f2": "f16", "b1": "i1", "i1": "i8", "u1": "ui8", "i2": "i16", "u2": "ui16",
          "i4": "i32", "u4": "ui32", "i8": "i64", "u8": "ui64"}  # fmt: skip


def tensor(shape, element):
    return "tensor<" + "".join(f"{dim}x" for dim in shape) + element + ">"


def type_of(array):
    return tensor(array.shape, _NAMES[array.dtype.str[1:]])


CASES = {}  # name: (lines, operand names, op, attributes, expected arrays)
_constants = {}


def constant(values, element="i64"):
    """The name of an ov.constant."""
    array = np.array(values)
    text = str(array.tolist()).lower()
    name = f"c{len(_constants)}"
    return _constants.setdefault((text, element), (name, f"%{name} = ov.constant dense<{text}> : {tensor(array.shape, element)}", tensor(array.shape, element)))[0]


def case(name, op, operands, *expected, **attributes):
    assert name not in CASES
    CASES[name] = (op, operands, attributes, [np.asarray(array) for array in expected])


def erf(x):
    return np.vectorize(math.erf)(x).astype(x.dtype)


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def attention(q, k, v, scale, mask=0.0):
    return softmax(q @ np.swapaxes(k, -1, -2) * scale + mask) @ v


def define():
    x, y, p, a, b, i, n, d, q, k, m = (INPUTS[name] for name in "xypabindqkm")
    B = {"auto_broadcast": '"numpy"'}

    # One operand.
    for op, f, operand in [
        ("abs", np.abs, "x"), ("ceiling", np.ceil, "x"), ("erf", erf, "x"), ("exp", np.exp, "x"), ("floor", np.floor, "x"),
        ("log", np.log, "p"), ("logical_not", np.logical_not, "a"), ("negative", np.negative, "x"), ("relu", lambda t: np.maximum(t, 0), "x"),
        ("sigmoid", lambda t: 1 / (1 + np.exp(-t)), "x"), ("sign", np.sign, "x"), ("soft_plus", lambda t: np.log1p(np.exp(t)), "x"),
        ("cos", np.cos, "x"), ("sin", np.sin, "x"), ("sqrt", np.sqrt, "p"), ("tanh", np.tanh, "x"), ("swish", lambda t: t / (1 + np.exp(-t)), "x"),
    ]:  # fmt: skip
        case(op, op, operand, f(INPUTS[operand]))
    case("elu", "elu", "x", np.where(x > 0, x, 0.5 * np.expm1(x)), alpha="5.0e-01 : f64")
    case("clamp", "clamp", "x", np.clip(x, -0.25, 0.5), min="-2.5e-01 : f64", max="5.0e-01 : f64")
    case("round", "round", "x", np.round(x), mode='"half_to_even"')
    case("round_away", "round", "x", np.sign(x) * np.floor(np.abs(x) + 0.5), mode='"half_away_from_zero"')
    case("swish_beta", "swish", ("x", constant(2.0, "f32")), x / (1 + np.exp(-2 * x)))
    case("gelu_erf", "gelu", "x", x * 0.5 * (1 + erf(x / np.float32(math.sqrt(2)))), approximation_mode='"ERF"')
    tanh_form = 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    case("gelu_tanh", "gelu", "x", tanh_form.astype("f4"), approximation_mode='"TANH"')
    case("convert_f32_i32", "convert", "p", p.astype("i4"), destination_type="i32")
    case("convert_i32_f32", "convert", "n", n.astype("f4"), destination_type="f32")
    case("convert_i1_f32", "convert", "a", a.astype("f4"), destination_type="f32")
    case("prelu", "prelu", ("x", constant(0.25, "f32")), np.where(x >= 0, x, x * np.float32(0.25)))

    # Two and three operands.
    for op, f, operands in [
        ("add", np.add, "xy"), ("subtract", np.subtract, "xy"), ("multiply", np.multiply, "xy"), ("maximum", np.maximum, "xy"),
        ("minimum", np.minimum, "xy"), ("power", np.power, "py"), ("squared_difference", lambda s, t: (s - t) ** 2, "xy"),
        ("floor_mod", np.mod, "nd"), ("mod", np.fmod, "nd"), ("equal", np.equal, "nd"), ("not_equal", np.not_equal, "nd"),
        ("greater", np.greater, "xy"), ("greater_equal", np.greater_equal, "nd"), ("less", np.less, "xy"),
        ("less_equal", np.less_equal, "nd"), ("logical_and", np.logical_and, "ab"), ("logical_or", np.logical_or, "ab"),
    ]:  # fmt: skip
        case(op, op, operands, f(*(INPUTS[o] for o in operands)), **B)
    case("divide", "divide", "xp", x / p, m_pythondiv="true", **B)
    # Not with quotients between -1 and 0: the CPU plugin rounds them to 0 whatever m_pythondiv says.
    whole = np.where((n < 0) & (-n < d), -d, n)
    case("divide_floor", "divide", (constant(whole, "i32"), "d"), np.floor_divide(whole, d), m_pythondiv="true", **B)
    case("select", "select", ("b", "x", "y"), np.where(b, x, y), **B)

    # Products, reductions, normalisation.
    no, yes = "false", "true"
    case("matmul", "matmul", ("q", "k"), q @ np.swapaxes(k, 2, 3), transpose_a=no, transpose_b=yes)
    case("matmul_transposed", "matmul", ("x", "p"), np.swapaxes(x, 1, 2) @ p, transpose_a=yes, transpose_b=no)
    case("einsum", "einsum", ("q", "k"), np.einsum("bnfd,bntd->bnft", q, k), equation='"bnfd,bntd->bnft"')
    for op, f in [("max", np.max), ("mean", np.mean), ("min", np.min), ("prod", np.prod), ("sum", np.sum)]:
        case(f"reduce_{op}", f"reduce_{op}", ("x", constant([-1])), f(x, -1, keepdims=True), keep_dims=yes)
        case(f"reduce_{op}_all", f"reduce_{op}", ("x", constant([0, 1, 2])), f(x), keep_dims=no)
    case("reduce_logical_and", "reduce_logical_and", ("a", constant([0])), a.all(0), keep_dims=no)
    case("reduce_logical_or", "reduce_logical_or", ("a", constant([0])), a.any(0), keep_dims=no)
    case("softmax", "softmax", "x", softmax(x), axis="-1 : i64")
    case("log_softmax", "log_softmax", "x", np.log(softmax(x)), axis="-1 : i64")
    centred = x - x.mean(-1, keepdims=True)
    variance = (centred**2).mean(-1, keepdims=True)
    for mode, scale in [("INSIDE_SQRT", 1 / np.sqrt(variance + 1e-2)), ("OUTSIDE_SQRT", 1 / (np.sqrt(variance) + 1e-2))]:
        case("mvn_" + mode.lower(), "mvn", ("x", constant([-1])), (centred * scale).astype("f4"),
             eps="1.0e-02 : f64", normalize_variance=yes, eps_mode=f'"{mode}"')  # fmt: skip
    sdpa = "scaled_dot_product_attention"
    case(sdpa, sdpa, ("q", "k", "k"), attention(q, k, k, 0.5), causal=no)
    case(sdpa + "_mask", sdpa, ("q", "k", "k", "m"), attention(q, k, k, 0.5, m), causal=no)
    case(sdpa + "_scale", sdpa, ("q", "k", "k", "m", constant(0.25, "f32")), attention(q, k, k, 0.25, m), causal=no)
    low, high = constant(-1.0, "f32"), constant(1.0, "f32")
    step = np.float32(2 / 255)
    case("fake_quantize", "fake_quantize", ("x", low, high, low, high), np.round((np.clip(x, -1, 1) + 1) / step) * step - 1,
         levels="256 : i64", **B)  # fmt: skip
    # Only its shape and range are known.
    case("random_uniform", "random_uniform", (constant([2, 3]), constant(0.0, "f32"), constant(1.0, "f32")), np.full((2, 3), np.nan, "f4"),
         output_type="f32", op_seed="1 : i64", global_seed="2 : i64", alignment='"tensorflow"')  # fmt: skip

    # Shapes, look-up, cutting and joining.
    case("shape_of", "shape_of", "x", np.array(x.shape, "i8"), output_type="i64")
    case("reshape", "reshape", ("x", constant([0, -1])), x.reshape(2, 12), special_zero=yes)
    case("reshape_literal", "reshape", ("x", constant([4, -1])), x.reshape(4, 6), special_zero=no)
    case("squeeze", "squeeze", ("y", constant([1])), y[:, 0])
    case("squeeze_all", "squeeze", ("y",), y[:, 0])
    case("unsqueeze", "unsqueeze", ("x", constant([0, 2])), x[None, :, None])
    case("transpose", "transpose", ("x", constant([2, 0, 1])), x.transpose(2, 0, 1))
    case("broadcast", "broadcast", ("y", constant([2, 3, 4])), np.broadcast_to(y, (2, 3, 4)), mode='"numpy"')
    case("broadcast_both", "broadcast", ("y", constant([2, 1, 4])), np.broadcast_to(y, (2, 3, 4)), mode='"bidirectional"')
    case("broadcast_explicit", "broadcast", ("y", constant([2, 3, 1]), constant([1, 2])), np.broadcast_to(y, (2, 3, 1)), mode='"explicit"')
    case("tile", "tile", ("y", constant([2, 1, 3])), np.tile(y, (2, 1, 3)))
    case("range", "range", (constant(3), constant(12), constant(2)), np.arange(3, 12, 2), output_type="i64")
    case("gather", "gather", ("x", "i", constant(1)), np.take(x, i, 1), batch_dims="0 : i64")
    case("gather_batch", "gather", ("x", "i", constant(1)), np.stack([np.take(x[t], i[t], 0) for t in range(2)]), batch_dims="1 : i64")
    case("gather_nd", "gather_nd", ("x", constant([[0, 2], [1, 0]])), np.stack([x[0, 2], x[1, 0]]), batch_dims="0 : i64")
    on, off = constant(2.0, "f32"), constant(-1.0, "f32")
    case("one_hot", "one_hot", ("i", constant(3), on, off), np.where(np.eye(3)[i] == 1, 2, -1).astype("f4"), axis="-1 : i64")
    case("concat", "concat", ("x", "p", "x"), np.concatenate([x, p, x], 1), axis="1 : i64")
    case("split", "split", ("x", constant(2)), x[..., :2], x[..., 2:], num_splits="2 : i64")
    case("variadic_split", "variadic_split", ("x", constant(1), constant([1, -1])), x[:, :1], x[:, 1:])
    masks = {"begin_mask": "array<i64: 1, 0, 0>", "end_mask": "array<i64: 1, 0, 0>", "new_axis_mask": "array<i64>",
             "shrink_axis_mask": "array<i64: 0, 1, 0>", "ellipsis_mask": "array<i64: 0, 0, 0>"}  # fmt: skip
    case("strided_slice", "strided_slice", ("x", constant([0, 1, 3]), constant([0, 2, 0]), constant([1, 1, -2])), x[:, 1, 3:0:-2], **masks)
    masks = {"begin_mask": "array<i64: 0, 0, 0>", "end_mask": "array<i64: 0, 0, 0>", "new_axis_mask": "array<i64: 1, 0, 0>",
             "shrink_axis_mask": "array<i64: 0, 0, 0>", "ellipsis_mask": "array<i64: 0, 1, 0>"}  # fmt: skip
    case("strided_slice_axes", "strided_slice", ("x", constant([0, 0, 1]), constant([0, 0, 3]), constant([1, 1, 1])), x[None, ..., 1:3], **masks)
    case("slice", "slice", ("x", constant([1, 0]), constant([3, -1]), constant([1, 2]), constant([1, 2])), x[:, 1:3, 0:-1:2])
    case("slice_leading", "slice", ("x", constant([1]), constant([2]), constant([1])), x[1:2])
    order = np.argsort(-x, -1)[..., :2]
    case("topk", "topk", ("x", constant(2)), np.take_along_axis(x, order, -1), order.astype("i4"),
         axis="-1 : i64", mode='"max"', sort='"value"', index_element_type="i32", stable=no)  # fmt: skip


define()


def write_text(without=()):
    """The model as text, the expected outputs in order, and their names; `without` leaves cases out."""
    lines = [line for _, line, _ in _constants.values()]
    types = {name: type_of(array) for name, array in INPUTS.items()} | {name: t for name, _, t in _constants.values()}
    results, expected = [], []
    for name, (op, operands, attributes, arrays) in CASES.items():
        if name in without:
            continue
        text = ", ".join(f"{key} = {value}" for key, value in attributes.items())
        arguments, into = ", ".join(f"%{o}" for o in operands), ", ".join(map(type_of, arrays))
        lines.append(
            f"%{name}:{len(arrays)} = ov.{op} {arguments} {{{text}}} : ({', '.join(types[o] for o in operands)})"
            f' -> ({into}) loc("{name}")'
        )
        for index, array in enumerate(arrays):
            results.append((f"%{name}#{index}", type_of(array), f"{name}_{index}"))
            expected.append((name, array))
    # Names with what XML and the names' own separator must escape; weights; a layer without an op.
    table = np.arange(6, dtype="f4").reshape(2, 3)
    lines.append(f'%w = ov.weight "odd <\\22 &>, name" dense<{table.tolist()}> : tensor<2x3xf32>')
    results.append(("%w", "tensor<2x3xf32>", "odd,<&> name"))
    expected.append(("weight", table))
    if "layer" not in without:
        lines.append('%sinh = ov.layer "opset1" "Sinh" (%x) {} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>')
        results.append(("%sinh", "tensor<2x3x4xf32>", "sinh"))
        expected.append(("layer", np.sinh(INPUTS["x"])))
    for element, dtype in [("f64", "f8"), ("f16", "f2"), ("i8", "i1"), ("ui8", "u1"), ("i16", "i2"), ("ui16", "u2"),
                           ("i32", "i4"), ("ui32", "u4"), ("i64", "i8"), ("ui64", "u8"), ("i1", "b1")]:  # fmt: skip
        if f"constant_{element}" in without:
            continue
        array = np.array([1, 0, 1], dtype)
        text = str(array.tolist()).lower()
        lines.append(f"%e_{element} = ov.constant dense<{text}> : tensor<3x{element}>")
        lines.append(f"%r_{element} = ov.convert %e_{element} {{destination_type = f32}} : (tensor<3x{element}>) -> tensor<3xf32>")
        results.append((f"%r_{element}", "tensor<3xf32>", element))
        expected.append((f"constant_{element}", array.astype("f4")))
    arguments = ", ".join(f'%{o}: {type_of(t)} {{ov.name = "{o}", ov.names = ["{o}", "{o}:0"]}}' for o, t in INPUTS.items())
    outputs = ", ".join(f'{t} {{ov.name = "{o}", ov.names = ["{o}"]}}' for _, t, o in results)
    body = "\n  ".join(lines)
    values, kinds = ", ".join(value for value, *_ in results), ", ".join(kind for _, kind, _ in results)
    return f"func.func @ops({arguments}) -> ({outputs}) {{\n  {body}\n  return {values} : {kinds}\n}}\n", expected, [name for *_, name in results]


TEXT, EXPECTED, _ = write_text()


def translate(*arguments):
    made = subprocess.run([BIN / "bert-translate", *map(str, arguments)], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


def run_elsewhere(python, folder):
    np.savez(folder / "inputs.npz", **INPUTS)
    script = pathlib.Path(run_ir.__file__)
    made = subprocess.run([python, script, folder / "ops.xml", folder / "inputs.npz", folder / "outputs.npz"], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return np.load(folder / "outputs.npz")


@pytest.fixture(scope="module", params=["2026.4", "2024.6"])
def outputs(request, tmp_path_factory):
    """What one OpenVINO release computes."""
    folder = tmp_path_factory.mktemp("ops")
    (folder / "ops.mlir").write_text(TEXT)
    translate("--export-ir", folder / "ops.mlir", "-o", folder / "ops.xml")
    if request.param == "2026.4":
        return run_elsewhere(sys.executable, folder)
    return run_elsewhere(harness.python_of("mo"), folder)


@pytest.mark.parametrize("index", range(len(EXPECTED)), ids=[f"{name}-{i}" for i, (name, _) in enumerate(EXPECTED)])
def test_value(outputs, index):
    name, expected = EXPECTED[index]
    found = outputs[f"output_{index}"]
    assert found.shape == expected.shape
    if name == "random_uniform":
        assert ((found >= 0) & (found < 1)).all()
        return
    assert found.dtype == expected.dtype
    tolerance = 1e-2 if name == "fake_quantize" else 1e-5  # a value half-way may go to either side
    assert np.allclose(found.astype("f8"), expected.astype("f8"), atol=tolerance, rtol=tolerance)


def test_names(outputs):
    assert '"odd,<&> name"' in str(outputs["outputs_names"])
    assert '["x", "x:0"]' in str(outputs["inputs_names"])


@pytest.mark.parametrize("flags", [[], ["--ir-version=10"], ["--compress-to-fp16"]], ids=["v11", "v10", "f16"])
def test_fixed_point(tmp_path, flags):
    """Reading what we wrote and writing it again changes no byte."""
    (tmp_path / "ops.mlir").write_text(TEXT)
    translate("--export-ir", *flags, tmp_path / "ops.mlir", "-o", tmp_path / "one.xml")
    translate("--import-ir", tmp_path / "one.xml", "--emit-bytecode", "-o", tmp_path / "one.mlirbc")
    again = [flag for flag in flags if flag != "--compress-to-fp16"]
    translate("--export-ir", *again, tmp_path / "one.mlirbc", "-o", tmp_path / "two.xml")
    for ending in ("xml", "bin"):
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()


def test_every_op_has_a_case():
    ops = set()
    for file in (ROOT / "include" / "bert" / "Dialect" / "OV" / "IR").glob("*.td"):
        ops.update(re.findall(r'OV_(?:Op|Unary|Binary|Compare|Reduce)<"(\w+)"', file.read_text()))
    assert len(ops) > 60
    assert ops <= {op for op, *_ in CASES.values()}
