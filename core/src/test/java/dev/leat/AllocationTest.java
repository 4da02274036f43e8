package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run costs that does nothing: a stage that is a rule or a function must stay next to free. */
class AllocationTest {

    private static final int RUNS = 2_000;

    /** About twice what a run takes before anything is compiled; {@code EngineOverhead} has the exact figure. */
    private static final long MOST_BYTES = 4_000;

    private record Nothing(int number) implements BatchStep<String, String> {
        private static final StepFacts FACTS = StepFacts.light("nothing");

        @Override
        public StepFacts facts() {
            return FACTS;
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            return items;
        }
    }

    @Test
    void run_ofFourLightStages_allocatesLittle() {
        Pipeline.Builder<String> builder = Pipeline.<String>builder("light").executor(Runnable::run);
        for (int i = 0; i < 4; i++) {
            builder.stages(Stage.of(new Nothing(i)).named("stage" + i));
        }

        try (Pipeline<String> pipeline = builder.build()) {
            bytes(pipeline); // classes are loaded, lambdas are linked

            assertThat(bytes(pipeline)).isLessThan(MOST_BYTES);
        }
    }

    /** The bytes that a run takes of the calling thread's heap. */
    private static long bytes(Pipeline<String> pipeline) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RUNS; i++) {
            pipeline.run("input").orThrow();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / RUNS;
    }
}
