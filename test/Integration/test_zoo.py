"""The zoo: graphs of the family beyond the checked-in folders, each a way in which exports differ (zoo/variants.py)."""

import pytest

import harness
import run_zoo
from zoo.catalog import FAMILIES
from zoo.variants import VARIANTS

NAMES = [model.name for model in [*VARIANTS, *FAMILIES]]

# What does not convert yet, and why. A model that starts to work fails its test until its line is gone.
KNOWN_FAILURES = {
}


def known(kind, name):
    reason = KNOWN_FAILURES.get((kind, name))
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []


@pytest.mark.parametrize("name", [pytest.param(name, marks=known("own", name)) for name in NAMES])
def test_own_shape(name, zoo, tmp_path):
    folder = harness.ModelFolder(zoo / name)
    assert run_zoo.try_own(folder, tmp_path) <= folder.tolerance


@pytest.mark.needs("dynamic")
@pytest.mark.parametrize("name", [pytest.param(name, marks=known("dynamic", name)) for name in NAMES])
def test_dynamic(name, zoo, tmp_path):
    folder = harness.ModelFolder(zoo / name)
    try:
        error = run_zoo.try_dynamic(folder, tmp_path)
    except AssertionError as refusal:
        if run_zoo.is_permitted(folder, refusal):
            return
        raise
    assert error <= folder.tolerance
