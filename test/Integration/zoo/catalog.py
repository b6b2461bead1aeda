"""All families."""

from . import families_heads, families_inputs, families_models, families_ops, families_precision

FAMILIES = [
    family
    for module in (families_models, families_heads, families_inputs, families_precision, families_ops)
    for family in module.FAMILIES
]
