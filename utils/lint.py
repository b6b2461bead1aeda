#!/usr/bin/env python3
"""Check the habits of the sources that no compiler checks.

Tests: a line that looks like a FileCheck directive is one. `CHECK foo`, `CHECK-NEXT foo`,
`CHECK-NXT: foo` and a prefix that no RUN line names check nothing, silently.

Passes: each entry of a Passes.td names the file of its example ("Example: test/...mlir"),
which exists, has the pass's name and runs it; beside it something shows what the pass
must leave alone or refuse; the implementation is in a file of the same name.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
LLVM = pathlib.Path("/usr/lib/llvm-22")
DIALECTS = ("tf", "ov", "bert")
LIT_KEYWORDS = {"RUN", "REQUIRES", "UNSUPPORTED", "XFAIL", "DEFINE", "REDEFINE", "END", "TODO", "COM"}
SUFFIXES = r"-(?:NEXT|SAME|NOT|DAG|LABEL|EMPTY|COUNT-\d+)"


def lit_tests(folder):
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix in (".mlir", ".test", ".pbtxt", ".td") and not {"Inputs", "Integration"} & set(parts):
            yield path


def run_lines(text):
    """The commands of a test, continued lines joined."""
    return re.sub(r"\\\n\s*(//|#|;)\s*RUN:", " ", text)


def check_directives(text):
    """(line number, complaint) for each line that only looks like a FileCheck directive."""
    commands = "\n".join(re.findall(r"RUN:(.*)", run_lines(text)))
    if "FileCheck" not in commands:
        return
    prefixes = set()
    for names in re.findall(r"--?check-prefix(?:es)?[= ]([\w,-]+)", commands):
        prefixes.update(names.split(","))
    if re.search(r"FileCheck(?![^|\n]*check-prefix)", commands):
        prefixes.add("CHECK")
    known = "|".join(sorted(map(re.escape, prefixes), key=len, reverse=True))
    for number, line in enumerate(text.splitlines(), 1):
        comment = re.match(r"\s*(?://|#)\s*(?P<body>.*)", line)
        body = comment["body"] if comment else ""
        if re.match(rf"(?:{known})(?:{SUFFIXES})?(?:\{{LITERAL\}})?:", body):
            continue
        if re.match(rf"(?:{known})(?:{SUFFIXES})?(?![\w-])", body):
            yield number, "a FileCheck directive without its colon"
        elif re.match(rf"(?:{known})-[A-Z0-9-]+\s*:?", body):
            yield number, "an unknown FileCheck directive"
        elif (word := re.match(r"([A-Z][A-Z0-9_-]{3,}):(?:\s|$)", body)) and word[1] not in LIT_KEYWORDS:
            yield number, f"no RUN line has the prefix {word[1]}"


def passes_of(file):
    """The records of one Passes.td."""
    command = [LLVM / "bin/llvm-tblgen", "--dump-json", "-I", ROOT / "include", "-I", LLVM / "include", file]
    records = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [records[name] for name in records["!instanceof"]["PassBase"]]


def names_of(record):
    """(stem of the test, stem of the source) that a pass has."""
    argument, define = record["argument"], record["!name"]
    dialect, _, rest = argument.partition("-")
    if dialect == "convert":
        return "example", define.removeprefix("Convert")
    if dialect in DIALECTS:
        return rest, re.sub(rf"^{dialect}", "", define, flags=re.IGNORECASE)
    return argument, define


def check_pass(record, sources):
    argument, define = record["argument"], record["!name"]
    test_stem, source_stem = names_of(record)

    named = re.findall(r"Example: (\S+)\.(?:\s|$)", record["description"])
    if len(named) != 1:
        yield 'its description names no example file ("Example: test/....mlir.")'
        return
    example = ROOT / named[0]
    if not example.is_file():
        yield f"its example {named[0]} does not exist"
        return
    if example.stem != test_stem or (test_stem == "example" and example.parent.name != source_stem):
        yield f"its example {named[0]} should be called {test_stem}{example.suffix}"
    if not re.search(rf"RUN:.*\b{argument}\b", run_lines(example.read_text())):
        yield f"its example {named[0]} does not run it"

    siblings = example.parent.glob("*") if test_stem == "example" else example.parent.glob(f"{test_stem}*")
    negative = re.compile(r"-NOT:|expected-(?:error|remark|warning)|RUN: not ")
    if not any(negative.search(path.read_text()) for path in siblings if path.is_file()):
        yield f"nothing in {example.parent.relative_to(ROOT)}/{test_stem}* shows what it leaves alone or refuses"

    macro = f"#define GEN_PASS_DEF_{define.upper()}\n"
    homes = [path for path, text in sources.items() if macro in text]
    if [path.stem for path in homes] != [source_stem]:
        yield f"its implementation should be in one {source_stem}.cpp"


def check_tests(folder, base):
    for path in lit_tests(folder):
        for number, text in check_directives(path.read_text()):
            yield f"{path.relative_to(base)}:{number}: {text}"


def check_passes():
    sources = {path: path.read_text() for path in (ROOT / "lib").rglob("*.cpp")}
    for file in sorted((ROOT / "include").rglob("Passes.td")):
        for record in passes_of(file):
            for text in check_pass(record, sources):
                yield f"{file.relative_to(ROOT)}: {record['argument']}: {text}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=pathlib.Path, help="look only at the tests in this folder")
    arguments = parser.parse_args()
    if arguments.tests:
        complaints = list(check_tests(arguments.tests, arguments.tests))
    else:
        complaints = [*check_tests(ROOT / "test", ROOT), *check_passes()]
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
