"""Writes zoo models to disk: graph, weights, signature.json and reference-BxS.npz, one folder per model.

    python -m zoo.write OUT [NAME...]        (see utils/make-zoo)

The answers come from TensorFlow running the plain spelling of the same model at
each shape: open dimensions, no dropout, the same weights by name. So they say what
a converted and reshaped model must answer, also where the exported graph itself
could not take the shape.
"""

import argparse
import fnmatch
import json
import os
import pathlib
import shutil
import sys
import time
import zlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # TensorFlow's default is off by 1e-2 on frozen BERT graphs

import numpy as np  # noqa: E402
import tensorflow.compat.v1 as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402

from .bert import MASKED_WORDS, Model  # noqa: E402
from .catalog import FAMILIES  # noqa: E402
from .variants import VARIANTS  # noqa: E402
from .write_family import write_family  # noqa: E402

tf.logging.set_verbosity("ERROR")
tf.disable_v2_behavior()

# Shards are made by placing variables on different devices; so many are enough.
SESSION_CONFIG = tf.ConfigProto(
    device_count={"CPU": 3}, intra_op_parallelism_threads=1, inter_op_parallelism_threads=1
)


def weight_value(name, shape, kind):
    """The trained value of a variable: a function of its name alone, so that all spellings of a model share it."""
    if kind == "initial" and name.endswith(("gamma", "beta", "bias")):
        return np.full(shape, 1.0 if name.endswith("gamma") else 0.0, np.float32)
    random = np.random.default_rng(zlib.crc32(name.encode()))
    values = random.standard_normal(shape, np.float32)
    if name.endswith("gamma"):
        return 1 + 0.2 * values
    if name.endswith(("beta", "bias")):
        return 0.1 * values
    if name.endswith("embeddings"):
        return 0.5 * values
    return (0.7 / np.sqrt(max(2, shape[0]))).astype(np.float32) * values


def load_weights(session, kind):
    session.run(tf.global_variables_initializer())
    for variable in tf.global_variables():
        slice_info = variable._get_save_slice_info()
        if slice_info:
            whole = weight_value(slice_info.full_name, slice_info.full_shape, kind)
            ranges = [slice(o, o + n) for o, n in zip(slice_info.var_offset, slice_info.var_shape)]
            variable.load(whole[tuple(ranges)], session)
        elif variable.dtype.base_dtype == tf.float32 and "Adam" not in variable.op.name and "beta" != variable.op.name[:4]:
            variable.load(weight_value(variable.op.name, variable.shape.as_list(), kind), session)


class References:
    """Answers of the plain spelling, one TensorFlow session per distinct computation."""

    def __init__(self):
        self._sessions = {}

    def __call__(self, spec, batch, seq):
        key = spec.semantics()
        if key not in self._sessions:
            graph = tf.Graph()
            with graph.as_default():
                model = Model(spec.plain())
                session = tf.Session(config=SESSION_CONFIG)
                load_weights(session, spec.weights)
            self._sessions[key] = (graph, model, session)
        graph, model, session = self._sessions[key]

        random = np.random.default_rng([batch, seq, 7])
        lengths = random.integers(max(1, seq // 3), seq + 1, (batch, 1))
        mask = (np.arange(seq)[None] < lengths).astype(np.int32)
        if batch > 1 and seq > 2:
            mask[1] = mask[1, ::-1]  # left padding
            mask[-1, seq // 2] ^= 1  # a hole, or an island
        data = {
            "input_ids": random.integers(0, spec.vocab, (batch, seq), np.int32),
            "input_mask": mask,
            "segment_ids": random.integers(0, spec.types, (batch, seq), np.int32),
            "masked_lm_positions": random.integers(0, seq, (batch, MASKED_WORDS), np.int32),
        }
        outputs = [name if ":" in name else name + ":0" for name in model.outputs]
        feed = {tensor: data[role] for role, tensor in model.inputs.items()}
        answers = session.run(outputs, feed)
        arrays = {role: data[role] for role in model.inputs}
        arrays.update({f"output_{index}": answer for index, answer in enumerate(answers)})
        return arrays


def rename_to_legacy(graph_def):
    """The op names of TensorFlow 1.11: the newer ones differ only in name here (GatherV2 gathers along axis 0)."""
    constants = {node.name: node for node in graph_def.node if node.op == "Const"}
    for node in graph_def.node:
        if node.op == "AddV2":
            node.op = "Add"
        elif node.op == "BatchMatMulV2":
            node.op = "BatchMatMul"
        elif node.op == "GatherV2":
            axis = constants[node.input[2]]
            if tf.make_ndarray(axis.attr["value"].tensor) == 0:
                node.op = "Gather"
                del node.input[2]
                for name in ("Taxis", "batch_dims"):
                    if name in node.attr:
                        del node.attr[name]


def add_unused():
    """What training scripts and serving exports leave in a graph beside the model."""
    with tf.name_scope("unused"):
        queue = tf.FIFOQueue(4, [tf.int32], name="queue")
        tf.add(queue.dequeue(), 1)
        tf.while_loop(lambda i: tf.less(i, 3), lambda i: tf.add(i, 1), [tf.constant(0)], name="loop")
        texts = tf.placeholder(tf.string, [None], name="input_example_tensor")
        tf.io.parse_example(texts, {"input_ids": tf.io.FixedLenFeature([8], tf.int64)})
        tf.summary.scalar("loss", tf.constant(1.0))
        tf.Print(tf.constant(1.0), ["printed"])


def add_tpu_marks(graph_def):
    """What a TPU's graph holds beside the model; sessions without a TPU refuse such a graph."""
    graph_def.node.add(name="TPUReplicateMetadata", op="TPUReplicateMetadata").attr["num_replicas"].i = 1
    graph_def.node.add(name="TPUCompilationResult", op="TPUCompilationResult", input=["^TPUReplicateMetadata"])
    for node in graph_def.node:
        if node.op == "MatMul":
            node.attr["_tpu_replicate"].s = b"cluster"
            node.input.append("^TPUReplicateMetadata")


def check_own_answer(spec, model, session, expected):
    """The exported spelling computes what the plain one does, wherever it can be run as it is."""
    if spec.dropout or spec.inputs == "iterator":
        return
    outputs = [name if ":" in name else name + ":0" for name in model.outputs]
    answers = session.run(outputs, {tensor: expected[role] for role, tensor in model.inputs.items()})
    for index, answer in enumerate(answers):
        reference = expected[f"output_{index}"]
        if not np.abs(answer - reference).max() <= 1e-5 * max(1, np.abs(reference).max()):
            raise RuntimeError(f"{model.outputs[index]} is not what the plain spelling computes")


def write_graph(spec, model, folder, expected):
    """Stores the default graph with its weights in the spec's format."""
    graph = tf.get_default_graph()
    prefix = str(folder / "bert_model.ckpt")
    with tf.Session(config=SESSION_CONFIG) as session:
        load_weights(session, spec.weights)
        check_own_answer(spec, model, session, expected)
        if spec.format in ("meta", "meta_text", "graph_and_checkpoint", "text_and_folder"):
            saver = tf.train.Saver(sharded=spec.shards > 1)
            # As tf.estimator leaves it: graph.pbtxt, and a file that says which checkpoint is the latest.
            is_folder = spec.format == "text_and_folder"
            saver.save(session, prefix, write_state=is_folder, write_meta_graph=False)
            if is_folder:
                (folder / "graph.pbtxt").write_text(text_format.MessageToString(graph.as_graph_def()))
                # The state names the folder that is renamed when the model is whole.
                (folder / "checkpoint").write_text('model_checkpoint_path: "bert_model.ckpt"\n')
                return
            if spec.format == "graph_and_checkpoint":
                (folder / "graph.pb").write_bytes(graph.as_graph_def().SerializeToString(deterministic=True))
                return
            meta = saver.export_meta_graph()
            if spec.legacy_ops:
                rename_to_legacy(meta.graph_def)
            if spec.unused:
                add_tpu_marks(meta.graph_def)
            if spec.format == "meta":
                (folder / "bert_model.ckpt.meta").write_bytes(meta.SerializeToString(deterministic=True))
            else:
                (folder / "bert_model.ckpt.meta").write_text(text_format.MessageToString(meta))
        elif spec.format == "saved_model":
            tensors = {name: graph.get_tensor_by_name(name if ":" in name else name + ":0") for name in model.outputs}
            signature = tf.saved_model.predict_signature_def(
                model.inputs, {f"output_{i}": tensor for i, tensor in enumerate(tensors.values())}
            )
            builder = tf.saved_model.Builder(str(folder / "saved_model"))
            builder.add_meta_graph_and_variables(
                session, list(spec.tags), {"serving_default": signature}, strip_default_attrs=False
            )
            builder.save()
        else:
            nodes = [name.split(":")[0] for name in model.outputs]
            frozen = tf.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), nodes)
            if spec.legacy_ops:
                rename_to_legacy(frozen)
            if spec.format == "frozen_text":
                (folder / "inference_graph.pbtxt").write_text(text_format.MessageToString(frozen))
            else:
                (folder / "inference_graph.pb").write_bytes(frozen.SerializeToString(deterministic=True))


def write_config(spec, folder):
    config = {
        "vocab_size": spec.vocab,
        "hidden_size": spec.hidden,
        "num_hidden_layers": spec.layers,
        "num_attention_heads": spec.heads,
        "intermediate_size": spec.intermediate,
        "hidden_act": spec.activation.split("_")[0],
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "max_position_embeddings": spec.positions,
        "type_vocab_size": spec.types,
        "initializer_range": 0.02,
    }
    (folder / "bert_config.json").write_text(json.dumps(config, indent=1) + "\n")


def write_model(spec, out, references):
    """Writes one model's folder; a half-written one never keeps its final name."""
    folder = out / (spec.name + ".partial")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        placement = iter(range(10**6))

        def place(op):
            return f"/cpu:{next(placement) % spec.shards}" if op.type.startswith("Var") else "/cpu:0"

        with tf.device(place if spec.shards > 1 else None):
            model = Model(spec)
            if spec.unused:
                add_unused()
        write_graph(spec, model, folder, references(spec, *spec.reference_shapes()[0]))
        roles = {
            "input_ids": "IteratorGetNext:0", "input_mask": "IteratorGetNext:1", "segment_ids": "IteratorGetNext:4"
        } if spec.inputs == "iterator" else {}  # fmt: skip
        signature = {
            "inputs": [roles.get(role, tensor.name) for role, tensor in model.inputs.items()],
            "outputs": model.outputs,
            "batch": spec.batch,
            "seq": spec.seq,
            "roles": list(model.inputs),
            "format": spec.format,
            "flags": list(spec.flags),
            "dynamic": spec.dynamic,
            "why": spec.why,
        }
    for batch, seq in spec.reference_shapes():
        np.savez(folder / f"reference-{batch}x{seq}.npz", **references(spec, batch, seq))
    write_config(spec, folder)
    (folder / "signature.json").write_text(json.dumps(signature, indent=1) + "\n")
    shutil.rmtree(out / spec.name, ignore_errors=True)
    folder.rename(out / spec.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("names", nargs="*", help="models to write (shell patterns); all if none")
    arguments = parser.parse_args()
    everything = [*VARIANTS, *FAMILIES]
    assert len({model.name for model in everything}) == len(everything), "two variants of one name"

    chosen = [
        model
        for model in everything
        if not arguments.names or any(fnmatch.fnmatch(model.name, name) for name in arguments.names)
    ]
    start = time.monotonic()
    references = References()
    for spec in chosen:
        try:
            if spec in FAMILIES:
                write_family(spec, arguments.out, load_weights, SESSION_CONFIG)
            else:
                write_model(spec, arguments.out, references)
        except Exception as error:
            raise RuntimeError(f"zoo model {spec.name}: {error}") from error
    print(f"wrote {len(chosen)} models to {arguments.out} in {time.monotonic() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
