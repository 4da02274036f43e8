"""Text -> head features with a shipped encoder graph, through ONNX Runtime on one thread."""

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

MAX_LENGTH, SEP = 512, 102


def session(model):
    """model: a path or the bytes of a graph."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"]
    )


class Encoder:
    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.session = session(f"{folder}/model.onnx")

    def ids(self, text):
        ids = self.tokenizer.encode(text).ids
        return ids if len(ids) <= MAX_LENGTH else ids[: MAX_LENGTH - 1] + [SEP]

    def run(self, id_lists, outputs):
        length = max(map(len, id_lists))
        ids = np.zeros((len(id_lists), length), np.int64)
        mask = np.zeros_like(ids)
        for row, x in enumerate(id_lists):
            ids[row, : len(x)], mask[row, : len(x)] = x, 1
        return self.session.run(outputs, {"input_ids": ids, "attention_mask": mask})

    def features(self, texts, tokens=1024):
        """[n, 3456]: cls8..cls11, cls12, mean8..mean11. Only texts of equal length share a batch."""
        ids = [self.ids(t) for t in texts]
        out = np.zeros((len(ids), 9 * 384), np.float32)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        start = 0
        while start < len(order):
            length = len(ids[order[start]])
            end = start
            while (
                end < len(order)
                and len(ids[order[end]]) == length
                and (end - start + 1) * length <= max(tokens, length)
            ):
                end += 1
            batch = order[start:end]
            last, cls, mean = self.run([ids[i] for i in batch], ["sentence_embedding", "layer_cls", "layer_mean"])
            n = len(batch)
            out[batch] = np.concatenate([cls.reshape(n, -1), last, mean.reshape(n, -1)], 1)
            start = end
        return out
