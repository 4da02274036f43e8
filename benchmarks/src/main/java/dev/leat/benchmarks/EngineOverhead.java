package dev.leat.benchmarks;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the engine itself costs: a run of four stages that do nothing. {@code -prof gc} adds the bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class EngineOverhead {

    private static final int INPUTS = 1024;

    /** Where light work may run: the calling thread alone, or the library's own threads, too. */
    @Param({"caller", "library"})
    public String executor = "caller";

    private Stage<String, String> last = stage("unset");
    private Pipeline<String> light = pipeline("unset", false);
    private Pipeline<String> heavy = pipeline("unset", true);
    private final String[] inputs = new String[INPUTS];
    private int next;

    /** A step that does nothing; numbered, so that four of them are four nodes. */
    record Nothing(int number, boolean heavy) implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            return heavy ? StepFacts.heavy("nothing", "items") : StepFacts.light("nothing");
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            return List.copyOf(items);
        }
    }

    private static Stage<String, String> stage(String name) {
        return Stage.of(new Nothing(0, false)).named(name);
    }

    private static Pipeline<String> pipeline(String executor, boolean heavy) {
        Pipeline.Builder<String> builder = Pipeline.builder("overhead");
        if (executor.equals("caller")) {
            Executor direct = Runnable::run;
            builder.executor(direct);
        }
        for (int i = 0; i < 4; i++) {
            builder.stages(Stage.of(new Nothing(i, heavy)).named("stage" + i));
        }
        return builder.build();
    }

    /** Builds the pipelines and checks their answers once. */
    @Setup(Level.Trial)
    public void setUp() {
        light.close();
        heavy.close();
        light = pipeline(executor, false);
        heavy = pipeline(executor, true);
        last = Stage.of(new Nothing(3, false)).named("stage3");
        for (int i = 0; i < INPUTS; i++) {
            inputs[i] = "input " + i;
        }
        if (!light.run("x").get(last).equals("x")) {
            throw new IllegalStateException("The pipeline does not answer what it was given");
        }
    }

    /** Closes the pipelines. */
    @TearDown(Level.Trial)
    public void tearDown() {
        light.close();
        heavy.close();
    }

    private String input() {
        next = (next + 1) & (INPUTS - 1);
        return inputs[next];
    }

    /** Four light steps: rules, tokenising, functions. */
    @Benchmark
    public Results fourLightStages() {
        return light.run(input());
    }

    /** Four heavy steps: each is a flight on a thread of the compute budget. */
    @Benchmark
    public Results fourHeavyStages() {
        return heavy.run(input());
    }
}
