"""Writes the graphs of zoo/families_*.py, in the layout of the other zoo models."""

import json
import shutil

import numpy as np
import tensorflow.compat.v1 as tf

from .family import TYPES, VOCAB


USUAL_ROLES = ("input_ids", "input_mask", "segment_ids")


def feed_for(family, inputs, batch, seq):
    """Random inputs by role, as the placeholders' types want them."""
    random = np.random.default_rng([batch, seq, 11])
    lengths = random.integers(max(1, seq // 3), seq + 1, (batch, 1))
    mask = (np.arange(seq)[None] < lengths).astype(np.int32)
    values = {}
    for role in dict.fromkeys([*inputs, *(USUAL_ROLES if family.feed else ())]):
        if "mask" in role:
            value = mask
        elif role == "lengths":
            value = lengths[:, 0]
        elif "segment" in role or "type" in role:
            value = random.integers(0, TYPES, (batch, seq), np.int32)
        else:
            value = np.where(mask, random.integers(2, VOCAB, (batch, seq), np.int32), 0)
        values[role] = value.T if role.endswith("_sb") else value
    if family.feed:
        values = family.feed(values, batch, seq)
    return {role: values[role].astype(tensor.dtype.as_numpy_dtype) for role, tensor in inputs.items()}


def write_family(family, out, load_weights, config):
    folder = out / (family.name + ".partial")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tf.Graph().as_default() as graph:
        inputs, outputs = family.build(None, None)
        with tf.Session(config=config) as session:
            load_weights(session, "random")
            for batch, seq in dict.fromkeys([(family.batch or 2, family.seq or 8), (1, 7), (3, 5), (2, 32), (3, 8), (1, 1)]):
                feed = feed_for(family, inputs, batch, seq)
                try:
                    answers = session.run(outputs, {inputs[role]: value for role, value in feed.items()})
                except (tf.errors.InvalidArgumentError, ValueError):  # too short for a convolution, or built in
                    if (batch, seq) == (family.batch or 2, family.seq or 8):
                        raise
                    continue
                arrays = {f"output_{index}": answer for index, answer in enumerate(answers)}
                np.savez(folder / f"reference-{batch}x{seq}.npz", **feed, **arrays)
    with tf.Graph().as_default() as graph:
        inputs, outputs = family.build(family.batch, family.seq)
        names = [t.name[:-2] if t.name.endswith(":0") else t.name for t in outputs]
        with tf.Session(config=config) as session:
            load_weights(session, "random")
            if family.format in ("meta", "averages"):
                averaged = {f"{v.op.name}/ExponentialMovingAverage": v for v in tf.global_variables()}
                saver = tf.train.Saver(averaged if family.format == "averages" else None)
                saver.save(session, str(folder / "bert_model.ckpt"), write_meta_graph=False, write_state=False)
                meta = saver.export_meta_graph()
                if family.finish:
                    family.finish(meta.graph_def)
                (folder / "bert_model.ckpt.meta").write_bytes(meta.SerializeToString(deterministic=True))
            else:
                frozen = tf.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), [t.op.name for t in outputs])
                if family.finish:
                    family.finish(frozen)
                (folder / "inference_graph.pb").write_bytes(frozen.SerializeToString(deterministic=True))
    signature = {
        "inputs": [tensor.name for tensor in inputs.values()],
        "outputs": names,
        "batch": family.batch,
        "seq": family.seq,
        "roles": list(inputs),
        "format": "meta" if family.format == "averages" else family.format,
        "flags": list(family.flags),
        "dynamic": family.dynamic,
        "types": dict(family.types),
        "shape": family.shape,
        "shapes": dict(family.shapes),
        "tolerance": family.tolerance,
        "why": family.why,
    }
    (folder / "signature.json").write_text(json.dumps(signature, indent=1) + "\n")
    shutil.rmtree(out / family.name, ignore_errors=True)
    folder.rename(out / family.name)
