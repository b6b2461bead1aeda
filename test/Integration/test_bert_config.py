"""Checkpoints without a graph: bert_config.json says what the model is, the variables say which heads it has."""

import shutil

import numpy as np
import openvino
import pytest

import harness

ROLES = ["input_ids", "input_mask", "segment_ids"]


def convert(folder, out, *flags):
    harness.bert_mo(["--bert_config", folder / "bert_config.json", "--output_dir", out, "--model_name", "m", *flags])
    return out / "m.xml"


def run(xml, inputs):
    """Outputs by name, at the inputs' shape."""
    model = harness.read(xml)
    compiled = harness.compile_f32(model)
    answers = compiled({role: inputs[role] for role in ROLES})
    return {name: answers[port] for port in compiled.outputs for name in port.names}


def error(found, expected):
    return np.abs(found - expected).max() / np.abs(expected).max()


@pytest.mark.parametrize("name, gelu", [("meta-static", "tanh"), ("meta-erf-legacy", "erf")])
def test_encoder(copy_of, tmp_path, name, gelu):
    folder = copy_of(name)
    (folder.path / "bert_model.ckpt.meta").unlink()
    flags = [] if gelu == "tanh" else ["--gelu=erf"]
    xml = convert(folder.path, tmp_path / "out", "--input_checkpoint", folder.path / "bert_model.ckpt", *flags)
    for reference in folder.references.values():
        reference = np.load(reference)
        answers = run(xml, reference)
        assert error(answers["pooled_output"], reference["output_0"]) <= harness.MICRO_TOLERANCE
        assert answers["bert/pooler/dense/Tanh:0"].shape == reference["output_0"].shape


def test_the_other_gelu_is_another_answer(copy_of, tmp_path):
    folder = copy_of("meta-erf-legacy")
    reference = np.load(folder.references[1, 16])
    answers = run(convert(folder.path, tmp_path / "out"), reference)
    assert error(answers["pooled_output"], reference["output_0"]) > harness.MICRO_TOLERANCE


@pytest.fixture(scope="module")
def with_heads(tmp_path_factory):
    """A checkpoint with every head of google-research/bert, and the heads' weights."""
    import tensorflow.compat.v1 as tf

    out = tmp_path_factory.mktemp("heads")
    source = harness.ROOT / "test" / "Inputs" / "models" / "meta-static"
    shutil.copy(source / "bert_config.json", out)
    random = np.random.default_rng(7)
    heads = {
        "output_weights": (3, 32),
        "output_bias": (3,),
        "cls/squad/output_weights": (2, 32),
        "cls/squad/output_bias": (2,),
        "cls/predictions/transform/dense/kernel": (32, 32),
        "cls/predictions/transform/dense/bias": (32,),
        "cls/predictions/transform/LayerNorm/gamma": (32,),
        "cls/predictions/transform/LayerNorm/beta": (32,),
        "cls/predictions/output_bias": (120,),
        "cls/seq_relationship/output_weights": (2, 32),
        "cls/seq_relationship/output_bias": (2,),
    }
    heads = {name: random.standard_normal(shape).astype(np.float32) for name, shape in heads.items()}
    reader = tf.train.load_checkpoint(str(source / "bert_model.ckpt"))
    values = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    values.update(heads)
    # A fine-tuned checkpoint holds the optimizer's variables too.
    values["bert/pooler/dense/kernel/adam_m"] = np.zeros((32, 32), np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        variables = [tf.get_variable(name, initializer=value) for name, value in values.items()]
        session.run([variable.initializer for variable in variables])
        tf.train.Saver(variables).save(session, str(out / "bert_model.ckpt"), write_meta_graph=False)
    heads["word_embeddings"] = values["bert/embeddings/word_embeddings"]
    return out, heads


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def test_heads(with_heads, copy_of, tmp_path):
    folder, heads = with_heads
    reference = np.load(copy_of("meta-static").references[2, 24])
    outputs = ["probabilities", "loss/BiasAdd", "start_logits", "unstack:1", "pooled_output", "sequence_output"]
    outputs += ["masked_lm_logits", "masked_lm_log_probs", "cls/seq_relationship/LogSoftmax:0"]
    answers = run(convert(folder, tmp_path, "--output", ",".join(outputs)), reference)
    pooled, sequence = answers["pooled_output"], answers["sequence_output"]
    assert error(pooled, reference["output_0"]) <= harness.MICRO_TOLERANCE

    logits = pooled @ heads["output_weights"].T + heads["output_bias"]
    spans = sequence @ heads["cls/squad/output_weights"].T + heads["cls/squad/output_bias"]
    prefix = "cls/predictions/transform/"
    x = sequence @ heads[prefix + "dense/kernel"] + heads[prefix + "dense/bias"]
    x = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
    x = x * heads[prefix + "LayerNorm/gamma"] + heads[prefix + "LayerNorm/beta"]
    words = x @ heads["word_embeddings"].T + heads["cls/predictions/output_bias"]
    relation = pooled @ heads["cls/seq_relationship/output_weights"].T + heads["cls/seq_relationship/output_bias"]
    expected = {
        "logits": logits,
        "loss/Softmax": np.exp(log_softmax(logits)),
        "start_logits": spans[..., 0],
        "end_logits": spans[..., 1],
        "masked_lm_logits": words,
        "masked_lm_log_probs": log_softmax(words),
        "next_sentence_log_probs": log_softmax(relation),
    }
    for name, value in expected.items():
        assert answers[name].shape == value.shape, name
        assert error(answers[name], value) <= harness.MICRO_TOLERANCE, name


def test_a_fine_tuned_head_is_the_default(with_heads, copy_of, tmp_path):
    folder, _ = with_heads
    model = openvino.Core().read_model(convert(folder, tmp_path))
    expected = ["probabilities", "logits", "start_logits", "end_logits"]
    assert len(model.outputs) == len(expected)
    assert all(name in port.names for name, port in zip(expected, model.outputs))


def test_a_flipped_bit_is_found(copy_of, tmp_path):
    folder = copy_of("meta-static")
    data = folder.path / "bert_model.ckpt.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[40] ^= 1
    data.write_bytes(content)
    result = harness.bert_mo(["--bert_config", folder.path / "bert_config.json", "--output_dir", tmp_path / "out"], check=False)
    assert result.returncode == 1 and "checksum" in result.stderr, result.stderr
    assert not list((tmp_path / "out").glob("*"))
