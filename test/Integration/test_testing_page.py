"""Every test that docs/testing.md names for a known failure exists."""

import re

import harness
from zoo.catalog import FAMILIES
from zoo.variants import VARIANTS

ROOT = harness.ROOT


def named_tests():
    page = (ROOT / "docs" / "testing.md").read_text()
    table = page.split("## What other converters get wrong")[1]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ")]
    return [(row[0], re.findall(r"`([^`]+)`", cell)) for row in rows for cell in row[1:] if "`" in cell]


def exists(test):
    if test.startswith("zoo: "):
        return any(spec.name == test.removeprefix("zoo: ") for spec in [*VARIANTS, *FAMILIES])
    file, _, function = test.partition("::")
    path = ROOT / file
    definition = rf"^(?:def |func\.func @){function}\("
    return path.is_file() and (not function or re.search(definition, path.read_text(), re.M) is not None)


def test_named_tests_exist():
    rows = named_tests()
    assert len(rows) >= 90
    for row, tests in rows:
        assert tests, row
        for test in tests:
            assert exists(test), f"{test}, of {row}"
