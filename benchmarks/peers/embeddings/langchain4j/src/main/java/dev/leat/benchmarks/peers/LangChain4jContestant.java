package dev.leat.benchmarks.peers;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15.BgeSmallEnV15EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import dev.leat.benchmarks.worker.Embedder;
import dev.leat.benchmarks.worker.Worker;
import java.io.IOException;
import java.util.List;

/** LangChain4j's in-process embeddings: {@code int8} or {@code fp32}, both as they come in its jars. */
public final class LangChain4jContestant extends Embedder {

    private final EmbeddingModel model;

    private LangChain4jContestant(EmbeddingModel model) {
        this.model = model;
    }

    /**
     * Serves.
     *
     * @param arguments the precision
     * @throws IOException if the orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Worker.serve(() -> new LangChain4jContestant(
                switch (arguments[0]) {
                    case "int8" -> new BgeSmallEnV15QuantizedEmbeddingModel();
                    case "fp32" -> new BgeSmallEnV15EmbeddingModel();
                    default -> throw new IllegalArgumentException("int8 or fp32, not " + arguments[0]);
                }));
    }

    @Override
    public float[] embed(String text) {
        return model.embed(text).content().vector();
    }

    @Override
    public List<float[]> embedAll(List<String> texts) {
        List<TextSegment> segments = texts.stream().map(TextSegment::from).toList();
        return model.embedAll(segments).content().stream()
                .map(Embedding::vector)
                .toList();
    }

    @Override
    public void close() {}
}
