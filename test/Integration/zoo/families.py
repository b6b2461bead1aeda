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


# Hugging Face --------------------------------------------------------------------------------------------------------


def hf_bert(batch, seq):
    inputs = inputs_of(batch, seq, "input_ids", "attention_mask", "token_type_ids")
    with tf.variable_scope("tf_bert_model/bert"):
        with tf.variable_scope("embeddings"):
            x, _ = hf_embeddings(inputs["input_ids"], inputs["token_type_ids"])
        adder = hf_mask(inputs["attention_mask"])
        for index in range(LAYERS):
            with tf.variable_scope(f"encoder/layer_._{index}"):
                x = hf_block(x, adder)
        with tf.variable_scope("pooler"):
            pooled = dense(x[:, 0], HIDDEN, "dense", tf.tanh)
    return inputs, [x, pooled]


def hf_bert_no_ids(batch, seq):
    """Only the ids: mask and types are filled by tf.fill of the ids' shape."""
    inputs = inputs_of(batch, seq, "input_ids")
    ids = inputs["input_ids"]
    with tf.variable_scope("tf_bert_model/bert"):
        mask, types = tf.fill(shape_list(ids), 1), tf.fill(shape_list(ids), 0)
        with tf.variable_scope("embeddings"):
            x, _ = hf_embeddings(ids, types)
        adder = hf_mask(mask)
        for index in range(LAYERS):
            with tf.variable_scope(f"encoder/layer_._{index}"):
                x = hf_block(x, adder)
    return inputs, [x]


def hf_bert_mlm(batch, seq):
    inputs = inputs_of(batch, seq, "input_ids", "attention_mask", "token_type_ids")
    with tf.variable_scope("tf_bert_for_masked_lm"):
        with tf.variable_scope("embeddings"):
            x, words = hf_embeddings(inputs["input_ids"], inputs["token_type_ids"])
        adder = hf_mask(inputs["attention_mask"])
        with tf.variable_scope("layer"):
            x = hf_block(x, adder)
        x = layer_norm(dense(x, HIDDEN, "transform", gelu_erf), "transform_norm", norm="rsqrt")
        length = shape_list(x)[1]
        logits = tf.matmul(tf.reshape(x, [-1, HIDDEN]), words, transpose_b=True)
        logits = tf.reshape(logits, [-1, length, VOCAB])
        logits = tf.nn.bias_add(logits, variable("bias", [VOCAB]))
    return inputs, [logits]


def distilbert(batch, seq):
    inputs = inputs_of(batch, seq, "input_ids", "attention_mask")
    mask = tf.cast(inputs["attention_mask"], tf.float32)

    def adder(scores):
        opened = tf.reshape(mask, (shape_list(mask)[0], 1, 1, shape_list(scores)[-1]))
        return scores - 1e30 * (1.0 - opened)

    with tf.variable_scope("distilbert"):
        with tf.variable_scope("embeddings"):
            x, _ = hf_embeddings(inputs["input_ids"])
        for index in range(LAYERS):
            with tf.variable_scope(f"transformer/layer_._{index}"):
                x = hf_block(x, adder, scale_query=True)
        logits = dense(dense(x[:, 0], HIDDEN, "pre_classifier", tf.nn.relu), 2, "classifier")
    return inputs, [logits]


def roberta(batch, seq):
    """Positions count the tokens that are not padding, from 2 on."""
    inputs = inputs_of(batch, seq, "input_ids", "attention_mask")
    ids = inputs["input_ids"]
    with tf.variable_scope("roberta"):
        with tf.variable_scope("embeddings"):
            kept = tf.cast(tf.math.not_equal(ids, 1), tf.int32)
            positions = tf.math.cumsum(kept, axis=1) * kept + 1
            table = variable("position_embeddings/embeddings", [POSITIONS + 2, HIDDEN])
            words = variable("weight", [VOCAB, HIDDEN])
            types = variable("token_type_embeddings/embeddings", [1, HIDDEN])
            x = tf.gather(words, ids) + tf.gather(table, positions)
            x = layer_norm(x + tf.gather(types, tf.zeros_like(ids)), norm="rsqrt", epsilon=1e-5)
        adder = hf_mask(inputs["attention_mask"])
        for index in range(LAYERS):
            with tf.variable_scope(f"encoder/layer_._{index}"):
                x = hf_block(x, adder)
        x = dense(x[:, 0, :], HIDDEN, "dense", tf.tanh)
        logits = dense(x, 3, "out_proj")
    return inputs, [logits]


def roberta_range(batch, seq):
    """fairseq's simple spelling: positions are a range that begins at 2."""
    inputs = inputs_of(batch, seq, "input_ids", "attention_mask")
    ids = inputs["input_ids"]
    with tf.variable_scope("roberta"):
        with tf.variable_scope("embeddings"):
            positions = tf.range(2, shape_list(ids)[1] + 2, dtype=tf.int32)[tf.newaxis, :]
            table = variable("position_embeddings/embeddings", [POSITIONS + 2, HIDDEN])
            x = tf.gather(variable("weight", [VOCAB, HIDDEN]), ids) + tf.gather(table, positions)
            x = layer_norm(x, norm="rsqrt", epsilon=1e-5)
        with tf.variable_scope("layer"):
            x = hf_block(x, hf_mask(inputs["attention_mask"]))
    return inputs, [x]


# Google's relatives --------------------------------------------------------------------------------------------------


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


def albert(batch, seq):
    """ALBERT's modeling.py: einsum that TensorFlow 1 spelled as Reshape and MatMul, one layer for all, narrow words."""
    inputs = three_inputs(batch, seq)
    ids = inputs["input_ids"]
    width = 16

    def dense_3d(x, heads, size, name, activation=None):
        with tf.variable_scope(name):
            kernel = tf.reshape(variable("kernel", [HIDDEN, heads * size]), [HIDDEN, heads, size])
            bias = tf.reshape(variable("bias", [heads * size]), [heads, size])
            return tf.einsum("BFH,HND->BFND", x, kernel) + bias

    def dense_2d(x, units, name, activation=None):
        with tf.variable_scope(name):
            kernel = variable("kernel", [x.shape.as_list()[-1], units])
            y = tf.einsum("BFH,HO->BFO", x, kernel) + variable("bias", [units])
            return activation(y) if activation else y

    mask = inputs["input_mask"]
    with tf.variable_scope("bert"):
        with tf.variable_scope("embeddings"):
            x, words = google_embeddings(ids, inputs["segment_ids"], width)
        with tf.variable_scope("encoder"):
            x = dense_2d(x, HIDDEN, "embedding_hidden_mapping_in")
            with tf.variable_scope("transformer", reuse=tf.AUTO_REUSE):
                for index in range(LAYERS):
                    with tf.name_scope(f"layer_{index}"), tf.variable_scope("group_0/inner_group_0"):
                        with tf.variable_scope("attention_1/self"):
                            query, key, value = (
                                tf.transpose(dense_3d(x, HEADS, HEAD_SIZE, name), [0, 2, 1, 3])
                                for name in ("query", "key", "value")
                            )
                            scores = tf.matmul(query, key, transpose_b=True)
                            scores = tf.multiply(scores, 1.0 / math.sqrt(HEAD_SIZE))
                            to_batch, to_seq = layers.sizes_of(mask)
                            keys = tf.cast(tf.reshape(mask, [to_batch, 1, to_seq, 1]), tf.float32)
                            adder = (1.0 - tf.transpose(keys, [0, 1, 3, 2])) * -10000.0
                            context = tf.matmul(tf.nn.softmax(scores + adder), value)
                            context = tf.transpose(context, [0, 2, 1, 3])
                        with tf.variable_scope("attention_1/output/dense"):
                            kernel = tf.reshape(variable("kernel", [HIDDEN, HIDDEN]), [HEADS, HEAD_SIZE, HIDDEN])
                            attended = tf.einsum("BFND,NDH->BFH", context, kernel) + variable("bias", [HIDDEN])
                        attended = layer_norm(attended + x)
                        wide = dense_2d(attended, WIDE, "ffn_1/intermediate/dense", gelu_tanh)
                        narrow = dense_2d(wide, HIDDEN, "ffn_1/intermediate/output/dense")
                        x = layer_norm(narrow + attended, "LayerNorm_1")
        pooled = google_pooler(x)
    with tf.variable_scope("cls/predictions"):
        y = layer_norm(dense(tf.reshape(x, [-1, HIDDEN]), width, "transform", gelu_tanh))
        logits = tf.matmul(y, words, transpose_b=True) + variable("output_bias", [VOCAB])
    return inputs, [pooled, logits]


def electra(batch, seq):
    """The discriminator: narrow embeddings that are projected, one score for each token."""
    inputs = three_inputs(batch, seq)
    ids = inputs["input_ids"]
    n, length = layers.sizes_of(ids)
    with tf.variable_scope("electra"):
        with tf.variable_scope("embeddings"):
            x, _ = google_embeddings(ids, inputs["segment_ids"], 16)
        x = dense(x, HIDDEN, "embeddings_project")
        with tf.variable_scope("encoder"):
            adder = google_adder(google_mask(ids, inputs["input_mask"]))
            x = tf.reshape(x, [-1, HIDDEN])
            for index in range(LAYERS):
                with tf.variable_scope(f"layer_{index}"):
                    x = google_block(x, adder, n, length)
            x = tf.reshape(x, [n, length, HIDDEN])
    with tf.variable_scope("discriminator_predictions"):
        hidden = dense(x, HIDDEN, "dense", gelu_tanh)
        logits = tf.squeeze(dense(hidden, 1, "dense_1"), -1)
        predictions = tf.cast(tf.round((tf.sign(logits) + 1.0) / 2.0), tf.int32)
    return inputs, [tf.nn.sigmoid(logits), predictions]


def mobilebert(batch, seq):
    """Bottlenecks, several feed-forward blocks, NoNorm, words as trigrams."""
    inputs = three_inputs(batch, seq)
    ids = inputs["input_ids"]
    n, length = layers.sizes_of(ids)
    narrow = 16

    def no_norm(x, name="FakeLayerNorm"):
        with tf.variable_scope(name):
            width = [x.shape.as_list()[-1]]
            return x * variable("gamma", width) + variable("beta", width)

    with tf.variable_scope("bert"):
        with tf.variable_scope("embeddings"):
            words = tf.gather(variable("word_embeddings", [VOCAB, narrow]), ids)
            trigrams = tf.concat(
                [tf.pad(words[:, 1:], [[0, 0], [0, 1], [0, 0]]), words, tf.pad(words[:, :-1], [[0, 0], [1, 0], [0, 0]])],
                axis=2,
            )
            x = dense(trigrams, HIDDEN, "embedding_transformation")
            types = tf.one_hot(tf.reshape(inputs["segment_ids"], [-1]), TYPES)
            types = tf.matmul(types, variable("token_type_embeddings", [TYPES, HIDDEN]))
            x += tf.reshape(types, [n, length, HIDDEN])
            x += tf.slice(variable("position_embeddings", [POSITIONS, HIDDEN]), [0, 0], [length, -1])[tf.newaxis]
            x = no_norm(x)
        with tf.variable_scope("encoder"):
            adder = google_adder(google_mask(ids, inputs["input_mask"]))
            for index in range(LAYERS):
                with tf.variable_scope(f"layer_{index}"):
                    with tf.variable_scope("bottleneck"):
                        inside = no_norm(dense(x, narrow, "input"), "input_norm")
                        shared = no_norm(dense(x, narrow, "attention"), "attention_norm")

                    def split(t):
                        return tf.transpose(tf.reshape(t, [n, length, HEADS, narrow // HEADS]), [0, 2, 1, 3])

                    with tf.variable_scope("attention"):
                        query, key = (split(dense(shared, narrow, name)) for name in ("query", "key"))
                        value = split(dense(x, narrow, "value"))
                        scores = tf.matmul(query, key, transpose_b=True) * (1.0 / math.sqrt(narrow // HEADS))
                        context = tf.matmul(tf.nn.softmax(adder(scores)), value)
                        context = tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [n, length, narrow])
                        inner = no_norm(dense(context, narrow, "output") + inside)
                    for block in range(2):
                        with tf.variable_scope(f"ffn_layer_{block}"):
                            wide = dense(inner, WIDE, "intermediate", tf.nn.relu)
                            inner = no_norm(dense(wide, narrow, "output") + inner)
                    with tf.variable_scope("output"):
                        x = no_norm(dense(inner, HIDDEN, "bottleneck") + x)
    return inputs, [x, x[:, 0]]


# Keras ---------------------------------------------------------------------------------------------------------------


def keras_bert(batch, seq):
    """keras-bert: no mask input (zeros are padding), heads along the batch, softmax by hand, position rows tiled."""
    inputs = inputs_of(batch, seq, "input_ids", "segment_ids")
    ids, types = inputs["input_ids"], inputs["segment_ids"]
    mask = tf.not_equal(ids, 0)
    with tf.variable_scope("keras"):
        words = variable("Embedding-Token/embeddings", [VOCAB, HIDDEN])
        x = tf.gather(words, ids) + tf.gather(variable("Embedding-Segment/embeddings", [TYPES, HIDDEN]), types)
        shape = tf.shape(x)
        table = variable("Embedding-Position/embeddings", [POSITIONS, HIDDEN])
        positions = tf.tile(tf.expand_dims(table[: shape[1], :], 0), [shape[0], 1, 1])
        x = layer_norm(x + positions, "Embedding-Norm", 1e-12, "sqrt_div")
        for index in range(LAYERS):
            with tf.variable_scope(f"Encoder-{index}"):
                with tf.variable_scope("MultiHeadSelfAttention"):

                    def heads(t):
                        s = tf.shape(t)
                        t = tf.reshape(t, (s[0], s[1], HEADS, HEAD_SIZE))
                        return tf.reshape(tf.transpose(t, [0, 2, 1, 3]), (s[0] * HEADS, s[1], HEAD_SIZE))

                    query, key, value = (heads(dense(x, HIDDEN, name)) for name in ("q", "k", "v"))
                    e = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(HEAD_SIZE, tf.float32))
                    e = tf.exp(e - tf.reduce_max(e, axis=-1, keepdims=True))
                    m = tf.expand_dims(mask, axis=1)
                    m = tf.tile(m, [1, HEADS, 1])
                    ms = tf.shape(mask)
                    m = tf.reshape(m, (ms[0] * HEADS, ms[1]))
                    e = e * tf.cast(tf.expand_dims(m, axis=-2), tf.float32)
                    a = e / (tf.reduce_sum(e, axis=-1, keepdims=True) + 1e-7)
                    y = tf.matmul(a, value)
                    s = tf.shape(y)
                    y = tf.reshape(y, (-1, HEADS, s[1], s[2]))
                    y = tf.reshape(tf.transpose(y, [0, 2, 1, 3]), (-1, s[1], HIDDEN))
                    y = dense(y, HIDDEN, "o")
                x = layer_norm(x + y, "Norm-1", 1e-12, "sqrt_div")
                y = dense(dense(x, WIDE, "ff1", layers.ACTIVATIONS["gelu_erf_mul"]), HIDDEN, "ff2")
                x = layer_norm(x + y, "Norm-2", 1e-12, "sqrt_div")
        logits = dense(dense(x[:, 0], HIDDEN, "NSP-Dense", tf.tanh), 2, "NSP")
    return inputs, [tf.nn.softmax(logits)]


def bert4keras(batch, seq):
    """bert4keras: Einsum of scores, mask by product and sum, gelu by erf, mean without Reshape."""
    inputs = inputs_of(batch, seq, "input_ids", "segment_ids")
    ids, types = inputs["input_ids"], inputs["segment_ids"]
    mask = tf.cast(tf.greater(ids, 0), tf.float32)
    with tf.variable_scope("b4k"):
        x = tf.gather(variable("Embedding-Token/embeddings", [VOCAB, HIDDEN]), ids)
        x += tf.gather(variable("Embedding-Segment/embeddings", [TYPES, HIDDEN]), types)
        table = variable("Embedding-Position/embeddings", [POSITIONS, HIDDEN])
        x = layer_norm(x + table[None, : tf.shape(x)[1]], "norm", 1e-12, "sqrt_div")
        for index in range(LAYERS):
            with tf.variable_scope(f"Transformer-{index}"):
                query, key, value = (
                    tf.reshape(t, (-1, tf.shape(t)[1], HEADS, HEAD_SIZE))
                    for t in (dense(x, HIDDEN, name) for name in ("q", "k", "v"))
                )
                a = tf.einsum("bjhd,bkhd->bhjk", query, key) / HEAD_SIZE**0.5
                m = mask[:, None, None, :]
                a = a * m + -1e12 * (1 - m)
                y = tf.einsum("bhjk,bkhd->bjhd", tf.nn.softmax(a), value)
                y = dense(tf.reshape(y, (-1, tf.shape(y)[1], HIDDEN)), HIDDEN, "o")
                x = layer_norm(x + y, "Norm-1", 1e-12, "sqrt_div")
                y = dense(dense(x, WIDE, "ff1", layers.ACTIVATIONS["gelu_erf_scaled"]), HIDDEN, "ff2")
                x = layer_norm(x + y, "Norm-2", 1e-12, "sqrt_div")
        weights = mask[:, :, None]
        mean = tf.reduce_sum(x * weights, 1) / tf.reduce_sum(weights, 1)
    return inputs, [mean]


# Heads ---------------------------------------------------------------------------------------------------------------


def two_towers(batch, seq):
    """Two sentences through one encoder, their cosine similarity."""
    inputs = {}
    vectors = []
    for side in ("a", "b"):
        tower = {role: tf.placeholder(tf.int32, [batch, seq], name=f"{role}_{side}") for role in ("input_ids", "input_mask")}
        outputs, _ = google_encoder(tower, reuse=side == "b")
        weights = tf.expand_dims(tf.cast(tower["input_mask"], tf.float32), -1)
        mean = tf.reduce_sum(outputs[-1] * weights, 1) / tf.reduce_sum(weights, 1)
        vectors.append(tf.nn.l2_normalize(mean, -1))
        inputs.update({f"{role}_{side}": tensor for role, tensor in tower.items()})
    return inputs, [tf.reduce_sum(vectors[0] * vectors[1], -1, name="similarity")]


def last_layers(batch, seq):
    """Features of the last layers, joined and averaged."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs, blocks=4)
    joined = tf.concat(outputs[-4:], axis=-1)
    mean = tf.reduce_mean(tf.stack(outputs[-2:], axis=0), axis=0)
    return inputs, [tf.identity(joined, name="joined"), mean, tf.add_n(outputs)]


def bert_as_service(batch, seq, pool="mean"):
    """bert-as-service's pooling over the last but one layer."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs, blocks=3)
    with tf.variable_scope("pooling"):
        mask = tf.cast(inputs["input_mask"], tf.float32)
        x = outputs[-2]
        mean = tf.reduce_sum(x * tf.expand_dims(mask, axis=-1), axis=1)
        mean = mean / (tf.reduce_sum(mask, axis=1, keepdims=True) + 1e-10)
        largest = tf.reduce_max(x - tf.expand_dims(1.0 - mask, axis=-1) * 1e30, axis=1)
        pooled = {"mean": mean, "max": largest, "both": tf.concat([mean, largest], axis=1)}[pool]
        if pool == "mean":
            pooled = tf.squeeze(tf.expand_dims(pooled, 1), 1)
    return inputs, [tf.identity(pooled, "final_encodes")]


def labels(batch, seq):
    """Several labels for a text, as numbers between 0 and 1, as a vector of bools and of integers."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs)
    logits = dense(google_pooler(outputs[-1]), 4, "loss")
    probabilities = tf.nn.sigmoid(logits, name="probabilities")
    above = tf.greater(probabilities, 0.5)
    return inputs, [probabilities, above, tf.cast(above, tf.int32, name="labels")]


def predictions(batch, seq):
    """What serving graphs return beside the scores."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs)
    scores = tf.nn.softmax(dense(google_pooler(outputs[-1]), 5, "loss"))
    best = tf.nn.top_k(scores, k=3, name="best")
    return inputs, [scores, best.values, best.indices, tf.argmax(scores, axis=1), tf.reduce_max(scores, axis=-1)]


def token_labels(batch, seq):
    """Named entities: scores for each token, masked, the best label, the length for a CRF."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs)
    logits = dense(outputs[-1], 5, "project")
    masked = tf.math.argmax(logits, axis=-1, output_type=tf.int32) * inputs["input_mask"]
    lengths = tf.reduce_sum(tf.sign(tf.abs(inputs["input_ids"])), axis=1)
    return inputs, [logits, masked, lengths]


def question_answering(batch, seq):
    """Start and end as probabilities over the context's tokens only; ends by their best position."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs)
    logits = dense(outputs[-1], 2, "qa")
    start, end = (logits[:, :, i] for i in range(2))
    outside = tf.cast(1 - inputs["segment_ids"], tf.float32)
    start = tf.nn.softmax(start - 1e30 * outside * tf.cast(inputs["input_mask"], tf.float32), name="start")
    end = tf.nn.softmax(end - 1e4 * (1 - tf.cast(inputs["input_mask"], tf.float32)), name="end")
    joint = tf.matmul(tf.expand_dims(start, 2), tf.expand_dims(end, 1))
    return inputs, [start, end, tf.reduce_max(joint, axis=1)]


def text_cnn(batch, seq):
    """Convolutions over the tokens and their maximum, as classifiers on top of BERT have them, in two spellings."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs, blocks=1)
    x = tf.expand_dims(outputs[-1], -1)
    pooled = []
    for width in (2, 3):
        kernel = variable(f"conv{width}/kernel", [width, HIDDEN, 1, 6])
        y = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, [1, 1, 1, 1], "VALID"), variable(f"conv{width}/bias", [6])))
        if seq:
            y = tf.nn.max_pool(y, [1, seq - width + 1, 1, 1], [1, 1, 1, 1], "VALID")
        pooled.append(tf.reduce_max(y, axis=[1, 2]))
    # layers.Conv1D
    y = tf.nn.conv1d(outputs[-1], variable("conv1d/kernel", [4, HIDDEN, 6]), 1, "SAME")
    pooled.append(tf.reduce_max(tf.nn.bias_add(y, variable("conv1d/bias", [6])), axis=1))
    return inputs, [dense(tf.concat(pooled, 1), 3, "cnn_logits")]


# Inputs --------------------------------------------------------------------------------------------------------------


def seq_first(batch, seq):
    """[S, B] inputs that are transposed first."""
    inputs = {role: tf.placeholder(tf.int32, [seq, batch], name=role) for role in ("ids_sb", "mask_sb")}
    turned = {"input_ids": tf.transpose(inputs["ids_sb"]), "input_mask": tf.transpose(inputs["mask_sb"], [1, 0])}
    outputs, _ = google_encoder(turned)
    return inputs, [tf.transpose(outputs[-1], [1, 0, 2])]


def bool_mask(batch, seq):
    """The mask as a bool tensor, the types as bytes."""
    inputs = {
        "input_ids": tf.placeholder(tf.int32, [batch, seq], name="input_ids"),
        "input_mask": tf.placeholder(tf.bool, [batch, seq], name="input_mask"),
        "segment_ids": tf.placeholder(tf.uint8, [batch, seq], name="segment_ids"),
    }
    cast = dict(inputs, input_mask=tf.cast(inputs["input_mask"], tf.int32), segment_ids=tf.cast(inputs["segment_ids"], tf.int32))
    outputs, _ = google_encoder(cast)
    return inputs, [google_pooler(outputs[-1])]


def float_mask(batch, seq):
    """The mask as floats."""
    inputs = inputs_of(batch, seq, "input_ids")
    inputs["input_mask"] = tf.placeholder(tf.float32, [batch, seq], name="input_mask")
    outputs, _ = google_encoder(inputs)
    return inputs, [google_pooler(outputs[-1])]


def int64_all(batch, seq):
    """Inputs, shape arithmetic and predictions in int64."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask", "segment_ids", dtype=tf.int64)
    outputs, _ = google_encoder(inputs)
    logits = dense(google_pooler(outputs[-1]), 3, "loss")
    return inputs, [tf.argmax(logits, -1), tf.shape(inputs["input_ids"], out_type=tf.int64)[0], logits]


def mixed_types(batch, seq):
    """Ids of int64, a mask of int32, types of int64."""
    inputs = {
        role: tf.placeholder(dtype, [batch, seq], name=role)
        for role, dtype in (("input_ids", tf.int64), ("input_mask", tf.int32), ("segment_ids", tf.int64))
    }
    outputs, _ = google_encoder(inputs)
    return inputs, [google_pooler(outputs[-1])]


def lengths(batch, seq):
    """The mask is made of lengths by tf.sequence_mask."""
    inputs = {"input_ids": tf.placeholder(tf.int32, [batch, seq], name="input_ids"), "lengths": tf.placeholder(tf.int32, [batch], name="lengths")}
    mask = tf.sequence_mask(inputs["lengths"], layers.sizes_of(inputs["input_ids"])[1], dtype=tf.int32)
    outputs, _ = google_encoder({"input_ids": inputs["input_ids"], "input_mask": mask})
    return inputs, [google_pooler(outputs[-1])]


def padding_mask(batch, seq):
    """The mask is sign(abs(ids)), as many Chinese scripts have it."""
    inputs = inputs_of(batch, seq, "input_ids")
    ids = inputs["input_ids"]
    outputs, _ = google_encoder({"input_ids": ids, "input_mask": tf.sign(tf.abs(ids)), "segment_ids": tf.zeros_like(ids)})
    return inputs, [google_pooler(outputs[-1])]


def unknown_rank(batch, seq):
    """Placeholders without any shape: the command line gives it."""
    inputs = {role: tf.placeholder(tf.int32, None, name=role) for role in ("input_ids", "input_mask")}
    shaped = {role: tf.reshape(tensor, [-1, tf.shape(tensor)[1]]) for role, tensor in inputs.items()}
    outputs, _ = google_encoder(shaped)
    return inputs, [google_pooler(outputs[-1])]


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
    Family("hf-bert", "Hugging Face: shapes at run time, mask by newaxis, Gather of a Range", hf_bert),
    Family("hf-bert-static", "the same, baked in", hf_bert, batch=2, seq=8),
    Family("hf-bert-static-seq", "the same, sequence baked in", hf_bert, seq=8),
    Family("hf-bert-ids-only", "mask and types by Fill", hf_bert_no_ids),
    Family("hf-bert-mlm", "word scores of all positions", hf_bert_mlm, seq=8),
    Family("distilbert", "no types, scaled query, mask by subtraction", distilbert),
    Family("distilbert-static", "the same, baked in", distilbert, batch=2, seq=8),
    Family("roberta", "positions by Cumsum over what is not padding", roberta, dynamic="any"),
    Family("roberta-range", "positions from 2 on", roberta_range),
    Family("roberta-range-static", "positions from 2 on, baked in", roberta_range, batch=2, seq=8, dynamic="any"),
    Family("albert", "ALBERT: einsum, shared layer, narrow words", albert),
    Family("albert-static", "the same, baked in", albert, batch=2, seq=8),
    Family("electra", "ELECTRA's discriminator", electra),
    Family("electra-static", "the same, baked in", electra, batch=2, seq=8, format="meta"),
    Family("mobilebert", "MobileBERT: bottlenecks, NoNorm, trigrams by Pad", mobilebert),
    Family("mobilebert-static", "the same, baked in", mobilebert, batch=2, seq=8, dynamic="any"),
    Family("keras-bert", "keras-bert: heads along the batch, softmax by hand", keras_bert),
    Family("keras-bert-static-seq", "the same, sequence baked in", keras_bert, seq=8, dynamic="any"),
    Family("bert4keras", "bert4keras: Einsum, mask by product", bert4keras),
    Family("two-towers", "two sentences, one encoder", two_towers),
    Family("two-towers-static", "the same, baked in", two_towers, batch=2, seq=8),
    Family("last-layers", "last layers joined, averaged, added", last_layers, seq=8),
    Family("service-mean", "bert-as-service: mean over the mask", bert_as_service),
    Family("service-max", "bert-as-service: maximum over the mask", lambda b, s: bert_as_service(b, s, "max")),
    Family("service-both", "bert-as-service: both", lambda b, s: bert_as_service(b, s, "both"), seq=8),
    Family("labels", "several labels; outputs of bool and int32", labels),
    Family("predictions", "TopK, ArgMax of int64", predictions, batch=2, seq=8),
    Family("entities", "labels of tokens, lengths", token_labels),
    Family("answers", "start and end as probabilities of the context", question_answering, seq=8),
    Family("text-cnn", "convolutions on top", text_cnn, batch=2, seq=8, dynamic="any"),
    Family("text-cnn-dynamic", "the same, both open", text_cnn, dynamic="any"),
    Family("seq-first", "[S, B] inputs", seq_first, batch=2, seq=8, dynamic="any"),
    Family("bool-mask", "a mask of bool, types of uint8", bool_mask, types=(("input_mask", ""), ("segment_ids", ""))),
    Family("float-mask", "a mask of f32", float_mask, types=(("input_mask", "f32"),)),
    Family("int64-all", "int64 inputs and outputs, asked for as they are", int64_all, types=(("input_ids", ""), ("input_mask", ""), ("segment_ids", ""))),
    Family("int64-as-int32", "the same with {i32}: outputs keep int64", int64_all),
    Family("mixed-types", "int64 and int32 inputs", mixed_types, batch=2, seq=8),
    Family("lengths", "mask by sequence_mask", lengths, dynamic="any"),
    Family("padding-mask", "mask by sign of ids", padding_mask, batch=2, seq=8),
    Family("unknown-rank", "placeholders without shape", unknown_rank, shape="[?,?]"),
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
