"""TensorFlow's ops one by one: what each computes through bert-mo and OpenVINO against TensorFlow itself.

All are in one graph, so that the test costs one conversion; an op that goes wrong is named by its output.
"""

import os

import numpy as np

import harness

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def ops(tf, x, y, positive, ids, flags):
    """One tensor for each op. x, y, positive: f32 [2,3,8]; ids: i32 [2,3]; flags: bool [2,3,8]."""
    raw = tf.raw_ops
    odd = ids * 3 - 7
    return {
        "abs": tf.abs(x), "add_n": tf.add_n([x, y, x]), "all": tf.reduce_all(flags, -1), "any": tf.reduce_any(flags, 1),
        "arg_max": tf.argmax(x, -1), "arg_min": tf.argmin(x, 1, output_type=tf.int32),
        "bias_add": raw.BiasAdd(value=x, bias=y[0, 0]), "broadcast": tf.broadcast_to(x[:, :1], [2, 3, 8]),
        "ceil": tf.ceil(x), "clip": raw.ClipByValue(t=x, clip_value_min=-0.5, clip_value_max=0.25),
        "clip_two": tf.clip_by_value(x, -0.5, 0.25), "concat": tf.concat([x, y], 1),
        "cumsum": tf.cumsum(x, 1), "cumsum_last": tf.cumsum(ids, -1), "cumsum_exclusive": tf.cumsum(ids, 1, exclusive=True),
        "cumsum_reverse": tf.cumsum(x, 0, reverse=True), "cumsum_both": tf.cumsum(x, 2, exclusive=True, reverse=True),
        "cumsum_vector": tf.cumsum(x[0, 0]),
        "div": raw.Div(x=odd, y=ids + 2), "div_no_nan": tf.math.divide_no_nan(x, tf.maximum(y, 0.0)),
        "elu": tf.nn.elu(x), "equal": tf.equal(ids, 3), "erf": tf.math.erf(x), "erfc": tf.math.erfc(x), "exp": tf.exp(x),
        "expm1": tf.math.expm1(x), "fill": tf.fill([2, 2], 7.0) * x[0, 0, 0], "floor": tf.floor(x),
        "floor_div": tf.math.floordiv(odd, ids + 2), "floor_div_real": tf.math.floordiv(x, positive),
        "floor_mod": tf.math.floormod(odd, 4), "gather": tf.gather(x, ids % 3, axis=1),
        "gather_batch": tf.gather(x, ids % 3, axis=1, batch_dims=1), "gather_nd": tf.gather_nd(x, [[0, 1], [1, 2]]),
        "greater": tf.greater(x, y), "inv": raw.Inv(x=positive), "l2_loss": tf.nn.l2_loss(x),
        "l2_normalize": tf.nn.l2_normalize(x, -1), "leaky_relu": tf.nn.leaky_relu(x, 0.1), "log": tf.math.log(positive),
        "log1p": tf.math.log1p(positive), "log_softmax": tf.nn.log_softmax(x), "logical": tf.logical_xor(flags, x > 0),
        "logsumexp": tf.reduce_logsumexp(x, -1), "lower_triangle": tf.linalg.band_part(x, -1, 0),
        "upper_triangle": tf.linalg.band_part(x, 0, -1), "band": tf.linalg.band_part(x, 1, 2),
        "max": tf.reduce_max(x, [1, 2]), "min": tf.reduce_min(x, 0), "mean": tf.reduce_mean(x, keepdims=True),
        "mod": raw.Mod(x=odd, y=tf.constant(4)), "mod_truncated": raw.TruncateMod(x=odd, y=tf.constant(4)),
        "moments": tf.nn.moments(x, [-1])[1], "neg": -x, "not": tf.logical_not(flags), "one_hot": tf.one_hot(ids, 9),
        "one_hot_axis": tf.one_hot(ids, 5, on_value=2.0, off_value=-1.0, axis=1), "ones_like": tf.ones_like(x) + x,
        "pad": tf.pad(x, [[0, 1], [2, 0], [1, 1]]), "pad_value": tf.pad(ids, [[0, 0], [1, 2]], constant_values=5),
        "pow": tf.pow(positive, 1.5), "prod": tf.reduce_prod(x, 2), "range": tf.range(3, 11, 2) + ids[0, 0],
        "rank": tf.rank(x) + ids[0, 0], "real_div": x / positive, "reciprocal": tf.math.reciprocal(positive),
        "relu": tf.nn.relu(x), "relu6": tf.nn.relu6(x * 4), "round": tf.round(x * 4), "rsqrt": tf.math.rsqrt(positive),
        "select": raw.Select(condition=flags[:, 0, 0], x=x, y=y), "select_v2": tf.where_v2(flags, x, 0.5),
        "selu": tf.nn.selu(x), "sequence_mask": tf.sequence_mask(ids[0] % 4, 5), "sigmoid": tf.sigmoid(x), "sign": tf.sign(x),
        "size": tf.size(x) + ids[0, 0], "slice": tf.slice(x, [0, 1, 2], [-1, 2, 3]), "softmax": tf.nn.softmax(x),
        "softmax_axis": tf.nn.softmax(x, axis=1), "softplus": tf.nn.softplus(x), "softsign": tf.nn.softsign(x),
        "split": tf.split(x, [3, 5], axis=-1)[1], "sqrt": tf.sqrt(positive), "square": tf.square(x),
        "squared_difference": tf.math.squared_difference(x, y), "squeeze": tf.squeeze(x[:, :1], 1), "stack": tf.stack([x, y], 2),
        "strided_slice": x[:, ::2, 1:-1], "strided_slice_ellipsis": x[..., 0], "strided_slice_new_axis": x[:, None, 1, ...],
        "strided_slice_reverse": x[:, ::-1, :], "sub": x - y, "sum": tf.reduce_sum(x, 1, keepdims=True), "tanh": tf.tanh(x),
        "tile": tf.tile(ids, [1, 3]), "top_k": tf.nn.top_k(x, 3)[0], "transpose": tf.transpose(x, [2, 0, 1]),
        "truncated_div": raw.TruncateDiv(x=odd, y=ids + 2), "unstack": tf.unstack(x, axis=1)[2],
        "xdivy": tf.where(flags, x, tf.zeros_like(x)), "zeros_like": tf.zeros_like(ids) + ids,
        "matmul": tf.matmul(x, y, transpose_b=True), "matmul_v3": raw.BatchMatMulV3(x=x, y=y, Tout=tf.float32, adj_y=True),
        "einsum": tf.einsum("bij,bkj->bik", x, y), "tensordot": tf.tensordot(x, y[0], [[2], [1]]),
        "fake_quant": tf.quantization.fake_quant_with_min_max_vars(x, -1.3, 2.9),
        "fake_quant_args": tf.quantization.fake_quant_with_min_max_args(x, -1, 1, num_bits=4, narrow_range=True),
        "print": tf.Print(x, [tf.shape(x)], first_n=0),
        "cast_bool": tf.cast(flags, tf.float32), "cast_down": tf.cast(x * 4, tf.int32), "cast_up": tf.cast(ids, tf.int64),
    }  # fmt: skip


def test_ops(tmp_path):
    import tensorflow.compat.v1 as tf

    random = np.random.default_rng(5)
    feed = {
        "x": random.standard_normal((2, 3, 8)).astype("f4"),
        "y": random.standard_normal((2, 3, 8)).astype("f4"),
        "positive": random.uniform(0.5, 2, (2, 3, 8)).astype("f4"),
        "ids": random.integers(0, 9, (2, 3)).astype("i4"),
        "flags": random.integers(0, 2, (2, 3, 8)).astype(bool),
    }
    with tf.Graph().as_default() as graph, tf.Session() as session:
        inputs = [tf.placeholder(value.dtype, value.shape, name=name) for name, value in feed.items()]
        outputs = {name: tf.identity(value, f"out/{name}") for name, value in ops(tf, *inputs).items()}
        expected = session.run(outputs, {tensor: feed[tensor.op.name] for tensor in inputs})
        (tmp_path / "ops.pb").write_bytes(graph.as_graph_def().SerializeToString())
    names = [f"out/{name}" for name in expected]
    harness.bert_mo(
        ["--input_model", tmp_path / "ops.pb", "--output", ",".join(names), "--output_dir", tmp_path, "--model_name", "m"]
        + ["--input", ",".join(feed)]
    )
    model = harness.compile_f32(harness.read(tmp_path / "m.xml"))
    results = model(feed)
    wrong = {}
    for name, value in expected.items():
        actual = results[model.output(f"out/{name}")]
        error = harness.relative_error(actual, np.asarray(value)) if actual.dtype.kind != "b" else float((actual != value).any())
        if not error <= harness.MICRO_TOLERANCE or actual.dtype != value.dtype:
            wrong[name] = (error, actual.dtype, value.dtype)
    assert not wrong
