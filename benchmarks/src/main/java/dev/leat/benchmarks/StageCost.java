package dev.leat.benchmarks;

import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.benchmarks.worker.Texts;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.RunScope;
import dev.leat.text.TextModels;
import dev.leat.text.Tier;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * What each text stage adds to one run of the encoder, on texts of 30 tokens: for people to read.
 *
 * <p>All rows take turns text by text, so that whatever else the machine does meets them alike; JMH would run one row after
 * the other. Each first runs another text, untimed, and so finds its weights in the processor's cache. The figure is the
 * median of the ratios, within a turn, to the graph that gives the embedding alone, on as many threads.
 */
public final class StageCost {

    private static final PrintStream OUT = System.out;
    private static final int TOKENS = 30;
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private StageCost() {}

    /**
     * Measures.
     *
     * @param arguments how many rounds; 400 if there is none
     */
    public static void main(String[] arguments) {
        int rounds = arguments.length == 0 ? 400 : Integer.parseInt(arguments[0]);
        List<AutoCloseable> opened = new ArrayList<>();
        Map<String, IntConsumer> rows = new LinkedHashMap<>();
        try (TextModels models = TextModels.load();
                OnnxModel graph = open()) {
            rows.put("bare graph, embedding", bare(graph, Set.of("sentence_embedding")));
            rows.put(
                    "bare graph, what heads read",
                    bare(graph, Set.of("sentence_embedding", "layer_cls", "layer_mean")));
            List<Stage<String, ?>> stages = new ArrayList<>();
            for (Stage<String, ?> stage : List.of(
                    models.embedding(),
                    models.sentiment(),
                    models.moderation(),
                    models.topics("housing", "travel", "politics", "sport"),
                    models.entities())) {
                stages.add(stage);
                Pipeline.Builder<String> builder = Pipeline.builder("cost " + stages.size());
                stages.forEach(builder::stages);
                Pipeline<String> pipeline = builder.build();
                opened.add(pipeline);
                rows.put(
                        (stages.size() == 1 ? "pipeline: " : "  and ") + stage.name(),
                        i -> pipeline.run(Texts.ofTokens(TOKENS, i)).orThrow());
            }
            for (Stage<String, ?> stage : List.of(
                    models.sentiment(options -> options.tier(Tier.ACCURATE)),
                    models.entities(options -> options.tier(Tier.ACCURATE)))) {
                Pipeline<String> pipeline = Pipeline.<String>builder(stage.name())
                        .stages(models.embedding())
                        .stages(stage)
                        .build();
                opened.add(pipeline);
                rows.put(
                        "embedding and " + stage.name(),
                        i -> pipeline.run(Texts.ofTokens(TOKENS, i)).orThrow());
            }
            measure(rows, rounds);
            opened.forEach(StageCost::close);
        }
    }

    private static void close(AutoCloseable pipeline) {
        try {
            pipeline.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void measure(Map<String, IntConsumer> rows, int rounds) {
        List<IntConsumer> all = List.copyOf(rows.values());
        long[][] nanos = new long[all.size()][rounds];
        for (int round = -rounds / 4; round < rounds; round++) {
            for (int row = 0; row < all.size(); row++) {
                all.get(row).accept((round + 3 * rounds) * all.size() + row);
                long start = System.nanoTime();
                all.get(row).accept((round + rounds) * all.size() + row);
                if (round >= 0) {
                    nanos[row][round] = System.nanoTime() - start;
                }
            }
        }
        int row = 0;
        for (String name : rows.keySet()) {
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                ratios[round] = (double) nanos[row][round] / nanos[0][round];
            }
            long[] sorted = nanos[row].clone();
            Arrays.sort(sorted);
            Arrays.sort(ratios);
            OUT.printf(
                    "%-32s median %7.3f ms, ratio %.3f (half of them %.3f to %.3f)%n",
                    name, sorted[rounds / 2] / 1e6, ratios[rounds / 2], ratios[rounds / 4], ratios[rounds * 3 / 4]);
            row++;
        }
    }

    private static OnnxModel open() {
        ModelFolder folder = ModelSource.classPath().folder("bge-small-en-v1.5-int8");
        return OnnxModel.load(
                folder, folder.descriptor().graph(), OnnxOptions.standard().intraOpThreads(CORES));
    }

    private static IntConsumer bare(OnnxModel graph, Set<String> outputs) {
        RunScope scope = new BareScope();
        long[] mask = new long[TOKENS];
        Arrays.fill(mask, 1);
        return number -> {
            long[] ids = new Random(number).longs(TOKENS, 2_000, 20_000).toArray();
            ids[0] = 101;
            ids[TOKENS - 1] = 102;
            graph.run(
                    Map.of(
                            "input_ids",
                            Tensor.ofLongs(ids, 1, TOKENS),
                            "attention_mask",
                            Tensor.ofLongs(mask, 1, TOKENS)),
                    outputs,
                    scope);
        };
    }
}
