"""What a zoo model is: every choice that makes one exported BERT differ from another, as one record.

The first group of fields changes what is computed, the second only how the same
computation is spelled or stored. Specs that agree in the first group share their
weights and their reference answers.
"""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Spec:
    """One model. Sizes are small on purpose; `batch` and `seq` are None where the graph leaves them open."""

    name: str
    why: str

    # What is computed.
    vocab: int = 40
    hidden: int = 32
    layers: int = 2
    heads: int = 2
    intermediate: int = 48
    positions: int = 32
    types: int = 2
    embedding: typing.Optional[int] = None  # factorised embeddings: their width
    shared_layers: bool = False  # one layer's weights for all layers
    pre_norm: bool = False
    activation: str = "gelu_tanh"
    epsilon: float = 1e-12
    mask_value: float = -10000.0
    mask_before_scale: bool = False
    use_mask: bool = True
    use_segments: bool = True
    head: str = "pooler"  # a key of heads.HEADS
    weights: str = "random"  # or "initial": gamma 1, beta and bias 0

    # How it is spelled.
    batch: typing.Optional[int] = 2
    seq: typing.Optional[int] = 8
    inputs: str = "placeholder"  # or "iterator"
    id_type: str = "int32"
    shape_type: str = "int32"  # of the arithmetic on open dimensions
    one_hot: bool = False
    layer_norm: str = "contrib"  # a key of layers.LAYER_NORMS
    mask_style: str = "ones"  # "ones", "expand", "select"
    attention: str = "modeling"  # "modeling", "einsum", "tensordot", "packed", "split_concat"
    dropout: typing.Optional[str] = None  # a key of layers.DROPOUTS: a graph that was built for training
    dropout_switch: typing.Optional[str] = None  # "constant", "placeholder": tf.cond around each dropout
    keep_prob: str = "constant"  # or "placeholder", "default" (placeholder_with_default)
    training: bool = False  # gradients, optimizer and its slots, summaries
    variables: str = "ref"  # "ref", "resource", "partitioned"
    initial_values: str = "random"  # or "constant": the meta graph holds stale weights as constants
    legacy_ops: bool = False  # Add, BatchMatMul, Gather, Select

    unused: bool = False  # queues, loops, string look-ups, summaries and TPU marks that no output needs

    # How it is stored.
    format: str = "frozen"  # frozen, frozen_text, meta, meta_text, graph_and_checkpoint, text_and_folder, saved_model
    shards: int = 1
    tags: typing.Tuple[str, ...] = ("serve",)

    # What to ask of a converter.
    flags: typing.Tuple[str, ...] = ()  # on top of the usual command
    dynamic: str = "both"  # what can be opened up: "both", "batch", or "any" (right or refused)
    shapes: typing.Tuple[typing.Tuple[int, int], ...] = ()  # more shapes to give references for

    def semantics(self):
        """The fields that decide the answer, as a key."""
        names = [field.name for field in dataclasses.fields(self)]
        names = names[names.index("vocab") : names.index("batch")]
        return tuple((name, getattr(self, name)) for name in names) + (("packed", self.attention == "packed"), ("einsum", self.attention == "einsum"))

    def plain(self):
        """The same computation, open in both dimensions, in its simplest spelling: what the references run."""
        attention = self.attention if self.attention in ("packed", "einsum") else "modeling"
        defaults = {field.name: field.default for field in dataclasses.fields(self)}
        names = list(defaults)
        spelled = {name: defaults[name] for name in names[names.index("batch") :]}
        spelled.update(batch=None, seq=None, attention=attention)
        return dataclasses.replace(self, **spelled)

    def reference_shapes(self):
        """[batch, sequence] pairs: the graph's own first, then others that a reshaped model must answer."""
        own = (self.batch or 2, self.seq or min(8, self.positions))
        longest = self.positions
        others = [(1, min(7, longest)), (3, min(5, longest)), (2, longest), (own[0] + 1, own[1]), (1, 1)]
        return list(dict.fromkeys([own, *others, *self.shapes]))
