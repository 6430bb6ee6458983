# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Makes the model beside it anew (2 kB, for tests): ``python make.py`` with the package ``onnx``.

A transducer as sherpa-onnx loads it, which knows two words: a tone of 500 Hz is 退, one of 2,800 Hz is 款.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper

BINS, TOKENS, CONTEXT, SUBSAMPLING = 80, ("<blk>", "<unk>", "退", "款"), 2, 4
# mel bins around the two tones; what they must exceed (log energy); what is never said
LOW, HIGH, LOUD, NEVER = range(18, 22), range(56, 60), 4.0, -1000.0


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def value(name: str, kind: int, *shape: int | str) -> onnx.ValueInfoProto:
    return h.make_tensor_value_info(name, kind, shape)


def save(name, nodes, inputs, outputs, constants, **meta):
    initial = [numpy_helper.from_array(data, key) for key, data in constants.items()]
    graph = h.make_graph(nodes, name, inputs, outputs, initial)
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 13)])
    model.ir_version = 8
    h.set_model_props(model, {key: str(one) for key, one in meta.items()})
    onnx.checker.check_model(model)
    onnx.save(model, Path(__file__).with_name(f"{name}.onnx"))


def main() -> None:
    # every fourth frame as it is
    save(
        "encoder",
        [
            h.make_node("Slice", ["x", "first", "end", "axis", "step"], ["encoder_out"]),
            h.make_node("Add", ["x_lens", "rest"], ["whole"]),
            h.make_node("Div", ["whole", "step"], ["encoder_out_lens"]),
        ],
        [value("x", T.FLOAT, "N", "T", BINS), value("x_lens", T.INT64, "N")],
        [value("encoder_out", T.FLOAT, "N", "U", BINS), value("encoder_out_lens", T.INT64, "N")],
        {
            "first": ints(0),
            "end": ints(2**31 - 1),
            "axis": ints(1),
            "step": ints(SUBSAMPLING),
            "rest": ints(SUBSAMPLING - 1),
        },
        model_type="transducer",
        version=1,
    )
    # the last word, which is not said again at once
    save(
        "decoder",
        [
            h.make_node("Slice", ["y", "last", "end", "axis"], ["one"]),
            h.make_node("Max", ["one", "zero"], ["known"]),
            h.make_node("Squeeze", ["known", "axis"], ["flat"]),
            h.make_node("OneHot", ["flat", "depth", "values"], ["decoder_out"], axis=-1),
        ],
        [value("y", T.INT64, "N", CONTEXT)],
        [value("decoder_out", T.FLOAT, "N", len(TOKENS))],
        {
            "last": ints(CONTEXT - 1),
            "end": ints(CONTEXT),
            "axis": ints(1),
            "zero": ints(0),
            "depth": ints(len(TOKENS)),
            "values": floats(0, 1),
        },
        vocab_size=len(TOKENS),
        context_size=CONTEXT,
    )
    weights = np.zeros((BINS, len(TOKENS)), dtype=np.float32)
    weights[list(LOW), 2] = 1 / len(LOW)
    weights[list(HIGH), 3] = 1 / len(HIGH)
    save(
        "joiner",
        [
            h.make_node("MatMul", ["encoder_out", "weights"], ["heard"]),
            h.make_node("Mul", ["decoder_out", "again"], ["barred"]),
            h.make_node("Add", ["heard", "barred"], ["sum"]),
            h.make_node("Add", ["sum", "bias"], ["logit"]),
        ],
        [
            value("encoder_out", T.FLOAT, "N", BINS),
            value("decoder_out", T.FLOAT, "N", len(TOKENS)),
        ],
        [value("logit", T.FLOAT, "N", len(TOKENS))],
        {
            "weights": weights,
            "again": floats(0, 0, NEVER, NEVER),
            "bias": floats(0, NEVER, LOUD, LOUD),
        },
    )
    lines = [f"{token} {number}\n" for number, token in enumerate(TOKENS)]
    Path(__file__).with_name("tokens.txt").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
