"""Writes the layer norms of a graph of quantise.py, top.py or entity_graphs.py as these scripts write them now.

    python norms.py FILE

The shipped graphs of 2026-11-24 had LayerNormalization; this replaced it and left every weight as it was fitted.
"""

import argparse

import onnx

from encoder import Builder

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    path = parser.parse_args().file
    model = onnx.load(path)
    graph = model.graph
    old, b, inputs = list(graph.node), Builder(constants=graph.initializer), {i.name for i in graph.input}
    states = next((name for name in ("hidden_6", "hidden_8") if name in inputs), "embedded")
    first = 0 if states == "hidden_6" else next(i for i, node in enumerate(old) if states in node.input)
    for i, node in enumerate(old):
        if i == first:
            b.texts_as(states)
        if node.op_type != "LayerNormalization":
            b.nodes.append(node)
            continue
        x, scale, bias = node.input
        output = node.output[0]
        cls_only = x in ("attended_sum11", "output_sum11")
        if not cls_only and not x.startswith("output_sum"):
            x = b.as_rows(x, x + ".rows")
        if cls_only or output.startswith("middle"):
            b.norm_of_rows(x, scale, bias, output)
        else:
            b.as_texts(b.norm_of_rows(x, scale, bias, output + ".rows"), output)
    del graph.node[:], graph.initializer[:]
    graph.node.extend(b.nodes)
    graph.initializer.extend(b.constants)
    onnx.checker.check_model(model)
    onnx.save(model, path)
