package dev.leat.examples.adapters;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Stage;
import dev.leat.text.Embedding;
import dev.leat.text.TextModels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What both adapters do: texts to vectors by one pipeline, in order, equal texts once. Thread-safe. */
public final class LeatEmbeddings implements AutoCloseable {

    /** What the vectors are called where somebody asks for a model's name. */
    public static final String MODEL_NAME = "bge-small-en-v1.5";

    /** How many coordinates a vector has. */
    public static final int DIMENSION = 384;

    private final Stage<String, Embedding> embedding;
    private final Pipeline<String> pipeline;
    private final RunOptions options;

    /**
     * Builds the pipeline.
     *
     * @param models loaded; stays the caller's
     * @param deadline of each text
     */
    public LeatEmbeddings(TextModels models, Duration deadline) {
        embedding = models.embedding();
        pipeline = Pipeline.<String>builder("embeddings").stages(embedding).build();
        options = RunOptions.DEFAULT.withDeadline(deadline);
    }

    /**
     * Embeds texts.
     *
     * @param texts none is null
     * @return a vector of length 1 for each text, in order
     * @throws dev.leat.InferenceException if one fails: retryable or not, as the exception says
     */
    public List<float[]> embed(List<String> texts) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        try (Stream<Results> results = pipeline.runAll(texts, options, done -> {})) {
            results.forEach(one -> vectors.add(one.get(embedding).toArray()));
        }
        return vectors;
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
