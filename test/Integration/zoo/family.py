"""BERTs that do not come from modeling.py: relatives of the model, and other people's ways to write it.

Each function builds one graph for [batch, seq], either of which may be None, and returns its inputs by role and its
outputs. The same function with both open gives the reference answers.
"""

import dataclasses
import math
import typing

import tensorflow.compat.v1 as tf

from . import layers

VOCAB, HIDDEN, HEADS, WIDE, POSITIONS, TYPES, LAYERS = 40, 32, 2, 48, 32, 2, 2
HEAD_SIZE = HIDDEN // HEADS


@dataclasses.dataclass(frozen=True)
class Family:
    """One graph. `build` takes batch and seq and returns (inputs by role, outputs)."""

    name: str
    why: str
    build: typing.Callable
    batch: typing.Optional[int] = None
    seq: typing.Optional[int] = None
    format: str = "frozen"  # or "meta", "averages": a meta graph whose saver reads moving averages
    dynamic: str = "both"  # "both", "batch", or "any" (right or refused)
    flags: typing.Tuple[str, ...] = ()
    types: typing.Tuple[typing.Tuple[str, str], ...] = ()  # element types to ask for where it is not i32; "": none
    feed: typing.Optional[typing.Callable] = None  # what is fed, made of values for the usual roles, batch and seq
    shapes: typing.Tuple[typing.Tuple[str, str], ...] = ()  # where it is not [B, S]: "B 3 S", "B S/2"
    shape: str = ""  # to ask for where the graph states none
    finish: typing.Optional[typing.Callable] = None  # changes the GraphDef that is written
    tolerance: float = 1e-5


# Pieces --------------------------------------------------------------------------------------------------------------


def variable(name, shape, initializer=None, **how):
    return tf.get_variable(name, shape, tf.float32, initializer or tf.zeros_initializer(), **how)


def inputs_of(batch, seq, *roles, dtype=tf.int32):
    return {role: tf.placeholder(dtype, [batch, seq], name=role) for role in roles}


def dense(x, units, name, activation=None):
    """layers.Dense: MatMul on matrices, Tensordot on more dimensions."""
    with tf.variable_scope(name):
        kernel = variable("kernel", [x.shape.as_list()[-1], units])
        bias = variable("bias", [units])
        if len(x.shape) == 2:
            y = tf.matmul(x, kernel)
        else:
            y = tf.tensordot(x, kernel, [[len(x.shape) - 1], [0]])
            y.set_shape(x.shape.as_list()[:-1] + [units])
        y = tf.nn.bias_add(y, bias)
        return activation(y) if activation else y


def layer_norm(x, name="LayerNorm", epsilon=1e-12, norm="contrib"):
    with tf.variable_scope(name):
        width = [x.shape.as_list()[-1]]
        beta, gamma = variable("beta", width), variable("gamma", width)
        return layers.LAYER_NORMS[norm](x, gamma, beta, epsilon)


def shape_list(x):
    """Dimensions as Hugging Face writes them: numbers where known, else slices of one Shape node."""
    static, dynamic = x.shape.as_list(), tf.shape(x)
    return [dynamic[i] if size is None else size for i, size in enumerate(static)]


gelu_erf = layers.ACTIVATIONS["gelu_erf"]
gelu_tanh = layers.ACTIVATIONS["gelu_tanh"]


def hf_attention(x, adder, scale_query=False, heads=HEADS):
    """TFBertSelfAttention: reshapes to [B, -1, N, D], scores over sqrt(cast(D)), dropout that is off."""
    batch = shape_list(x)[0]
    width = x.shape.as_list()[-1]

    def split(t):
        return tf.transpose(tf.reshape(t, (batch, -1, heads, width // heads)), (0, 2, 1, 3))

    query, key, value = (split(dense(x, width, name)) for name in ("query", "key", "value"))
    dk = tf.cast(shape_list(key)[-1], tf.float32)
    if scale_query:
        query = query / math.sqrt(width // heads)
        scores = tf.matmul(query, key, transpose_b=True)
    else:
        scores = tf.matmul(query, key, transpose_b=True) / tf.math.sqrt(dk)
    scores = adder(scores)
    context = tf.matmul(tf.nn.softmax(scores, axis=-1), value)
    return tf.reshape(tf.transpose(context, perm=[0, 2, 1, 3]), (batch, -1, width))


def hf_block(x, adder, activation=gelu_erf, norm="keras", **how):
    with tf.variable_scope("attention"):
        with tf.variable_scope("self"):
            context = hf_attention(x, adder, **how)
        with tf.variable_scope("output"):
            attended = layer_norm(dense(context, HIDDEN, "dense") + x, norm="rsqrt")
    with tf.variable_scope("intermediate"):
        wide = dense(attended, WIDE, "dense", activation)
    with tf.variable_scope("output"):
        return layer_norm(dense(wide, HIDDEN, "dense") + attended, norm="rsqrt")


def hf_mask(mask):
    extended = tf.cast(mask[:, tf.newaxis, tf.newaxis, :], tf.float32)
    extended = (1.0 - extended) * -10000.0
    return lambda scores: scores + extended


def hf_embeddings(ids, types=None, positions=None, width=HIDDEN):
    words = variable("weight", [VOCAB, width])
    table = variable("position_embeddings/embeddings", [POSITIONS, width])
    batch, seq = shape_list(ids)
    if positions is None:
        positions = tf.range(seq, dtype=tf.int32)[tf.newaxis, :]
    total = tf.gather(words, ids) + tf.gather(table, positions)
    if types is not None:
        total += tf.gather(variable("token_type_embeddings/embeddings", [TYPES, width]), types)
    return layer_norm(total, norm="rsqrt"), words


# As in Google's own code -----------------------------------------------------------------------------------------------


def google_embeddings(ids, types, width=HIDDEN):
    batch, seq = layers.sizes_of(ids)
    words = variable("word_embeddings", [VOCAB, width])
    x = tf.reshape(tf.gather(words, tf.reshape(ids, [-1])), [batch, seq, width])
    if types is not None:
        table = variable("token_type_embeddings", [TYPES, width])
        one_hot = tf.one_hot(tf.reshape(types, [-1]), depth=TYPES)
        x += tf.reshape(tf.matmul(one_hot, table), [batch, seq, width])
    table = variable("position_embeddings", [POSITIONS, width])
    x += tf.reshape(tf.slice(table, [0, 0], [seq, -1]), [1, seq, width])
    return layer_norm(x), words


def google_mask(ids, mask):
    batch, seq = layers.sizes_of(ids)
    keys = tf.cast(tf.reshape(mask, [batch, 1, seq]), tf.float32)
    return tf.ones([batch, seq, 1], tf.float32) * keys


def google_adder(attention_mask):
    return lambda scores: scores + (1.0 - tf.cast(tf.expand_dims(attention_mask, 1), tf.float32)) * -10000.0


def google_attention(x, adder, batch, seq, heads=HEADS, cast=lambda t: t):
    """modeling.py's attention on [B*S, H]."""
    width = x.shape.as_list()[-1]

    def split(t):
        return tf.transpose(tf.reshape(t, [batch, seq, heads, width // heads]), [0, 2, 1, 3])

    query, key, value = (split(dense(x, width, name)) for name in ("query", "key", "value"))
    scores = tf.multiply(tf.matmul(query, key, transpose_b=True), 1.0 / math.sqrt(width // heads))
    context = tf.matmul(tf.nn.softmax(adder(scores)), value)
    return tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [batch * seq, width])


def google_block(x, adder, batch, seq, activation=gelu_tanh, norm=layer_norm):
    with tf.variable_scope("attention"):
        with tf.variable_scope("self"):
            context = google_attention(x, adder, batch, seq)
        with tf.variable_scope("output"):
            attended = norm(dense(context, HIDDEN, "dense") + x)
    with tf.variable_scope("intermediate"):
        wide = dense(attended, WIDE, "dense", activation)
    with tf.variable_scope("output"):
        return norm(dense(wide, HIDDEN, "dense") + attended)


def google_encoder(inputs, scope="bert", reuse=None, blocks=LAYERS, block=google_block):
    """[B, S, H] of every layer, and the word table."""
    ids = inputs["input_ids"]
    batch, seq = layers.sizes_of(ids)
    outputs = []
    with tf.variable_scope(scope, reuse=reuse):
        with tf.variable_scope("embeddings"):
            x, words = google_embeddings(ids, inputs.get("segment_ids"))
        with tf.variable_scope("encoder"):
            adder = google_adder(google_mask(ids, inputs["input_mask"]))
            x = tf.reshape(x, [-1, HIDDEN])
            for index in range(blocks):
                with tf.variable_scope(f"layer_{index}"):
                    x = block(x, adder, batch, seq)
                outputs.append(tf.reshape(x, [batch, seq, HIDDEN]))
    return outputs, words


def google_pooler(x, scope="bert", reuse=None):
    with tf.variable_scope(scope + "/pooler", reuse=reuse):
        return dense(tf.squeeze(x[:, 0:1, :], axis=1), HIDDEN, "dense", tf.tanh)


def three_inputs(batch, seq):
    return inputs_of(batch, seq, "input_ids", "input_mask", "segment_ids")
