"""Relatives of BERT, and other people's ways to write it: Hugging Face, ALBERT, ELECTRA, MobileBERT, Keras."""

import math

import tensorflow.compat.v1 as tf

from . import layers
from .family import (
    Family,
    HEADS,
    HEAD_SIZE,
    HIDDEN,
    LAYERS,
    POSITIONS,
    TYPES,
    VOCAB,
    WIDE,
    dense,
    gelu_erf,
    gelu_tanh,
    google_adder,
    google_block,
    google_embeddings,
    google_mask,
    google_pooler,
    hf_block,
    hf_embeddings,
    hf_mask,
    inputs_of,
    layer_norm,
    shape_list,
    three_inputs,
    variable,
)


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
]
