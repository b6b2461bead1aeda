"""A trained sentence encoder: how alike texts are, from text through a library, is what TensorFlow says."""

import shutil
import subprocess
import sys

import numpy as np
import pytest
import tokenizers

import harness

sys.path.insert(0, str(harness.ROOT / "utils"))
import demo  # noqa: E402

TEXTS = [
    *demo.SENTENCES,
    "Eine Katze döst am Fenster.",
    "Ünïcödé, naïve café – “quotes” & emoji 🐈",
    "金利が上がりました。",
    "a",
    "word " * 100,
]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """The encoder as a checkpoint with its graph and vocabulary, and TensorFlow's session of it."""
    weights = next((harness.python_of("demo").parents[1] / "lib").rglob("model.safetensors"))
    folder = tmp_path_factory.mktemp("minilm")
    shutil.copy(weights.with_name("vocab.txt"), folder)
    with demo.tf.Graph().as_default():
        return folder, demo.write_checkpoint(weights, folder / "bert_model.ckpt")


def test_similarity_from_text(checkpoint, tmp_path):
    folder, session = checkpoint
    library, lines, similar = folder / "model.so", tmp_path / "lines.txt", tmp_path / "similar.npz"
    compile_ = [harness.BIN / "bert-compile", folder / "bert_model.ckpt.meta", "--output", demo.OUTPUT, "-o", library, "--silent"]
    subprocess.run(list(map(str, compile_)), check=True)
    lines.write_text("".join(text + "\n" for text in TEXTS))
    run = [harness.BIN / "bert-run", library, "--text_from", lines, "--similarity", "--outputs_to", similar, "--silent"]
    subprocess.run(list(map(str, run)), check=True)

    tokenizer = tokenizers.BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=True)
    tokenizer.enable_truncation(demo.LENGTH)
    names = demo.INPUTS
    vectors = []
    for text in TEXTS:
        values = demo.encode(tokenizer, text)
        vectors.append(demo.embed(session.run(demo.OUTPUT + ":0", dict(zip(names, values))), values[1]))
    expected = np.array(vectors) @ np.array(vectors).T
    found = np.load(similar)["similarity"]
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-4
    # They mean something: the second sentence is the one most like the first.
    assert np.argsort(found[0])[-2] == 1
