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
    old, names = list(graph.node), {o for n in graph.node for o in n.output}
    stem = "embedded" if "embedded" in names else next(i.name for i in graph.input if i.name in ("hidden_6", "hidden_8"))
    b, known = Builder(constants=graph.initializer), False
    for node in old:
        if not known and (stem in node.input or stem == "hidden_6"):
            known = bool(b.node("Shape", [stem], "state_shape"))
        if node.op_type != "LayerNormalization":
            b.nodes.append(node)
            continue
        x, scale, bias = node.input
        output = node.output[0]
        cls_only = x == "attended_sum11" or x == "output_sum11"
        if not cls_only and not x.startswith("output_sum"):
            x = b.as_rows(x, x + ".rows")
        if cls_only or output.startswith("middle"):
            b.norm_of_rows(x, scale, bias, output)
        else:
            b.node("Reshape", [b.norm_of_rows(x, scale, bias, output + ".rows"), "state_shape"], output)
    del graph.node[:], graph.initializer[:]
    graph.node.extend(b.nodes)
    graph.initializer.extend(b.constants)
    onnx.checker.check_model(model)
    onnx.save(model, path)
