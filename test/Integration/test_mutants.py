"""Files with random damage, a hundred and more of each kind: the tools answer or refuse, they never crash.

A run ends with exit code 0 and its outputs, or with 1, an error that names a file and no
outputs. The mutants are the same in every run: a seed names each. To try a build with
sanitizers: BERT_MLIR_BIN=build/fuzz/bin, which utils/test --asan makes.
"""

import concurrent.futures
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np
import pytest

import harness

MODELS = harness.ROOT / "test" / "Inputs" / "models"
CHECKPOINTS = harness.ROOT / "test" / "Inputs" / "checkpoints"
COUNT = int(os.environ.get("BERT_MLIR_MUTANTS", 100))
# A sanitizer's own exit codes are not ours.
ENVIRONMENT = dict(
    os.environ,
    ASAN_OPTIONS="detect_leaks=0:allow_user_poisoning=0:exitcode=99",
    UBSAN_OPTIONS="exitcode=98:print_stacktrace=1",
)
TOKENS = [b"0", b"-1", b"9223372036854775807", b"nan", b'"', b"{", b"}", b"<", b"[", b"\n", b"\xff", b"\0"]


def mutate(whole, random):
    """One to eight changes: a bit, a byte, a word, a piece that is cut out, doubled, moved, or replaced; or an end cut off."""
    data = bytearray(whole)
    if random.integers(5) == 0:
        return bytes(data[: random.integers(len(data))])
    # Half of the damage is at the front, where headers are.
    limit = len(data) if random.integers(2) else min(len(data), 400)
    for _ in range(random.integers(1, 9)):
        at, length = int(random.integers(min(limit, len(data)))), int(random.integers(1, 20))
        kind = random.integers(8)
        if kind == 0:
            data[at] ^= 1 << random.integers(8)
        elif kind == 1:
            data[at] = random.choice([0, 1, 0x7F, 0x80, 0xFF])
        elif kind == 2:
            data[at : at + 8] = int(random.choice([0, 1, 2**31, 2**32 - 1, 2**40, 2**63 - 1])).to_bytes(8, "little")
        elif kind == 3:
            del data[at : at + length]
        elif kind == 4:
            data[at:at] = data[at : at + length]
        elif kind == 5:
            source = int(random.integers(len(data)))
            data[at : at + length] = data[source : source + length]
        elif kind == 6:
            data[at : at + length] = random.bytes(length)
        else:
            data[at:at] = TOKENS[random.integers(len(TOKENS))]
        if not data:
            break
    return bytes(data)


def failure_of(command, folder, outputs, damaged):
    """What is wrong with how the command ends, if anything."""
    result = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, env=ENVIRONMENT, timeout=120)
    text = result.stderr.decode(errors="replace")
    if result.returncode not in (0, 1):
        return f"exit code {result.returncode}: {(text or result.stdout.decode(errors='replace'))[-3000:]}"
    written = sorted(path.name for path in (folder / "out").iterdir())
    if result.returncode == 0:
        return "" if written == sorted(outputs) else f"exit code 0, but in the folder of outputs: {written}"
    if written:
        return f"exit code 1, but there are {written}"
    errors = [line for line in text.splitlines() if line.startswith("[ ERROR ]")]
    if not errors:
        return f"exit code 1 without an error: {text}"
    if not any(name in line for line in errors for name in damaged):
        return f"no error names any of {damaged}: {text[:2000]}"
    return ""


def try_mutants(tmp_path, files, damage, command, outputs, names=(), count=None, change=mutate):
    """Runs `command`, in a folder with copies of `files` of which `damage` is damaged, once per seed."""
    whole = (pathlib.Path(files) / damage).read_bytes()

    def one(seed):
        with tempfile.TemporaryDirectory(dir=tmp_path) as name:
            folder = pathlib.Path(name) / "model"
            shutil.copytree(files, folder)
            (folder / "out").mkdir()
            if seed:
                (folder / damage).write_bytes(change(whole, np.random.default_rng(seed)))
            found = failure_of(command, folder, outputs, [damage, *names])
            if not seed:
                assert not found and any((folder / "out").iterdir()), f"the whole files: {found or 'no outputs'}"
            return f"mutant {seed}: {found}" if found else ""

    one(0)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for text in pool.map(one, range(1, (count or COUNT) + 1)) if text]
    assert not found, f"{len(found)} of {count or COUNT}\n" + "\n".join(found[:3])


def bert_mo(*arguments):
    return [harness.BIN / "bert-mo", *arguments, "--output_dir", "out", "--model_name", "m"]


IR = ["m.bin", "m.xml"]


@pytest.mark.parametrize("name", ["frozen-static", "frozen-classifier"])
def test_frozen_graph(tmp_path, name):
    try_mutants(tmp_path, MODELS / name, "inference_graph.pb", bert_mo("--input_model", "inference_graph.pb"), IR)


def test_frozen_graph_as_text(tmp_path):
    try_mutants(tmp_path, MODELS / "frozen-static", "inference_graph.pbtxt", bert_mo("--input_model", "inference_graph.pbtxt"), IR)


@pytest.mark.parametrize("file", ["meta", "index", "data-00000-of-00001"])
def test_meta_graph_and_checkpoint(tmp_path, file):
    command = bert_mo("--input_meta_graph", "bert_model.ckpt.meta", "--output", "bert/pooler/dense/Tanh", "--dynamic")
    # A graph whose damage hides a variable or an output is refused for what is missing then.
    try_mutants(tmp_path, MODELS / "meta-static", f"bert_model.ckpt.{file}", command, IR, ["bert_model.ckpt.meta"])


@pytest.mark.parametrize("file", ["saved_model.pb", "variables/variables.index"])
def test_saved_model(tmp_path, file):
    try_mutants(tmp_path, CHECKPOINTS / "saved-model", file, bert_mo("--saved_model_dir", "."), IR, ["variables.index", "saved_model.pb"])


def test_bert_config(tmp_path):
    command = bert_mo("--bert_config", "bert_config.json", "--input_checkpoint", "bert_model.ckpt")
    try_mutants(tmp_path, MODELS / "meta-static", "bert_config.json", command, IR)


@functools.lru_cache(None)
def compiled(folder):
    """A folder with an IR, a library and what is needed to run them."""
    shutil.copytree(MODELS / "meta-static", folder)
    arguments = ["bert_model.ckpt.meta", "--output", "bert/pooler/dense/Tanh", "--silent"]
    mo = [*arguments[1:], "--input_meta_graph", arguments[0], "--output_dir", ".", "--model_name", "m"]
    for command in (["bert-mo", *mo], ["bert-compile", *arguments, "-o", "m.so"]):
        subprocess.run([harness.BIN / command[0], *command[1:]], cwd=folder, check=True, capture_output=True, env=ENVIRONMENT)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "##s", "sleep", "##é", "中"]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    (folder / "lines.txt").write_text("the cats sleep\n\nthe 中 é\n")
    arrays = np.load(folder / "reference-1x16.npz")
    roles = ["input_ids", "input_mask", "segment_ids"]
    np.savez(folder / "in.npz", **{name: arrays[role] for role, name in zip(roles, ["Placeholder", "Placeholder_1", "Placeholder_2"])})
    return folder


@pytest.fixture(scope="module")
def compiled_folder(tmp_path_factory):
    return compiled(tmp_path_factory.mktemp("compiled") / "model")


RUN = [harness.BIN / "bert-run", "m.so", "--outputs-to", "out/out.npz"]


@pytest.mark.parametrize("file", ["m.xml", "m.bin"])
def test_openvino_ir(tmp_path, compiled_folder, file):
    command = [harness.BIN / "bert-compile", "m.xml", "--emit", "llvm", "-o", "out/m.ll", "--silent"]
    try_mutants(tmp_path, compiled_folder, file, command, ["m.ll"], ["m.xml"], COUNT // 4)


def test_arrays(tmp_path, compiled_folder):
    try_mutants(tmp_path, compiled_folder, "in.npz", [*RUN, "--inputs-from", "in.npz"], ["out.npz"])


@pytest.mark.parametrize("file", ["vocab.txt", "lines.txt"])
def test_text(tmp_path, compiled_folder, file):
    try_mutants(tmp_path, compiled_folder, file, [*RUN, "--text-from", "lines.txt"], ["out.npz"])


@pytest.mark.parametrize("verify", [False, True])
def test_weights(tmp_path, compiled_folder, verify):
    command = [*RUN, "--inputs-from", "in.npz", *(["--verify"] if verify else [])]
    try_mutants(tmp_path, compiled_folder, "m.weights", command, ["out.npz"])


def test_library_that_is_cut_off(tmp_path, compiled_folder):
    """Other damage to code can't be found out; a copy that did not end can."""

    def cut(whole, random):
        return whole[: random.integers(len(whole))]

    try_mutants(tmp_path, compiled_folder, "m.so", [*RUN, "--inputs-from", "in.npz"], ["out.npz"], change=cut)
