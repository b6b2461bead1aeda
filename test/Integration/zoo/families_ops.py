"""BERTs as tools rewrite them, and with ops that only pass on what they get."""

import numpy as np
import tensorflow.compat.v1 as tf

from .family import HIDDEN, TYPES, VOCAB, Family, dense, google_encoder, google_pooler, inputs_of, layer_norm, three_inputs, variable


def pooled(batch, seq):
    """BERT as it is, for what rewrites graphs."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs)
    return inputs, [google_pooler(outputs[-1])]


def passing_on(batch, seq):
    """Print, CheckNumerics and others that change nothing."""
    inputs = three_inputs(batch, seq)
    fed = {role: tf.identity(tensor) for role, tensor in inputs.items()}
    fed["input_ids"] = tf.Print(fed["input_ids"], [tf.shape(fed["input_ids"])], first_n=0)
    fed["input_mask"] = tf.ensure_shape(fed["input_mask"], [batch, seq])
    with tf.control_dependencies([tf.debugging.assert_less(fed["input_ids"], VOCAB)]):
        outputs, _ = google_encoder(fed)
    x = tf.stop_gradient(tf.debugging.check_numerics(outputs[-1], "sequence"))
    x = tf.identity_n([tf.raw_ops.Snapshot(input=x), fed["input_mask"]])[0]
    x = tf.raw_ops.PreventGradient(input=x)

    @tf.custom_gradient
    def reversed_gradient(t):
        return t, lambda d: -d

    return inputs, [google_pooler(reversed_gradient(x))]


def keras_functional(batch, seq):
    """What Keras makes under TensorFlow 1: a learning phase, dropout in cond, the mean over a mask."""
    inputs = inputs_of(batch, seq, "input_ids", "segment_ids")
    phase = tf.placeholder_with_default(False, [], name="keras_learning_phase")
    ids = inputs["input_ids"]

    def dropout(x, name):
        with tf.name_scope(name):
            return tf.cond(phase, lambda: tf.nn.dropout(x, rate=0.1), lambda: tf.identity(x))

    with tf.variable_scope("keras", use_resource=True):
        x = tf.nn.embedding_lookup(variable("token/embeddings", [VOCAB, HIDDEN]), ids)
        x += tf.nn.embedding_lookup(variable("segment/embeddings", [TYPES, HIDDEN]), inputs["segment_ids"])
        x = dropout(layer_norm(x, norm="squared_difference", epsilon=1e-3), "dropout")
        mask = tf.cast(tf.math.not_equal(ids, 0), tf.float32)
        query, key, value = (dense(x, HIDDEN, name) for name in ("q", "k", "v"))
        scores = tf.matmul(query, key, transpose_b=True) - 1.0e9 * (1.0 - mask)[:, tf.newaxis, :]
        x = layer_norm(x + dropout(tf.matmul(dropout(tf.nn.softmax(scores), "dropout_1"), value), "dropout_2"), "Norm")
        weights = tf.expand_dims(mask, -1)
        mean = tf.reduce_sum(x * weights, axis=1) / tf.reduce_sum(weights, axis=1)
    return inputs, [tf.nn.sigmoid(dense(mean, 1, "dense"))]


def fake_quantised(batch, seq):
    """Trained for int8: rounding on weights and on what a dense layer gets."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs, blocks=1)
    x = google_pooler(outputs[-1])
    x = tf.quantization.fake_quant_with_min_max_vars(x, -1.0, 1.0, num_bits=8)
    kernel = tf.quantization.fake_quant_with_min_max_args(variable("kernel", [HIDDEN, 8]), -1.0, 1.0, narrow_range=True)
    return inputs, [tf.matmul(x, kernel)]


def quantised_weights(graph_def):
    """transform_graph's quantize_weights: matrices as bytes behind Dequantize."""
    for node in list(graph_def.node):
        if node.op != "Const" or node.attr["dtype"].type != tf.float32.as_datatype_enum:
            continue
        value = tf.make_ndarray(node.attr["value"].tensor)
        if value.size < 512:
            continue
        low, high = value.min(), value.max()
        codes = np.round((value - low) * (255.0 / (high - low))).astype(np.uint8)
        parts = {"const": (codes, tf.quint8), "min": (low, tf.float32), "max": (high, tf.float32)}
        for suffix, (content, dtype) in parts.items():
            part = graph_def.node.add(name=f"{node.name}_quantized_{suffix}", op="Const")
            part.attr["dtype"].type = dtype.as_datatype_enum
            part.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(content))
            part.attr["value"].tensor.dtype = dtype.as_datatype_enum
        node.op = "Dequantize"
        node.attr.clear()
        node.attr["T"].type = tf.quint8.as_datatype_enum
        node.attr["mode"].s = b"MIN_FIRST"
        node.input.extend(f"{node.name}_quantized_{suffix}" for suffix in parts)


def odd_names(graph_def):
    """Names with other scripts' letters, dots, dashes and what XML escapes."""
    new = {}
    for node in graph_def.node:
        if node.op != "Placeholder":
            new[node.name] = node.name.replace("encoder", "энкодер").replace("layer_0", "layer_._0").replace("query", "q-u.e\\r>y")
    for node in graph_def.node:
        node.name = new.get(node.name, node.name)
        for index, name in enumerate(node.input):
            mark = "^" if name.startswith("^") else ""
            base, colon, port = name.removeprefix("^").partition(":")
            node.input[index] = mark + new.get(base, base) + colon + port


def value_lists(graph_def):
    """Constants as lists of values, the last of which repeats, instead of bytes; zeros as an empty list."""
    fields = {"float32": "float_val", "int32": "int_val", "int64": "int64_val", "bool": "bool_val"}
    for node in graph_def.node:
        if node.op != "Const":
            continue
        tensor = node.attr["value"].tensor
        value = tf.make_ndarray(tensor)
        flat = value.ravel().tolist()
        while len(flat) > 1 and flat[-1] == flat[-2]:
            flat.pop()
        if value.dtype.name in fields:
            for field in ("tensor_content", *fields.values()):
                tensor.ClearField(field)
            getattr(tensor, fields[value.dtype.name]).extend(flat if any(flat) else [])


def no_defaults(graph_def):
    """Attributes that have their default value are left out."""
    defaults = {
        "transpose_a": False, "transpose_b": False, "adj_x": False, "adj_y": False, "keep_dims": False, "validate_indices": True,
        "batch_dims": 0, "begin_mask": 0, "end_mask": 0, "ellipsis_mask": 0, "new_axis_mask": 0, "Truncate": False, "axis": 0,
    }  # fmt: skip
    for node in graph_def.node:
        for name in list(node.attr):
            value = node.attr[name]
            kind = value.WhichOneof("value")
            is_index = name in ("Tidx", "Tperm", "Tshape", "Tmultiples", "out_type") and value.type == tf.int32.as_datatype_enum
            is_default = name in defaults and not (name == "axis" and node.op == "OneHot") and getattr(value, kind) == defaults[name]
            if is_index or is_default or name.startswith("_"):
                del node.attr[name]
    graph_def.ClearField("versions")


FAMILIES = [
    Family("passing-on", "ops that change nothing", passing_on, batch=2, seq=8),
    Family("passing-on-dynamic", "the same, both open", passing_on, format="meta"),
    Family("keras-functional", "the learning phase, dropout in cond", keras_functional, format="meta"),
    Family("keras-functional-static", "the same, baked in", keras_functional, batch=2, seq=8),
    Family("quantised-weights", "weights of 8 bits behind Dequantize", pooled, batch=2, seq=8, finish=quantised_weights, tolerance=5e-2),
    Family("fake-quantised", "FakeQuant nodes", fake_quantised, batch=2, seq=8, tolerance=2e-3),
    Family("odd-names", "Cyrillic, dots, dashes in names", pooled, batch=2, seq=8, finish=odd_names),
    Family("value-lists", "constants as lists of values", pooled, batch=2, seq=8, finish=value_lists),
    Family("no-defaults", "attributes that have defaults are missing", pooled, finish=no_defaults),
]
