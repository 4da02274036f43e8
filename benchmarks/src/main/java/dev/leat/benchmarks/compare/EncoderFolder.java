package dev.leat.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Describes the graph of bge-small-en-v1.5 that LangChain4j has, so that Leat takes it as an encoder of one's own. */
public final class EncoderFolder {

    private EncoderFolder() {}

    /**
     * Writes the folder's {@code model.json}.
     *
     * @param folder with {@code model.onnx} and {@code tokenizer.json}; its name becomes the model's id
     * @throws IOException if a file cannot be read or written
     */
    public static void describe(Path folder) throws IOException {
        String ids = "'type': 'int64', 'shape': ['batch_size', 'sequence_length']";
        String json = """
                {
                  'id': '%s',
                  'version': '1.5',
                  'task': 'feature-extraction',
                  'graph': 'model.onnx',
                  'files': {
                    'model.onnx': {%s},
                    'tokenizer.json': {%s}
                  },
                  'inputs': [
                    {'name': 'input_ids', %s},
                    {'name': 'attention_mask', %s},
                    {'name': 'token_type_ids', %s}
                  ],
                  'outputs': [
                    {'name': 'last_hidden_state', 'type': 'float32', 'shape': ['batch_size', 'sequence_length', 384]}
                  ],
                  'languages': ['en'],
                  'license': 'MIT',
                  'parameters': {'pooling': 'CLS', 'dimension': 384, 'maxSequenceLength': 512}
                }
                """.formatted(
                        folder.getFileName(),
                        described(folder.resolve("model.onnx")),
                        described(folder.resolve("tokenizer.json")),
                        ids,
                        ids,
                        ids);
        Files.writeString(folder.resolve("model.json"), json.replace('\'', '"'));
    }

    private static String described(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "'bytes': " + content.length + ", 'sha256': '"
                    + HexFormat.of().formatHex(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
