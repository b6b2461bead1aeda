"""Graphs that say batch and sequence length in ways that modeling.py does not, and what must become of them.

Each entry builds one graph for any [batch, sequence]; its answer at another shape is that of the graph built for that
shape. `expect` is "right", or what the refusal of --dynamic says where the graph does not tell what is meant. A wrong
answer is never right.
"""

import zlib

import numpy as np
import tensorflow.compat.v1 as tf

HIDDEN, HEADS, VOCAB, ROWS, PICKED = 8, 2, 40, 32, 3

GRAPHS = {}


def graph(expect="right", **how):
    """Registers a function of (ids, batch, seq), whose other inputs are in `how`: name -> function of (batch, seq)."""

    def register(function):
        GRAPHS[function.__name__] = (function, expect, how)
        return function

    return register


def weight(name, shape):
    """A variable of a frozen graph, the same in every graph."""
    values = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(shape).astype(np.float32) * 0.5
    return tf.identity(tf.constant(values, name=name), name=name + "/read")


def inputs_of(how, batch, seq):
    """Values by name."""
    random = np.random.default_rng(batch * 100 + seq)
    values = {"ids": random.integers(1, VOCAB, (batch, seq)).astype(np.int32)}
    for name, make in how.items():
        values[name] = make(random, batch, seq)
    return values


def build(name, batch, seq):
    """The frozen GraphDef for one shape."""
    function, _, how = GRAPHS[name]
    with tf.Graph().as_default() as built:
        values = inputs_of(how, batch, seq)
        placeholders = {key: tf.placeholder(value.dtype, value.shape, name=key) for key, value in values.items()}
        tf.identity(function(placeholders.pop("ids"), batch, seq, **placeholders), name="output")
        return built.as_graph_def()


def answer(graph_def, values):
    with tf.Graph().as_default():
        tf.import_graph_def(graph_def, name="")
        with tf.Session() as session:
            return session.run("output:0", {key + ":0": value for key, value in values.items()})


# Inputs --------------------------------------------------------------------------------------------------------------


def lengths(random, batch, seq):
    return random.integers(1, seq + 1, (batch,)).astype(np.int32)


def mask(random, batch, seq):
    return (np.arange(seq)[None] < random.integers(1, seq + 1, (batch, 1))).astype(np.int32)


def places(random, batch, seq):
    return random.integers(0, seq, (batch, PICKED)).astype(np.int32)


def ids_too(random, batch, seq):
    return random.integers(1, VOCAB, (batch, seq)).astype(np.int32)


# Pieces --------------------------------------------------------------------------------------------------------------


def words(ids):
    return tf.gather(weight("words", [VOCAB, HIDDEN]), ids)


def dense(x, units, name):
    """On rows."""
    return tf.matmul(x, weight(name + "/kernel", [x.shape[-1], units])) + weight(name + "/bias", [units])


def attend(x, batch, seq, bias=None):
    """One attention; all shapes are numbers."""
    rows = tf.reshape(x, [batch * seq, HIDDEN])

    def heads(name):
        split = tf.reshape(dense(rows, HIDDEN, name), [batch, seq, HEADS, HIDDEN // HEADS])
        return tf.transpose(split, [0, 2, 1, 3])

    scores = tf.matmul(heads("query"), heads("key"), transpose_b=True) * 0.5
    if bias is not None:
        scores += bias
    context = tf.transpose(tf.matmul(tf.nn.softmax(scores), heads("value")), [0, 2, 1, 3])
    return tf.reshape(dense(tf.reshape(context, [batch * seq, HIDDEN]), HIDDEN, "out"), [batch, seq, HIDDEN])


def table():
    return weight("positions", [ROWS, HIDDEN])


def first(x):
    return tf.squeeze(x[:, 0:1, :], axis=1)


# Other spellings of shapes -------------------------------------------------------------------------------------------


@graph()
def packed_target(ids, batch, seq):
    shape = tf.stack([tf.constant(batch), tf.constant(seq), tf.constant(HIDDEN)])
    return attend(tf.reshape(words(tf.reshape(ids, [-1])), shape), batch, seq)


@graph(mask=mask)
def filled_mask(ids, batch, seq, mask):
    ones = tf.fill(tf.stack([tf.constant(batch), tf.constant(seq), 1]), 1.0)
    kept = ones * tf.cast(tf.reshape(mask, [batch, 1, seq]), tf.float32)
    return attend(words(ids), batch, seq, (1.0 - tf.expand_dims(kept, 1)) * -10000.0)


@graph()
def tiled_positions(ids, batch, seq):
    rows = tf.slice(table(), [0, 0], [seq, -1])
    return attend(words(ids) + tf.tile(tf.expand_dims(rows, 0), [batch, 1, 1]), batch, seq)


@graph()
def broadcast_positions(ids, batch, seq):
    return attend(words(ids) + tf.broadcast_to(table()[0:seq], [batch, seq, HIDDEN]), batch, seq)


@graph()
def ones_of_scores(ids, batch, seq):
    return attend(words(ids), batch, seq, tf.ones([batch, 1, seq, seq]))


@graph(mask=lambda random, batch, seq: mask(random, batch, seq).reshape(batch, 1, 1, seq).astype(np.float32))
def mask_of_rank_4(ids, batch, seq, mask):
    return attend(words(ids), batch, seq, (1.0 - mask) * -10000.0)


@graph(mask=lambda random, batch, seq: np.broadcast_to(mask(random, batch, seq)[:, None], (batch, seq, seq)).copy())
def mask_of_rank_3(ids, batch, seq, mask):
    return attend(words(ids), batch, seq, (1.0 - tf.cast(tf.expand_dims(mask, 1), tf.float32)) * -10000.0)


@graph(lengths=lengths)
def sequence_mask(ids, batch, seq, lengths):
    kept = tf.cast(tf.less(tf.range(seq)[None], lengths[:, None]), tf.float32)
    return attend(words(ids), batch, seq, (1.0 - tf.reshape(kept, [batch, 1, 1, seq])) * -10000.0)


@graph()
def sequence_first(ids, batch, seq):
    x = tf.transpose(words(ids), [1, 0, 2])
    x = tf.tanh(x + tf.reshape(table()[:seq], [seq, 1, HIDDEN]))
    return attend(tf.transpose(x, [1, 0, 2]), batch, seq)


@graph()
def types_from_ids(ids, batch, seq):
    types = tf.cast(tf.greater(ids, 20), tf.int32)
    rows = tf.matmul(tf.one_hot(tf.reshape(types, [-1]), 2), weight("types", [2, HIDDEN]))
    return attend(words(ids) + tf.reshape(rows, [batch, seq, HIDDEN]), batch, seq)


# Positions -----------------------------------------------------------------------------------------------------------


@graph()
def range_positions(ids, batch, seq):
    return attend(words(ids) + tf.gather(table(), tf.range(seq)), batch, seq)


@graph()
def shifted_positions(ids, batch, seq):
    return attend(words(ids) + tf.gather(table(), tf.range(seq) + 2), batch, seq)


@graph()
def shifted_slice(ids, batch, seq):
    return attend(words(ids) + table()[2 : seq + 2], batch, seq)


@graph()
def literal_positions(ids, batch, seq):
    return attend(words(ids) + tf.gather(table(), tf.constant(np.arange(seq, dtype=np.int32)[None])), batch, seq)


@graph()
def one_hot_positions(ids, batch, seq):
    return attend(words(ids) + tf.matmul(tf.one_hot(tf.range(seq), ROWS), table()), batch, seq)


@graph("may be the sequence length")
def reversed_positions(ids, batch, seq):
    return attend(words(ids) + tf.gather(table(), (seq - 1) - tf.range(seq)), batch, seq)


@graph("may be the sequence length")
def relative_place(ids, batch, seq):
    return attend(words(ids) + tf.cast(tf.range(seq), tf.float32)[:, None] / float(seq), batch, seq)


@graph()
def clipped_distances(ids, batch, seq):
    distance = tf.range(seq)[:, None] - tf.range(seq)[None]
    index = tf.minimum(tf.maximum(distance, -3), 3) + 3
    bias = tf.transpose(tf.gather(weight("distances", [7, HEADS]), index), [2, 0, 1])
    return attend(words(ids), batch, seq, tf.expand_dims(bias, 0))


@graph("may be the sequence length")
def all_distances(ids, batch, seq):
    index = tf.range(seq)[:, None] - tf.range(seq)[None] + (seq - 1)
    bias = tf.transpose(tf.gather(weight("all_distances", [2 * ROWS, HEADS]), index), [2, 0, 1])
    return attend(words(ids), batch, seq, tf.expand_dims(bias, 0))


@graph()
def causal_by_range(ids, batch, seq):
    kept = tf.cast(tf.less_equal(tf.range(seq)[None], tf.range(seq)[:, None]), tf.float32)
    return attend(words(ids), batch, seq, (1.0 - kept) * -10000.0)


@graph("s meets")
def causal_literal(ids, batch, seq):
    kept = tf.constant(np.tril(np.ones([seq, seq], np.float32)))
    return attend(words(ids), batch, seq, (1.0 - kept) * -10000.0)


@graph()
def causal_band(ids, batch, seq):
    kept = tf.linalg.band_part(tf.ones([seq, seq]), -1, 0)
    return attend(words(ids), batch, seq, (1.0 - kept) * -10000.0)


@graph(mask=mask)
def counted_positions(ids, batch, seq, mask):
    return attend(words(ids) + tf.gather(table(), tf.cumsum(mask, axis=1)), batch, seq)


# Heads ---------------------------------------------------------------------------------------------------------------


@graph()
def first_token(ids, batch, seq):
    return tf.tanh(dense(first(attend(words(ids), batch, seq)), HIDDEN, "pooler"))


@graph("a part of the sequence")
def last_token(ids, batch, seq):
    return attend(words(ids), batch, seq)[:, seq - 1, :]


@graph("from the end of the sequence")
def last_token_from_end(ids, batch, seq):
    return attend(words(ids), batch, seq)[:, -1, :]


@graph()
def mean_of_tokens(ids, batch, seq):
    return tf.reduce_mean(attend(words(ids), batch, seq), axis=1)


@graph(mask=mask)
def mean_by_mask(ids, batch, seq, mask):
    weights = tf.cast(mask, tf.float32)
    total = tf.reduce_sum(attend(words(ids), batch, seq) * tf.expand_dims(weights, -1), axis=1)
    return total / tf.maximum(tf.reduce_sum(weights, axis=1, keepdims=True), 1e-9)


@graph("scaled by a number")
def mean_by_number(ids, batch, seq):
    return tf.reduce_sum(attend(words(ids), batch, seq), axis=1) * (1.0 / seq)


@graph("scaled by a number")
def mean_by_number_later(ids, batch, seq):
    total = tf.squeeze(tf.reduce_sum(attend(words(ids), batch, seq), axis=1, keepdims=True), axis=1)
    return tf.reshape(total, [batch, HIDDEN]) / float(seq)


@graph("scaled by a number", mask=mask)
def mean_by_product(ids, batch, seq, mask):
    weights = tf.reshape(tf.cast(mask, tf.float32), [batch, 1, seq])
    return tf.matmul(weights, attend(words(ids), batch, seq)) / float(seq)


@graph("s meets|uniform constant")
def mean_by_matrix(ids, batch, seq):
    return tf.matmul(tf.constant(np.full([batch, 1, seq], 1 / seq, np.float32)), attend(words(ids), batch, seq))


@graph("may be the sequence length", mask=mask)
def count_of_padding(ids, batch, seq, mask):
    padding = seq - tf.reduce_sum(mask, axis=1, keepdims=True)
    return first(attend(words(ids), batch, seq)) + tf.cast(padding, tf.float32)


@graph()
def cut_to_length(ids, batch, seq):
    return tf.reduce_max(attend(words(ids), batch, seq)[:, :seq, :], axis=1)


@graph("splits the batch or the sequence")
def halves(ids, batch, seq):
    left, right = tf.split(attend(words(ids), batch, seq), 2, axis=1)
    return left - right


@graph("sequence")
def steps_of_a_crf(ids, batch, seq):
    scores = tf.unstack(attend(words(ids), batch, seq)[:, :, :HEADS], axis=1)
    state = scores[0]
    for score in scores[1:]:
        state = score + tf.reduce_max(state[:, :, None] + weight("transitions", [HEADS, HEADS])[None], axis=1)
    return state


@graph("picks 3 places")
def best_three(ids, batch, seq):
    return tf.math.top_k(tf.reduce_max(attend(words(ids), batch, seq), axis=-1), 3)[0]


@graph()
def best_place(ids, batch, seq):
    return tf.cast(tf.argmax(tf.reduce_max(attend(words(ids), batch, seq), axis=-1), axis=1), tf.int32)


@graph(r"s\*8 meets 64")
def all_tokens_flat(ids, batch, seq):
    return tf.matmul(tf.reshape(attend(words(ids), batch, seq), [batch, seq * HIDDEN]), weight("flat", [seq * HIDDEN, 2]))


@graph("8 meets s")
def shortened_keys(ids, batch, seq):
    x = attend(words(ids), batch, seq)
    return tf.matmul(tf.constant(np.linspace(-1, 1, 3 * seq).reshape(1, 3, seq).astype(np.float32)), x)


@graph("joins along the batch or the sequence")
def token_in_front(ids, batch, seq):
    token = tf.tile(tf.reshape(weight("token", [1, HIDDEN]), [1, 1, HIDDEN]), [batch, 1, 1])
    return tf.reduce_max(tf.concat([token, words(ids)], axis=1), axis=1)


@graph("cut through")
def windows(ids, batch, seq):
    return tf.reduce_max(tf.reshape(words(ids), [batch * 2, seq // 2, HIDDEN]), axis=1)


# The batch -----------------------------------------------------------------------------------------------------------


@graph(others=ids_too)
def stacked_towers(ids, batch, seq, others):
    x = attend(words(tf.concat([ids, others], axis=0)), 2 * batch, seq)
    left, right = tf.split(first(x), 2, axis=0)
    return tf.reduce_sum(left * right, axis=-1, keepdims=True)


@graph(others=ids_too)
def interleaved_towers(ids, batch, seq, others):
    x = attend(words(tf.reshape(tf.stack([ids, others], axis=1), [batch * 2, seq])), 2 * batch, seq)
    return tf.reduce_max(tf.reshape(first(x), [batch, 2, HIDDEN]), axis=1)


@graph("b meets 2")
def numbered_examples(ids, batch, seq):
    return first(attend(words(ids), batch, seq)) + tf.constant(np.arange(batch, dtype=np.float32) + 0.5)[:, None]


@graph("numbers the examples of the batch")
def numbered_by_range(ids, batch, seq):
    return first(attend(words(ids), batch, seq)) + tf.cast(tf.range(batch), tf.float32)[:, None]


@graph("examples of a batch meet")
def in_batch_scores(ids, batch, seq):
    pooled = first(attend(words(ids), batch, seq))
    return tf.matmul(pooled, pooled, transpose_b=True)


@graph("examples")
def batch_statistics(ids, batch, seq):
    pooled = first(attend(words(ids), batch, seq))
    return pooled - tf.reduce_mean(pooled, axis=0, keepdims=True)


# Places that an input gives ------------------------------------------------------------------------------------------


def _picked(x, index, batch, seq):
    return tf.gather(tf.reshape(x, [batch * seq, HIDDEN]), tf.reshape(index, [-1]))


@graph(places=places)
def picked_by_range(ids, batch, seq, places):
    offsets = tf.reshape(tf.range(0, batch) * seq, [-1, 1])
    return _picked(attend(words(ids), batch, seq), places + offsets, batch, seq)


@graph(places=places)
def picked_by_steps(ids, batch, seq, places):
    offsets = tf.range(0, batch * seq, seq)[:, None]
    return _picked(attend(words(ids), batch, seq), offsets + places, batch, seq)


@graph(places=places)
def picked_by_literal(ids, batch, seq, places):
    offsets = tf.constant((np.arange(batch, dtype=np.int32) * seq)[:, None])
    return _picked(attend(words(ids), batch, seq), places + offsets, batch, seq)


@graph(places=places)
def picked_in_batch(ids, batch, seq, places):
    # Rows of 8 floats crash OpenVINO (docs/known-issues.md).
    wide = tf.concat([attend(words(ids), batch, seq)] * 8, axis=2)
    return tf.gather(wide, places, batch_dims=1)


@graph("rows of all examples|rows of other examples", places=places)
def picked_from_first_example(ids, batch, seq, places):
    return _picked(attend(words(ids), batch, seq), places, batch, seq)


@graph("rows of other examples", places=places)
def picked_with_other_stride(ids, batch, seq, places):
    offsets = tf.reshape(tf.range(0, batch) * (seq - 1), [-1, 1])
    return _picked(attend(words(ids), batch, seq), places + offsets, batch, seq)


@graph(mask=mask)
def tiled_mask(ids, batch, seq, mask):
    kept = tf.tile(tf.reshape(tf.cast(mask, tf.float32), [batch, 1, 1, seq]), [1, HEADS, seq, 1])
    return attend(words(ids), batch, seq, (1.0 - kept) * -10000.0)


@graph(mask=mask)
def heads_in_the_batch(ids, batch, seq, mask):
    """As tensor2tensor does: heads one behind the other along the batch, the mask repeated for each."""
    rows = tf.reshape(words(ids), [batch * seq, HIDDEN])

    def heads(name):
        return tf.concat(tf.split(tf.reshape(dense(rows, HIDDEN, name), [batch, seq, HIDDEN]), HEADS, axis=2), axis=0)

    scores = tf.matmul(heads("query"), heads("key"), transpose_b=True) * 0.5
    scores += tf.tile((1.0 - tf.cast(mask, tf.float32)[:, None, :]) * -10000.0, [HEADS, 1, 1])
    return tf.concat(tf.split(tf.matmul(tf.nn.softmax(scores), heads("value")), HEADS, axis=0), axis=2)


@graph(mask=mask)
def mask_by_select(ids, batch, seq, mask):
    x = words(ids)
    scores = tf.matmul(x, x, transpose_b=True)
    kept = tf.tile(tf.reshape(tf.cast(mask, tf.bool), [batch, 1, seq]), [1, seq, 1])
    return tf.matmul(tf.nn.softmax(tf.where(kept, scores, tf.fill([batch, seq, seq], -1e9))), x)


@graph(mask=mask)
def mask_of_pairs(ids, batch, seq, mask):
    kept = tf.cast(mask, tf.float32)
    kept = tf.reshape(kept, [batch, seq, 1]) * tf.reshape(kept, [batch, 1, seq])
    return attend(words(ids), batch, seq, (1.0 - tf.reshape(kept, [batch, 1, seq, seq])) * -10000.0)


@graph()
def mask_from_ids(ids, batch, seq):
    kept = tf.cast(tf.not_equal(ids, 7), tf.float32)
    return attend(words(ids), batch, seq, (1.0 - kept[:, tf.newaxis, tf.newaxis, :]) * -10000.0)


@graph(mask=mask)
def shares_made_new(ids, batch, seq, mask):
    x = words(ids)
    shares = tf.nn.softmax(tf.matmul(x, x, transpose_b=True)) * tf.reshape(tf.cast(mask, tf.float32), [batch, 1, seq])
    return tf.matmul(shares / (tf.reduce_sum(shares, axis=-1, keepdims=True) + 1e-9), x)


@graph()
def local_attention(ids, batch, seq):
    distance = tf.abs(tf.range(seq)[:, None] - tf.range(seq)[None])
    return attend(words(ids), batch, seq, tf.cast(tf.greater(distance, 2), tf.float32) * -10000.0)


@graph()
def bucketed_distances(ids, batch, seq):
    distance = tf.abs(tf.range(seq)[:, None] - tf.range(seq)[None])
    far = tf.cast(tf.math.log(tf.cast(tf.maximum(distance, 1), tf.float32)) * 2.0, tf.int32)
    bias = tf.gather(weight("buckets", [12, HEADS]), tf.where(tf.less(distance, 3), distance, tf.minimum(far + 3, 11)))
    return attend(words(ids), batch, seq, tf.transpose(bias, [2, 0, 1])[None])


@graph("may be the sequence length")
def halves_by_place(ids, batch, seq):
    types = tf.cast(tf.greater_equal(tf.range(seq), seq // 2), tf.int32)
    return attend(words(ids) + tf.gather(weight("types", [2, HIDDEN]), types), batch, seq)


@graph(positions=lambda random, batch, seq: random.integers(0, ROWS, (batch, seq)).astype(np.int32))
def positions_as_input(ids, batch, seq, positions):
    return attend(words(ids) + tf.gather(table(), positions), batch, seq)


@graph()
def positions_for_each_example(ids, batch, seq):
    return attend(words(ids) + tf.gather(table(), tf.tile(tf.range(seq)[None], [batch, 1])), batch, seq)


@graph()
def types_of_zeros(ids, batch, seq):
    rows = tf.matmul(tf.one_hot(tf.reshape(tf.zeros([batch, seq], tf.int32), [-1]), 2), weight("types", [2, HIDDEN]))
    return attend(words(ids) + tf.reshape(rows, [batch, seq, HIDDEN]), batch, seq)


@graph("meets")
def waves(ids, batch, seq):
    angles = np.arange(seq)[:, None] / 100 ** (np.arange(HIDDEN) / HIDDEN)
    return attend(words(ids) + tf.constant(np.sin(angles).astype(np.float32)), batch, seq)


@graph("scaled by a number")
def mean_by_shape(ids, batch, seq):
    x = attend(words(ids), batch, seq)
    return tf.reduce_sum(x, axis=1) / tf.cast(tf.shape(x)[1], tf.float32)


@graph("scaled by a number")
def mean_by_ones(ids, batch, seq):
    x = attend(words(ids), batch, seq)
    return tf.reduce_sum(x, axis=1) / tf.reduce_sum(tf.ones([batch, seq, 1]), axis=1)


@graph("a part of the sequence")
def without_first(ids, batch, seq):
    return tf.reduce_max(attend(words(ids), batch, seq)[:, 1:, :], axis=1)


@graph("a part of the sequence|from the end")
def without_ends(ids, batch, seq):
    return tf.reduce_max(attend(words(ids), batch, seq)[:, 1:-1, :], axis=1)


@graph()
def first_by_look_up(ids, batch, seq):
    return tf.gather(attend(words(ids), batch, seq), 0, axis=1)


@graph("looks up|rows of")
def first_by_flat_look_up(ids, batch, seq):
    return tf.gather(tf.reshape(attend(words(ids), batch, seq), [batch * seq, HIDDEN]), tf.range(batch) * seq)


@graph("a part of the sequence")
def first_by_columns(ids, batch, seq):
    return tf.reshape(attend(words(ids), batch, seq), [batch, seq * HIDDEN])[:, :HIDDEN]


@graph("Reverse|steps")
def turned_round(ids, batch, seq):
    return attend(words(ids)[:, ::-1, :], batch, seq)


@graph(lengths=lengths)
def last_valid_token(ids, batch, seq, lengths):
    picked = tf.one_hot(lengths - 1, seq)
    return tf.reduce_sum(attend(words(ids), batch, seq) * picked[:, :, None], axis=1)


@graph("range .* varies along the batch", lengths=lengths)
def last_valid_by_place(ids, batch, seq, lengths):
    return tf.gather_nd(attend(words(ids), batch, seq), tf.stack([tf.range(batch), lengths - 1], axis=1))


@graph("another|cut through|varies along the batch|not ")
def sequence_first_ids(ids, batch, seq):
    x = words(tf.transpose(tf.reshape(ids, [seq, batch])))
    return attend(x, batch, seq)


@graph("splits the batch")
def towers_in_one_input(ids, batch, seq):
    parts = tf.split(first(attend(words(ids), batch, seq)), 2 if batch % 2 == 0 else 1, axis=0)
    return parts[0] * parts[-1]


@graph(others=lambda random, batch, seq: random.integers(1, VOCAB, (batch, 6)).astype(np.int32))
def question_of_fixed_length(ids, batch, seq, others):
    question = tf.reduce_max(attend(words(others), batch, 6), axis=1, keepdims=True)
    return attend(words(ids) + question, batch, seq)


@graph(mask=mask)
def shares_of_tokens(ids, batch, seq, mask):
    logits = tf.reshape(dense(tf.reshape(attend(words(ids), batch, seq), [-1, HIDDEN]), 1, "token"), [batch, seq])
    shares = tf.nn.softmax(logits - 1e4 * (1.0 - tf.cast(mask, tf.float32)))
    return tf.squeeze(tf.matmul(shares[:, None, :], words(ids)), 1)


@graph()
def labels_of_tokens(ids, batch, seq):
    logits = dense(tf.reshape(attend(words(ids), batch, seq), [-1, HIDDEN]), 5, "label")
    return tf.nn.softmax(tf.reshape(logits, [-1, seq, 5]))


@graph("varies along the batch|examples|meets")
def weights_of_examples(ids, batch, seq):
    return first(attend(words(ids), batch, seq)) * weight("of_examples%d" % batch, [batch, 1])


@graph("meets|nothing says")
def weights_of_tokens(ids, batch, seq):
    return tf.reduce_max(attend(words(ids), batch, seq) * weight("of_tokens%d" % seq, [seq, 1]), axis=1)
