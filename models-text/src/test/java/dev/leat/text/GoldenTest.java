package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The shipped models against the reference implementation; the origin files hold the tolerances and their reasons. */
class GoldenTest {

    /** Probabilities on another processor than the one that made the golden files. */
    private static final double PROBABILITY = 0.02;

    private static Pipeline<String> pipeline(Stage<String, ?> stage) {
        return Pipeline.<String>builder("golden").stages(stage).build();
    }

    @Test
    void embedding_exact_agreesWithTheReference() {
        try (TextModels models = TextModels.builder().precision(Precision.EXACT).build();
                Pipeline<String> pipeline = pipeline(models.embedding())) {
            for (JsonObject golden : Golden.cases("embeddings")) {
                float[] vector = embed(pipeline, models, golden);
                assertThat(Golden.maxDifference(vector, Golden.doubles(golden.getAsJsonArray("vector"))))
                        .isLessThan(2e-5);
            }
        }
    }

    @Test
    void embedding_int8_isNearTheReference() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = pipeline(models.embedding())) {
            double sum = 0;
            List<JsonObject> cases = Golden.cases("embeddings");
            for (JsonObject golden : cases) {
                double cosine =
                        Golden.cosine(embed(pipeline, models, golden), Golden.doubles(golden.getAsJsonArray("vector")));
                assertThat(cosine).isGreaterThan(0.996);
                sum += cosine;
            }
            assertThat(sum / cases.size()).isGreaterThan(0.9985);
        }
    }

    private static float[] embed(Pipeline<String> pipeline, TextModels models, JsonObject golden) {
        return pipeline.run(golden.get("text").getAsString())
                .get(models.embedding())
                .toArray();
    }

    @Test
    void sentiment_int8_agreesWithTheSameGraphsInPython() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = pipeline(models.sentiment())) {
            for (JsonObject golden : Golden.cases("sentiment")) {
                double positive = golden.getAsJsonArray("probabilities").get(1).getAsDouble();
                Sentiment seen = pipeline.run(golden.get("text").getAsString()).get(models.sentiment());
                double seenPositive = seen.label() == Sentiment.Label.POSITIVE ? seen.score() : 1 - seen.score();
                assertThat(seenPositive).isCloseTo(positive, within(PROBABILITY));
            }
        }
    }

    @Test
    void sentimentAccurate_int8_agreesWithTheSameGraphsInPython() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Sentiment> stage = models.sentiment(options -> options.tier(Tier.ACCURATE));
            try (Pipeline<String> pipeline = pipeline(stage)) {
                for (JsonObject golden : Golden.cases("accurate")) {
                    double positive =
                            golden.getAsJsonArray("probabilities").get(1).getAsDouble();
                    Sentiment seen =
                            pipeline.run(golden.get("text").getAsString()).get(stage);
                    double seenPositive = seen.label() == Sentiment.Label.POSITIVE ? seen.score() : 1 - seen.score();
                    assertThat(seenPositive).isCloseTo(positive, within(PROBABILITY));
                }
            }
        }
    }

    @Test
    void moderation_int8_agreesWithTheSameGraphsInPython() {
        List<String> labels = List.of("toxic", "hate", "offensive");
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = pipeline(models.moderation())) {
            for (JsonObject golden : Golden.cases("moderation")) {
                JsonArray probabilities = golden.getAsJsonArray("probabilities");
                Map<String, Double> seen =
                        scores(pipeline.run(golden.get("text").getAsString())
                                .get(models.moderation())
                                .categories());
                for (int i = 0; i < labels.size(); i++) {
                    assertThat(seen.get(labels.get(i)))
                            .isCloseTo(probabilities.get(i).getAsDouble(), within(PROBABILITY));
                }
            }
        }
    }

    private static Map<String, Double> scores(List<LabelScore> labels) {
        return labels.stream().collect(Collectors.toMap(LabelScore::label, LabelScore::score));
    }

    @Test
    void longText_isMergedAsTheReferenceMergesIt() {
        JsonObject golden = Golden.read("long");
        try (TextModels models = TextModels.builder().precision(Precision.EXACT).build();
                Pipeline<String> pipeline = pipeline(models.embedding())) {
            Results results = pipeline.run(golden.get("text").getAsString());

            assertThat(results.outcome(models.embedding()).provenance().facts())
                    .containsEntry("windows", 5L)
                    .containsEntry("tokens", 2176L);
            assertThat(Golden.maxDifference(
                            results.get(models.embedding()).toArray(), Golden.doubles(golden.getAsJsonArray("vector"))))
                    .isLessThan(2e-5);
        }
    }
}
