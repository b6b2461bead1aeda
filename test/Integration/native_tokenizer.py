"""The tokenizer of libbert-tokenizer.so, from Python: the functions of bert_tokenizer.h by way of ctypes."""

import ctypes
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]


class _Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("bytes", ctypes.c_size_t)]


class Encoding(ctypes.Structure):
    _fields_ = [
        ("count", ctypes.c_int64),
        ("ids", ctypes.POINTER(ctypes.c_int32)),
        ("types", ctypes.POINTER(ctypes.c_int32)),
        ("offsets", ctypes.POINTER(ctypes.c_int64)),
    ]


class Error(Exception):
    pass


def _load():
    bin_folder = pathlib.Path(os.environ.get("BERT_MLIR_BIN", ROOT / "build" / "release" / "bin"))
    library = ctypes.CDLL(str(bin_folder.parent / "lib" / "libbert-tokenizer.so"))
    library.bert_tokenizer_last_error.restype = ctypes.c_char_p
    return library


def as_texts(values):
    data = [value if isinstance(value, bytes) else value.encode() for value in values]
    return (_Text * len(data))(*[_Text(value, len(value)) for value in data])


class Tokenizer:
    def __init__(self, vocabulary, cased=False):
        self._handle = ctypes.c_void_p()
        self._library = _load()
        path = str(vocabulary).encode()
        self._check(self._library.bert_tokenizer_create(path, int(cased), ctypes.byref(self._handle)))

    def __del__(self):
        self._library.bert_tokenizer_destroy(self._handle)

    def _check(self, status):
        if status:
            raise Error(self._library.bert_tokenizer_last_error().decode(errors="replace"))

    def encode_into(self, texts, encoding, seconds=None, max_length=0):
        """`texts` from as_texts(); what `encoding` then holds is to be given to free()."""
        count, length = ctypes.c_int64(len(texts)), ctypes.c_int64(max_length)
        encode = self._library.bert_tokenizer_encode_batch
        self._check(encode(self._handle, texts, seconds, count, length, ctypes.byref(encoding)))

    def free(self, encoding):
        self._library.bert_encoding_free(ctypes.byref(encoding))

    def encode_batch(self, texts, seconds=None, max_length=0):
        """Lists of ids and of types, one of each for each text. Texts are str or bytes."""
        encoding = Encoding()
        self.encode_into(as_texts(texts), encoding, seconds and as_texts(seconds), max_length)
        offsets = encoding.offsets[: encoding.count + 1]
        parts = list(zip(offsets, offsets[1:]))
        total = offsets[-1]
        ids, types = encoding.ids[:total], encoding.types[:total]
        self.free(encoding)
        return [ids[a:b] for a, b in parts], [types[a:b] for a, b in parts]

    def encode(self, text, second=None, max_length=0):
        ids, types = self.encode_batch([text], None if second is None else [second], max_length)
        return ids[0], types[0]
