package dev.leat.examples.quickstart;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Stage;
import dev.leat.guard.TextGuard;
import dev.leat.text.Embedding;
import dev.leat.text.Entities;
import dev.leat.text.RuleBasedSentiment;
import dev.leat.text.Sentiment;
import dev.leat.text.Summary;
import dev.leat.text.TextModels;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The text handler: one pipeline, built once, for all requests and threads. */
final class TextAnalysis implements AutoCloseable {

    /** Texts up to this many chars are short enough to be read as they are. */
    static final int SUMMARY_FROM_CHARS = 500;

    /** What a client asks for. */
    record AnalysisRequest(String text, boolean includeEntities, boolean includeSentiment, boolean includeEmbedding) {}

    /** What it gets; null is what it did not ask for, or a summary of a text that needs none. */
    record AnalysisResult(
            @Nullable Entities entities,
            @Nullable Sentiment sentiment,
            @Nullable Embedding embedding,
            @Nullable String summary) {}

    private final Stage<String, Entities> entities;
    private final Stage<String, Sentiment> sentiment;
    private final Stage<String, Embedding> embedding;
    private final Stage<String, Summary> summary;
    private final Pipeline<String> pipeline;

    TextAnalysis(TextModels models) {
        entities = models.entities();
        sentiment = models.sentiment().orElse(RuleBasedSentiment.stage());
        embedding = models.embedding();
        summary = models.summary(s -> s.maxTokens(100)).when("long", text -> text.length() > SUMMARY_FROM_CHARS);
        pipeline = Pipeline.<String>builder("text-analysis")
                .guard(TextGuard.standard())
                .stages(entities, sentiment, embedding, summary)
                .build();
    }

    /**
     * Answers a request; entities, sentiment and embedding share one run of the encoder.
     *
     * @throws dev.leat.InvalidInputException if the text is blank or too long
     */
    AnalysisResult analyze(AnalysisRequest request) {
        Set<Stage<?, ?>> wanted = new HashSet<>(Set.of(summary));
        if (request.includeEntities()) {
            wanted.add(entities);
        }
        if (request.includeSentiment()) {
            wanted.add(sentiment);
        }
        if (request.includeEmbedding()) {
            wanted.add(embedding);
        }
        Results results = pipeline.run(request.text(), RunOptions.DEFAULT.withOnly(wanted))
                .orThrow();
        return new AnalysisResult(
                request.includeEntities() ? results.get(entities) : null,
                request.includeSentiment() ? results.get(sentiment) : null,
                request.includeEmbedding() ? results.get(embedding) : null,
                results.find(summary).map(Summary::text).orElse(null));
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
