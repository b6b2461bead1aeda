"""Models that bert-compile has made, from Python: the functions of bert_model.h by way of ctypes.

Needs numpy only, so that a process that measures memory can use it.
"""

import ctypes

import numpy as np

_TYPES = [np.float32, np.int32, np.int64, np.int8, np.uint8, np.bool_, np.float64]
BATCH, SEQUENCE, OPEN = -1, -2, -3
OK, INVALID_ARGUMENT, INVALID_ID, TOO_LONG, FILE, CPU, MEMORY, BUSY = range(8)


class _TensorInfo(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("type", ctypes.c_int),
        ("rank", ctypes.c_int),
        ("dims", ctypes.POINTER(ctypes.c_int64)),
        ("limit", ctypes.c_int64),
    ]


class _ModelInfo(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("num_inputs", ctypes.c_int),
        ("num_outputs", ctypes.c_int),
        ("inputs", ctypes.POINTER(_TensorInfo)),
        ("outputs", ctypes.POINTER(_TensorInfo)),
        ("max_sequence", ctypes.c_int64),
        ("weights_bytes", ctypes.c_int64),
        ("build_id", ctypes.c_char_p),
        ("flops_per_token", ctypes.c_int64),
        ("flops_per_pair", ctypes.c_int64),
        ("flops_per_sequence", ctypes.c_int64),
    ]


class _Tensor(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("rank", ctypes.c_int),
        ("dims", ctypes.c_int64 * 8),
        ("data", ctypes.c_void_p),
        ("bytes", ctypes.c_size_t),
    ]


class Error(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Port:
    """An input or output."""

    def __init__(self, info):
        self.name = info.name.decode()
        self.dtype = np.dtype(_TYPES[info.type])
        self.dims = [info.dims[i] for i in range(info.rank)]
        self.limit = info.limit

    def shape(self, batch, sequence):
        return tuple({BATCH: batch, SEQUENCE: sequence}.get(dim, dim) for dim in self.dims)


class Model:
    """An instance of the model in a library. `threads` as in bert_model_create."""

    def __init__(self, library, weights=None, threads=0, prefix="bert_model"):
        self._handle = ctypes.c_void_p()
        self._library = ctypes.CDLL(str(library))
        self._prefix = prefix
        get_info = self._function("get_info")
        get_info.restype = ctypes.POINTER(_ModelInfo)
        self.info = get_info().contents
        self.name = self.info.name.decode()
        self.max_sequence = self.info.max_sequence
        self.inputs = [Port(self.info.inputs[i]) for i in range(self.info.num_inputs)]
        self.outputs = [Port(self.info.outputs[i]) for i in range(self.info.num_outputs)]
        path = str(weights).encode() if weights else None
        self._call("create", path, ctypes.c_int(threads), ctypes.byref(self._handle))
        code_name = self._function("code_name")
        code_name.restype = ctypes.c_char_p
        self.code_name = code_name(self._handle).decode()

    def _function(self, name):
        return getattr(self._library, f"{self._prefix}_{name}")

    def _call(self, name, *arguments):
        status = self._function(name)(*arguments)
        if status != OK:
            last_error = self._function("last_error")
            last_error.restype = ctypes.c_char_p
            raise Error(status, last_error().decode(errors="replace"))

    def close(self):
        if self._handle:
            self._function("destroy")(self._handle)
            self._handle = ctypes.c_void_p()

    __del__ = close

    def verify(self):
        self._call("verify", self._handle)

    def find_input(self, name):
        return self._function("find_input")(name.encode())

    def find_output(self, name):
        return self._function("find_output")(name.encode())

    def run(self, feed, batch, sequence):
        """`feed` has arrays by input name; a mask or token types may be missing. Returns the outputs in order."""
        arrays = [None] * len(self.inputs)
        for name, value in feed.items():
            index = self.find_input(name)
            assert index >= 0, name
            arrays[index] = np.ascontiguousarray(value, self.inputs[index].dtype)
            assert arrays[index].shape == self.inputs[index].shape(batch, sequence), name
        outputs = [np.full(port.shape(batch, sequence), -7, port.dtype) for port in self.outputs]
        self._call(
            "run", self._handle, _pointers(arrays), ctypes.c_int64(batch), ctypes.c_int64(sequence), _pointers(outputs)
        )
        return outputs

    def run_any(self, feed):
        """As run(), for inputs of any shapes."""
        inputs = (_Tensor * len(self.inputs))()
        arrays = []
        for name, value in feed.items():
            index = self.find_input(name)
            array = np.ascontiguousarray(value, self.inputs[index].dtype).reshape(np.shape(value))
            dims = (ctypes.c_int64 * 8)(*array.shape)
            inputs[index] = _Tensor(_TYPES.index(array.dtype.type), array.ndim, dims, array.ctypes.data, array.nbytes)
            arrays.append(array)
        outputs = (_Tensor * len(self.outputs))()
        self._call("run_tensors", self._handle, inputs, outputs)
        results = []
        for tensor in outputs:
            dtype = np.dtype(_TYPES[tensor.type])
            values = np.frombuffer(ctypes.string_at(tensor.data, tensor.bytes), dtype)
            results.append(values.reshape(tensor.dims[: tensor.rank]))
        return results

    def run_ragged(self, sequences, types=None):
        """`sequences` is a list of lists of ids. Outputs per token come back as [tokens, ...]."""
        ids = np.concatenate([np.asarray(ids, np.int32) for ids in sequences])
        kinds = None if types is None else np.concatenate([np.asarray(row, np.int32) for row in types])
        offsets = np.cumsum([0] + [len(ids) for ids in sequences]).astype(np.int64)
        outputs = []
        for port in self.outputs:
            per_token = port.dims[:2] == [BATCH, SEQUENCE]
            shape = (len(ids), *port.dims[2:]) if per_token else (len(sequences), *port.dims[1:])
            outputs.append(np.full(shape, -7, port.dtype))
        self._call(
            "run_ragged",
            self._handle,
            _pointer(ids),
            _pointer(kinds),
            _pointer(offsets),
            ctypes.c_int64(len(sequences)),
            _pointers(outputs),
        )
        return outputs


def _pointer(array):
    return ctypes.c_void_p(None if array is None else array.ctypes.data)


def _pointers(arrays):
    return (ctypes.c_void_p * len(arrays))(*[None if array is None else array.ctypes.data for array in arrays])
