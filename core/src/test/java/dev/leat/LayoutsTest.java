package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schedule.ComputeBudget;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that are the only one, on two permits; time stands still but for what steps take. */
class LayoutsTest {

    /** So many calls go the other way, once in 128 runs or less; a few more if a permit is given back late. */
    private static final int TRIAL = 2 * LoneTimes.KEPT;

    private final FakeClock clock = new FakeClock();
    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch spreadOpened = new CountDownLatch(1);
    private final List<Integer> threads = Collections.synchronizedList(new ArrayList<>());
    private LeatRuntime runtime = runtime(2, Long.MAX_VALUE);

    private LeatRuntime runtime(int permits, long maxModelBytes) {
        return LeatRuntime.builder()
                .computeBudget(ComputeBudget.of(permits, 100))
                .maxModelBytes(maxModelBytes)
                .clock(clock)
                .build();
    }

    private void use(LeatRuntime other) {
        runtime.close();
        runtime = other;
    }

    @AfterEach
    void close() {
        runtime.close();
        assertThat(open).hasValue(0);
    }

    /** Laid out for so many threads; equal for equal numbers of the same test. */
    private record Reference(LayoutsTest test, int threads) implements ModelReference<Model> {
        @Override
        public String id() {
            return "m";
        }

        @Override
        public String digest() {
            return "0";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public long residentBytes() {
            return 100;
        }

        @Override
        public ModelReference<Model> spread(int threads) {
            return new Reference(test, threads);
        }

        @Override
        public Model open() {
            test.open.incrementAndGet();
            if (threads > 1) {
                test.spreadOpened.countDown();
            }
            return new Model(test, threads);
        }
    }

    private record Model(LayoutsTest test, int threads) implements AutoCloseable {
        @Override
        public void close() {
            test.open.decrementAndGet();
        }
    }

    /** Takes a time that depends on the layout. */
    private record Timed(LayoutsTest test, long oneNanos, long spreadNanos) implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy("timed", "chars", new Reference(test, 1));
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            Model model = scope.model(new Reference(test, 1));
            test.threads.add(model.threads());
            test.clock.advance(model.threads() > 1 ? spreadNanos : oneNanos);
            return items;
        }
    }

    private Pipeline<String> pipeline(BatchStep<String, String> step) {
        return Pipeline.<String>builder("layouts")
                .runtime(runtime)
                .executor(Runnable::run)
                .stages(Stage.of(step))
                .build();
    }

    private int run(Pipeline<String> pipeline, int runs) {
        threads.clear();
        for (int i = 0; i < runs; i++) {
            pipeline.run("text " + i).orThrow();
        }
        return (int) threads.stream().filter(n -> n > 1).count();
    }

    private void learn(Pipeline<String> pipeline) {
        run(pipeline, 40); // the second layout is asked for on the way
        Steps.await(spreadOpened);
        // The runtime learns of an opened model a moment after the model does.
        while (!runtime.models().areOpen(List.of(new Reference(this, 2)))) {
            Thread.onSpinWait();
        }
        run(pipeline, 90); // past the second trial, on which no test's next run may fall
    }

    @Test
    void run_aloneAndFasterOnAllPermits_takesThem() {
        try (Pipeline<String> pipeline = pipeline(new Timed(this, 10_000_000, 6_000_000))) {
            learn(pipeline);

            assertThat(run(pipeline, 128)).isBetween(128 - TRIAL, 128);
        }
    }

    @Test
    void run_aloneAndHardlyFasterOnAllPermits_takesOne() {
        try (Pipeline<String> pipeline = pipeline(new Timed(this, 10_000_000, 9_700_000))) {
            learn(pipeline);

            assertThat(run(pipeline, 128)).isBetween(0, TRIAL);
        }
    }

    @Test
    void run_shortWork_isNotWorthASecondLayout() {
        try (Pipeline<String> pipeline = pipeline(new Timed(this, 900_000, 100_000))) {
            assertThat(run(pipeline, 200)).isZero();
            assertThat(open).hasValue(1);
        }
    }

    @Test
    void run_onePermit_takesOne() {
        use(runtime(1, Long.MAX_VALUE));
        try (Pipeline<String> pipeline = pipeline(new Timed(this, 10_000_000, 1_000_000))) {
            assertThat(run(pipeline, 200)).isZero();
            assertThat(open).hasValue(1);
        }
    }

    @Test
    void run_noRoomForASecondLayout_takesOne() {
        use(runtime(2, 150));
        try (Pipeline<String> pipeline = pipeline(new Timed(this, 10_000_000, 1_000_000))) {
            assertThat(run(pipeline, 200)).isZero();
            assertThat(open).hasValue(1);
            assertThat(runtime.snapshot().models()).hasSize(1);
        }
    }

    private record Gate(CountDownLatch entered, CountDownLatch release) {}

    /** Waits in a call on all permits for each gate, so that somebody can come meanwhile. */
    private record Gated(Timed timed, ConcurrentLinkedQueue<Gate> gates) implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            return timed.facts();
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            List<String> answer = timed.run(items, scope);
            Gate gate = scope.model(new Reference(timed.test, 1)).threads() > 1 ? gates.poll() : null;
            if (gate != null) {
                gate.entered.countDown();
                Steps.await(gate.release);
            }
            return answer;
        }
    }

    private static Running<String> startAndWaitAt(
            Gate gate, ConcurrentLinkedQueue<Gate> gates, Pipeline<String> pipeline) {
        gates.add(gate);
        Running<String> running = pipeline.start("first");
        Steps.await(gate.entered);
        return running;
    }

    @Test
    void run_somebodyHadToWait_leavesTheNextOnesOnePermitEach() {
        ConcurrentLinkedQueue<Gate> gates = new ConcurrentLinkedQueue<>(); // equal to itself alone
        try (Pipeline<String> pipeline = pipeline(new Gated(new Timed(this, 10_000_000, 6_000_000), gates))) {
            learn(pipeline);
            Gate gate = new Gate(new CountDownLatch(1), new CountDownLatch(1));
            Running<String> first = startAndWaitAt(gate, gates, pipeline);
            Running<String> second = pipeline.start("second");
            assertThat(runtime.budget().waiting()).isEqualTo(1);
            assertThat(runtime.budget().running()).isEqualTo(2);
            gate.release.countDown();
            first.join();
            second.join();

            assertThat(run(pipeline, 30)).isZero();
            assertThat(run(pipeline, 64)).isGreaterThanOrEqualTo(64 - 2 - TRIAL);
        }
    }

    @Test
    void run_somebodyWaitedForACancelledCall_leavesTheNextOnesAllPermits() {
        ConcurrentLinkedQueue<Gate> gates = new ConcurrentLinkedQueue<>(); // equal to itself alone
        try (Pipeline<String> pipeline = pipeline(new Gated(new Timed(this, 10_000_000, 6_000_000), gates))) {
            learn(pipeline);
            Gate gate = new Gate(new CountDownLatch(1), new CountDownLatch(1));
            Running<String> first = startAndWaitAt(gate, gates, pipeline);
            first.cancel();
            Running<String> second = pipeline.start("second");
            assertThat(runtime.budget().waiting()).isEqualTo(1);
            gate.release.countDown();
            second.join().orThrow();

            // One trial of one thread is among them, and the first few may meet the end of the cancelled call;
            // had the wait counted, 32 would get one thread.
            assertThat(run(pipeline, 64)).isGreaterThan(45);
        }
    }
}
