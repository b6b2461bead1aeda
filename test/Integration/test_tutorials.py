"""The pages for users: each command is run as it stands, in order, and the results are TensorFlow's.

(docs/deploy.md has a test of its own.)
"""

import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
import tutorial_files

import harness


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tutorial")
    tutorial_files.write(folder)
    return folder


def blocks(page, language="sh"):
    text = (harness.ROOT / page).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def run(block, folder, environment=None):
    environment = environment or {**os.environ, "PATH": f"{harness.BIN}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, block + done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def page(request, files, tmp_path):
    """Runs the commands of a page in a copy of the files; returns the folder, and what each block printed."""

    def run_page(name):
        folder = tmp_path / "page"
        shutil.copytree(files, folder)
        return folder, [run(block, folder) for block in blocks(name)]

    return run_page


def check(xml, *shapes):
    """The IR answers as TensorFlow does at each [batch, sequence]."""
    compiled = harness.compile_f32(harness.read(xml))
    for shape in shapes:
        inputs, expected = tutorial_files.reference(*shape)
        answer = compiled(inputs)[0]
        assert answer.shape == expected.shape
        assert np.abs(answer - expected).max() <= harness.MICRO_TOLERANCE * np.abs(expected).max(), (xml, shape)


def test_readme(files, tmp_path):
    set_up, path, use = blocks("README.md")
    for command in re.findall(r"^(utils/\S+)", set_up, re.MULTILINE):
        said = subprocess.run([harness.ROOT / command, "--help"], check=True, capture_output=True, text=True).stdout
        assert said.startswith(command + ": ")
    assert harness.BIN != harness.ROOT / "build/release/bin" or "bert-mo" in run(path + "command -v bert-mo", harness.ROOT)
    folder = tmp_path / "page"
    shutil.copytree(files, folder)
    printed = run(use, folder)
    check(folder / "bert_model.ckpt.xml", (1, 128), (3, 17))
    assert " 1.00000 " in printed
    assert len((folder / "answers.jsonl").read_text().splitlines()) == 2


def test_links_of_the_pages():
    pages = [harness.ROOT / "README.md", *(harness.ROOT / "docs").glob("*.md")]
    for path in pages:
        for target in re.findall(r"\]\(([^)#:]+)[^)]*\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_convert(page):
    folder, printed = page("docs/convert.md")
    assert any("bert/pooler/dense/Tanh" in text and "GELU" in text for text in printed)
    check(folder / "bert_model.ckpt.xml", (1, 128))
    check(folder / "inference_graph.xml", (1, 128))
    check(folder / "tuned.xml", (1, 128))
    check(folder / "from-config.xml", (1, 128), (2, 9))
    check(folder / "from-saved-model.xml", (1, 128))


def test_reshape(page):
    folder, _ = page("docs/reshape.md")
    check(folder / "any.xml", (1, 7), (8, 384), (1, 512))
    check(folder / "eight.xml", (8, 128))
    check(folder / "eight-by-384.xml", (8, 384))
    check(folder / "freed.xml", (1, 7), (8, 128))
    (program,) = blocks("docs/reshape.md", "python")
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["(1, 32)", "(8, 32)"], done.stderr


def test_look_inside(page):
    folder, printed = page("docs/look-inside.md")
    assert printed[0].count("bert/embeddings") >= 5
    check(folder / "model.xml", (1, 128), (2, 9))
    for floor, op in (("tf", "BatchMatMulV2"), ("ov", "softmax"), ("bert", "attention")):
        drawing = (folder / f"{floor}.dot").read_text()
        assert "label=<bert/encoder/layer_0>" in drawing and f"<b>{op}</b>" in drawing


@pytest.mark.parametrize("name", ["docs/add-a-tensorflow-op.md", "docs/add-a-pass.md"])
def test_what_the_page_adds_is_in_the_tree(name):
    """Each line of a block stands in the file that was named last."""
    text = (harness.ROOT / name).read_text()
    file, count = None, 0
    for path, language, block in re.findall(r"`([\w/.-]+/[\w.-]+\.\w+)`|^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if path:
            file = harness.ROOT / path
            assert file.exists(), f"{name} names {path}"
        elif language != "sh":
            count += 1
            lines = [line.strip() for line in block.splitlines() if line.strip()]
            missing = [line for line in lines if line not in file.read_text()]
            assert lines and not missing, f"{file} has not: {missing}"
    assert count >= 4


@pytest.mark.parametrize("name", ["docs/add-a-tensorflow-op.md", "docs/add-a-pass.md"])
def test_commands_for_developers(name):
    for block in blocks(name):
        for command in block.splitlines():
            run(command, harness.ROOT)
