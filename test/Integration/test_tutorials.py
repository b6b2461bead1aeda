"""Commands of the documentation's pages do what the pages say. (docs/deploy.md has a test of its own.)"""

import os
import re
import shutil
import subprocess

import harness


def shell_blocks(page):
    return re.findall(r"```sh\n(.*?)```", (harness.ROOT / page).read_text(), re.DOTALL)


def test_running_on_text_as_in_the_readme(tmp_path):
    """The block that compiles a checkpoint and answers from text, on a micro model under the published file names."""
    (block,) = [block for block in shell_blocks("README.md") if "bert-run model.so --text" in block]
    model = harness.ROOT / "test" / "Inputs" / "models" / "meta-static"
    for file in model.glob("bert_model.ckpt*"):
        shutil.copy(file, tmp_path)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "sleep", "##s", "how", "do", "i", "?", "."]
    (tmp_path / "vocab.txt").write_text("".join(piece + "\n" for piece in pieces))
    (tmp_path / "lines.txt").write_text("The cat.\nThe cat?\tIt sleeps.\n")
    environment = {**os.environ, "PATH": f"{harness.BIN}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr or done.stdout
    assert " 1.00000 " in done.stdout
    assert len((tmp_path / "answers.jsonl").read_text().splitlines()) == 2
