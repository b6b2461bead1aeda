"""Every model folder, converted with the guide's command, gives TensorFlow's answer in OpenVINO."""

import filecmp

import pytest

import harness


def test_guide_command(model, tmp_path):
    shape = harness.own_shape_to_ask_for(model)
    compiled = harness.compile_f32(harness.read(harness.convert(model, tmp_path, shape)))
    for own in [shape] if shape else model.own_shapes():
        assert harness.error_at(compiled, model, own) <= harness.MICRO_TOLERANCE, own


def test_open_dimensions_reshape(model, tmp_path):
    """Without a shape in --input, what the graph leaves open stays open."""
    if None not in (model.signature["batch"], model.signature["seq"]):
        pytest.skip("the graph has no open dimension")
    xml = harness.convert(model, tmp_path)
    for shape in model.own_shapes():
        reshaped = harness.read(xml)
        harness.reshape(reshaped, model, shape)
        assert harness.error_at(harness.compile_f32(reshaped), model, shape) <= harness.MICRO_TOLERANCE, shape


def test_two_runs_are_byte_identical(model, tmp_path):
    shape = harness.own_shape_to_ask_for(model)
    for run in ("a", "b"):
        harness.convert(model, tmp_path / run, shape)
    for file in ("m.xml", "m.bin"):
        assert filecmp.cmp(tmp_path / "a" / file, tmp_path / "b" / file, shallow=False), file


def test_both_name_spellings(model, tmp_path):
    """Scripts look tensors up as `name` or as `name:0`."""
    compiled = harness.compile_f32(harness.read(harness.convert(model, tmp_path)))
    for name in model.signature["inputs"]:
        assert compiled.input(name)
        if not model.is_iterator:
            assert compiled.input(name.removesuffix(":0"))
    for name in model.signature["outputs"]:
        assert compiled.output(name) and compiled.output(name + ":0")


def test_without_types_the_graph_decides(model, tmp_path):
    """Without {i32}, an input keeps the type that TensorFlow gave it, never f32."""
    arguments = model.arguments(harness.own_shape_to_ask_for(model), element_type=None)
    harness.bert_mo([*arguments, "--output_dir", tmp_path, "--model_name", "m"])
    for port in harness.read(tmp_path / "m.xml").inputs:
        assert port.element_type.to_string() == "i32"


@pytest.mark.needs("fp16")
def test_fp16_weights(model, tmp_path):
    shape = harness.own_shape_to_ask_for(model)
    full = harness.convert(model, tmp_path / "f32", shape)
    half = harness.convert(model, tmp_path / "f16", shape, extra=["--compress_to_fp16"])
    compiled = harness.compile_f32(harness.read(half))
    own = shape or model.own_shapes()[0]
    assert harness.error_at(compiled, model, own) <= 1e-2
    assert half.with_suffix(".bin").stat().st_size < 0.6 * full.with_suffix(".bin").stat().st_size


@pytest.mark.needs("dynamic")
def test_dynamic_reshapes_everywhere(model, tmp_path):
    """--dynamic opens batch and sequence length; reshape() to each reference gives TensorFlow's answer."""
    xml = harness.convert(model, tmp_path, extra=["--dynamic"])
    for shape in model.references:
        reshaped = harness.read(xml)
        harness.reshape(reshaped, model, shape)
        assert harness.error_at(harness.compile_f32(reshaped), model, shape) <= harness.MICRO_TOLERANCE, shape


@pytest.mark.needs("dynamic")
def test_any_shape_can_be_asked_for(model, tmp_path):
    """A shape in --input that is not the one baked in."""
    for shape in model.references:
        out = tmp_path / ("%dx%d" % shape)
        compiled = harness.compile_f32(harness.read(harness.convert(model, out, shape)))
        assert harness.error_at(compiled, model, shape) <= harness.MICRO_TOLERANCE, shape


@pytest.mark.needs("dynamic")
def test_longer_than_the_position_table_is_refused(model, tmp_path):
    result = harness.bert_mo([*model.arguments((1, 65)), "--output_dir", tmp_path], check=False)
    assert result.returncode == 1
    assert "position_embeddings" in result.stderr
