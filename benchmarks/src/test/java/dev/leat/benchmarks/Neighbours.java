package dev.leat.benchmarks;

import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.text.Embedding;
import dev.leat.text.TextModels;
import java.util.Arrays;

/** Leat and LangChain4j in one JVM, on one ONNX Runtime and one tokenizer library; run by {@link NeighboursTest}. */
final class Neighbours {

    private static final String TEXT = "The flat is bright, quiet and close to the park.";

    private Neighbours() {}

    /**
     * Runs them.
     *
     * @param arguments the order: letters {@code N} for the neighbour, {@code L} for Leat, which is closed after each
     */
    public static void main(String[] arguments) {
        BgeSmallEnV15QuantizedEmbeddingModel neighbour = null;
        for (char who : arguments[0].toCharArray()) {
            if (who == 'L') {
                System.out.println("leat " + leat());
            } else {
                if (neighbour == null) {
                    neighbour = new BgeSmallEnV15QuantizedEmbeddingModel(Runnable::run);
                }
                System.out.println("neighbour "
                        + Arrays.hashCode(neighbour.embed(TEXT).content().vector()));
            }
        }
        System.exit(0);
    }

    private static int leat() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Embedding> embedding = models.embedding();
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("guest").stages(embedding).build()) {
                return Arrays.hashCode(pipeline.run(TEXT).get(embedding).toArray());
            }
        }
    }
}
