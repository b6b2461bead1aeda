"""Fixtures of the integration tests, and the list of features whose tests run.

Run through utils/test, or by hand:
    "$(utils/venv peers)" -m pytest -p no:cacheprovider test/Integration -k meta-static
"""

import os
import pathlib
import shutil
import subprocess

import pytest

import harness

# TensorFlow's default is off by 1e-2 on frozen BERT graphs. It reads this when a process first
# imports it, so it is set before any test can.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# A test marked needs("x") is skipped, and says so, until x is listed here.
LANDED = {"dynamic", "fp16", "native"}

SHARED_MODELS = harness.ROOT.parent / "shared" / "models"
MODELS = harness.ROOT / "test" / "Inputs" / "models"


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(feature): skipped until the feature is in conftest.LANDED")


def pytest_collection_modifyitems(items):
    for item in items:
        for marker in item.iter_markers("needs"):
            if marker.args[0] not in LANDED:
                item.add_marker(pytest.mark.skip(reason=f"not there yet: {marker.args[0]}"))


def model_folders():
    """The checked-in models, and those of ../shared/models that are not checked in."""
    folders = {}
    for root in (MODELS, SHARED_MODELS):
        for signature in sorted(root.glob("*/signature.json")):
            folders.setdefault(signature.parent.name, signature.parent)
    return [harness.ModelFolder(path) for _, path in sorted(folders.items())]


@pytest.fixture
def copy_of(tmp_path):
    """A function that copies a checked-in model folder to where a test may damage it."""

    def copy(name):
        path = tmp_path / name
        shutil.copytree(MODELS / name, path)
        return harness.ModelFolder(path)

    return copy


@pytest.fixture(scope="session")
def zoo():
    """The folder of the zoo, written if need be."""
    made = subprocess.run([harness.ROOT / "utils" / "make-zoo"], check=True, capture_output=True, text=True)
    return pathlib.Path(made.stdout.strip())


def pytest_generate_tests(metafunc):
    if "model" in metafunc.fixturenames:
        metafunc.parametrize("model", model_folders(), ids=lambda folder: folder.name)


