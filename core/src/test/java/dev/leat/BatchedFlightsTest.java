package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schedule.ComputeBudget;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Flights that ride together: one permit, time that stands still but for what steps take. */
class BatchedFlightsTest {

    private final FakeClock clock = new FakeClock();
    private final LeatRuntime runtime = LeatRuntime.builder()
            .computeBudget(ComputeBudget.of(1, 1000))
            .clock(clock)
            .build();

    @AfterEach
    void close() {
        runtime.close();
    }

    /** What a call with these items does besides taking its time. */
    private interface Fault {
        List<String> answer(List<String> items, RunScope scope, int call);
    }

    /** A call takes 1 ms, and 10 microseconds for each character; the value is the item in capitals. */
    private final class Dear implements BatchStep<String, String> {
        final List<List<String>> calls = Collections.synchronizedList(new ArrayList<>());
        volatile Fault fault = (items, scope, call) -> capitals(items);

        @Override
        public StepFacts facts() {
            return StepFacts.heavy("dear", "chars").batched(8, 400);
        }

        @Override
        public long cost(String item) {
            return item.length();
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            calls.add(List.copyOf(items));
            int longest = items.stream().mapToInt(String::length).max().orElse(0);
            clock.advance(1_000_000 + 10_000L * items.size() * longest);
            for (int i = 0; i < items.size(); i++) {
                scope.note(i, "chars", items.get(i).length());
            }
            return fault.answer(items, scope, calls.size());
        }
    }

    private static List<String> capitals(List<String> items) {
        return items.stream().map(item -> item.replace('a', 'A')).toList();
    }

    private static String item(int length, int number) {
        return ("a".repeat(length) + number).substring(String.valueOf(number).length());
    }

    private Pipeline<String> pipeline(Stage<String, ?> stage) {
        return Pipeline.<String>builder("batched")
                .runtime(runtime)
                .executor(Runnable::run)
                .stages(stage)
                .build();
    }

    /** Starts runs while the only permit is in use, so that all of them wait; then lets them go. */
    private List<Running<String>> started(Pipeline<String> pipeline, List<String> inputs, Runnable beforeRelease) {
        Steps.Held held = new Steps.Held();
        try (Pipeline<String> gate = pipeline(Stage.of(held))) {
            Running<String> first = gate.start("gate");
            Steps.await(held.entered);
            List<Running<String>> running = inputs.stream().map(pipeline::start).toList();
            assertThat(runtime.budget().waiting()).isEqualTo(inputs.size());
            beforeRelease.run();
            held.release.countDown();
            first.join();
            return running;
        }
    }

    private List<Results> together(Pipeline<String> pipeline, List<String> inputs) {
        return started(pipeline, inputs, () -> {}).stream().map(Running::join).toList();
    }

    private static List<String> items(int count, int length) {
        return IntStream.range(0, count).mapToObj(i -> item(length, i)).toList();
    }

    /** Until a batch of short items was measured often enough, and pays. */
    private void learn(Pipeline<String> pipeline, Dear dear) {
        for (int round = 0; round < 8; round++) {
            together(pipeline, items(8, 20));
        }
        assertThat(dear.calls.get(dear.calls.size() - 1)).hasSize(8);
        dear.calls.clear();
    }

    @Test
    void run_nothingMeasuredYet_runsEachAlone() {
        Dear dear = new Dear();
        try (Pipeline<String> pipeline = pipeline(Stage.of(dear))) {
            together(pipeline, items(4, 20));
        }

        assertThat(dear.calls).hasSize(4).allMatch(call -> call.size() == 1);
    }

    @Test
    void run_batchesPay_areOneCallAndEachHasItsOwnAnswer() {
        Dear dear = new Dear();
        Stage<String, String> stage = Stage.of(dear);
        try (Pipeline<String> pipeline = pipeline(stage)) {
            learn(pipeline, dear);
            List<String> inputs = List.of(item(20, 1), item(22, 2), item(18, 3));

            List<Results> results = together(pipeline, inputs);

            assertThat(dear.calls).containsExactly(inputs);
            for (int i = 0; i < inputs.size(); i++) {
                assertThat(results.get(i).get(stage)).isEqualTo(capitals(inputs).get(i));
                Provenance provenance = results.get(i).outcome(stage).provenance();
                assertThat(provenance.delivery()).isEqualTo(Provenance.Delivery.COMPUTED);
                assertThat(provenance.facts())
                        .containsEntry("chars", (long) inputs.get(i).length())
                        .containsEntry("batchItems", 3L);
            }
        }
    }

    @Test
    void run_batchesSwitchedOff_runsEachAlone() {
        try (LeatRuntime off = LeatRuntime.builder()
                .computeBudget(ComputeBudget.of(1, 1000))
                .clock(new FakeClock())
                .batches(false)
                .build()) {
            Dear dear = new Dear();
            try (Pipeline<String> pipeline = Pipeline.<String>builder("off")
                    .runtime(off)
                    .stages(Stage.of(dear))
                    .build()) {
                List<Running<String>> running =
                        items(100, 20).stream().map(pipeline::start).toList();
                running.forEach(Running::join);
            }
            assertThat(dear.calls).hasSize(100);
        }
    }

    @Test
    void run_costsOverTheLimitOfACall_staysWithinIt() {
        Dear dear = new Dear();
        try (Pipeline<String> pipeline = pipeline(Stage.of(dear))) {
            learn(pipeline, dear);
            for (int round = 0; round < 30; round++) {
                together(pipeline, items(8, 90));
            }
        }

        assertThat(dear.calls).anyMatch(call -> call.size() == 4).noneMatch(call -> call.size() > 4);
    }

    @Test
    void run_oneItemFailsItsBatch_failsAlone() {
        Dear dear = new Dear();
        Stage<String, String> stage = Stage.of(dear);
        try (Pipeline<String> pipeline = pipeline(stage)) {
            learn(pipeline, dear);
            List<String> inputs = items(5, 20);
            dear.fault = (items, scope, call) -> {
                if (items.contains(inputs.get(3))) {
                    throw new IllegalStateException("bad item");
                }
                return capitals(items);
            };

            List<Results> results = together(pipeline, inputs);

            for (int i = 0; i < inputs.size(); i++) {
                assertThat(results.get(i).outcome(stage))
                        .isInstanceOf(i == 3 ? Outcome.Failed.class : Outcome.Success.class);
            }
            assertThat(dear.calls.get(0)).hasSize(5);
            assertThat(dear.calls).hasSize(6);
        }
    }

    @Test
    void run_wrongCountInABatch_runsEachAlone() {
        Dear dear = new Dear();
        Stage<String, String> stage = Stage.of(dear);
        try (Pipeline<String> pipeline = pipeline(stage)) {
            learn(pipeline, dear);
            dear.fault = (items, scope, call) -> capitals(items).subList(0, 1);

            List<Results> results = together(pipeline, items(4, 20));

            assertThat(results).allMatch(r -> r.outcome(stage) instanceof Outcome.Success);
            assertThat(dear.calls).hasSize(5);
        }
    }

    @Test
    void run_batchesAlwaysFail_areGivenUp() {
        Dear dear = new Dear();
        Stage<String, String> stage = Stage.of(dear);
        try (Pipeline<String> pipeline = pipeline(stage)) {
            learn(pipeline, dear);
            dear.fault = (items, scope, call) -> {
                if (items.size() > 1) {
                    throw new IllegalStateException("no batches any more");
                }
                return capitals(items);
            };

            for (int round = 0; round < 60; round++) {
                assertThat(together(pipeline, items(8, 20))).allMatch(r -> r.outcome(stage) instanceof Outcome.Success);
            }

            assertThat(dear.calls.subList(dear.calls.size() - 64, dear.calls.size()))
                    .filteredOn(call -> call.size() > 1)
                    .hasSizeLessThan(8);
        }
    }

    @Test
    void cancel_oneOfABatch_leavesTheOthersUnderWay() {
        Dear dear = new Dear();
        Stage<String, String> stage = Stage.of(dear);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Pipeline<String> pipeline = pipeline(stage)) {
            learn(pipeline, dear);
            dear.fault = (items, scope, call) -> {
                entered.countDown();
                Steps.await(release);
                return scope.isCancelled() ? List.of() : capitals(items);
            };
            List<Running<String>> running = started(pipeline, items(3, 20), () -> {});
            Steps.await(entered);

            assertThat(runtime.snapshot().running()).hasSize(1);
            assertThat(runtime.snapshot().running().get(0).subscribers()).isEqualTo(3);
            running.get(1).cancel();
            assertThat(running.get(1).join().outcome(stage)).isInstanceOf(Outcome.Failed.class);
            release.countDown();

            assertThat(running.get(0).join().outcome(stage)).isInstanceOf(Outcome.Success.class);
            assertThat(running.get(2).join().outcome(stage)).isInstanceOf(Outcome.Success.class);
            assertThat(dear.calls).hasSize(1);
        }
    }

    @Test
    void cancel_allOfABatch_terminatesIt() {
        Dear dear = new Dear();
        Stage<String, String> stage = Stage.of(dear);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Pipeline<String> pipeline = pipeline(stage)) {
            learn(pipeline, dear);
            dear.fault = (items, scope, call) -> {
                try (RunScope.Registration registration = scope.onCancel(cancelled::countDown)) {
                    entered.countDown();
                    Steps.await(cancelled);
                    assertThat(registration).isNotNull();
                }
                throw new CancelledException("left");
            };
            List<Running<String>> running = started(pipeline, items(3, 20), () -> {});
            Steps.await(entered);

            running.forEach(Running::cancel);

            Steps.await(cancelled);
            assertThat(running).allMatch(r -> r.join().outcome(stage) instanceof Outcome.Failed);
        }
        assertThat(dear.calls).hasSize(1);
    }

    @Test
    void run_longItemBetweenShortOnes_isPassedOverByNoMoreThanThePermits() {
        Dear dear = new Dear();
        try (Pipeline<String> pipeline = pipeline(Stage.of(dear))) {
            learn(pipeline, dear);
            List<String> inputs = new ArrayList<>(items(3, 20));
            inputs.add(1, item(150, 9));
            List<Running<String>> running = startedInTurn(pipeline, inputs);
            running.forEach(Running::join);

            assertThat(dear.calls)
                    .containsExactly(
                            List.of(inputs.get(0), inputs.get(2)), List.of(inputs.get(1)), List.of(inputs.get(3)));
        }
    }

    /** As {@link #started}, each a moment after the one before, so that their orders differ. */
    private List<Running<String>> startedInTurn(Pipeline<String> pipeline, List<String> inputs) {
        Steps.Held held = new Steps.Held();
        try (Pipeline<String> gate = pipeline(Stage.of(held))) {
            Running<String> first = gate.start("gate");
            Steps.await(held.entered);
            List<Running<String>> running = new ArrayList<>();
            for (String input : inputs) {
                clock.advance(1);
                running.add(pipeline.start(input));
            }
            held.release.countDown();
            first.join();
            return running;
        }
    }

    @Test
    void run_randomFaults_answersAsAloneForEachItem() throws Exception {
        for (long seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            Dear dear = new Dear();
            Stage<String, String> stage = Stage.of(dear);
            try (Pipeline<String> pipeline = pipeline(stage)) {
                learn(pipeline, dear);
                int nth = 1 + random.nextInt(3);
                boolean throwsOnce = random.nextBoolean();
                dear.fault = (items, scope, call) -> {
                    if (items.stream().anyMatch(item -> item.length() % 7 == 0)
                            || throwsOnce && call == nth && items.size() > 1) {
                        throw new IllegalStateException("moody");
                    }
                    return capitals(items);
                };
                List<String> inputs = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    inputs.add(item(15 + random.nextInt(20), i));
                }
                List<Running<String>> running = startedInTurn(pipeline, inputs);
                int cancelled = random.nextInt(12);
                running.get(cancelled).cancel();

                for (int i = 0; i < inputs.size(); i++) {
                    Outcome<String> outcome =
                            running.get(i).results().get(30, TimeUnit.SECONDS).outcome(stage);
                    boolean fails = inputs.get(i).length() % 7 == 0;
                    if (i != cancelled) {
                        assertThat(outcome)
                                .as("seed %d, item %d", seed, i)
                                .isInstanceOf(fails ? Outcome.Failed.class : Outcome.Success.class);
                    }
                    if (outcome instanceof Outcome.Success<String> success) {
                        assertThat(success.value())
                                .as("seed %d, item %d", seed, i)
                                .isEqualTo(capitals(inputs).get(i));
                    }
                }
            }
        }
    }

    @Test
    void runAll_lengthsInTurn_groupsTheLikeOnesAndKeepsTheOrder() {
        Dear dear = new Dear();
        Stage<String, String> stage = Stage.of(dear);
        try (Pipeline<String> pipeline = pipeline(stage)) {
            learn(pipeline, dear);
            for (int round = 0; round < 12; round++) {
                together(pipeline, items(4, 80));
            }
            dear.calls.clear();
            List<String> inputs = IntStream.range(0, 120)
                    .mapToObj(i -> item(i % 2 == 0 ? 20 : 80, i))
                    .toList();

            try (Stream<Results> results = pipeline.runAll(inputs)) {
                assertThat(results.map(r -> r.get(stage))).isEqualTo(capitals(inputs));
            }
            assertThat(dear.calls).hasSizeLessThan(60);
            assertThat(dear.calls)
                    .allMatch(call ->
                            call.stream().mapToInt(String::length).distinct().count() == 1);
        }
    }

    @Test
    void runAll_dearItems_haveFewerUnderWay() {
        Dear dear = new Dear();
        try (Pipeline<String> pipeline = pipeline(Stage.of(dear))) {
            assertThat(readAhead(pipeline, items(100, 20))).isEqualTo(40);
            assertThat(readAhead(pipeline, items(100, 400))).isEqualTo(12);
        }
    }

    /** How many inputs are read before the first is answered. */
    private static int readAhead(Pipeline<String> pipeline, List<String> inputs) {
        AtomicInteger read = new AtomicInteger();
        Iterable<String> counting =
                () -> inputs.stream().peek(input -> read.incrementAndGet()).iterator();
        try (Stream<Results> results = pipeline.runAll(counting)) {
            results.iterator().next();
        }
        return read.get();
    }
}
