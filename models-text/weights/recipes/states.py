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

    def batches(self, ids, tokens=1024):
        """Indices in batches; only texts of equal length share one."""
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        start = 0
        while start < len(order):
            length = len(ids[order[start]])
            end = start + 1
            while end < len(order) and len(ids[order[end]]) == length and (end - start + 1) * length <= tokens:
                end += 1
            yield order[start:end]
            start = end

    def features(self, texts):
        """[n, 3456]: cls8..cls11, cls12, mean8..mean11."""
        return self.states(texts, hidden=False)[0]

    def states(self, texts, hidden=True):
        """The features, the texts' lengths in tokens, and hidden_8 of all tokens, one text after the other, as fp16."""
        ids = [self.ids(t) for t in texts]
        lengths = np.array([len(i) for i in ids], np.int32)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        out = np.zeros((len(ids), 9 * 384), np.float32)
        tokens = np.zeros((starts[-1] if hidden else 0, 384), np.float16)
        wanted = ["sentence_embedding", "layer_cls", "layer_mean"] + (["hidden_8"] if hidden else [])
        for batch in self.batches(ids):
            last, cls, mean, *h8 = self.run([ids[i] for i in batch], wanted)
            n = len(batch)
            out[batch] = np.concatenate([cls.reshape(n, -1), last, mean.reshape(n, -1)], 1)
            for i, h in zip(batch, h8[0] if hidden else []):
                tokens[starts[i] : starts[i + 1]] = h
        return out, lengths, tokens
