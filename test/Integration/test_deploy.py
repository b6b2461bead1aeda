"""docs/deploy.md, command by command, on a small checkpoint; the C program's answer is TensorFlow's."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest

import harness

pytestmark = pytest.mark.needs("native")


def blocks(language):
    text = (harness.ROOT / "docs" / "deploy.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def run(commands, folder):
    path = os.pathsep.join([str(harness.BIN), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "BERT_MLIR": str(harness.ROOT)}
    if harness.BIN != harness.ROOT / "build" / "release" / "bin":
        commands = commands.replace("$BERT_MLIR/build/release/lib", str(harness.BIN.parent / "lib"))
    result = subprocess.run(["bash", "-euc", commands], cwd=folder, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, (commands, result.stderr)
    return result.stdout


def test_page(copy_of, tmp_path):
    folder = copy_of("meta-static").path
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "sleep", "##s", "how", "do", "i", "convert", "a", "?", "."]
    (folder / "vocab.txt").write_text("".join(piece + "\n" for piece in pieces))
    program, embed = blocks("c")
    (folder / "answer.c").write_text(program)
    (folder / "embed.c").write_text(embed)
    printed = [run(commands, folder) for commands in blocks("sh")]
    (from_ids,) = [text for commands, text in zip(blocks("sh"), printed) if "./answer" in commands]
    answers = np.array([list(map(float, line.split())) for line in from_ids.splitlines()])

    # From text: what bert-run says of the same texts.
    (from_text,) = [text for commands, text in zip(blocks("sh"), printed) if "./embed" in commands]
    texts = ["How do I convert a BERT?", "The cat sleeps."]
    lines = run("bert-run model.so --format json " + " ".join(f'--text "{text}"' for text in texts), folder)
    for line, text, answer in zip(from_text.splitlines(), texts, map(json.loads, lines.splitlines()), strict=True):
        numbers, name = line.split("  ", 1)
        assert name == text
        expected = answer["bert/pooler/dense/Tanh"][:3]
        assert np.abs(np.array(numbers.split(), float) - expected).max() <= 2e-6

    # Over a pipe, in Python.
    (script,) = blocks("python")
    (folder / "ask.py").write_text(script)
    piped = run(f"{sys.executable} ask.py", folder).splitlines()
    expected = (f"{answer['text']} {answer['bert/pooler/dense/Tanh'][:3]}" for answer in map(json.loads, lines.splitlines()))
    assert piped == list(expected)

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
