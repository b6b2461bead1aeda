"""What a reader of the tutorials has in the current folder: a small BERT under the names that the pages use.

It has the published models' batch of 1, 128 tokens and 512 positions built in, so
that the pages' shapes are the real ones.
"""

import os
import shutil

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow.compat.v1 as tf
from zoo.bert import Model
from zoo.spec import Spec
from zoo.write import References, write_config, write_graph

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "sleep", "##s", "how", "do", "i", "convert", "a", "?", "."]
SIZES = dict(name="tutorial", why="", positions=512, batch=1, seq=128)
CHECKPOINT = Spec(format="meta", **SIZES)
ITERATOR = Spec(inputs="iterator", **{**SIZES, "batch": None})
SAVED_MODEL = Spec(format="saved_model", **SIZES)

_references = References()


def _write(spec, folder):
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        write_graph(spec, Model(spec), folder, _references(spec, 1, 128))


def write(folder):
    for spec in (CHECKPOINT, ITERATOR, SAVED_MODEL):
        _write(spec, folder)
    for kind in ("index", "data-00000-of-00001"):
        shutil.copy(folder / f"bert_model.ckpt.{kind}", folder / f"model.ckpt-2000.{kind}")
    write_config(CHECKPOINT, folder)
    (folder / "vocab.txt").write_text("".join(piece + "\n" for piece in PIECES))
    (folder / "lines.txt").write_text("The cat.\nThe cat?\tHow do I sleep?\n")


def reference(batch, sequence):
    """TensorFlow's inputs and pooled output of the model at any shape."""
    arrays = _references(CHECKPOINT, batch, sequence)
    return [arrays[role] for role in ("input_ids", "input_mask", "segment_ids")], arrays["output_0"]
