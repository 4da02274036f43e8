package dev.leat.benchmarks;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.text.Embedding;
import dev.leat.text.LabelScore;
import dev.leat.text.Precision;
import dev.leat.text.Sentiment;
import dev.leat.text.TextModels;
import dev.leat.text.TextModeration;
import dev.leat.text.Tier;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * How far the text stages are from the golden values of the reference implementation in Python, at worst; for people to
 * read. Takes the folder {@code golden} of leat-models-text's tests, whose {@code .origin.json} files say what the values are
 * of: vectors of the fp32 model, logits of the same INT8 graphs.
 */
public final class GoldenDeviations {

    private static final PrintStream OUT = System.out;
    private static final List<String> CATEGORIES = List.of("toxic", "hate", "offensive");

    private final Path folder;

    private GoldenDeviations(Path folder) {
        this.folder = folder;
    }

    /** The greatest differences so far. */
    private static final class Worst {
        private int compared;
        private double probability;
        private double logit;

        void add(double seen, double reference, double temperature, double referenceLogit) {
            compared++;
            probability = Math.max(probability, Math.abs(seen - reference));
            // Scores near 0 and 1 are too coarse to give back their logit.
            if (reference > 1e-4 && reference < 1 - 1e-4) {
                logit = Math.max(logit, Math.abs(temperature * Math.log(seen / (1 - seen)) - referenceLogit));
            }
        }

        void print(String name) {
            OUT.printf("%-32s %3d scores: worst probability %.1e, logit %.1e%n", name, compared, probability, logit);
        }
    }

    /**
     * Compares.
     *
     * @param arguments the folder
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        GoldenDeviations golden = new GoldenDeviations(Path.of(arguments[0]));
        for (Precision precision : Precision.values()) {
            try (TextModels models = TextModels.builder().precision(precision).build()) {
                golden.embeddings(precision, models.embedding());
            }
        }
        try (TextModels models = TextModels.load()) {
            golden.sentiment("sentiment", models.sentiment());
            golden.sentiment("accurate", models.sentiment(options -> options.tier(Tier.ACCURATE)));
            golden.moderation(models.moderation());
        }
    }

    private <O> void each(String name, Stage<String, O> stage, BiConsumer<JsonObject, O> compare) throws IOException {
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("golden").stages(stage).build()) {
            for (JsonObject golden : TextQuality.cases(file(name))) {
                compare.accept(
                        golden, pipeline.run(golden.get("text").getAsString()).get(stage));
            }
        }
    }

    private Path file(String name) {
        return folder.resolve(name + ".golden.json");
    }

    private double temperature(String name) throws IOException {
        return JsonParser.parseString(Files.readString(file(name), StandardCharsets.UTF_8))
                .getAsJsonObject()
                .get("temperature")
                .getAsDouble();
    }

    private void embeddings(Precision precision, Stage<String, Embedding> stage) throws IOException {
        double[] worst = {0, 1}; // difference, cosine
        each("embeddings", stage, (golden, seen) -> {
            JsonArray reference = golden.getAsJsonArray("vector");
            float[] vector = seen.toArray();
            float[] expected = new float[reference.size()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = reference.get(i).getAsFloat();
                worst[0] = Math.max(worst[0], Math.abs(expected[i] - vector[i]));
            }
            worst[1] = Math.min(worst[1], Vectors.cosine(vector, expected));
        });
        OUT.printf("embedding, %-21s worst value %.1e, cosine %.7f%n", precision, worst[0], worst[1]);
    }

    private void sentiment(String name, Stage<String, Sentiment> stage) throws IOException {
        double temperature = temperature(name);
        Worst worst = new Worst();
        each(name, stage, (golden, seen) -> {
            JsonArray logits = golden.getAsJsonArray("logits");
            worst.add(
                    seen.label() == Sentiment.Label.POSITIVE ? seen.score() : 1 - seen.score(),
                    golden.getAsJsonArray("probabilities").get(1).getAsDouble(),
                    temperature,
                    logits.get(1).getAsDouble() - logits.get(0).getAsDouble());
        });
        worst.print("sentiment, " + name);
    }

    private void moderation(Stage<String, TextModeration> stage) throws IOException {
        double temperature = temperature("moderation");
        Worst worst = new Worst();
        each("moderation", stage, (golden, seen) -> {
            for (LabelScore category : seen.categories()) {
                int i = CATEGORIES.indexOf(category.label());
                if (i >= 0) {
                    worst.add(
                            category.score(),
                            golden.getAsJsonArray("probabilities").get(i).getAsDouble(),
                            temperature,
                            golden.getAsJsonArray("logits").get(i).getAsDouble());
                }
            }
        });
        worst.print("moderation");
    }
}
