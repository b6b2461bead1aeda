"""Run an IR in whichever OpenVINO this Python has: run_ir.py MODEL.xml INPUTS.npz OUTPUTS.npz

Inputs are found by tensor name; output i is saved as output_i, the tensor names of
all ports as inputs_names and outputs_names (one line of JSON each).
"""

import json
import sys

import numpy as np
import openvino


def run(xml, inputs):
    core = openvino.Core()
    model = core.read_model(xml)
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    results = compiled([inputs[port.any_name] for port in model.inputs])
    saved = {f"output_{i}": np.array(results[i]) for i in range(len(model.outputs))}
    for kind, ports in (("inputs", model.inputs), ("outputs", model.outputs)):
        saved[f"{kind}_names"] = json.dumps([sorted(port.get_names()) for port in ports])
    return saved


if __name__ == "__main__":
    np.savez(sys.argv[3], **run(sys.argv[1], np.load(sys.argv[2])))
