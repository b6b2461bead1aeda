"""--help of every program: it fits a terminal, its flags have one spelling, and all flags that the pages name are in it."""

import re
import subprocess

import pytest

import harness

USERS = ["bert-mo", "bert-compile", "bert-run"]


def help_of(program):
    done = subprocess.run([harness.BIN / program, "--help"], check=True, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout


def flags_of(program):
    """{name: (what its value is called, help)} of a program for users."""
    found = re.findall(r"^  --(\w+)(?:, -\w)*((?: \S+)?)\n((?: {8}.*\n)+)", help_of(program), re.MULTILINE)
    return {name: (value.strip(), " ".join(text.split())) for name, value, text in found}


@pytest.mark.parametrize("program", USERS)
def test_form(program):
    text = help_of(program)
    assert max(map(len, text.splitlines())) <= 110
    titles = re.findall(r"^(\S.*):$", text, re.MULTILINE)
    assert titles[:2] == ["The model", "Inputs and outputs"] and "Other" in titles
    assert ("Accepted from Model Optimizer's scripts, without effect" in titles) == (program == "bert-mo")
    named = set(re.findall(r"^  --(\S+?),?(?: |$)", text, re.MULTILINE))
    assert named == set(flags_of(program)) and len(named) > 15  # underscores only, and each has its help
    assert "Exit code 0: done; 1: an error" in text
    # The examples at the top use flags that are there.
    introduction = text.split("\n" + titles[0])[0]
    assert introduction.count(program) >= 2
    assert set(re.findall(r"--([\w-]+)", introduction)) <= named
    short = subprocess.run([harness.BIN / program, "-h"], check=True, capture_output=True, text=True)
    assert short.stdout == text


def test_flags_that_programs_share_are_the_same():
    flags = {program: flags_of(program) for program in USERS}
    shared = set.intersection(*map(set, flags.values()))
    assert {"input_model", "input", "output", "batch", "dynamic", "silent"} <= shared
    for name in shared - {"model_name"}:  # what it names is another thing in each
        assert len({flags[program][name] for program in USERS}) == 1, name
    # --output is a node everywhere; -o is where the result goes.
    for program, name in (("bert-mo", "output_dir"), ("bert-compile", "output_file")):
        assert f"--{name}, -o " in help_of(program)


def test_pages_use_flags_that_are_there():
    """As the list of --help spells them."""
    flags = {program: set(flags_of(program)) | {"disable_nhwc_to_nchw"} for program in USERS}
    pages = [harness.ROOT / "README.md", *(harness.ROOT / "docs").glob("*.md")]
    seen = 0
    for page in pages:
        text = page.read_text().replace("\\\n", " ")
        for program, rest in re.findall(r"(bert-mo|bert-compile|bert-run)((?: [^\n|`;]*)?)", text):
            rest = re.sub(r'"[^"]*"', "", rest)
            for name in re.findall(r"(?<=\s)--([\w-]+)", rest):
                seen += 1
                assert name in flags[program], f"{page.name}: {program} --{name}"
    assert seen > 30


@pytest.mark.parametrize("program", ["bert-opt", "bert-translate", "bert-reduce", "bert-lsp-server"])
def test_tools_for_the_compiler(program):
    text = help_of(program)
    assert program in text
    # Our passes, without the options of LLVM's back ends.
    assert "amdgpu-bypass" not in text
    if program == "bert-opt":
        assert "--ov-generalize-shapes" in text and "--tf-to-openvino" in text
        everything = subprocess.run([harness.BIN / program, "--help-hidden"], check=True, capture_output=True, text=True)
        assert len(everything.stdout) > len(text)
