package dev.leat.benchmarks;

import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** The encoder in LangChain4j's jar, laid out as a model of one's own. */
final class LangChain4jEncoder {

    private static final String ID = "bge-small-en-v1.5-q";

    private LangChain4jEncoder() {}

    /** Copies graph and tokenizer out of the jar and describes them. */
    static ModelFolder folder(Path models) throws IOException {
        Path folder = Files.createDirectories(models.resolve(ID));
        String graph = copy(ID + ".onnx", folder.resolve("model.onnx"));
        String tokenizer = copy(ID + "-tokenizer.json", folder.resolve("tokenizer.json"));
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
                """.formatted(ID, graph, tokenizer, ids, ids, ids);
        Files.writeString(folder.resolve("model.json"), json.replace('\'', '"'));
        return ModelSource.directory(models).folder(ID);
    }

    private static String copy(String resource, Path to) throws IOException {
        byte[] content;
        try (InputStream in = BgeSmallEnV15QuantizedEmbeddingModel.class.getResourceAsStream("/" + resource)) {
            content = Objects.requireNonNull(in, resource).readAllBytes();
        }
        Files.write(to, content);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "'bytes': " + content.length + ", 'sha256': '"
                    + HexFormat.of().formatHex(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
