"""All families."""

from . import families, families_heads, families_inputs, families_ops

FAMILIES = [*families.FAMILIES, *families_inputs.FAMILIES, *families_heads.FAMILIES, *families_ops.FAMILIES]
