"""The guide's two commands as its page prints them: spaces, backslashes and quotes, only the program's name changed.

The page leaves out some of the backslashes at the ends of lines, which whoever copies it has to add; so does run().
"""

import os
import shutil
import subprocess

import conftest
import harness

FIRST = r"""
python3 ./mo_tf.py
--input_meta_graph uncased_L-12_H-768_A-12/bert_model.ckpt.meta \
--output bert/pooler/dense/Tanh                                 \
--disable_nhwc_to_nchw                                          \
--input Placeholder{i32},Placeholder_1{i32},Placeholder_2{i32}
"""

SECOND = r"""
python3 ./mo_tf.py
--input_model inference_graph.pb 
--input "IteratorGetNext:0{i32}[1 128],IteratorGetNext:1{i32}[1 128],IteratorGetNext:4{i32}[1 128]" 
--disable_nhwc_to_nchw 
"""


def run(text, folder):
    lines = text.strip().replace("python3 ./mo_tf.py", "bert-mo").splitlines()
    command = "\n".join(line if line.endswith("\\") else line.rstrip() + " \\" for line in lines) + "\n\n"
    environment = {**os.environ, "PATH": f"{harness.BIN}:{os.environ['PATH']}"}
    for shell in ("bash", "sh"):
        result = subprocess.run([shell, "-c", command], cwd=folder, env=environment, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout + result.stderr
        assert result.stdout.count("disable_nhwc_to_nchw") == 1  # retired flags are said once
        success = [line for line in result.stdout.splitlines() if line.startswith("[ SUCCESS ]")]
        assert success[0] == "[ SUCCESS ] Generated IR version 11 model."
        assert success[1].startswith("[ SUCCESS ] XML file: ") and success[2].startswith("[ SUCCESS ] BIN file: ")
    return success[1].removeprefix("[ SUCCESS ] XML file: ")


def test_first_command(tmp_path):
    shutil.copytree(conftest.MODELS / "meta-static", tmp_path / "uncased_L-12_H-768_A-12")
    folder = harness.ModelFolder(tmp_path / "uncased_L-12_H-768_A-12")
    compiled = harness.compile_f32(harness.read(run(FIRST, tmp_path)))
    assert harness.error_at(compiled, folder, folder.own_shapes()[0]) <= harness.MICRO_TOLERANCE


def test_second_command(zoo, tmp_path):
    folder = harness.ModelFolder(zoo / "guide-iterator")
    shutil.copy(folder.path / "inference_graph.pb", tmp_path)
    model = harness.read(run(SECOND, tmp_path))
    assert [list(port.shape) for port in model.inputs] == [[1, 128]] * 3
    assert harness.error_at(harness.compile_f32(model), folder, (1, 128)) <= harness.MICRO_TOLERANCE
