#!/usr/bin/env python3
"""Print docs/reference/supported-ops.md: what becomes of each TensorFlow op, and of each op of OpenVINO's.

It is read off the sources that decide it: the ODS of the dialects, the tables of rules in
lib/Conversion/TFToOV and OVToLinalg, the matchers in OVToBert, and the passes that
remove TensorFlow ops before the conversion. utils/docs runs it.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
LLVM = pathlib.Path("/usr/lib/llvm-22")


def records(dialect):
    file = ROOT / f"include/bert/Dialect/{dialect}/IR/{dialect}Ops.td"
    command = [LLVM / "bin/llvm-tblgen", "--dump-json", "-I", ROOT / "include", "-I", LLVM / "include", file]
    everything = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {name: everything[name] for name in everything["!instanceof"]["Op"]}


def read(folder):
    return {path: path.read_text() for path in sorted((ROOT / folder).glob("*.cpp"))}


# Rules that make constants only.
CONSTANT = {"Rank"}

# Layers that are written without the generic code.
LAYERS = {"Constant": "Const", "Weight": "Const", "GenericLayer": "any other"}


def kebab(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def functions(text):
    """{name: body} of a file's static functions, and of those that files share."""
    found = re.findall(r"^(?:template <[^\n]*>\s*)?(?:static [^;{}=]*?|Value tftoov::)\b(\w+)\([^;{]*\) \{(?:\n(.*?)^\}| (.*?) \}$)", text, re.M | re.S)
    return {name: body or line for name, body, line in found}


def ops_of(rule, bodies, known, seen):
    """The ov ops, in order, that a rule such as `unary<ov::AbsOp>` makes, those of functions it calls too."""
    ops = [op for op in re.findall(r"\bov::(\w+)Op\b", rule) if op in known]
    name = rule.split("<")[0]
    if name in bodies and name not in seen:
        seen.add(name)
        # What it creates, and the functions it calls (methods are other things).
        for made, called in re.findall(r"(?:create|helper)<(ov::\w+Op)\b|(?<![.>:\w])(\w+)(?=[<(])", bodies[name]):
            ops += ops_of(made or called, bodies, known, seen)
    return list(dict.fromkeys(ops))


def tensorflow_rules(known):
    """{TensorFlow op: ov classes, or None for what has a rule without any}"""
    texts = read("lib/Conversion/TFToOV")
    rules = {}
    everywhere = {name: body for text in texts.values() for name, body in functions(text).items()}
    for text in texts.values():
        bodies = everywhere | functions(text)
        for name, rule in re.findall(r'table\["(\w+)"\] = ([\w:<>, ]+);', text):
            rules[name] = ops_of(rule, bodies, known, set())
        for names, rule in re.findall(r"for \(StringRef name : \{([^}]*)\}\)\s*table\[name\] = (\w+);", text):
            for name in re.findall(r'"(\w+)"', names):
                rules[name] = rule
    return rules


def handled_before():
    """{TensorFlow op: passes that know it by name}"""
    passes = {}
    for path, text in read("lib/Dialect/TF/Transforms").items():
        name = "tf-" + kebab(path.stem)
        if f"#define GEN_PASS_DEF_{'TF' + path.stem.upper()}\n" in text:
            for op in set(re.findall(r'"([A-Z]\w+)"', text)) | set(re.findall(r"\b(?:tf::)?([A-Z]\w+)Op\b", text)):
                passes.setdefault(op, []).append(name)
    return passes


def source_ops():
    """What gives tensors from outside: placeholders, iterators, queues, parsers."""
    text = (ROOT / "lib/Dialect/TF/Transforms/Utils.cpp").read_text()
    body = re.search(r"bool tf::isSource\(.*?^\}", text, re.M | re.S)[0]
    return set(re.findall(r"\b(\w+)Op\b", body))


def tensorflow_table(rules, handled, classes):
    sources = source_ops()
    known = [r["opName"] for r in records("TF").values() if r["opName"][0].isupper()]
    yield "| TensorFlow | becomes |"
    yield "|---|---|"
    for name in sorted(set(known) | set(rules)):
        rule = rules.get(name)
        if rule == "passOn":
            text = "its operand"
        elif rule == "refuseVariable":
            text = "a weight, by `tf-freeze-variables`"
        elif rule == "refuseInput" or name in sources:
            text = "an input, by `tf-infer-inputs` or `tf-specialize-inputs`"
        elif name == "Const":
            text = "`ov.constant`, or `ov.weight` if it is trained or a table of floats"
        elif rule:
            text = ", ".join(f"`ov.{classes[op]['opName']}`" for op in rule)
        elif name in CONSTANT:
            text = "a constant"
        elif name in rules:
            sys.exit(f"utils/supported-ops.py: can't see in lib/Conversion/TFToOV which ops {name} becomes")
        elif name in handled:
            text = "what follows from " + ", ".join(f"`{p}`" for p in sorted(handled[name]))
        else:
            text = "an error where an output needs it"
        yield f"| {name} | {text} |"


def openvino_table(rules, classes):
    loops = set()
    for text in read("lib/Conversion/OVToLinalg").values():
        loops |= set(re.findall(r"table\.add<(?:ov::)?(\w+)Op>", text))
    kernels = {"Attention": "attention", "Dense": "dense", "Embeddings": "embeddings", "LayerNorm": "add_layer_norm"}
    parts = {}
    for path, text in read("lib/Conversion/OVToBert").items():
        if path.stem in kernels:
            for name in set(re.findall(r"\b(?:ov::)?(\w+)Op\b", text)) & set(classes):
                parts.setdefault(name, []).append(f"`bert.{kernels[path.stem]}`")
    sources = {}
    for name, rule in rules.items():
        if isinstance(rule, list):
            for op in rule:
                sources.setdefault(op, []).append(name)
    yield "| ov | layer in an IR | comes from | native: part of a kernel | native: as loops |"
    yield "|---|---|---|---|---|"
    for name, record in sorted(classes.items(), key=lambda item: item[1]["opName"]):
        code = record["extraClassDefinition"] or ""
        kind = re.search(r'getIRType\(\) \{ return "(\w+)"', code)
        layer = f"{kind[1]}, opset{re.search(r'getOpset[(][)] [{] return ([0-9]+)', code)[1]}" if kind else LAYERS.get(name, "")
        row = [f"`ov.{record['opName']}`", layer, ", ".join(sorted(sources.get(name, []))),
               ", ".join(sorted(parts.get(name, []))), "yes" if name in loops else "no"]  # fmt: skip
        yield "| " + " | ".join(row) + " |"


def main():
    classes = {name.removeprefix("OV_").removesuffix("Op"): record for name, record in records("OV").items()}
    rules = tensorflow_rules(classes)
    print("<!-- Made of the tables of rules by utils/docs --fix: change those, not this page. -->\n")
    print("# Supported ops\n")
    print("Every TensorFlow graph can be imported and looked at: an op that is not listed is a `tf.node`. What counts is what the\n"
          "outputs need; `bert-mo` names all ops there that it can't convert, with their counts. Helpers that a conversion puts beside an op\n"
          "(constants, reshapes) are listed with it.\n")  # fmt: skip
    print("## From TensorFlow\n")
    print("\n".join(tensorflow_table(rules, handled_before(), classes)))
    print("\n## From and to OpenVINO, and to native code\n")
    print("An IR is read and written with these layers; one that is not listed is an `ov.layer`, which is written as it was read but is not compiled.\n"
          "Native code takes whole kernels where ops stand as they do in a BERT ([convert-ov-to-bert](conversion-passes.md)), and loops for the rest\n"
          "([convert-ov-to-linalg](conversion-passes.md)).\n")  # fmt: skip
    print("\n".join(openvino_table(rules, classes)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
