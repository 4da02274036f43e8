package dev.leat.benchmarks.compare;

import dev.leat.Pipeline;
import dev.leat.Provenance.Delivery;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.benchmarks.worker.Embedder;
import dev.leat.benchmarks.worker.Texts;
import dev.leat.benchmarks.worker.Worker;
import dev.leat.model.ModelSource;
import dev.leat.text.Embedding;
import dev.leat.text.Precision;
import dev.leat.text.TextModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Leat: {@code int8}, its default, or {@code exact}, as they come with it; or {@code own FOLDER}, another's encoder. */
public final class LeatContestant extends Embedder {

    private final TextModels models;
    private final Stage<String, Embedding> embedding;
    private final Pipeline<String> pipeline;

    private LeatContestant(TextModels models) {
        this.models = models;
        this.embedding = models.embedding();
        this.pipeline = Pipeline.<String>builder("compared").stages(embedding).build();
    }

    /**
     * Serves.
     *
     * @param arguments which encoder
     * @throws IOException if the orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Worker.serve(() -> new LeatContestant(
                switch (arguments[0]) {
                    case "int8" -> TextModels.load();
                    case "exact" ->
                        TextModels.builder().precision(Precision.EXACT).build();
                    case "own" -> own(Path.of(arguments[1]).toAbsolutePath());
                    default -> throw new IllegalArgumentException("int8, exact or own, not " + arguments[0]);
                }));
    }

    private static TextModels own(Path folder) {
        Path parent = Objects.requireNonNull(folder.getParent());
        Path name = Objects.requireNonNull(folder.getFileName());
        return TextModels.builder()
                .encoder(ModelSource.directory(parent).folder(name.toString()))
                .build();
    }

    @Override
    public float[] embed(String text) {
        return pipeline.run(text).get(embedding).toArray();
    }

    @Override
    public List<float[]> embedAll(List<String> texts) {
        try (Stream<Results> results = pipeline.runAll(texts)) {
            return results.map(each -> each.get(embedding).toArray()).toList();
        }
    }

    @Override
    protected Remembering remembering() {
        LongAdder runs = new LongAdder();
        Stage<String, Embedding> cached = embedding.cached();
        Pipeline<String> remembering =
                Pipeline.<String>builder("remembering").stages(cached).build();
        return new Remembering() {
            @Override
            public float[] embed(String text) {
                Results results = remembering.run(text);
                if (results.outcome(cached).provenance().delivery() == Delivery.COMPUTED) {
                    runs.increment();
                }
                return results.get(cached).toArray();
            }

            @Override
            public long modelRuns() {
                return runs.sum();
            }

            @Override
            public void close() {
                remembering.close();
            }
        };
    }

    /**
     * {@code stages TOKENS COUNT NUMBER}: four stages on one text; {@code stages1} to {@code stages4}: so many of them;
     * {@code repeats PERCENT COUNT NUMBER}: cached, so many texts of a hundred come again; {@code mix}: see {@link Mix}.
     */
    @Override
    protected Map<String, Double> other(List<String> order) throws IOException {
        return switch (order.get(0)) {
            case "stages" -> stages(4, order);
            case "stages1", "stages2", "stages3", "stages4" ->
                stages(order.get(0).charAt(6) - '0', order);
            case "repeats" ->
                repeats(Integer.parseInt(order.get(1)), Integer.parseInt(order.get(2)), Long.parseLong(order.get(3)));
            case "mix" -> Mix.measure(models, Integer.parseInt(order.get(1)), Long.parseLong(order.get(2)));
            default -> super.other(order);
        };
    }

    private Map<String, Double> stages(int count, List<String> order) {
        List<Stage<String, ?>> stages = List.of(
                embedding,
                models.sentiment(),
                models.moderation(),
                models.topics(BareContestant.TOPICS.toArray(String[]::new)));
        Pipeline.Builder<String> builder = Pipeline.builder("stages");
        stages.subList(0, count).forEach(builder::stages);
        try (Pipeline<String> chosen = builder.build()) {
            return BareContestant.stages(order, text -> chosen.run(text).orThrow());
        }
    }

    private Map<String, Double> repeats(int percent, int count, long number) {
        Random random = new Random(number);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(
                    i > 0 && random.nextInt(100) < percent
                            ? texts.get(random.nextInt(i))
                            : Texts.ofTokens(30, number + i));
        }
        try (Remembering remembering = remembering()) {
            long start = System.nanoTime();
            texts.forEach(remembering::embed);
            return Map.of("perSecond", count / ((System.nanoTime() - start) / 1e9));
        }
    }

    @Override
    public void close() {
        pipeline.close();
        models.close();
    }
}
