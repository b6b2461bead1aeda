"""Users' mistakes and damaged files: one plain message, exit code 1, nothing half written, nothing lost."""

import gzip
import resource
import shutil
import signal
import subprocess
import zipfile

import numpy as np
import pytest

import harness


def refused(folder_or_arguments, out, *words, **how):
    """Runs bert-mo over outputs that exist already and expects it to fail, leave them alone and say all of `words`."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("m.xml", "m.bin"):
        (out / name).write_text("what was here before")
    arguments = folder_or_arguments
    if isinstance(arguments, harness.ModelFolder):
        arguments = arguments.arguments(harness.own_shape_to_ask_for(arguments), **how)
    result = harness.bert_mo([*arguments, "--output_dir", out, "--model_name", "m"], check=False)
    assert result.returncode == 1, result.stdout + result.stderr
    assert sorted(path.name for path in out.iterdir()) == ["m.bin", "m.xml"]
    for name in ("m.xml", "m.bin"):
        assert (out / name).read_text() == "what was here before"
    for word in words:
        assert word in result.stderr, result.stderr
    return result.stderr


def flip_bit(path, offset):
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x10
    path.write_bytes(data)


def tensorflow():
    import tensorflow.compat.v1 as tf  # here, since it takes seconds

    return tf


def tensor_offsets(prefix):
    """Where each tensor of a one-shard checkpoint lies in its data file: TensorFlow writes them back to back, by name."""
    reader = tensorflow().train.load_checkpoint(str(prefix))
    data = (prefix.parent / (prefix.name + ".data-00000-of-00001")).read_bytes()
    offsets, offset = {}, 0
    for name in sorted(reader.get_variable_to_shape_map()):
        content = reader.get_tensor(name).tobytes()
        assert data[offset : offset + len(content)] == content
        offsets[name] = offset
        offset += len(content)
    return offsets


def test_flipped_bit_in_index(copy_of, tmp_path):
    folder = copy_of("meta-static")
    index = folder.path / "bert_model.ckpt.index"
    whole = index.read_bytes()
    for offset in np.linspace(0, len(whole) - 1, 40, dtype=int):
        flip_bit(index, offset)
        refused(folder, tmp_path / "out", "bert_model.ckpt.index")
        index.write_bytes(whole)


def test_flipped_bit_in_used_data_names_the_tensor(copy_of, tmp_path):
    folder = copy_of("meta-static")
    data = folder.path / "bert_model.ckpt.data-00000-of-00001"
    whole = data.read_bytes()
    for name, offset in tensor_offsets(folder.path / "bert_model.ckpt").items():
        if name.startswith("bert/"):
            flip_bit(data, offset + 1)
            refused(folder, tmp_path / "out", name)
            data.write_bytes(whole)


def test_flipped_bit_in_unused_data_does_not_matter(copy_of, tmp_path):
    folder = copy_of("meta-training")
    offsets = tensor_offsets(folder.path / "bert_model.ckpt")
    slots = [name for name in offsets if "adam" in name.lower()]
    assert slots
    flip_bit(folder.path / "bert_model.ckpt.data-00000-of-00001", offsets[slots[0]])
    harness.convert(folder, tmp_path / "out")


def test_truncated_files(copy_of, tmp_path):
    folder = copy_of("meta-static")
    for file in ("meta", "index", "data-00000-of-00001"):
        path = folder.path / ("bert_model.ckpt." + file)
        whole = path.read_bytes()
        for length in (0, 1, len(whole) // 3, len(whole) - 1):
            path.write_bytes(whole[:length])
            refused(folder, tmp_path / "out")
        path.write_bytes(whole)


def test_missing_checkpoint_files(copy_of, tmp_path):
    folder = copy_of("meta-static")
    arguments = folder.arguments()
    for file in ("meta", "index", "data-00000-of-00001"):
        path = folder.path / ("bert_model.ckpt." + file)
        hidden = path.with_name("hidden")
        path.rename(hidden)
        refused(arguments, tmp_path / "out", "bert_model.ckpt." + file)
        hidden.rename(path)


def test_missing_variable(copy_of, tmp_path):
    """A checkpoint that lacks variables of the graph: each is named."""
    folder = copy_of("meta-static")
    tf = tensorflow()
    prefix = str(folder.path / "bert_model.ckpt")
    missing = ["bert/pooler/dense/kernel", "bert/embeddings/LayerNorm/beta"]
    reader = tf.train.load_checkpoint(prefix)
    kept = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map() if name not in missing}
    with tf.Graph().as_default(), tf.Session() as session:
        variables = {name: tf.Variable(value, name=name, use_resource=False) for name, value in kept.items()}
        session.run(tf.global_variables_initializer())
        tf.train.Saver(variables).save(session, prefix, write_meta_graph=False, write_state=False)
    refused(folder, tmp_path / "out", *missing)


def test_wrong_shape_of_variable(copy_of, tmp_path):
    folder = copy_of("meta-static")
    tf = tensorflow()
    prefix = str(folder.path / "bert_model.ckpt")
    reader = tf.train.load_checkpoint(prefix)
    values = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    values["bert/pooler/dense/kernel"] = np.zeros([32, 48], np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        variables = {name: tf.Variable(value, name=name, use_resource=False) for name, value in values.items()}
        session.run(tf.global_variables_initializer())
        tf.train.Saver(variables).save(session, prefix, write_meta_graph=False, write_state=False)
    refused(folder, tmp_path / "out", "bert/pooler/dense/kernel", "48")


def test_variable_of_a_type_that_no_weight_has(copy_of, tmp_path):
    folder = copy_of("meta-static")
    tf = tensorflow()
    prefix = str(folder.path / "bert_model.ckpt")
    with tf.Graph().as_default(), tf.Session() as session:
        variable = tf.Variable(["a", "b"], name="bert/embeddings/word_embeddings", use_resource=False)
        session.run(tf.global_variables_initializer())
        tf.train.Saver([variable]).save(session, prefix, write_meta_graph=False, write_state=False)
    # Without a graph there is no tf dialect but for the checkpoint's sake.
    arguments = ["--bert_config", folder.path / "bert_config.json", "--input_checkpoint", prefix]
    refused(arguments, tmp_path / "out", "bert/embeddings/word_embeddings", "string")
    refused(folder, tmp_path / "out", "bert/embeddings/word_embeddings", "string")


def test_array_of_a_type_that_no_input_has(tmp_path):
    """Its width ends in a zero, by which nothing can be divided."""
    (tmp_path / "m.mlir").write_text(
        'func.func @main(%x: tensor<?xi32> {ov.name = "x"}) -> (tensor<?xi32> {ov.name = "y"}) {\n'
        "  %0 = ov.add %x, %x : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>\n  return %0 : tensor<?xi32>\n}\n"
    )
    header = b"{'descr': '<i10', 'fortran_order': False, 'shape': (2,), }\n"
    with zipfile.ZipFile(tmp_path / "in.npz", "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(20))
    command = [harness.BIN / "bert-run", tmp_path / "m.mlir", "--inputs-from", tmp_path / "in.npz"]
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert result.returncode == 1 and "'x' holds elements of type '<i10', where the model takes '<i4'" in result.stderr


def test_wrong_output_name_lists_near_misses(copy_of, tmp_path):
    folder = copy_of("meta-static")
    arguments = folder.arguments(outputs=False)
    refused([*arguments, "--output", "bert/pooler/dense/Tahn"], tmp_path / "out", "bert/pooler/dense/Tanh")
    refused([*arguments, "--output", "loss/Softmax"], tmp_path / "out", "loss/Softmax")


def test_unknown_names_list_candidates(copy_of, tmp_path):
    """Nothing is near what was asked for: what the graph has is listed (known-failures: names that nobody knows)."""
    folder = copy_of("meta-static")
    graph = folder.graph_arguments()
    refused([*graph, "--output", "zq"], tmp_path / "out", "no node is called 'zq'", "'bert/pooler/dense/Tanh'")
    arguments = [*graph, "--output", "bert/pooler/dense/Tanh", "--input", "zq{i32}"]
    refused(arguments, tmp_path / "out", "no node is called 'zq'", "'Placeholder', 'Placeholder_1', 'Placeholder_2'")


def test_wrong_input_name_lists_near_misses(copy_of, tmp_path):
    folder = copy_of("meta-static")
    arguments = [*folder.graph_arguments(), "--output", "bert/pooler/dense/Tanh", "--input", "Placehoder{i32}"]
    refused(arguments, tmp_path / "out", "Placeholder")


def test_index_input_as_float(copy_of, tmp_path):
    message = refused(copy_of("meta-static"), tmp_path / "out", element_type="f32")
    assert "Placeholder" in message


def test_wrong_kind_of_file(copy_of, tmp_path):
    meta, frozen = copy_of("meta-static").path, copy_of("frozen-static").path
    zipped = tmp_path / "graph.meta"
    zipped.write_bytes(gzip.compress((meta / "bert_model.ckpt.meta").read_bytes()))
    noise = tmp_path / "noise.pb"
    noise.write_bytes(np.random.default_rng(1).bytes(5000))
    out = tmp_path / "out"
    refused(["--input_meta_graph", frozen / "inference_graph.pb"], out, "inference_graph.pb")
    refused(["--input_meta_graph", zipped], out, "gzip")
    alone = tmp_path / "alone"
    alone.mkdir()
    for name in ("bert_model.ckpt.index", "bert_model.ckpt.data-00000-of-00001"):
        # A checkpoint's file stands for the checkpoint, whose graph is beside it: here it is not.
        shutil.copy(meta / name, alone)
        refused(["--input_model", alone / name], out, name, ".meta")
    refused(["--input_model", meta / "reference-1x16.npz"], out, "reference-1x16.npz")
    refused(["--input_model", meta / "bert_config.json"], out, "bert_config.json")
    refused(["--input_model", noise], out, "noise.pb")
    refused(["--input_model", tmp_path / "not-there.pb"], out, "not-there.pb")
    refused(["--input_model", tmp_path], out)


def test_all_unsupported_ops_with_counts(tmp_path):
    tf = tensorflow()
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [4, 4], name="x")
        y = tf.linalg.det(x, name="first") + tf.linalg.det(x * 2.0, name="second")
        tf.add(y, tf.reduce_sum(tf.math.lgamma(x, name="third")), name="y")
        (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    arguments = ["--input_model", tmp_path / "g.pb", "--input", "x", "--output", "y"]
    message = refused(arguments, tmp_path / "out", "MatrixDeterminant", "Lgamma", "first", "third")
    assert "2" in message


def test_unwritable_output_folder(copy_of, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    folder = copy_of("meta-static")
    result = harness.bert_mo([*folder.arguments(), "--output_dir", tmp_path / "file"], check=False)
    assert result.returncode == 1 and result.stderr
    assert (tmp_path / "file").read_text() == "not a folder"


def test_full_disk_leaves_the_old_outputs(copy_of, tmp_path):
    """Writes that fail in the middle (here by a file size limit) leave no trace."""
    folder = copy_of("meta-static")
    out = tmp_path / "out"
    out.mkdir()
    for name in ("m.xml", "m.bin"):
        (out / name).write_text("what was here before")

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))

    command = [harness.BIN / "bert-mo", *folder.arguments(), "--output_dir", out, "--model_name", "m"]
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, preexec_fn=limit)
    assert result.returncode == 1, result.stderr
    assert sorted(path.name for path in out.iterdir()) == ["m.bin", "m.xml"]
    for name in ("m.xml", "m.bin"):
        assert (out / name).read_text() == "what was here before"


@pytest.mark.needs("dynamic")
def test_shape_argument_conflicts(copy_of, tmp_path):
    folder = copy_of("meta-static")
    refused([*folder.arguments((2, 16)), "--batch", "3"], tmp_path / "out", "batch")
