"""The building blocks of the zoo's models: each in the spellings that exporters of TensorFlow 1.x graphs produce.

Node names follow the scopes that a BERT checkpoint uses (`bert/embeddings/...`),
since users name nodes by them.
"""

import math

import numpy as np
import tensorflow.compat.v1 as tf


def sizes_of(tensor, shape_type="int32"):
    """The dimensions of `tensor`: Python numbers where they are known, slices of a Shape node where not."""
    known = tensor.shape.as_list()
    if None not in known:
        return known
    runtime = tf.shape(tensor, out_type=tf.as_dtype(shape_type))
    return [runtime[i] if size is None else size for i, size in enumerate(known)]


# Layer normalisation -------------------------------------------------------------------------------------------------


def _norm_contrib(x, gamma, beta, epsilon):
    mean, variance = tf.nn.moments(x, [len(x.shape) - 1], keep_dims=True)
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)


def _norm_plain(x, gamma, beta, epsilon, inverse):
    mean = tf.reduce_mean(x, axis=-1, keepdims=True)
    centred = x - mean
    variance = tf.reduce_mean(tf.square(centred), axis=-1, keepdims=True)
    return inverse(centred, variance, epsilon) * gamma + beta


def _norm_rsqrt(x, gamma, beta, epsilon):
    return _norm_plain(x, gamma, beta, epsilon, lambda c, v, e: c * tf.rsqrt(v + e))


def _norm_sqrt_div(x, gamma, beta, epsilon):
    return _norm_plain(x, gamma, beta, epsilon, lambda c, v, e: c / tf.sqrt(v + e))


def _norm_sqrt_reciprocal(x, gamma, beta, epsilon):
    return _norm_plain(x, gamma, beta, epsilon, lambda c, v, e: c * tf.reciprocal(tf.sqrt(v + e)))


def _norm_pow(x, gamma, beta, epsilon):
    return _norm_plain(x, gamma, beta, epsilon, lambda c, v, e: c * tf.pow(v + e, -0.5))


def _norm_pow_half(x, gamma, beta, epsilon):
    return _norm_plain(x, gamma, beta, epsilon, lambda c, v, e: c / tf.pow(v + e, 0.5))


def _norm_squared_difference(x, gamma, beta, epsilon):
    mean = tf.reduce_mean(x, axis=[-1], keepdims=True)
    variance = tf.reduce_mean(tf.math.squared_difference(x, mean), axis=[-1], keepdims=True)
    return gamma * ((x - mean) * tf.rsqrt(epsilon + variance)) + beta


def _norm_product(x, gamma, beta, epsilon):
    mean = tf.reduce_mean(x, axis=-1, keepdims=True)
    centred = x - mean
    variance = tf.reduce_mean(centred * centred, axis=-1, keepdims=True)
    return centred / tf.sqrt(variance + epsilon) * gamma + beta


def _norm_keras_fused(x, gamma, beta, epsilon):
    """One FusedBatchNormV3 over a reshaped tensor: what Keras does when epsilon is large enough."""
    shape = tf.shape(x)
    width = x.shape.as_list()[-1]
    rows = tf.reduce_prod(shape[:-1])
    image = tf.reshape(x, [1, rows, width, 1])
    ones, zeros = tf.ones([rows]), tf.zeros([rows])
    image, _, _ = tf.nn.fused_batch_norm(image, ones, zeros, epsilon=epsilon, data_format="NCHW")
    return tf.reshape(image, shape) * gamma + beta


LAYER_NORMS = {
    "contrib": _norm_contrib,
    "rsqrt": _norm_rsqrt,
    "sqrt_div": _norm_sqrt_div,
    "sqrt_reciprocal": _norm_sqrt_reciprocal,
    "pow": _norm_pow,
    "pow_half": _norm_pow_half,
    "squared_difference": _norm_squared_difference,
    "product": _norm_product,
    "keras_fused": _norm_keras_fused,
}


# Activations ---------------------------------------------------------------------------------------------------------

_TANH_SCALE = math.sqrt(2.0 / math.pi)


def _gelu_tanh(x):
    return x * (0.5 * (1.0 + tf.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * tf.pow(x, 3)))))


def _gelu_tanh_mul(x):
    return x * (0.5 * (1.0 + tf.tanh(_TANH_SCALE * (x + 0.044715 * x * x * x))))


def _gelu_tanh_mul_right(x):
    return 0.5 * x * (tf.tanh((x + (x * x * x) * 0.044715) * _TANH_SCALE) + 1.0)


def _gelu_tanh_factored(x):
    return 0.5 * x * (1.0 + tf.tanh(x * _TANH_SCALE * (1.0 + 0.044715 * x * x)))


def _gelu_erf(x):
    return x * (0.5 * (1.0 + tf.erf(x / tf.sqrt(2.0))))


def _gelu_erf_mul(x):
    return 0.5 * x * (tf.erf(x * 0.7071067811865476) + 1.0)


def _gelu_erf_scaled(x):
    return (x * 0.5) * (1.0 + tf.erf(x / 1.4142135623730951))


ACTIVATIONS = {
    "gelu_tanh": _gelu_tanh,
    "gelu_tanh_mul": _gelu_tanh_mul,
    "gelu_tanh_mul_right": _gelu_tanh_mul_right,
    "gelu_tanh_factored": _gelu_tanh_factored,
    "gelu_erf": _gelu_erf,
    "gelu_erf_mul": _gelu_erf_mul,
    "gelu_erf_scaled": _gelu_erf_scaled,
    "relu": tf.nn.relu,
    "tanh": tf.tanh,
    "linear": None,
}


# Dropout -------------------------------------------------------------------------------------------------------------


def _uniform(x):
    """Random numbers in [0, 1) as the releases before 2.0 spelled them."""
    low, high = tf.constant(0.0, name="min"), tf.constant(1.0, name="max")
    numbers = tf.raw_ops.RandomUniform(shape=tf.shape(x), dtype=tf.float32, seed=0, seed2=0, name="RandomUniform")
    return numbers * (high - low) + low


def _dropout_floor(x, keep):
    """TensorFlow up to 1.12: x div keep * floor(keep + random)."""
    with tf.name_scope("dropout"):
        return tf.div(x, keep) * tf.floor(keep + _uniform(x))


def _dropout_floor_rate(x, keep):
    """TensorFlow 1.13: the same with the rate as the given number."""
    with tf.name_scope("dropout"):
        kept = 1.0 - (1.0 - keep)
        return tf.div(x, kept) * tf.floor(kept + _uniform(x))


def _dropout_cast(x, keep):
    """TensorFlow 1.14 and 1.15: x * scale * cast(random >= rate)."""
    with tf.name_scope("dropout"):
        rate = tf.convert_to_tensor(1.0 - keep, name="rate")
        scale = 1.0 / (1.0 - rate)
        return x * scale * tf.cast(_uniform(x) >= rate, tf.float32)


def _dropout_select(x, keep):
    """TensorFlow 2: whatever this TensorFlow does (Mul, GreaterEqual, SelectV2)."""
    return tf.nn.dropout(x, rate=1.0 - keep)


DROPOUTS = {
    "floor": _dropout_floor,
    "floor_rate": _dropout_floor_rate,
    "cast": _dropout_cast,
    "select": _dropout_select,
}
