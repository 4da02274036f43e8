package dev.leat.benchmarks;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Stage;
import dev.leat.benchmarks.worker.Texts;
import dev.leat.text.Embedding;
import dev.leat.text.Sentiment;
import dev.leat.text.TextModels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The one idea, measured: four text stages cost about what one does, since they share the encoder's forward pass. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class SharedEncoder {

    private final List<String> texts = new ArrayList<>();
    private final TextModels models = TextModels.load();
    private final Stage<String, Embedding> embedding = models.embedding();
    private final Stage<String, Sentiment> sentiment = models.sentiment();
    private final Pipeline<String> pipeline = Pipeline.<String>builder("shared")
            .stages(embedding, sentiment, models.moderation(), models.topics("housing", "travel", "politics", "sport"))
            .build();
    private int next;

    /** Makes texts of 16 words, all different, and checks that one run is one encoder run. */
    @Setup(Level.Trial)
    public void setUp() {
        for (int i = 0; i < 512; i++) {
            texts.add(Texts.of(16, i));
        }
        pipeline.run(texts.get(0)).orThrow();
        long encoders = pipeline.run(texts.get(1)).orThrow().trace().entries().stream()
                .filter(entry -> entry.name().equals("encode"))
                .count();
        if (encoders != 1) {
            throw new IllegalStateException("Four stages took " + encoders + " encoder runs");
        }
    }

    /** Closes what was opened. */
    @TearDown(Level.Trial)
    public void tearDown() {
        pipeline.close();
        models.close();
    }

    private String text() {
        next = (next + 1) % texts.size();
        return texts.get(next);
    }

    /** The embedding alone. */
    @Benchmark
    public Results oneStage() {
        return pipeline.run(text(), RunOptions.only(embedding));
    }

    /** Embedding, sentiment, moderation and topics. */
    @Benchmark
    public Results fourStages() {
        return pipeline.run(text());
    }
}
