"""Builds one BERT as a TensorFlow 1.x graph from a Spec.

The computation is that of the BERT paper (arXiv 1810.04805); the spelling (scopes,
order of ops, where shapes are baked in) is the one that published checkpoints and
fine-tuning scripts have, so that converters meet what users' files hold.
"""

import contextlib
import math

import numpy as np
import tensorflow.compat.v1 as tf

from . import layers
from .layers import sizes_of

MASKED_WORDS = 3  # how many positions the masked-language-model head predicts


class Model:
    """The nodes of one built graph: `inputs` by role, in the order a user lists them, and `outputs` by node name."""

    def __init__(self, spec):
        self.spec = spec
        self.inputs = {}
        self.outputs = []
        self.keep = None  # keep probability of the dropouts: a number or a tensor
        self.is_training = None
        self._build()

    # Inputs ----------------------------------------------------------------------------------------------------------

    def _roles(self):
        spec = self.spec
        return ["input_ids"] + ["input_mask"] * spec.use_mask + ["segment_ids"] * spec.use_segments

    def _make_inputs(self):
        spec = self.spec
        dtype = tf.as_dtype(spec.id_type)
        self.labels = None
        if spec.inputs == "placeholder":
            for role in self._roles():
                self.inputs[role] = tf.placeholder(dtype, [spec.batch, spec.seq])
        else:
            features = self._iterator(dtype)
            self.labels = features["label_ids"]
            for role in self._roles():
                self.inputs[role] = features[role]
        if spec.head in ("mlm", "pretraining"):
            self.inputs["masked_lm_positions"] = tf.placeholder(
                dtype, [spec.batch, MASKED_WORDS], name="masked_lm_positions"
            )

    def _iterator(self, dtype):
        """The dataset of run_classifier's input function: features sorted by name, so ids are port 0, mask 1, segments 4."""
        spec = self.spec
        rows = 4
        columns = {
            name: np.zeros([rows, spec.seq], np.int64) for name in ("input_ids", "input_mask", "segment_ids")
        }
        columns.update(label_ids=np.zeros([rows], np.int64), is_real_example=np.ones([rows], np.int64))
        dataset = tf.data.Dataset.from_tensor_slices(columns).repeat()
        dataset = dataset.map(lambda record: {name: tf.cast(value, dtype) for name, value in record.items()})
        dataset = dataset.batch(spec.batch or 2, drop_remainder=spec.batch is not None)
        return tf.data.make_initializable_iterator(dataset).get_next()

    # Small pieces ----------------------------------------------------------------------------------------------------

    def _variable(self, name, shape, initial=None):
        spec = self.spec
        arguments = {}
        if spec.variables == "partitioned" and shape[0] >= 3 and len(shape) == 2:
            arguments["partitioner"] = tf.fixed_size_partitioner(3)
        if spec.initial_values == "constant":
            # Not the trained values: a converter that takes these instead of the checkpoint's is wrong.
            initial = tf.constant_initializer(np.linspace(-0.5, 0.5, int(np.prod(shape))).reshape(shape))
        elif initial is None:
            initial = tf.truncated_normal_initializer(stddev=0.02)
        variable = tf.get_variable(
            name, shape, tf.float32, initializer=initial, use_resource=spec.variables == "resource", **arguments
        )
        return tf.convert_to_tensor(variable) if arguments else variable

    def _dense(self, x, units, name=None, activation=None):
        with tf.variable_scope(name, "dense"):
            kernel = self._variable("kernel", [x.shape.as_list()[-1], units])
            bias = self._variable("bias", [units], tf.zeros_initializer())
            if len(x.shape) == 2:
                product = tf.matmul(x, kernel)
            else:
                product = tf.tensordot(x, kernel, [[len(x.shape) - 1], [0]])
                product.set_shape(x.shape.as_list()[:-1] + [units])
            y = tf.nn.bias_add(product, bias)
            return activation(y) if activation else y

    def _layer_norm(self, x):
        with tf.variable_scope(None, "LayerNorm"):
            width = [x.shape.as_list()[-1]]
            beta = self._variable("beta", width, tf.zeros_initializer())
            gamma = self._variable("gamma", width, tf.ones_initializer())
            return layers.LAYER_NORMS[self.spec.layer_norm](x, gamma, beta, self.spec.epsilon)

    def _dropout(self, x):
        spec = self.spec
        if spec.dropout is None:
            return x

        def drop():
            return layers.DROPOUTS[spec.dropout](x, self.keep)

        if spec.dropout_switch:
            return tf.cond(self.is_training, drop, lambda: tf.identity(x))
        return drop()

    def _size(self, *factors):
        """The product of sizes, as a number while all are."""
        product = 1
        for factor in factors:
            product = product * factor
        return product

    # The model -------------------------------------------------------------------------------------------------------

    def _build(self):
        spec = self.spec
        self._make_inputs()
        if spec.dropout:
            self.keep = {
                "constant": lambda: 0.9,
                "placeholder": lambda: tf.placeholder(tf.float32, [], name="keep_prob"),
                "default": lambda: tf.placeholder_with_default(0.9, [], name="keep_prob"),
            }[spec.keep_prob]()
        if spec.dropout_switch == "constant":
            self.is_training = tf.constant(False, name="is_training")
        elif spec.dropout_switch == "placeholder":
            self.is_training = tf.placeholder(tf.bool, [], name="is_training")

        ids = self.inputs["input_ids"]
        self.batch, self.seq = sizes_of(ids, spec.shape_type)
        mask = self.inputs.get("input_mask")
        segments = self.inputs.get("segment_ids")
        if mask is None:
            mask = tf.ones([self.batch, self.seq], tf.int32)
        if segments is None:
            segments = tf.zeros([self.batch, self.seq], tf.int32)

        with tf.variable_scope("bert"):
            with tf.variable_scope("embeddings"):
                embedded = self._embeddings(ids, segments)
            with tf.variable_scope("encoder"):
                self.all_layers = self._encoder(embedded, ids, mask)
            self.sequence = self.all_layers[-1]
            with tf.variable_scope("pooler"):
                first = tf.squeeze(self.sequence[:, 0:1, :], axis=1)
                self.pooled = self._dense(first, spec.hidden, activation=tf.tanh)
        getattr(self, "_head_" + spec.head)()
        if spec.training:
            self._add_training()

    def _embeddings(self, ids, segments):
        spec = self.spec
        width = spec.embedding or spec.hidden
        self.word_table = self._variable("word_embeddings", [spec.vocab, width])
        flat = tf.reshape(tf.expand_dims(ids, axis=[-1]), [-1])
        if spec.one_hot:
            words = tf.matmul(tf.one_hot(flat, depth=spec.vocab), self.word_table)
        else:
            words = tf.gather(self.word_table, flat)
        output = tf.reshape(words, [self.batch, self.seq, width])

        type_table = self._variable("token_type_embeddings", [spec.types, width])
        type_rows = tf.matmul(tf.one_hot(tf.reshape(segments, [-1]), depth=spec.types), type_table)
        output += tf.reshape(type_rows, [self.batch, self.seq, width])

        limit = spec.positions if isinstance(self.seq, int) else tf.constant(spec.positions, self.seq.dtype)
        fits = tf.assert_less_equal(self.seq, limit)
        with tf.control_dependencies([fits] if fits is not None else []):
            table = self._variable("position_embeddings", [spec.positions, width])
            begin, count = [0, 0], [self.seq, -1]
            if not isinstance(self.seq, int):
                count = tf.stack([self.seq, tf.constant(-1, self.seq.dtype)])
                begin = tf.zeros([2], self.seq.dtype)
            positions = tf.slice(table, begin, count)
            output += tf.reshape(positions, [1, self.seq, width])
        output = self._dropout(self._layer_norm(output))
        if spec.embedding:
            with tf.variable_scope("embedding_hidden_mapping_in"):
                flat_output = tf.reshape(output, [-1, width])
                mapped = self._dense(flat_output, spec.hidden)
                output = tf.reshape(mapped, [self.batch, self.seq, spec.hidden])
        return output

    def _attention_mask(self, ids, mask):
        """[B, 1, T] or [B, F, T], 1 where a key may be looked at."""
        if self.spec.mask_style == "ones":
            from_batch, from_seq = sizes_of(ids, self.spec.shape_type)
            keys = tf.cast(tf.reshape(mask, [from_batch, 1, self.seq]), tf.float32)
            return tf.ones([from_batch, from_seq, 1], tf.float32) * keys
        return tf.expand_dims(mask, 1)

    def _encoder(self, embedded, ids, mask):
        spec = self.spec
        attention_mask = self._attention_mask(ids, mask)
        spread = spec.attention in ("einsum", "tensordot", "split_concat")  # works on [B, S, H]
        x = embedded if spread else tf.reshape(embedded, [-1, spec.hidden])
        outputs = []
        self.probabilities = []
        for index in range(spec.layers):
            if spec.shared_layers:
                context = tf.variable_scope("shared_layer", reuse=index > 0)
            else:
                context = tf.variable_scope(f"layer_{index}")
            with context:
                x = self._layer(x, attention_mask)
            outputs.append(x if spread else tf.reshape(x, [self.batch, self.seq, spec.hidden]))
        if spec.pre_norm:
            with tf.variable_scope("final"):
                outputs[-1] = self._layer_norm(outputs[-1])
        return outputs

    def _layer(self, x, attention_mask):
        spec = self.spec
        with tf.variable_scope("attention"):
            normed = self._layer_norm(x) if spec.pre_norm else x
            with tf.variable_scope("self"):
                context = getattr(self, "_attention_" + spec.attention)(normed, attention_mask)
            with tf.variable_scope("output"):
                attended = self._dropout(self._project(context)) + x
                if not spec.pre_norm:
                    attended = self._layer_norm(attended)
        with tf.variable_scope("intermediate"):
            wide = self._layer_norm(attended) if spec.pre_norm else attended
            wide = self._dense(wide, spec.intermediate, activation=layers.ACTIVATIONS[spec.activation])
        with tf.variable_scope("output"):
            output = self._dropout(self._dense(wide, spec.hidden)) + attended
            return output if spec.pre_norm else self._layer_norm(output)

    # Attention -------------------------------------------------------------------------------------------------------

    def _probabilities(self, scores, attention_mask, head_size):
        """Softmax over the keys of raw scores [B, N, F, T]."""
        spec = self.spec
        scale = 1.0 / math.sqrt(float(head_size))
        if spec.mask_style == "select":
            scores = tf.multiply(scores, scale)
            blocked = tf.equal(tf.expand_dims(attention_mask, 1), 0)
            scores = tf.where_v2(blocked, tf.constant(spec.mask_value), scores)
        else:
            if not spec.mask_before_scale:
                scores = tf.multiply(scores, scale)
            adder = (1.0 - tf.cast(tf.expand_dims(attention_mask, axis=[1]), tf.float32)) * spec.mask_value
            scores += adder
            if spec.mask_before_scale:
                scores = tf.multiply(scores, scale)
        probabilities = tf.nn.softmax(scores)
        self.probabilities.append(probabilities)
        return self._dropout(probabilities)

    def _split_heads(self, x):
        spec = self.spec
        x = tf.reshape(x, [self.batch, self.seq, spec.heads, spec.hidden // spec.heads])
        return tf.transpose(x, [0, 2, 1, 3])

    def _merge_heads(self, context, shape):
        return tf.reshape(tf.transpose(context, [0, 2, 1, 3]), shape)

    def _attention_modeling(self, x, attention_mask):
        spec = self.spec
        query, key, value = (self._dense(x, spec.hidden, name) for name in ("query", "key", "value"))
        query, key = self._split_heads(query), self._split_heads(key)
        scores = tf.matmul(query, key, transpose_b=True)
        probabilities = self._probabilities(scores, attention_mask, spec.hidden // spec.heads)
        context = tf.matmul(probabilities, self._split_heads(value))
        return self._merge_heads(context, [self._size(self.batch, self.seq), spec.hidden])

    def _attention_tensordot(self, x, attention_mask):
        """The same on [B, S, H]: what layers.Dense does to rank 3 (a Tensordot)."""
        spec = self.spec
        query, key, value = (self._split_heads(self._dense(x, spec.hidden, name)) for name in ("query", "key", "value"))
        scores = tf.matmul(query, tf.transpose(key, [0, 1, 3, 2]))
        probabilities = self._probabilities(scores, attention_mask, spec.hidden // spec.heads)
        return self._merge_heads(tf.matmul(probabilities, value), [self.batch, self.seq, spec.hidden])

    def _attention_packed(self, x, attention_mask):
        """One product for query, key and value, then Split."""
        spec = self.spec
        query, key, value = tf.split(self._dense(x, 3 * spec.hidden, "query_key_value"), 3, axis=-1)
        scores = tf.matmul(self._split_heads(query), self._split_heads(key), transpose_b=True)
        probabilities = self._probabilities(scores, attention_mask, spec.hidden // spec.heads)
        context = tf.matmul(probabilities, self._split_heads(value))
        return self._merge_heads(context, [self._size(self.batch, self.seq), spec.hidden])

    def _attention_split_concat(self, x, attention_mask):
        """Heads as slices that are stacked along the batch, [N*B, S, H/N], as early Transformer code does it."""
        spec = self.spec

        def heads(name):
            projected = self._dense(x, spec.hidden, name)
            return tf.concat(tf.split(projected, spec.heads, axis=2), axis=0)

        query, key, value = heads("query"), heads("key"), heads("value")
        scores = tf.matmul(query, tf.transpose(key, [0, 2, 1])) * (1.0 / math.sqrt(spec.hidden // spec.heads))
        adder = (1.0 - tf.cast(attention_mask, tf.float32)) * spec.mask_value
        scores += tf.tile(adder, [spec.heads, 1, 1])
        probabilities = self._dropout(tf.nn.softmax(scores))
        self.probabilities.append(probabilities)
        return tf.concat(tf.split(tf.matmul(probabilities, value), spec.heads, axis=0), axis=2)

    def _attention_einsum(self, x, attention_mask):
        """[B, S, N, D] throughout, weights [H, N, D]."""
        spec = self.spec
        head_size = spec.hidden // spec.heads

        def project(name):
            with tf.variable_scope(name):
                kernel = self._variable("kernel", [spec.hidden, spec.heads, head_size])
                bias = self._variable("bias", [spec.heads, head_size], tf.zeros_initializer())
                return tf.einsum("BFH,HND->BFND", x, kernel) + bias

        query, key, value = project("query"), project("key"), project("value")
        scores = tf.einsum("BTNH,BFNH->BNFT", key, query)
        probabilities = self._probabilities(scores, attention_mask, head_size)
        return tf.einsum("BNFT,BTNH->BFNH", probabilities, value)

    def _project(self, context):
        spec = self.spec
        if spec.attention != "einsum":
            return self._dense(context, spec.hidden)
        with tf.variable_scope("dense"):
            kernel = self._variable("kernel", [spec.heads, spec.hidden // spec.heads, spec.hidden])
            bias = self._variable("bias", [spec.hidden], tf.zeros_initializer())
            return tf.einsum("BFNH,NHD->BFD", context, kernel) + bias

    # Heads -----------------------------------------------------------------------------------------------------------

    def _output(self, *tensors):
        """Names a tensor the way users do: node name, with the port only where it is not 0."""
        for tensor in tensors:
            name = tensor.name
            self.outputs.append(name[:-2] if name.endswith(":0") else name)

    def _head_pooler(self):
        self._output(self.pooled)

    def _head_sequence(self):
        self._output(self.sequence)

    def _head_both(self):
        self._output(self.pooled, self.sequence)

    def _head_all_layers(self):
        self._output(*self.all_layers)

    def _head_probabilities(self):
        self._output(self.pooled, *self.probabilities)

    def _classifier_logits(self, inputs, labels, scope):
        weights = self._variable(scope + "output_weights", [labels, self.spec.hidden])
        bias = self._variable(scope + "output_bias", [labels], tf.zeros_initializer())
        return tf.nn.bias_add(tf.matmul(inputs, weights, transpose_b=True), bias)

    def _head_classifier(self):
        weights = self._variable("output_weights", [3, self.spec.hidden])
        bias = self._variable("output_bias", [3], tf.zeros_initializer())
        with tf.variable_scope("loss"):
            pooled = self._dropout(self.pooled)
            self.logits = tf.nn.bias_add(tf.matmul(pooled, weights, transpose_b=True), bias)
            self._output(tf.nn.softmax(self.logits, axis=-1))
            log_probabilities = tf.nn.log_softmax(self.logits, axis=-1)
            if self.labels is not None:
                per_example = -tf.reduce_sum(tf.one_hot(self.labels, depth=3) * log_probabilities, axis=-1)
                tf.reduce_mean(per_example)

    def _head_log_classifier(self):
        self._head_classifier()
        self.outputs = ["loss/LogSoftmax"]

    def _head_squad(self):
        spec = self.spec
        flat = tf.reshape(self.sequence, [self._size(self.batch, self.seq), spec.hidden])
        logits = self._classifier_logits(flat, 2, "cls/squad/")
        logits = tf.transpose(tf.reshape(logits, [self.batch, self.seq, 2]), [2, 0, 1])
        start, end = tf.unstack(logits, axis=0)
        self._output(start, end)

    def _head_squad_split(self):
        spec = self.spec
        logits = self._dense(tf.reshape(self.sequence, [-1, spec.hidden]), 2, "qa_outputs")
        start, end = tf.split(tf.reshape(logits, [self.batch, self.seq, 2]), 2, axis=-1)
        self._output(tf.squeeze(start, axis=-1, name="start_logits"), tf.squeeze(end, axis=-1, name="end_logits"))

    def _head_token_labels(self):
        spec = self.spec
        logits = self._classifier_logits(tf.reshape(self.sequence, [-1, spec.hidden]), 5, "")
        logits = tf.reshape(logits, [-1, self.seq, 5])
        self._output(tf.nn.softmax(logits), tf.argmax(logits, axis=-1, output_type=tf.int32, name="predictions"))

    def _head_mean(self):
        """Mean of the token vectors over the mask: a sentence encoder."""
        weights = tf.expand_dims(tf.cast(self.inputs["input_mask"], tf.float32), -1)
        total = tf.reduce_sum(self.sequence * weights, axis=1)
        count = tf.maximum(tf.reduce_sum(weights, axis=1), 1e-9)
        self._output(tf.nn.l2_normalize(total / count, axis=-1))

    def _head_nsp(self):
        with tf.variable_scope("cls/seq_relationship"):
            logits = self._classifier_logits(self.pooled, 2, "")
            self._output(tf.nn.log_softmax(logits, axis=-1))

    def _head_mlm(self):
        spec = self.spec
        positions = self.inputs["masked_lm_positions"]
        flat_offsets = tf.reshape(tf.range(0, self.batch) * self.seq, [-1, 1])
        flat_positions = tf.reshape(positions + tf.cast(flat_offsets, positions.dtype), [-1])
        flat_sequence = tf.reshape(self.sequence, [self._size(self.batch, self.seq), spec.hidden])
        picked = tf.gather(flat_sequence, flat_positions)
        self._predict_words(picked)

    def _head_full_mlm(self):
        """Word scores of every position."""
        self._predict_words(tf.reshape(self.sequence, [-1, self.spec.hidden]))

    def _predict_words(self, x):
        spec = self.spec
        with tf.variable_scope("cls/predictions"):
            with tf.variable_scope("transform"):
                x = self._dense(x, spec.embedding or spec.hidden, activation=layers.ACTIVATIONS[spec.activation])
                x = self._layer_norm(x)
            bias = self._variable("output_bias", [spec.vocab], tf.zeros_initializer())
            logits = tf.nn.bias_add(tf.matmul(x, self.word_table, transpose_b=True), bias)
            self._output(tf.nn.log_softmax(logits, axis=-1))

    def _head_pretraining(self):
        self._head_mlm()
        self._head_nsp()

    # Training --------------------------------------------------------------------------------------------------------

    def _add_training(self):
        """A loss, gradients, Adam's slots, a step counter and summaries around the finished model."""
        with tf.name_scope("train") if self.spec.head == "pooler" else contextlib.nullcontext():
            loss = tf.reduce_mean(tf.square(self.pooled - 0.25), name="total_loss")
        step = tf.train.get_or_create_global_step()
        rate = tf.train.polynomial_decay(2e-5, step, 1000, end_learning_rate=0.0)
        optimizer = tf.train.AdamOptimizer(rate)
        pairs = [(gradient, variable) for gradient, variable in optimizer.compute_gradients(loss) if gradient is not None]
        clipped, _ = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 1.0)
        optimizer.apply_gradients(zip(clipped, [variable for _, variable in pairs]), global_step=step)
        tf.summary.scalar("learning_rate", rate)
        tf.summary.histogram("pooled", self.pooled)
        tf.summary.merge_all()
