#!/usr/bin/env python3
"""Writes the checkpoints and the SavedModel of this folder. Needs TensorFlow 1.x or 2.x; the files are checked in.

One small model (a table, a dense layer, a flag, a counter) saved in every way in which TensorFlow 1.x saves:
plain        one file of data; its meta graph as text too
partitioned  the table in two parts along its rows, the kernel in two along its columns
resource     resource variables
sharded      two files of data
averages     the meta graph restores the moving averages of the checkpoint instead of the variables
v1           the old format
saved-model  with the signature serving_default

Each has reference.npz: x (int32 [1,3]) and y (float32 [3,100]), the answer of TensorFlow.
"""
import os
import shutil

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
tf.logging.set_verbosity("ERROR")
HERE = os.path.dirname(os.path.abspath(__file__))
INPUT = np.array([[0, 3, 6]], np.int32)


def build(partitions=0, resource=False, devices=1):
    def partition(axis):
        return tf.fixed_size_partitioner(partitions, axis=axis) if partitions else None

    graph = tf.Graph()
    with graph.as_default(), tf.variable_scope("", use_resource=resource):
        tf.set_random_seed(7)
        x = tf.placeholder(tf.int32, [1, 3], name="Placeholder")
        normal = tf.random_normal_initializer()
        with tf.device("/cpu:0"):
            table = tf.get_variable("emb", [7, 4], initializer=normal, partitioner=partition(0))
        with tf.device("/cpu:%d" % (devices - 1)):
            kernel = tf.get_variable("dense/kernel", [4, 100], initializer=normal, partitioner=partition(1))
            tf.get_variable("flag", [3], tf.bool, initializer=tf.ones_initializer())
            tf.get_variable("steps", [], tf.int64, initializer=tf.zeros_initializer(), trainable=False)
        rows = tf.reshape(tf.gather(tf.convert_to_tensor(table), x), [3, 4])
        tf.tanh(tf.matmul(rows, tf.convert_to_tensor(kernel)), name="out")
    return graph


def session(graph):
    sess = tf.Session(graph=graph, config=tf.ConfigProto(device_count={"CPU": 2}))
    sess.run(tf.global_variables_initializer())
    return sess


def folder(name):
    path = os.path.join(HERE, name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def write_reference(path, sess):
    np.savez(os.path.join(path, "reference.npz"), x=INPUT, y=sess.run("out:0", {"Placeholder:0": INPUT}))


def save(name, graph, **saver_options):
    path = folder(name)
    with graph.as_default(), session(graph) as sess:
        tf.train.Saver(**saver_options).save(sess, os.path.join(path, "model.ckpt"), write_state=False)
        write_reference(path, sess)
        if name == "plain":
            # The path of a machine that is not this one, as such files often have.
            with open(os.path.join(path, "checkpoint"), "w") as state:
                state.write('model_checkpoint_path: "/home/trainer/run/model.ckpt"\n')
            tf.train.export_meta_graph(os.path.join(path, "text.meta"), as_text=True)


def save_averages():
    path, graph = folder("averages"), build()
    with graph.as_default():
        floats = [v for v in tf.trainable_variables() if v.dtype.base_dtype == tf.float32]
        averages = tf.train.ExponentialMovingAverage(0.5)
        update = averages.apply(floats)
        with session(graph) as sess:
            sess.run([tf.assign(v, v + 1) for v in floats])
            sess.run(update)
            tf.train.Saver().save(sess, os.path.join(path, "train.ckpt"), write_meta_graph=False, write_state=False)
            reader = tf.train.Saver(averages.variables_to_restore(floats))
            reader.restore(sess, os.path.join(path, "train.ckpt"))
            reader.export_meta_graph(os.path.join(path, "evaluate.meta"), clear_devices=True)
            write_reference(path, sess)


def save_saved_model():
    path, graph = folder("saved-model"), build()
    shutil.rmtree(path)
    with graph.as_default(), session(graph) as sess:
        inputs = {"ids": graph.get_tensor_by_name("Placeholder:0")}
        tf.saved_model.simple_save(sess, path, inputs, {"y": graph.get_tensor_by_name("out:0")})
        write_reference(path, sess)


save("plain", build())
save("partitioned", build(partitions=2))
save("resource", build(resource=True))
save("sharded", build(devices=2), sharded=True)
save("v1", build(), write_version=tf.train.SaverDef.V1)
save_averages()
save_saved_model()
