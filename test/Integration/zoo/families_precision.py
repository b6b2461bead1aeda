"""Half precision, control flow, and what tools do to a graph afterwards."""

import math

import tensorflow.compat.v1 as tf

from . import layers
from .family import (
    Family,
    HEADS,
    HEAD_SIZE,
    HIDDEN,
    LAYERS,
    WIDE,
    dense,
    google_adder,
    google_block,
    google_embeddings,
    google_encoder,
    google_mask,
    google_pooler,
    layer_norm,
    three_inputs,
    variable,
)
from .families_heads import bert_as_service
from .families_models import hf_bert


# Precision and control flow ------------------------------------------------------------------------------------------


def mixed_precision(batch, seq, dtype=tf.float16):
    """NVIDIA's scripts: f32 variables, computed in f16, layer norm and softmax in f32."""
    inputs = three_inputs(batch, seq)
    ids = inputs["input_ids"]
    n, length = layers.sizes_of(ids)

    def getter(getter, name, *args, **how):
        return tf.cast(getter(name, *args, **how), dtype)

    def norm(x):
        return tf.cast(layer_norm(tf.cast(x, tf.float32)), dtype)

    with tf.variable_scope("bert"):
        with tf.variable_scope("embeddings"):
            x, _ = google_embeddings(ids, inputs["segment_ids"])
        adder = google_adder(google_mask(ids, inputs["input_mask"]))
        x = tf.cast(tf.reshape(x, [-1, HIDDEN]), dtype)
        for index in range(LAYERS):
            with tf.variable_scope(f"layer_{index}"):

                def cast_dense(x, units, name, activation=None):
                    with tf.variable_scope(name, custom_getter=getter):
                        y = tf.matmul(x, variable("kernel", [x.shape.as_list()[-1], units]))
                        y = tf.nn.bias_add(y, variable("bias", [units]))
                        return activation(y) if activation else y

                def split(t):
                    return tf.transpose(tf.reshape(t, [n, length, HEADS, HEAD_SIZE]), [0, 2, 1, 3])

                query, key, value = (split(cast_dense(x, HIDDEN, name)) for name in ("query", "key", "value"))
                scores = tf.matmul(query, key, transpose_b=True) * tf.cast(1.0 / math.sqrt(HEAD_SIZE), dtype)
                weights = tf.cast(tf.nn.softmax(adder(tf.cast(scores, tf.float32))), dtype)
                context = tf.transpose(tf.matmul(weights, value), [0, 2, 1, 3])
                context = tf.reshape(context, [n * length, HIDDEN])
                with tf.variable_scope("attention_output"):
                    attended = norm(cast_dense(context, HIDDEN, "dense") + x)
                wide = cast_dense(attended, WIDE, "intermediate", tf.nn.relu)
                with tf.variable_scope("output"):
                    x = norm(cast_dense(wide, HIDDEN, "dense") + attended)
        x = tf.cast(tf.reshape(x, [n, length, HIDDEN]), tf.float32)
    return inputs, [x]


def functions(batch, seq):
    """A layer as a tf.function: PartitionedCall of a library function."""
    inputs = three_inputs(batch, seq)
    ids = inputs["input_ids"]
    n, length = layers.sizes_of(ids)
    with tf.variable_scope("bert"):
        x, _ = google_embeddings(ids, inputs["segment_ids"])
        table = variable("table", [HIDDEN, HIDDEN])

        @tf.function
        def inner(a, b):
            return tf.matmul(a, b), a + 1.0

        @tf.function
        def outer(a, b):
            product, more = inner(a, b)
            return tf.nn.relu(product) + more

        x = outer(tf.reshape(x, [-1, HIDDEN]), tf.identity(table))
        x = google_block(x, google_adder(google_mask(ids, inputs["input_mask"])), n, length)
    return inputs, [tf.reshape(x, [n, length, HIDDEN])]


def functional_if(batch, seq):
    """tf.cond of TensorFlow 2 on a flag that the command line gives: If with two library functions."""
    inputs = three_inputs(batch, seq)
    is_training = tf.placeholder_with_default(False, [], name="is_training")
    outputs, _ = google_encoder(inputs)
    pooled = google_pooler(outputs[-1])
    tf.enable_control_flow_v2()
    try:
        pooled = tf.cond(is_training, lambda: tf.nn.dropout(pooled, rate=0.1), lambda: pooled)
    finally:
        tf.disable_control_flow_v2()
    return inputs, [dense(pooled, 3, "loss")]


def switched(batch, seq):
    """Switch and Merge on a flag: around dropout, around the head, nested."""
    inputs = three_inputs(batch, seq)
    is_training = tf.placeholder_with_default(False, [], name="is_training")
    outputs, _ = google_encoder(inputs)
    pooled = google_pooler(outputs[-1])
    pooled = tf.cond(is_training, lambda: tf.nn.dropout(pooled, rate=0.1), lambda: pooled)

    def training():
        return tf.cond(tf.logical_not(is_training), lambda: pooled * 2.0, lambda: pooled * 3.0)

    y = tf.cond(is_training, training, lambda: dense(pooled, HIDDEN, "head"))
    return inputs, [tf.nn.softmax(dense(y, 3, "loss"))]


def placeholder_and_feature_spec(batch, seq):
    """An estimator's export that begins with serialized examples: cut behind the parser."""
    texts = tf.placeholder(tf.string, [batch], name="input_example_tensor")
    spec = {name: tf.io.FixedLenFeature([8], tf.int64) for name in ("input_ids", "input_mask", "segment_ids")}
    parsed = tf.io.parse_example(texts, spec)
    inputs = {name: parsed[name] for name in spec}
    cast = {name: tf.cast(tensor, tf.int32) for name, tensor in inputs.items()}
    outputs, _ = google_encoder(cast)
    return inputs, [google_pooler(outputs[-1])]


# What is done to the graph afterwards --------------------------------------------------------------------------------


def add_marks(graph_def):
    """What XLA, colocation and schedulers leave on nodes."""
    for node in graph_def.node:
        if node.op in ("MatMul", "Softmax", "Mul"):
            node.attr["_XlaCompile"].b = True
            node.attr["_XlaScope"].s = b"jit_scope_0"
            node.attr["_XlaSeparateCompiledGradients"].b = False
            node.attr["_class"].list.s.append(b"loc:@somewhere")
            node.device = "/job:worker/replica:0/task:0/device:GPU:0"
    graph_def.node.add(name="HorovodBroadcast_bert_0", op="HorovodBroadcast", input=[graph_def.node[0].name])
    graph_def.versions.min_consumer = 12


def fuse(graph_def):
    """grappler's remapper by hand: MatMul, BiasAdd and an activation in one node."""
    by_name = {node.name: node for node in graph_def.node}
    users = {}
    for node in graph_def.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    gone = set()
    for node in list(graph_def.node):
        if node.op != "BiasAdd" or by_name[node.input[0]].op != "MatMul" or len(users[node.input[0]]) != 1:
            continue
        product = by_name[node.input[0]]
        fused, last = [b"BiasAdd"], node
        following = users.get(node.name, [])
        if len(following) == 1 and following[0].op in ("Tanh", "Relu"):
            last = following[0]
            fused.append(last.op.encode())
        operands = [*product.input, node.input[1]]
        gone.update({product.name, node.name} - {last.name})
        attrs = {name: product.attr[name] for name in ("transpose_a", "transpose_b")}
        last.op = "_FusedMatMul"
        del last.input[:]
        last.input.extend(operands)
        for name in list(last.attr):
            if name != "T":
                del last.attr[name]
        for name, value in attrs.items():
            last.attr[name].CopyFrom(value)
        last.attr["num_args"].i = 1
        last.attr["epsilon"].f = 0.0
        last.attr["fused_ops"].list.s.extend(fused)
    kept = [node for node in graph_def.node if node.name not in gone]
    del graph_def.node[:]
    graph_def.node.extend(kept)


def fold_casts(graph_def):
    """Constants that are cast become constants of the other type, as transform_graph's fold_constants does it."""
    by_name = {node.name: node for node in graph_def.node}
    for node in graph_def.node:
        if node.op != "Cast":
            continue
        source = by_name[node.input[0]]
        while source.op == "Identity":
            source = by_name[source.input[0]]
        if source.op != "Const":
            continue
        dtype = tf.as_dtype(node.attr["DstT"].type)
        value = tf.make_ndarray(source.attr["value"].tensor).astype(dtype.as_numpy_dtype)
        node.op = "Const"
        del node.input[:]
        node.attr.clear()
        node.attr["dtype"].type = dtype.as_datatype_enum
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value, dtype))


FAMILIES = [
    Family("mixed-f16", "f16 with casts", mixed_precision, tolerance=1e-2),
    Family("mixed-f16-static", "f16 with casts, meta graph", mixed_precision, batch=2, seq=8, format="meta", tolerance=1e-2),
    Family("mixed-f16-folded", "weights of f16", mixed_precision, finish=fold_casts, tolerance=1e-2),
    Family("mixed-bf16", "bf16 with casts", lambda b, s: mixed_precision(b, s, tf.bfloat16), tolerance=5e-2),
    Family("moving-averages", "a checkpoint of moving averages", lambda b, s: bert_as_service(b, s), batch=2, seq=8, format="averages"),
    Family("functions", "PartitionedCall", functions),
    Family("functional-if", "If and two functions", functional_if),
    Family("switched", "Switch and Merge at several places", switched, format="meta"),
    Family("examples", "serialized examples, cut behind the parser", placeholder_and_feature_spec, seq=8),
    Family("marks", "XLA attributes, devices, Horovod", lambda b, s: hf_bert(b, s), finish=add_marks),
    Family("fused-matmul", "grappler's _FusedMatMul", lambda b, s: (lambda i: (i, [google_pooler(google_encoder(i)[0][-1])]))(three_inputs(b, s)), batch=2, seq=8, finish=fuse),
]
