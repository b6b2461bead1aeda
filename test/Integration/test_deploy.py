"""docs/deploy.md, command by command, on a small checkpoint; the C program's answer is TensorFlow's."""

import os
import re
import subprocess

import numpy as np
import pytest

import harness

pytestmark = pytest.mark.needs("native")


def blocks(language):
    text = (harness.ROOT / "docs" / "deploy.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_page(copy_of, tmp_path):
    folder = copy_of("meta-static").path
    (program,) = blocks("c")
    (folder / "answer.c").write_text(program)
    clang = "/usr/lib/llvm-22/bin/clang"
    (folder / "bin").mkdir()
    (folder / "bin" / "cc").symlink_to(clang)
    path = os.pathsep.join([str(folder / "bin"), str(harness.BIN), os.environ["PATH"]])
    printed = ""
    for commands in blocks("sh"):
        result = subprocess.run(
            ["bash", "-euc", commands], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True
        )
        assert result.returncode == 0, (commands, result.stderr)
        printed = result.stdout
    answers = np.array([list(map(float, line.split())) for line in printed.splitlines()])

    # The same sentences in OpenVINO, one by one.
    xml = harness.convert(harness.ModelFolder(folder), tmp_path / "ir", extra=["--dynamic"])
    compiled = harness.compile_f32(harness.read(xml))
    ids = list(map(int, re.search(r"ids\[\] = \{(.*?)\}", program)[1].split(",")))
    offsets = list(map(int, re.search(r"offsets\[\] = \{(.*?)\}", program)[1].split(",")))
    assert answers.shape == (len(offsets) - 1, 3)
    for row, (begin, end) in enumerate(zip(offsets, offsets[1:])):
        sentence = np.array([ids[begin:end]], np.int32)
        feed = {"Placeholder": sentence, "Placeholder_1": np.ones_like(sentence), "Placeholder_2": 0 * sentence}
        expected = compiled(feed)["bert/pooler/dense/Tanh"][0]
        assert np.abs(answers[row] - expected[:3]).max() <= 2e-5
