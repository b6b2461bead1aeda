"""BERTs that are fed in other ways: other tensors than three matrices of ids, cut or joined first, of other types."""

import numpy as np
import tensorflow.compat.v1 as tf

from . import layers
from .family import (
    Family,
    HIDDEN,
    LAYERS,
    POSITIONS,
    TYPES,
    VOCAB,
    dense,
    google_encoder,
    google_pooler,
    hf_block,
    hf_mask,
    inputs_of,
    layer_norm,
    shape_list,
    three_inputs,
    variable,
)


def position_ids(batch, seq):
    """Positions are fed, too."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask", "segment_ids", "position_ids")
    ids = inputs["input_ids"]
    with tf.variable_scope("bert"):
        x = tf.nn.embedding_lookup(variable("word_embeddings", [VOCAB, HIDDEN]), ids)
        x += tf.nn.embedding_lookup(variable("position_embeddings", [POSITIONS, HIDDEN]), inputs["position_ids"])
        x += tf.nn.embedding_lookup(variable("token_type_embeddings", [TYPES, HIDDEN]), inputs["segment_ids"])
        x = hf_block(layer_norm(x), hf_mask(inputs["input_mask"]))
    return inputs, [x]


def square_mask(batch, seq):
    """The mask says for each token what it may look at: [B, S, S]."""
    inputs = inputs_of(batch, seq, "input_ids", "segment_ids")
    inputs["input_mask"] = tf.placeholder(tf.int32, [batch, seq, seq], name="input_mask")
    with tf.variable_scope("bert"):
        x = tf.nn.embedding_lookup(variable("word_embeddings", [VOCAB, HIDDEN]), inputs["input_ids"])
        x += tf.nn.embedding_lookup(variable("token_type_embeddings", [TYPES, HIDDEN]), inputs["segment_ids"])
        adder = (1.0 - tf.cast(tf.expand_dims(inputs["input_mask"], 1), tf.float32)) * -10000.0
        x = hf_block(layer_norm(x), lambda scores: scores + adder)
    return inputs, [x]


def feed_square(values, batch, seq):
    seen = np.random.default_rng([batch, seq, 15]).integers(0, 2, (batch, seq, seq), np.int32)
    return dict(values, input_mask=seen | np.eye(seq, dtype=np.int32))


def feed_positions(values, batch, seq):
    return dict(values, position_ids=np.random.default_rng([batch, seq, 16]).integers(0, POSITIONS, (batch, seq), np.int32))


def prefix_mask(batch, seq):
    """UniLM: the first segment sees itself, the second what came before; the mask is made of the segment ids."""
    inputs = inputs_of(batch, seq, "input_ids", "segment_ids")
    counts = tf.cumsum(inputs["segment_ids"], axis=1)
    seen = tf.cast(counts[:, None, :] <= counts[:, :, None], tf.float32)
    adder = -(1 - seen[:, None]) * 1e12
    with tf.variable_scope("bert"):
        x = tf.nn.embedding_lookup(variable("word_embeddings", [VOCAB, HIDDEN]), inputs["input_ids"])
        table = variable("position_embeddings", [POSITIONS, HIDDEN])
        x = layer_norm(x + table[None, : tf.shape(x)[1]])
        for index in range(LAYERS):
            with tf.variable_scope(f"layer_{index}"):
                x = hf_block(x, lambda scores: scores + adder)
    return inputs, [x]


def causal_mask(batch, seq):
    """Each token sees what came before and is no padding."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask")
    length = shape_list(inputs["input_ids"])[1]
    before = tf.linalg.band_part(tf.ones([length, length]), -1, 0)
    seen = before[None, None] * tf.cast(inputs["input_mask"][:, None, None, :], tf.float32)
    with tf.variable_scope("bert"):
        x = tf.nn.embedding_lookup(variable("word_embeddings", [VOCAB, HIDDEN]), inputs["input_ids"])
        table = variable("position_embeddings", [POSITIONS, HIDDEN])
        x = layer_norm(x + table[:length])
        x = hf_block(x, lambda scores: scores * seen - 1e10 * (1 - seen))
    return inputs, [x]


def float_ids(batch, seq):
    """Floats everywhere, which clients in other languages send; the graph casts them."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask", "segment_ids", dtype=tf.float32)
    outputs, _ = google_encoder({role: tf.cast(tensor, tf.int32) for role, tensor in inputs.items()})
    return inputs, [google_pooler(outputs[-1])]


def stacked_inputs(batch, seq):
    """One tensor [B, 3, S]."""
    inputs = {"packed": tf.placeholder(tf.int32, [batch, 3, seq], name="packed")}
    parts = dict(zip(("input_ids", "input_mask", "segment_ids"), tf.unstack(inputs["packed"], axis=1)))
    outputs, _ = google_encoder(parts)
    return inputs, [google_pooler(outputs[-1])]


def feed_stacked(values, batch, seq):
    return {"packed": np.stack([values[role] for role in ("input_ids", "input_mask", "segment_ids")], 1)}


def multiple_choice(batch, seq):
    """[B, C, S] inputs: a score for each choice."""
    inputs = {role: tf.placeholder(tf.int32, [batch, 4, seq], name=role) for role in ("choice_ids", "choice_mask", "choice_types")}
    length = seq if seq else tf.shape(inputs["choice_ids"])[-1]
    flat = {
        role: tf.reshape(tensor, [-1, length]) for role, tensor in zip(("input_ids", "input_mask", "segment_ids"), inputs.values())
    }
    outputs, _ = google_encoder(flat)
    logits = dense(google_pooler(outputs[-1]), 1, "classifier")
    return inputs, [tf.reshape(logits, [-1, 4])]


def feed_choices(values, batch, seq):
    random = np.random.default_rng([batch, seq, 12])
    return {
        "choice_ids": random.integers(0, VOCAB, (batch, 4, seq), np.int32),
        "choice_mask": np.repeat(values["input_mask"][:, None], 4, 1),
        "choice_types": random.integers(0, TYPES, (batch, 4, seq), np.int32),
    }


def one_text(batch, seq):
    """Vectors [S]: one text at a time, whose batch is made in the graph."""
    inputs = {role: tf.placeholder(tf.int32, [seq], name=role) for role in ("text_ids", "text_mask")}
    grown = {"input_ids": tf.expand_dims(inputs["text_ids"], 0), "input_mask": inputs["text_mask"][tf.newaxis, :]}
    outputs, _ = google_encoder(grown)
    return inputs, [tf.squeeze(google_pooler(outputs[-1]), 0)]


def feed_one(values, batch, seq):
    return {"text_ids": values["input_ids"][0], "text_mask": values["input_mask"][0]}


def joined_parts(batch, seq):
    """A question and a text, joined in the graph; the segment ids and the mask are made there."""
    half = seq // 2 if seq else None
    inputs = {role: tf.placeholder(tf.int32, [batch, half], name=role) for role in ("question", "context")}
    question, context = inputs.values()
    ids = tf.concat([question, context], axis=1)
    types = tf.concat([tf.zeros_like(question), tf.ones_like(context)], 1)
    outputs, _ = google_encoder({"input_ids": ids, "input_mask": tf.cast(tf.not_equal(ids, 0), tf.int32), "segment_ids": types})
    return inputs, [google_pooler(outputs[-1])]


def feed_parts(values, batch, seq):
    half = seq // 2
    return {"question": values["input_ids"][:, :half], "context": values["input_ids"][:, half : 2 * half]}


def layout(batch, seq):
    """LayoutLM: four numbers that say where on the page a word is."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask")
    inputs["bbox"] = tf.placeholder(tf.int32, [batch, seq, 4], name="bbox")
    with tf.variable_scope("layoutlm"):
        across, down = variable("x_position", [16, HIDDEN]), variable("y_position", [16, HIDDEN])
        box = inputs["bbox"]
        x = tf.gather(variable("weight", [VOCAB, HIDDEN]), inputs["input_ids"])
        for index, table in enumerate((across, down, across, down)):
            x += tf.gather(table, box[:, :, index])
        x += tf.gather(down, box[:, :, 3] - box[:, :, 1] + 4)
        x = hf_block(layer_norm(x), hf_mask(inputs["input_mask"]))
    return inputs, [x]


def feed_layout(values, batch, seq):
    corners = np.random.default_rng([batch, seq, 13]).integers(0, 10, (batch, seq, 4), np.int32)
    return dict(values, bbox=np.sort(corners % 5, axis=-1) + 5)


def with_features(batch, seq):
    """Numbers of the document beside its text."""
    inputs = three_inputs(batch, seq)
    inputs["features"] = tf.placeholder(tf.float32, [batch, 5], name="features")
    outputs, _ = google_encoder(inputs)
    joined = tf.concat([google_pooler(outputs[-1]), tf.log1p(tf.nn.relu(inputs["features"]))], axis=-1)
    return inputs, [tf.nn.softmax(dense(dense(joined, 7, "wide", tf.nn.relu), 2, "loss"))]


def feed_features(values, batch, seq):
    return dict(values, features=np.random.default_rng([batch, seq, 14]).standard_normal((batch, 5), np.float32))


def trimmed(batch, seq):
    """Padding that all texts have is cut off in the graph."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask")
    longest = tf.reduce_max(tf.reduce_sum(inputs["input_mask"], axis=1))
    outputs, _ = google_encoder({role: tensor[:, :longest] for role, tensor in inputs.items()})
    return inputs, [google_pooler(outputs[-1])]


def default_inputs(batch, seq):
    """Segment ids and mask have defaults, made of the ids."""
    inputs = inputs_of(batch, seq, "input_ids")
    ids = inputs["input_ids"]
    inputs["input_mask"] = tf.placeholder_with_default(tf.ones_like(ids), [batch, seq], name="input_mask")
    types = tf.placeholder_with_default(tf.zeros_like(ids), [batch, seq], name="segment_ids")  # is not named: nobody feeds it
    outputs, _ = google_encoder(dict(inputs, segment_ids=types))
    return inputs, [google_pooler(outputs[-1])]


def soft_prompt(batch, seq):
    """Learned vectors before the tokens."""
    inputs = inputs_of(batch, seq, "input_ids", "input_mask")
    ids, mask = inputs["input_ids"], inputs["input_mask"]
    n = shape_list(ids)[0]
    with tf.variable_scope("bert"):
        x = tf.gather(variable("word_embeddings", [VOCAB, HIDDEN]), ids)
        prompt = tf.tile(variable("prompt", [3, HIDDEN])[None], [n, 1, 1])
        x = layer_norm(tf.concat([prompt, x], axis=1))
        mask = tf.concat([tf.ones([n, 3], tf.int32), mask], axis=1)
        x = hf_block(x, hf_mask(mask))
    return inputs, [x[:, 3:], x[:, 0]]


CHOICES = tuple((role, "B 4 S") for role in ("choice_ids", "choice_mask", "choice_types"))


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


FAMILIES = [
    Family("seq-first", "[S, B] inputs", seq_first, batch=2, seq=8, dynamic="any"),
    Family("bool-mask", "a mask of bool, types of uint8", bool_mask, types=(("input_mask", ""), ("segment_ids", ""))),
    Family("float-mask", "a mask of f32", float_mask, types=(("input_mask", "f32"),)),
    Family("int64-all", "int64 inputs and outputs, asked for as they are", int64_all, types=(("input_ids", ""), ("input_mask", ""), ("segment_ids", ""))),
    Family("int64-as-int32", "the same with {i32}: outputs keep int64", int64_all),
    Family("mixed-types", "int64 and int32 inputs", mixed_types, batch=2, seq=8),
    Family("lengths", "mask by sequence_mask", lengths, dynamic="any"),
    Family("padding-mask", "mask by sign of ids", padding_mask, batch=2, seq=8),
    Family("unknown-rank", "placeholders without shape", unknown_rank, shape="[?,?]"),
    Family("position-ids", "positions are an input", position_ids, feed=feed_positions),
    Family("position-ids-static", "the same, baked in", position_ids, batch=2, seq=8, feed=feed_positions),
    Family("square-mask", "a mask [B, S, S]", square_mask, dynamic="any", feed=feed_square, shapes=(("input_mask", "B S S"),)),
    Family("prefix-mask", "UniLM's mask by Cumsum", prefix_mask),
    Family("prefix-mask-static", "the same, baked in", prefix_mask, batch=2, seq=8, dynamic="any"),
    Family("causal-mask", "a triangle by MatrixBandPart", causal_mask),
    Family("causal-mask-static", "the same, baked in", causal_mask, batch=2, seq=8, dynamic="any"),
    Family("float-ids", "ids of f32 that the graph casts", float_ids, batch=2, seq=8, types=tuple((r, "f32") for r in ("input_ids", "input_mask", "segment_ids"))),
    Family("stacked-inputs", "one tensor [B, 3, S]", stacked_inputs, dynamic="any", feed=feed_stacked, shapes=(("packed", "B 3 S"),)),
    Family("multiple-choice", "inputs [B, C, S]", multiple_choice, dynamic="any", feed=feed_choices, shapes=CHOICES),
    Family("multiple-choice-static", "the same, baked in", multiple_choice, batch=2, seq=8, dynamic="any", feed=feed_choices, shapes=CHOICES),
    Family("one-text", "inputs [S]", one_text, dynamic="any", feed=feed_one, shapes=(("text_ids", "S"), ("text_mask", "S"))),
    Family("joined-parts", "two texts that the graph joins", joined_parts, dynamic="any", feed=feed_parts, shapes=(("question", "B S/2"), ("context", "B S/2"))),
    Family("layout", "boxes of words, [B, S, 4]", layout, dynamic="any", feed=feed_layout, shapes=(("bbox", "B S 4"),)),
    Family("with-features", "numbers beside the text", with_features, batch=2, seq=8, dynamic="any", types=(("features", ""),), feed=feed_features, shapes=(("features", "B 5"),)),
    Family("trimmed", "common padding is cut off", trimmed, dynamic="any"),
    Family("default-inputs", "PlaceholderWithDefault of what other inputs give", default_inputs),
    Family("soft-prompt", "learned vectors before the tokens", soft_prompt, dynamic="any"),
]
