package dev.leat.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.text.Embedding;
import dev.leat.text.TextModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encoder that others exported gives in Leat what it gives in their library. */
class OwnEncoderTest {

    /** Of one window each: longer texts are cut elsewhere by LangChain4j. */
    private static final List<String> TEXTS = List.of(
            "?",
            "Hello",
            "The flat is bright, quiet and close to the park.",
            "Der Fluss fließt träge am alten Kai vorbei.",
            "naïve café: 3.50 € a cup (or $4.20) 😀!",
            "機械学習 is machine learning; an unbelievably long compound: antidisestablishmentarianism.",
            "The committee met for three hours without reaching a decision on the budget. ".repeat(24));

    @Test
    void embedding_overLangChain4jsGraph_isLangChain4js(@TempDir Path models) throws IOException {
        BgeSmallEnV15QuantizedEmbeddingModel theirs = new BgeSmallEnV15QuantizedEmbeddingModel(Runnable::run);
        try (TextModels text =
                TextModels.builder().encoder(LangChain4jEncoder.folder(models)).build()) {
            Stage<String, Embedding> embedding = text.embedding();
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("own").stages(embedding).build()) {
                for (String each : TEXTS) {
                    Results results = pipeline.run(each);
                    assertThat(results.outcome(embedding).provenance().facts()).containsEntry("windows", 1L);
                    float[] ours = results.get(embedding).toArray();
                    float[] expected = theirs.embed(each).content().vector();
                    assertThat(Vectors.cosine(ours, expected))
                            .as("a text of %d chars", each.length())
                            .isGreaterThan(0.999_99);
                }
            }
        }
    }
}
