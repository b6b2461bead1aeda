"""Converts model folders with the converter of whichever OpenVINO this Python has.

usage: convert_with.py mo|ovc OUT [--fp16] FOLDER...

Writes OUT/NAME.xml for each folder; mo is Model Optimizer's Python interface (2024.6), ovc openvino.convert_model.
"""

import json
import pathlib
import sys

import openvino


def names_of(folder):
    signature = json.loads((folder / "signature.json").read_text())
    plain = [name if name.startswith("Iterator") else name.removesuffix(":0") for name in signature["inputs"]]
    return signature, plain


def graph_of(folder):
    return next(path for path in (folder / "bert_model.ckpt.meta", folder / "inference_graph.pb") if path.exists())


def convert_mo(folder):
    from openvino.tools.mo import convert_model

    signature, names = names_of(folder)
    graph = graph_of(folder)
    shape = "[%s %s]" % (signature["batch"] or 2, signature["seq"])
    items = [name + "{i32}" + (shape if name.startswith("Iterator") else "") for name in names]
    how = {"input_meta_graph" if graph.suffix == ".meta" else "input_model": str(graph)}
    return convert_model(**how, input=",".join(items), output=",".join(signature["outputs"]), silent=True)


def convert_ovc(folder):
    signature, _ = names_of(folder)
    outputs = [name if ":" in name else name + ":0" for name in signature["outputs"]]
    return openvino.convert_model(str(graph_of(folder)), output=outputs)


def main():
    kind, out, *folders = (argument for argument in sys.argv[1:] if argument != "--fp16")
    for folder in map(pathlib.Path, folders):
        model = (convert_mo if kind == "mo" else convert_ovc)(folder)
        openvino.save_model(model, f"{out}/{folder.name}.xml", compress_to_fp16="--fp16" in sys.argv)


if __name__ == "__main__":
    main()
