"""bert-run on text: tokenizer, batches and pooling together give what TensorFlow's or numpy's arrays give."""

import json
import os
import pty
import re
import subprocess

import numpy as np
import pytest
import tokenizers

import harness

LINES = [
    "Short.",
    "A line of text that is a good deal longer than the first one, so that the two are padded.",
    "The first of two\tThe second of two",
    "Ünïcödé — naïve café, 中文",
    "",
]


@pytest.fixture(scope="module")
def micro():
    return harness.ModelFolder(harness.ROOT / "test" / "Inputs" / "models" / "meta-static")


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory, micro):
    """As many pieces as the model has rows: letters, and words of the lines."""
    size = json.loads((micro.path / "bert_config.json").read_text())["vocab_size"]
    letters = "abcdefghijklmnopqrstuvwxyz.,"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *("##" + c for c in letters), "the", "line", "of", "two"]
    path = tmp_path_factory.mktemp("vocabulary") / "vocab.txt"
    path.write_text("".join(piece + "\n" for piece in pieces[:size]))
    return path


def bert_run(*arguments, stdin=None, check=True):
    result = subprocess.run(
        [str(harness.BIN / "bert-run"), *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=300
    )
    assert not check or result.returncode == 0, result.stderr or result.stdout
    return result


def expected_outputs(micro, vocabulary, lines, folder):
    """The same through arrays: PyPI's tokenizer, one line at a time, no padding."""
    tokenizer = tokenizers.BertWordPieceTokenizer(str(vocabulary))
    arguments = [*micro.arguments(), "--dynamic", "--silent"]
    lengths = []
    for number, line in enumerate(lines):
        ids = tokenizer.encode(*line.split("\t", 1))
        roles = {"input_ids": ids.ids, "input_mask": ids.attention_mask, "segment_ids": ids.type_ids}
        feed = {name: np.array([roles[role]], np.int32) for name, role in zip(micro.signature["inputs"], micro.roles)}
        np.savez(folder / f"in{number}.npz", **feed)
        arguments += ["--inputs-from", folder / f"in{number}.npz", "--outputs-to", folder / f"out{number}.npz"]
        lengths.append(len(ids.ids))
    bert_run(*arguments)
    return [dict(np.load(folder / f"out{number}.npz")) for number in range(len(lines))], lengths


def test_arrays_of_text(micro, vocabulary, tmp_path):
    text = ["--vocab", vocabulary, "--text-from", "-", "--outputs-to", tmp_path / "out.npz", "--pool", "none"]
    bert_run(*micro.arguments(), *text, "--silent", stdin="\n".join(LINES) + "\n")
    outputs = dict(np.load(tmp_path / "out.npz"))
    expected, lengths = expected_outputs(micro, vocabulary, LINES, tmp_path)
    for name in expected[0]:
        per_token = expected[0][name].shape[:2] == (1, lengths[0])
        wanted = np.concatenate([answer[name][0] if per_token else answer[name] for answer in expected])
        assert harness.relative_error(outputs[name], wanted) <= 2e-5
        if per_token:
            assert outputs["offsets"].tolist() == np.cumsum([0] + lengths).tolist()


def test_json_of_text(micro, vocabulary, tmp_path):
    arguments = [part for line in LINES[:4] for part in ("--text", line)]
    result = bert_run(*micro.arguments(), "--vocab", vocabulary, *arguments, "--format", "json", "--silent")
    expected, lengths = expected_outputs(micro, vocabulary, LINES[:4], tmp_path)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["text"] for answer in answers] == [line.split("\t")[0] for line in LINES[:4]]
    assert answers[2]["pair"] == "The second of two"
    for answer, wanted, length in zip(answers, expected, lengths):
        for name, value in wanted.items():
            value = value[0].mean(axis=0) if value.shape[:2] == (1, length) else value[0]
            assert harness.relative_error(np.array(answer[name]), value) <= 2e-5


def test_similarity(micro, vocabulary, tmp_path):
    expected, lengths = expected_outputs(micro, vocabulary, LINES[:4], tmp_path)
    first = next(iter(np.load(tmp_path / "out0.npz").files))
    vectors = np.array([
        answer[first][0].mean(axis=0) if answer[first].shape[:2] == (1, length) else answer[first][0]
        for answer, length in zip(expected, lengths)
    ], np.float64)  # fmt: skip
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    arguments = [part for line in LINES[:4] for part in ("--text", line)]
    out = ["--similarity", "--outputs-to", tmp_path / "similar.npz", "--silent"]
    bert_run(*micro.arguments(), "--vocab", vocabulary, *arguments, *out)
    assert np.abs(np.load(tmp_path / "similar.npz")["similarity"] - vectors @ vectors.T).max() < 1e-4


def test_library(micro, vocabulary, tmp_path):
    """A compiled library, with the vocabulary beside it, says what the model says."""
    compile_ = [harness.BIN / "bert-compile", *micro.arguments(), "-o", tmp_path / "model.so", "--silent"]
    subprocess.run(list(map(str, compile_)), check=True)
    (tmp_path / "vocab.txt").write_bytes(vocabulary.read_bytes())
    ours = bert_run(tmp_path / "model.so", "--text", LINES[1], "--text", LINES[2], "--format", "json")
    text = ["--vocab", vocabulary, "--text", LINES[1], "--text", LINES[2], "--format", "json", "--silent"]
    compiled = bert_run(*micro.arguments(), *text)
    assert ours.stdout == compiled.stdout


def test_first_tokens_vector(micro, vocabulary, tmp_path):
    """--pool cls is the first row of what --pool none gives."""
    folder = harness.ROOT / "test" / "Inputs" / "models" / "frozen-dynamic"
    model = [*harness.ModelFolder(folder).arguments(outputs=False), "--output", "bert/encoder/Reshape_3"]
    arguments = [part for line in LINES[:3] for part in ("--text", line)]
    for pool in ("none", "cls"):
        bert_run(*model, "--vocab", vocabulary, *arguments, "--pool", pool, "--outputs_to", tmp_path / f"{pool}.npz", "--silent")
    rows, first = np.load(tmp_path / "none.npz"), np.load(tmp_path / "cls.npz")
    (name,) = [key for key in first.files if key != "offsets"]
    assert len(first[name]) == 3
    assert harness.relative_error(first[name], rows[name][rows["offsets"][:-1]]) <= 2e-5


def test_pairs_on_standard_input_are_those_of_the_command_line(micro, vocabulary):
    text = ["--vocab", vocabulary, "--format", "json", "--silent"]
    typed = bert_run(*micro.arguments(), *text, "--text", "one\ttwo", "--text", "three")
    for end in ("\n", "\r\n"):
        piped = bert_run(*micro.arguments(), *text, stdin=f"one\ttwo{end}three{end}")
        assert piped.stdout == typed.stdout
    assert [json.loads(line).get("pair") for line in typed.stdout.splitlines()] == ["two", None]


def test_long_lines_lose_their_end(micro, vocabulary):
    """At the model's limit by itself, and at --max_length."""
    text = ["--vocab", vocabulary, "--format", "json", "--silent"]

    def answers(*arguments):
        lines = bert_run(*micro.arguments(), *text, *arguments).stdout.splitlines()
        return [list(json.loads(line).values())[-1] for line in lines]

    # 64 positions: [CLS], 62 words, [SEP].
    whole, cut = answers("--text", "a " * 62, "--text", "a " * 1000)
    assert whole == cut
    short, cut = answers("--text", "a " * 6, "--text", "a " * 1000, "--max_length", "8")
    assert short == cut != whole


def test_progress_on_a_terminal_only(micro, vocabulary, tmp_path):
    lines = tmp_path / "lines.txt"
    lines.write_text("".join("a b c d e f g h " * 7 + f"line {i}\n" for i in range(1000)))
    command = [harness.BIN / "bert-run", *micro.arguments(), "--vocab", vocabulary, "--text_from", lines]
    command = list(map(str, [*command, "--outputs_to", tmp_path / "out.npz"]))

    def on_terminal(*more):
        master, slave = pty.openpty()
        with subprocess.Popen([*command, *more], stderr=slave, stdout=subprocess.DEVNULL) as process:
            os.close(slave)
            seen = b""
            while True:
                try:
                    piece = os.read(master, 4096)
                except OSError:  # the other end is closed
                    break
                if not piece:
                    break
                seen += piece
        os.close(master)
        assert process.returncode == 0
        return seen.decode()

    shown = on_terminal()
    percentages = list(map(int, re.findall(r"(\d+) %", shown)))
    assert percentages == sorted(percentages) and len(percentages) > 5 and percentages[-1] == 100
    assert re.search(r"\r\[#+ +\]", shown) and shown.rstrip("\n").endswith(" \r")  # and then it is wiped out
    assert "%" not in on_terminal("--silent")
    piped = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "%" not in piped.stderr


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--text", "a"], "there is no vocab.txt beside"),
        (["--text", "a", "--vocab", "VOCAB", "--max-length", "100000"], "the model takes"),
        (["--text", "a", "--vocab", "VOCAB", "--max-length", "1"], "no room for"),
        (["--text", "a", "--vocab", "VOCAB", "--similarity", "--pool", "none"], "needs a vector for each line"),
        (["--text-from", "/not/there", "--vocab", "VOCAB"], "can't read '/not/there'"),
        (["--vocab", "VOCAB"], "there is no line of text"),
        (["--vocab", "BIG", "--text", "a"], "the model's table"),
    ],
)
def test_errors(micro, vocabulary, tmp_path, arguments, message):
    big = tmp_path / "big.txt"
    big.write_text(vocabulary.read_text() + "x\n" * 50_000)
    names = {"VOCAB": vocabulary, "BIG": big}
    result = bert_run(*micro.arguments(), *[names.get(a, a) for a in arguments], stdin="", check=False)
    assert result.returncode == 1
    assert message in result.stderr + result.stdout
