package dev.leat.benchmarks;

import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import dev.leat.benchmarks.compare.EncoderFolder;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The encoder in LangChain4j's jar, laid out as a model of one's own. */
final class LangChain4jEncoder {

    private static final String ID = "bge-small-en-v1.5-q";

    private LangChain4jEncoder() {}

    /** Copies graph and tokenizer out of the jar and describes them. */
    static ModelFolder folder(Path models) throws IOException {
        Path folder = Files.createDirectories(models.resolve(ID));
        copy(ID + ".onnx", folder.resolve("model.onnx"));
        copy(ID + "-tokenizer.json", folder.resolve("tokenizer.json"));
        EncoderFolder.describe(folder);
        return ModelSource.directory(models).folder(ID);
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream in = BgeSmallEnV15QuantizedEmbeddingModel.class.getResourceAsStream("/" + resource)) {
            Files.copy(Objects.requireNonNull(in, resource), to);
        }
    }
}
