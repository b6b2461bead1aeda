"""A model folder's own graph in TensorFlow, for inputs that no reference file has. Only here is TensorFlow loaded into a test."""

import json

import numpy as np
import tensorflow.compat.v1 as tf

from zoo.bert import Model
from zoo.spec import Spec

tf.logging.set_verbosity("ERROR")
tf.disable_v2_behavior()


class Graph:
    """Runs a frozen graph or a meta graph with its checkpoint. A training graph's answer hangs on its random numbers, so the
    same model is built without dropout and takes the checkpoint's weights."""

    def __init__(self, folder):
        self.folder = folder
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.session = tf.Session()
            self.inputs = dict(zip(folder.roles, folder.signature["inputs"]))
            self.outputs = [name if ":" in name else name + ":0" for name in folder.signature["outputs"]]
            self.batch = folder.signature["batch"]
            checkpoint = folder.path / "bert_model.ckpt"
            if not checkpoint.with_suffix(".ckpt.meta").exists():
                definition = tf.GraphDef.FromString((folder.path / "inference_graph.pb").read_bytes())
                tf.import_graph_def(definition, name="")
                return
            saver = tf.train.import_meta_graph(str(checkpoint) + ".meta", clear_devices=True)
            if not any(op.type == "RandomUniform" for op in self.graph.get_operations()):
                saver.restore(self.session, str(checkpoint))
                return
        self._build_without_dropout(checkpoint)

    def _build_without_dropout(self, checkpoint):
        config = json.loads((self.folder.path / "bert_config.json").read_text())
        self.graph = tf.Graph()
        with self.graph.as_default():
            sizes = dict(
                vocab=config["vocab_size"],
                hidden=config["hidden_size"],
                layers=config["num_hidden_layers"],
                heads=config["num_attention_heads"],
                intermediate=config["intermediate_size"],
                positions=config["max_position_embeddings"],
                types=config["type_vocab_size"],
            )
            model = Model(Spec(name="plain", why="", **sizes).plain())
            assert model.outputs == self.folder.signature["outputs"]
            self.inputs = {role: tensor.name for role, tensor in model.inputs.items()}
            self.batch = None
            self.session = tf.Session()
            reader = tf.train.load_checkpoint(str(checkpoint))
            for variable in tf.global_variables():
                variable.load(reader.get_tensor(variable.op.name), self.session)

    def run(self, arrays):
        """The outputs for arrays by role; in batches as large as the graph takes, which must divide the rows."""
        rows = len(next(iter(arrays.values())))
        step = self.batch or rows
        assert rows % step == 0
        parts = []
        for first in range(0, rows, step):
            feed = {self.inputs[role]: value[first : first + step] for role, value in arrays.items()}
            parts.append(self.session.run(self.outputs, feed))
        return [np.concatenate(part) for part in zip(*parts)]

    def close(self):
        self.session.close()
