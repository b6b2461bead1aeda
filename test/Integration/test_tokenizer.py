"""The tokenizer against PyPI's `tokenizers`, id by id."""

import unicodedata

import pytest
import tokenizers

import generated_text
import harness
import native_tokenizer

LINES = 10_000
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def write_vocabulary(path, pieces):
    path.write_text("".join(piece + "\n" for piece in pieces))
    return path


@pytest.fixture(scope="module")
def minilm():
    """The vocabulary of a published model, 30 522 pieces."""
    return next((harness.python_of("demo").parents[1] / "lib").rglob("vocab.txt"))


@pytest.fixture(scope="module")
def characters(tmp_path_factory):
    """Every character of the generated lines, as a word and inside one: nothing hides behind [UNK]."""
    found = set()
    for text in list(generated_text.SCRIPTS.values()) + generated_text.WORDS:
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            normal = unicodedata.normalize(form, text)
            found.update(normal, normal.lower(), normal.upper(), unicodedata.normalize("NFD", normal.lower()))
    pieces = sorted(c for c in found if not c.isspace())
    pieces = SPECIALS + pieces + ["##" + piece for piece in pieces] + ["the", "##ing", "ελλ", "##ция", "日本"]
    return write_vocabulary(tmp_path_factory.mktemp("vocabulary") / "vocab.txt", pieces)


def both(vocabulary, cased):
    theirs = tokenizers.BertWordPieceTokenizer(str(vocabulary), lowercase=not cased)
    return native_tokenizer.Tokenizer(vocabulary, cased), theirs


def compare(texts, seconds, ours, theirs, max_length=0):
    ids, types = ours.encode_batch(texts, seconds, max_length)
    expected = theirs.encode_batch(texts if seconds is None else list(zip(texts, seconds)))
    for i, wanted in enumerate(expected):
        assert ids[i] == wanted.ids, (texts[i], seconds and seconds[i])
        assert types[i] == wanted.type_ids


@pytest.mark.parametrize("cased", [False, True], ids=["uncased", "cased"])
@pytest.mark.parametrize("which", ["minilm", "characters"])
def test_same_ids(request, which, cased):
    compare(generated_text.lines(LINES), None, *both(request.getfixturevalue(which), cased))


@pytest.mark.parametrize("cased", [False, True], ids=["uncased", "cased"])
def test_every_character_is_of_the_same_class(tmp_path, cased):
    """Dropped, white space, a word of its own or a letter: that is what a and b around it show."""
    vocabulary = write_vocabulary(tmp_path / "vocab.txt", SPECIALS + ["a", "b", "##b"])
    # Planes without a character that is in use are left out.
    code_points = [*range(0xD800), *range(0xE000, 0x33480), *range(0xE0000, 0xE0200), *range(0xFFFF0, 0x100010)]
    texts = [f"a{chr(c)}b" for c in code_points]
    ours, theirs = both(vocabulary, cased)
    ids, _ = ours.encode_batch(texts)
    expected = theirs.encode_batch(texts)
    different = [hex(c) for c, mine, wanted in zip(code_points, ids, expected) if mine != wanted.ids]
    assert not different


@pytest.mark.parametrize("max_length", [3, 4, 5, 8, 17, 64])
def test_pairs_and_truncation(minilm, max_length):
    texts = generated_text.lines(1000, seed=1)
    seconds = generated_text.lines(1000, seed=2)
    ours, theirs = both(minilm, False)
    compare(texts, seconds, ours, theirs)
    theirs.enable_truncation(max_length)
    compare(texts, seconds, ours, theirs, max_length)
    compare(texts, None, ours, theirs, max_length)


def test_bytes_that_are_no_text_are_dropped(characters):
    """As Python's decoder replaces them, and the replacement character is dropped."""
    ours, theirs = both(characters, False)
    texts = [line.encode() for line in generated_text.lines(1000, seed=3)]
    broken = []
    for number, text in enumerate(texts):
        at = number % (len(text) + 1)
        junk = [b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\x80"][number % 7]
        broken.append(text[:at] + junk + text[at + number % 3 :])
    ids, _ = ours.encode_batch(broken)
    expected = theirs.encode_batch([text.decode(errors="replace") for text in broken])
    assert ids == [wanted.ids for wanted in expected]


def test_line_ends_and_equal_lines_of_a_vocabulary(tmp_path):
    path = tmp_path / "vocab.txt"
    pieces = [*SPECIALS, "a", "b", "a", "", "##c"]
    text = "".join(piece + "\r\n" for piece in pieces)
    path.write_bytes(text.encode())
    ours, theirs = both(path, False)
    compare(["a b ac", "bcc [MASK]", ""], None, ours, theirs)


@pytest.mark.parametrize("missing", ["[UNK]", "[CLS]", "[SEP]"])
def test_vocabulary_without_a_special_piece(tmp_path, missing):
    path = write_vocabulary(tmp_path / "vocab.txt", [piece for piece in SPECIALS if piece != missing])
    with pytest.raises(native_tokenizer.Error) as error:
        native_tokenizer.Tokenizer(path)
    assert f"no line is {missing}" in str(error.value)


def test_no_vocabulary(tmp_path):
    with pytest.raises(native_tokenizer.Error, match="can't read vocabulary .*No such file"):
        native_tokenizer.Tokenizer(tmp_path / "vocab.txt")
    with pytest.raises(native_tokenizer.Error, match="Is a directory"):
        native_tokenizer.Tokenizer(tmp_path)
    (tmp_path / "model.pb").write_bytes(bytes(1000))
    with pytest.raises(native_tokenizer.Error, match="not a text file"):
        native_tokenizer.Tokenizer(tmp_path / "model.pb")


def test_no_room(minilm):
    ours = native_tokenizer.Tokenizer(minilm)
    assert ours.encode("hello", max_length=2)[0] == [101, 102]
    with pytest.raises(native_tokenizer.Error, match="no room"):
        ours.encode("hello", max_length=1)
    with pytest.raises(native_tokenizer.Error, match="no room"):
        ours.encode("hello", "world", max_length=2)
