#!/usr/bin/env python3
"""Give a graph-only meta graph seeded random weights: a full-size BERT without any download.

    "$(utils/venv peers)" utils/make-model.py GRAPH.meta[.gz] OUT [--frozen] [--shapes 1x128,3x17]

Writes bert_model.ckpt.{meta,index,data-00000-of-00001}, or with --frozen
inference_graph.pb, and for each of --shapes reference-BxS.npz: the inputs by role and
output_0 as TensorFlow computes it. Shapes need not be the graph's own: the answers come
from an open spelling of the same model (test/Integration/zoo), whose sizes are read
from the bert_config.json beside the graph; at the graph's own shape the graph itself is
run too and has to agree.
"""

import argparse
import gzip
import json
import os
import pathlib
import shutil
import sys
import zlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # TensorFlow's default is off by up to 0.1 on BERT-Base

import numpy as np  # noqa: E402
import tensorflow.compat.v1 as tf  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "test" / "Integration"))
from zoo.bert import Model  # noqa: E402
from zoo.spec import Spec  # noqa: E402

tf.logging.set_verbosity("ERROR")
tf.disable_v2_behavior()


def weight_value(name, shape, seed):
    """A function of the name, so that any graph with the same variables gets the same model."""
    values = np.random.default_rng([seed, zlib.crc32(name.encode())]).standard_normal(shape, np.float32)
    if name.endswith("gamma"):
        return 1 + np.float32(0.2) * values
    return np.float32(0.1 if name.endswith(("beta", "bias")) else 0.04) * values


def load_weights(session, seed):
    for variable in tf.global_variables():
        variable.load(weight_value(variable.op.name, variable.shape.as_list(), seed), session)


def spec_of(config, graph):
    erf = any(op.type == "Erf" for op in graph.get_operations())
    return Spec(
        name="full",
        why="",
        vocab=config["vocab_size"],
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        intermediate=config["intermediate_size"],
        positions=config["max_position_embeddings"],
        types=config["type_vocab_size"],
        activation="gelu_erf" if erf else "gelu_tanh",
        head="both",
    ).plain()


def random_inputs(config, batch, seq):
    random = np.random.default_rng([batch, seq])
    lengths = random.integers(max(1, seq // 3), seq + 1, (batch, 1))
    mask = (np.arange(seq)[None] < lengths).astype(np.int32)
    ids = random.integers(0, config["vocab_size"], (batch, seq), np.int32)
    segments = ((np.arange(seq)[None] >= lengths // 2) & (mask > 0)).astype(np.int32)
    return {"input_ids": ids, "input_mask": mask, "segment_ids": segments}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--frozen", action="store_true")
    parser.add_argument("--shapes", default="")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    source = arguments.graph.parent
    config = json.loads((source / "bert_config.json").read_text())
    signature = json.loads((source / "signature.json").read_text())
    for name in ("bert_config.json", "signature.json"):
        shutil.copyfile(source / name, arguments.out / name)
    shapes = [tuple(map(int, shape.split("x"))) for shape in arguments.shapes.split(",") if shape]

    meta = arguments.out / "bert_model.ckpt.meta"
    content = arguments.graph.read_bytes()
    meta.write_bytes(gzip.decompress(content) if arguments.graph.suffix == ".gz" else content)
    own_answers = {}
    outputs = [name + ":0" for name in signature["outputs"]]
    with tf.Graph().as_default() as graph:
        saver = tf.train.import_meta_graph(str(meta), clear_devices=True)
        spec = spec_of(config, graph)
        with tf.Session() as session:
            load_weights(session, arguments.seed)
            if arguments.frozen:
                meta.unlink()
                frozen = tf.graph_util.convert_variables_to_constants(
                    session, graph.as_graph_def(), signature["outputs"]
                )
                (arguments.out / "inference_graph.pb").write_bytes(frozen.SerializeToString())
            else:
                saver.save(session, str(meta.with_suffix("")), write_state=False)
            for batch, seq in shapes:
                if signature["batch"] in (None, batch) and signature["seq"] in (None, seq):
                    feed = zip(signature["inputs"], random_inputs(config, batch, seq).values())
                    own_answers[batch, seq] = session.run(outputs, dict(feed))

    if not shapes:
        return 0
    with tf.Graph().as_default():
        model = Model(spec)
        wanted = model.sequence if "Reshape" in signature["outputs"][0] else model.pooled
        with tf.Session() as session:
            load_weights(session, arguments.seed)
            for shape in shapes:
                data = random_inputs(config, *shape)
                answer = session.run(wanted, {tensor: data[role] for role, tensor in model.inputs.items()})
                if shape in own_answers and np.abs(own_answers[shape][0] - answer).max() > 2e-5 * np.abs(answer).max():
                    print(f"{arguments.graph}: the graph and its open spelling disagree", file=sys.stderr)
                    return 1
                np.savez(arguments.out / "reference-{}x{}.npz".format(*shape), **data, output_0=answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
