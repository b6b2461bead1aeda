"""What people put on top of BERT, and into it."""

import math

import tensorflow.compat.v1 as tf

from . import layers
from .family import (
    Family,
    HEADS,
    HEAD_SIZE,
    HIDDEN,
    POSITIONS,
    VOCAB,
    WIDE,
    dense,
    gelu_tanh,
    google_adder,
    google_attention,
    google_embeddings,
    google_encoder,
    google_mask,
    google_pooler,
    hf_block,
    hf_mask,
    inputs_of,
    layer_norm,
    shape_list,
    three_inputs,
    variable,
)


def scalar_mix(batch, seq):
    """A learned mean of all layers."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs, blocks=3)
    weights = tf.unstack(tf.nn.softmax(variable("mix/weights", [3])))
    mixed = variable("mix/gamma", []) * tf.add_n([w * x for w, x in zip(weights, outputs)])
    stacked = tf.stack(outputs, axis=-1)
    other = tf.squeeze(tf.tensordot(stacked, tf.expand_dims(tf.nn.softmax(variable("mix/others", [3])), 1), 1), -1)
    return inputs, [mixed, other]


def attention_pooling(batch, seq):
    """A learned weight for each token; masked softmax over the sequence."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs)
    x = outputs[-1]
    with tf.variable_scope("pooling"):
        u = tf.tanh(dense(x, 12, "hidden"))
        scores = tf.tensordot(u, variable("context", [12]), axes=1)
        scores += (1.0 - tf.cast(inputs["input_mask"], tf.float32)) * -1e9
        alphas = tf.nn.softmax(scores, name="alphas")
        vector = tf.reduce_sum(x * tf.expand_dims(alphas, -1), 1)
    return inputs, [vector, alphas]


def adapters(batch, seq):
    """Houlsby's adapters: a bottleneck with a residual in each sub-layer."""
    inputs = three_inputs(batch, seq)

    def adapter(x):
        with tf.variable_scope("adapters"):
            return dense(dense(x, 6, "down", gelu_tanh), HIDDEN, "up") + x

    def block(x, adder, n, length):
        with tf.variable_scope("attention"):
            context = google_attention(x, adder, n, length)
            with tf.variable_scope("output"):
                attended = layer_norm(adapter(dense(context, HIDDEN, "dense")) + x)
        with tf.variable_scope("output"):
            wide = dense(attended, WIDE, "wide", gelu_tanh)
            return layer_norm(adapter(dense(wide, HIDDEN, "dense")) + attended)

    outputs, _ = google_encoder(inputs, block=block)
    return inputs, [outputs[-1]]


def crf_inputs(batch, seq):
    """A CRF's scores, its transitions (a variable) and the lengths, as decoders outside want them."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs)
    n, length = layers.sizes_of(inputs["input_ids"])
    with tf.variable_scope("project"):
        x = tf.reshape(outputs[-1], [-1, HIDDEN])
        kernel, bias = variable("W", [HIDDEN, 5]), variable("b", [5])
        logits = tf.reshape(tf.nn.xw_plus_b(x, kernel, bias), [-1, length, 5], name="logits")
    with tf.variable_scope("crf_loss"):
        transitions = tf.identity(variable("transitions", [5, 5]), "trans")
    return inputs, [logits, transitions, tf.reduce_sum(inputs["input_mask"], axis=1, name="lengths")]


def biaffine(batch, seq):
    """Scores of pairs of tokens."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs, blocks=1)
    with tf.variable_scope("parser"):
        head, tail = (dense(outputs[-1], 8, name, tf.nn.elu) for name in ("head", "tail"))
        u = variable("u", [8, 3, 8])
        scores = tf.einsum("bxi,ioj,byj->bxyo", head, u, tail)
        pair = tf.matmul(tf.einsum("bxi,ij->bxj", head, variable("w", [8, 8])), tail, transpose_b=True)
    return inputs, [scores, tf.transpose(pair, [0, 2, 1])]


def global_pointer(batch, seq):
    """Spans by products of rotated queries and keys; upper triangle only."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask")
    outputs, _ = google_encoder(inputs, blocks=1)
    n, length = layers.sizes_of(inputs["input_ids"])
    with tf.variable_scope("pointer"):
        qk = tf.reshape(dense(outputs[-1], 2 * 2 * 8, "dense"), [n, length, 2, 16])
        query, key = qk[..., :8], qk[..., 8:]
        angles = [[place * 10000.0 ** (-2 * (i // 2) / 8) for i in range(8)] for place in range(POSITIONS)]
        sin, cos = (
            tf.gather(tf.constant([[f(a) for a in row] for row in angles]), tf.range(length))[None, :, None] for f in (math.sin, math.cos)
        )

        def rotate(t):
            turned = tf.stack([-t[..., 1::2], t[..., ::2]], 4)
            return t * cos + tf.reshape(turned, tf.shape(t)) * sin

        scores = tf.einsum("bmhd,bnhd->bhmn", rotate(query), rotate(key)) / 8**0.5
        mask = tf.cast(inputs["input_mask"], tf.float32)[:, None, None, :]
        scores = scores * mask - (1 - mask) * 1e12
        scores -= tf.linalg.band_part(tf.ones_like(scores), -1, 0) * 1e12 - tf.linalg.band_part(tf.ones_like(scores), 0, 0) * 1e12
    return inputs, [scores]


def entity_spans(batch, seq):
    """R-BERT: the mean over the tokens of an entity, which segment ids mark."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs)
    marks = tf.cast(tf.equal(inputs["segment_ids"], 1), tf.float32)
    total = tf.squeeze(tf.matmul(tf.expand_dims(marks, 1), outputs[-1]), axis=[1])
    mean = tf.div_no_nan(total, tf.reduce_sum(marks, 1, keepdims=True))
    both = tf.concat([google_pooler(outputs[-1]), tf.tanh(mean)], -1)
    return inputs, [dense(both, 4, "loss")]


def gathered_tokens(batch, seq):
    """Tokens picked by position in the spellings besides Google's: batch_dims, GatherNd, one-hot product."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask")
    inputs["spots"] = tf.placeholder(tf.int32, [batch, 3], name="spots")
    outputs, _ = google_encoder(inputs)
    x, spots = outputs[-1], inputs["spots"]
    rows = tf.tile(tf.range(tf.shape(spots)[0])[:, None], [1, tf.shape(spots)[1]])
    nd = tf.gather_nd(x, tf.stack([rows, spots], axis=-1))
    by_product = tf.matmul(tf.one_hot(spots, tf.shape(x)[1]), x)
    return inputs, [tf.gather(x, spots, batch_dims=1, axis=1), tf.identity(nd, "nd"), by_product]


def feed_spots(values, batch, seq):
    return dict(values, spots=(values["input_ids"][:, :1] + [[0, 1, 2]]) % seq)


def nezha(batch, seq):
    """NEZHA: positions relative to each other, of sines, clipped, in scores and in values."""
    inputs = three_inputs(batch, seq)
    ids = inputs["input_ids"]
    n, length = layers.sizes_of(ids)
    reach = 4

    def relative():
        numbers = tf.range(length)
        grid = tf.reshape(tf.tile(numbers, [length]), [length, length])
        distance = tf.clip_by_value(grid - tf.transpose(grid), -reach, reach) + reach
        table = [[math.sin(p / 10000 ** (i / HEAD_SIZE)) for i in range(HEAD_SIZE)] for p in range(2 * reach + 1)]
        one_hot = tf.one_hot(tf.reshape(distance, [-1]), depth=2 * reach + 1)
        return tf.reshape(tf.matmul(one_hot, tf.constant(table, tf.float32)), [length, length, HEAD_SIZE])

    def attention(x, adder, n, length):
        def split(t):
            return tf.transpose(tf.reshape(t, [n, length, HEADS, HEAD_SIZE]), [0, 2, 1, 3])

        query, key, value = (split(dense(x, HIDDEN, name)) for name in ("query", "key", "value"))
        scores = tf.matmul(query, key, transpose_b=True)
        r = relative()
        turned = tf.reshape(tf.transpose(query, [2, 0, 1, 3]), [length, n * HEADS, HEAD_SIZE])
        more = tf.reshape(tf.matmul(turned, r, transpose_b=True), [length, n, HEADS, length])
        scores = (scores + tf.transpose(more, [1, 2, 0, 3])) * (1.0 / math.sqrt(HEAD_SIZE))
        weights = tf.nn.softmax(adder(scores))
        context = tf.matmul(weights, value)
        turned = tf.reshape(tf.transpose(weights, [2, 0, 1, 3]), [length, n * HEADS, length])
        more = tf.reshape(tf.matmul(turned, r), [length, n, HEADS, HEAD_SIZE])
        context = context + tf.transpose(more, [1, 2, 0, 3])
        return tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [n * length, HIDDEN])

    def block(x, adder, n, length):
        attended = layer_norm(dense(attention(x, adder, n, length), HIDDEN, "dense") + x)
        with tf.variable_scope("output"):
            return layer_norm(dense(dense(attended, WIDE, "wide", gelu_tanh), HIDDEN, "dense") + attended)

    outputs, _ = google_encoder(inputs, block=block, blocks=1)
    return inputs, [outputs[-1]]


def relative_bias(batch, seq):
    """A learned bias for each distance of two tokens, by bucket, added to the scores (T5, BEiT)."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask")
    length = shape_list(inputs["input_ids"])[1]
    with tf.variable_scope("bert"):
        x = tf.gather(variable("word_embeddings", [VOCAB, HIDDEN]), inputs["input_ids"])
        numbers = tf.range(length)
        distance = tf.maximum(tf.minimum(numbers[None, :] - numbers[:, None], 5), -5) + 5
        bias = tf.transpose(tf.gather(variable("relative/embeddings", [11, HEADS]), distance), [2, 0, 1])[None]
        adder = hf_mask(inputs["input_mask"])
        with tf.variable_scope("norm"):
            scale = variable("gamma", [HIDDEN])
            x = x * tf.rsqrt(tf.reduce_mean(tf.square(x), -1, keepdims=True) + 1e-6) * scale
        x = hf_block(x, lambda scores: adder(scores + bias))
    return inputs, [x]


def gated_units(batch, seq):
    """Gated linear units instead of the intermediate layer; swish, mish and quick gelu."""
    inputs = three_inputs(batch, seq)

    def block(x, adder, n, length):
        attended = layer_norm(dense(google_attention(x, adder, n, length), HIDDEN, "dense") + x)
        with tf.variable_scope("output"):
            gate, value = tf.split(dense(attended, 2 * WIDE, "wide"), 2, axis=-1)
            swish = tf.nn.swish(gate) * value
            mish = swish * tf.tanh(tf.nn.softplus(value))
            quick = mish * tf.sigmoid(1.702 * mish)
            return layer_norm(dense(quick, HIDDEN, "dense") + attended)

    outputs, _ = google_encoder(inputs, block=block)
    return inputs, [google_pooler(outputs[-1])]


def head_mask(batch, seq):
    """Heads that are switched off by a constant, layers that are left out."""
    inputs = three_inputs(batch, seq)
    kept = tf.unstack(tf.constant([[1.0, 0.0], [0.5, 1.0]]))
    ids = inputs["input_ids"]
    n, length = layers.sizes_of(ids)
    with tf.variable_scope("bert"):
        x, _ = google_embeddings(ids, inputs["segment_ids"])
        adder = google_adder(google_mask(ids, inputs["input_mask"]))
        for index in range(2):
            with tf.variable_scope(f"layer_{index}"):

                def split(t):
                    return tf.transpose(tf.reshape(t, [n, length, HEADS, HEAD_SIZE]), [0, 2, 1, 3])

                query, key, value = (split(dense(x, HIDDEN, name)) for name in ("query", "key", "value"))
                scores = tf.matmul(query, key, transpose_b=True) * HEAD_SIZE**-0.5
                weights = tf.nn.softmax(adder(scores)) * tf.reshape(kept[index], [1, HEADS, 1, 1])
                context = tf.reshape(tf.transpose(tf.matmul(weights, value), [0, 2, 1, 3]), [n, length, HIDDEN])
                x = layer_norm(dense(context, HIDDEN, "dense") + x)
    return inputs, [x]


def cross_attention(batch, seq):
    """ESIM on top: two texts, each looks at the other."""
    inputs = {}
    towers = []
    for side in ("a", "b"):
        tower = {role: tf.placeholder(tf.int32, [batch, seq], name=f"{role}_{side}") for role in ("input_ids", "input_mask")}
        outputs, _ = google_encoder(tower, reuse=side == "b", blocks=1)
        towers.append((outputs[-1], tf.cast(tower["input_mask"], tf.float32)))
        inputs.update({f"{role}_{side}": tensor for role, tensor in tower.items()})
    (a, mask_a), (b, mask_b) = towers
    scores = tf.matmul(a, b, transpose_b=True)
    to_b = tf.nn.softmax(scores - 1e9 * (1 - mask_b[:, None]))
    to_a = tf.nn.softmax(tf.transpose(scores, [0, 2, 1]) - 1e9 * (1 - mask_a[:, None]))
    a = tf.concat([a, tf.matmul(to_b, b), a - tf.matmul(to_b, b), a * tf.matmul(to_b, b)], -1)
    b = tf.concat([b, tf.matmul(to_a, a[..., :HIDDEN])], -1)
    pooled = tf.concat([tf.reduce_max(a, 1), tf.reduce_mean(a, 1), tf.reduce_max(b, 1)], -1)
    return inputs, [tf.nn.softmax(dense(pooled, 3, "esim"))]


def many_tasks(batch, seq):
    """Several heads of one encoder: intent, slots, a number, a ranking."""
    inputs = three_inputs(batch, seq)
    outputs, _ = google_encoder(inputs)
    pooled = google_pooler(outputs[-1])
    slots = tf.nn.softmax(tf.reshape(dense(tf.reshape(outputs[-1], [-1, HIDDEN]), 6, "slots"), [-1, *layers.sizes_of(inputs["input_ids"])[1:], 6]))
    score = tf.squeeze(dense(pooled, 1, "regression"), -1)
    rank = tf.reshape(tf.sigmoid(dense(pooled, 1, "ranking")), [-1])
    entropy = -tf.reduce_sum(slots * tf.log(slots + 1e-8), -1)
    best = tf.cast(tf.argmax(dense(pooled, 4, "intent"), -1), tf.int32)
    return inputs, [slots, score, rank, entropy, best, tf.one_hot(best, 4), tf.cast(tf.equal(best, 1), tf.float32)]


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


FAMILIES = [
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
    Family("scalar-mix", "a learned mean of all layers", scalar_mix),
    Family("scalar-mix-static", "the same, baked in", scalar_mix, batch=2, seq=8),
    Family("attention-pooling", "a softmax over the sequence on top", attention_pooling),
    Family("attention-pooling-static", "the same, baked in", attention_pooling, batch=2, seq=8),
    Family("adapters", "bottlenecks in each layer", adapters, batch=2, seq=8, format="meta"),
    Family("crf-inputs", "a variable is an output", crf_inputs),
    Family("crf-inputs-static", "the same, baked in", crf_inputs, batch=2, seq=8, format="meta"),
    Family("biaffine", "scores of pairs of tokens", biaffine),
    Family("biaffine-static", "the same, baked in", biaffine, batch=2, seq=8, dynamic="any"),
    Family("global-pointer", "rotated queries and keys, triangles", global_pointer),
    Family("entity-spans", "means over marked tokens", entity_spans, batch=2, seq=8),
    Family("gathered-tokens", "tokens picked by batch_dims, GatherNd, one-hot", gathered_tokens, feed=feed_spots, shapes=(("spots", "B 3"),)),
    Family("nezha", "relative positions in scores and values", nezha),
    Family("nezha-static", "the same, baked in", nezha, batch=2, seq=8, dynamic="any"),
    Family("relative-bias", "a bias by distance", relative_bias),
    Family("relative-bias-static", "the same, baked in", relative_bias, batch=2, seq=8, dynamic="any"),
    Family("gated-units", "swish, mish and quick gelu in gated units", gated_units, batch=2, seq=8),
    Family("head-mask", "heads switched off", head_mask, batch=2, seq=8),
    Family("cross-attention", "two texts that look at each other", cross_attention),
    Family("cross-attention-static", "the same, baked in", cross_attention, batch=2, seq=8, dynamic="any"),
    Family("many-tasks", "several heads of one encoder", many_tasks, batch=2, seq=8, format="meta", dynamic="any"),
    Family("many-tasks-dynamic", "several heads, both open", many_tasks),
]
