package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Provenance.Delivery;
import dev.leat.RunOptions.CachePolicy;
import dev.leat.cache.ResultCache;
import dev.leat.schedule.ComputeBudget;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CacheTest {

    private final FakeClock clock = new FakeClock();
    private final LeatRuntime runtime = LeatRuntime.builder()
            .clock(clock)
            .computeBudget(ComputeBudget.of(2, 100))
            .build();
    private final Steps.Counting step =
            new Steps.Counting(StepFacts.heavy("count", "chars").asResult());
    private final Stage<String, Integer> count = Stage.of(step);

    @AfterEach
    void close() {
        runtime.close();
    }

    private Pipeline<String> pipeline(Stage<String, ?> stage) {
        return Pipeline.<String>builder("cache").runtime(runtime).stages(stage).build();
    }

    @Test
    void run_withinTheTime_computesOnce() {
        Stage<String, Integer> cached = count.cached(Duration.ofMinutes(1));
        try (Pipeline<String> pipeline = pipeline(cached)) {
            assertThat(pipeline.run("four").outcome(cached).provenance().delivery())
                    .isEqualTo(Delivery.COMPUTED);
            clock.advance(TimeUnit.SECONDS.toNanos(59));

            Results again = pipeline.run("four");

            assertThat(again.get(cached)).isEqualTo(4);
            assertThat(again.outcome(cached).provenance().delivery()).isEqualTo(Delivery.CACHED);
            assertThat(step.executions).hasValue(1);
            assertThat(runtime.cache().stats().hits()).isEqualTo(1);
        }
    }

    @Test
    void run_afterTheTime_computesAgain() {
        Stage<String, Integer> cached = count.cached(Duration.ofMinutes(1));
        try (Pipeline<String> pipeline = pipeline(cached)) {
            pipeline.run("four");
            clock.advance(TimeUnit.SECONDS.toNanos(60));

            pipeline.run("four");

            assertThat(step.executions).hasValue(2);
        }
    }

    @Test
    void run_readersOfOneValue_eachHaveTheirOwnTime() {
        Stage<String, Integer> patient = count.cached(Duration.ofHours(1)).named("patient");
        Stage<String, Integer> strict = count.cached(Duration.ofSeconds(1)).named("strict");
        try (Pipeline<String> first = pipeline(patient);
                Pipeline<String> second = pipeline(strict)) {
            first.run("four");
            clock.advance(TimeUnit.SECONDS.toNanos(30));

            assertThat(first.run("four").outcome(patient).provenance().delivery())
                    .isEqualTo(Delivery.CACHED);
            assertThat(second.run("four").outcome(strict).provenance().delivery())
                    .isEqualTo(Delivery.COMPUTED);
        }
    }

    @Test
    void run_functionAboveACachedStep_runsEachTime() {
        int[] calls = new int[1];
        Stage<String, Integer> cached = count.map(n -> n + ++calls[0]).cached();
        try (Pipeline<String> pipeline = pipeline(cached)) {
            assertThat(pipeline.run("four").get(cached)).isEqualTo(5);
            assertThat(pipeline.run("four").get(cached)).isEqualTo(6);
            assertThat(step.executions).hasValue(1);
        }
    }

    @Test
    void run_stepThatIsNoResult_isNotKept() {
        Steps.Counting states = Steps.Counting.heavy();
        Stage<String, Integer> cached = Stage.of(states).cached();
        try (Pipeline<String> pipeline = pipeline(cached)) {
            pipeline.run("four");
            pipeline.run("four");
            assertThat(states.executions).hasValue(2);
        }
    }

    /** A step that tells how many windows it read; counts its executions. */
    private static final class Windows implements BatchStep<String, String> {
        final AtomicInteger executions = new AtomicInteger();

        @Override
        public StepFacts facts() {
            return StepFacts.heavy("windows", "items");
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            executions.incrementAndGet();
            scope.note(0, "windows", 3);
            return items;
        }
    }

    @Test
    void run_hitAboveOtherSteps_runsNoneOfThemAndKeepsTheirFacts() {
        Windows below = new Windows();
        Stage<String, Integer> cached = Stage.of(below).then(count).cached();
        try (Pipeline<String> pipeline = pipeline(cached)) {
            Provenance computed = pipeline.run("four").outcome(cached).provenance();
            Provenance hit = pipeline.run("four").outcome(cached).provenance();

            assertThat(below.executions).hasValue(1);
            assertThat(step.executions).hasValue(1);
            assertThat(computed.delivery()).isEqualTo(Delivery.COMPUTED);
            assertThat(hit.delivery()).isEqualTo(Delivery.CACHED);
            assertThat(hit.facts()).isEqualTo(computed.facts()).containsEntry("windows", 3L);
            assertThat(hit.models()).isEqualTo(computed.models());
            assertThat(hit.origin()).isEqualTo(computed.origin());
        }
    }

    @Test
    void run_onlyFromTheCache_runsNoStep() {
        Windows below = new Windows();
        Stage<String, Integer> cached = Stage.of(below).then(count).cached();
        try (Pipeline<String> pipeline = pipeline(cached)) {
            pipeline.run("four", RunOptions.DEFAULT.withCache(CachePolicy.ONLY));

            assertThat(below.executions).hasValue(0);
        }
    }

    @Test
    void run_functionsAboveAChain_runOnTheCachedValue() {
        Stage<String, Long> cached = Stage.of(new Windows())
                .then(count)
                .cached(Duration.ofHours(1))
                .map(Integer::longValue)
                .then(Stage.of("double", (Long n) -> 2 * n));
        try (Pipeline<String> pipeline = Pipeline.<String>builder("cache")
                .runtime(runtime)
                .stages(cached)
                .cached(Duration.ofMinutes(1))
                .build()) {
            pipeline.run("four");

            assertThat(pipeline.run("four").get(cached)).isEqualTo(8L);
            assertThat(step.executions).hasValue(1);
        }
    }

    @Test
    void run_failure_isNotKept() {
        Stage<String, String> failing = Stage.of(new Steps.Failing("no")).cached();
        try (Pipeline<String> pipeline = pipeline(failing)) {
            pipeline.run("four");
            pipeline.run("four");
            assertThat(runtime.cache().stats().entries()).isZero();
        }
    }

    @Test
    void run_policies_doWhatTheySay() {
        Stage<String, Integer> cached = count.cached();
        try (Pipeline<String> pipeline = pipeline(cached)) {
            RunOptions only = RunOptions.DEFAULT.withCache(CachePolicy.ONLY);
            assertThat(pipeline.run("four", only).outcome(cached))
                    .isInstanceOfSatisfying(
                            Outcome.Skipped.class,
                            skipped -> assertThat(skipped.reason().code()).isEqualTo(Reason.NOT_CACHED));
            pipeline.run("four", RunOptions.DEFAULT.withCache(CachePolicy.BYPASS));
            assertThat(runtime.cache().stats().entries()).isZero();
            pipeline.run("four", RunOptions.DEFAULT.withCache(CachePolicy.REFRESH));
            pipeline.run("four", RunOptions.DEFAULT.withCache(CachePolicy.REFRESH));
            assertThat(step.executions).hasValue(3);
            assertThat(pipeline.run("four", only).get(cached)).isEqualTo(4);
        }
    }

    @Test
    void run_otherScope_sharesNothing() {
        Stage<String, Integer> cached = count.cached();
        try (Pipeline<String> pipeline = pipeline(cached)) {
            pipeline.run("four", RunOptions.DEFAULT.withScope("a"));
            pipeline.run("four", RunOptions.DEFAULT.withScope("b"));
            pipeline.run("four");
            assertThat(step.executions).hasValue(3);
            pipeline.run("four", RunOptions.DEFAULT.withScope("b"));
            assertThat(step.executions).hasValue(3);
        }
    }

    @Test
    void invalidate_stage_forgetsItsResultsAlone() {
        Steps.Counting other =
                new Steps.Counting(StepFacts.heavy("other", "chars").asResult());
        Stage<String, Integer> cached = count.cached();
        Stage<String, Integer> otherCached = Stage.of(other).cached();
        try (Pipeline<String> pipeline = Pipeline.<String>builder("cache")
                .runtime(runtime)
                .stages(cached, otherCached)
                .build()) {
            pipeline.run("four");

            pipeline.invalidate(cached);
            pipeline.run("four");

            assertThat(step.executions).hasValue(2);
            assertThat(other.executions).hasValue(1);
        }
    }

    @Test
    void builderCached_cachesEveryStage() {
        try (Pipeline<String> pipeline = Pipeline.<String>builder("cache")
                .runtime(runtime)
                .stages(count)
                .cached(Duration.ofMinutes(1))
                .build()) {
            pipeline.run("four");
            assertThat(pipeline.run("four").outcome(count).provenance().delivery())
                    .isEqualTo(Delivery.CACHED);
        }
    }

    @Test
    void put_heavierThanTheCache_isNotKept() {
        ResultCache small = new ResultCache(1000, clock);
        small.put("key", "value", 2000, Long.MAX_VALUE);
        assertThat(small.get("key", Long.MAX_VALUE)).isNull();
    }

    @Test
    void put_manyValues_staysWithinItsBytes() {
        ResultCache small = new ResultCache(100_000, clock);
        for (int i = 0; i < 10_000; i++) {
            small.put(i, List.of(i), 500, Long.MAX_VALUE);
        }
        assertThat(small.stats().bytes()).isLessThanOrEqualTo(100_000);
        assertThat(small.stats().evictions()).isGreaterThan(9_000);
    }

    @Test
    void keyedHash_isThePlatformsHmac() throws GeneralSecurityException {
        byte[] key = new byte[32];
        new Random(8).nextBytes(key);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (String text : List.of("", "text", "x".repeat(4096), "\ud83d\ude00 lone \ud800".repeat(1000))) {
            ByteBuffer pair = ByteBuffer.allocate(4 + 4 + 2 * text.length());
            pair.putInt(4).putChar('a').putChar('b');
            text.chars().forEach(c -> pair.putChar((char) c));
            ByteBuffer expected = ByteBuffer.wrap(mac.doFinal(pair.array()));

            assertThat(new KeyedHash(key).of("ab", text))
                    .isEqualTo(new KeyedHash.Digest(expected.getLong(), expected.getLong()));
        }
    }

    @Test
    void keyedHash_differsByScopeTextAndKey() {
        KeyedHash hash = new KeyedHash();
        assertThat(hash.of("a", "b")).isEqualTo(hash.of("a", "b"));
        assertThat(List.of(hash.of("a", "b"), hash.of("", "ab"), hash.of("ab", ""), hash.of("a", "\ud800")))
                .doesNotHaveDuplicates()
                .doesNotContain(hash.of("a", "\ud801"), new KeyedHash().of("a", "b"));
    }

    /** Passes texts on; the next ones wait, one for each latch. */
    private static final class Gate implements BatchStep<String, String> {
        final ConcurrentLinkedQueue<CountDownLatch> next = new ConcurrentLinkedQueue<>();
        final CountDownLatch entered = new CountDownLatch(1);

        @Override
        public StepFacts facts() {
            return StepFacts.light("gate");
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            CountDownLatch latch = next.poll();
            if (latch != null) {
                entered.countDown();
                Steps.await(latch);
            }
            return items;
        }
    }

    private static final class Size implements BatchStep<String, Integer> {
        @Override
        public StepFacts facts() {
            return StepFacts.light("size").asResult();
        }

        @Override
        public List<Integer> run(List<String> items, RunScope scope) {
            return items.stream().map(String::length).toList();
        }
    }

    private final Windows heavy = new Windows();
    private final Gate gate = new Gate();
    private final CountDownLatch release = new CountDownLatch(1);

    /** The gate lies between the flight and the cache. */
    private final Stage<String, Integer> gated =
            Stage.of(heavy).then(Stage.of(gate)).then(Stage.of(new Size())).cached();

    private Running<String> startAndWaitAtTheGate(Pipeline<String> pipeline) {
        gate.next.add(release);
        Running<String> running = pipeline.start("four");
        Steps.await(gate.entered);
        return running;
    }

    @Test
    void run_betweenAFlightsEndAndTheCache_getsTheFlightsValue() {
        try (Pipeline<String> pipeline = pipeline(gated)) {
            Running<String> first = startAndWaitAtTheGate(pipeline);

            Results second = pipeline.run("four");

            assertThat(second.get(gated)).isEqualTo(4);
            assertThat(second.outcome(gated).provenance().delivery()).isEqualTo(Delivery.SHARED);
            assertThat(pipeline.run("four").outcome(gated).provenance().delivery())
                    .isEqualTo(Delivery.CACHED);
            release.countDown();
            assertThat(first.join().get(gated)).isEqualTo(4);
            assertThat(heavy.executions).hasValue(1);
            assertThat(runtime.flights().size()).isZero();
        }
    }

    @Test
    void run_mayNotReadTheCache_doesNotGetALandedFlightsValue() {
        try (Pipeline<String> pipeline = pipeline(gated)) {
            Running<String> first = startAndWaitAtTheGate(pipeline);

            pipeline.run("four", RunOptions.DEFAULT.withCache(CachePolicy.REFRESH));

            assertThat(heavy.executions).hasValue(2);
            release.countDown();
            first.join();
            assertThat(runtime.flights().size()).isZero();
        }
    }

    @Test
    void run_cancelledBeforeItFillsTheCache_leavesNoFlight() {
        try (Pipeline<String> pipeline = pipeline(gated)) {
            Running<String> first = startAndWaitAtTheGate(pipeline);

            first.cancel();

            assertThat(first.join().outcome(gated)).isInstanceOf(Outcome.Failed.class);
            assertThat(runtime.flights().size()).isZero();
            release.countDown();
        }
    }

    @Test
    void run_cachedSinceItAsked_computesNothing() {
        Stage<String, Integer> cached = Stage.of(gate).then(count).cached();
        try (Pipeline<String> pipeline = pipeline(cached)) {
            Running<String> first = startAndWaitAtTheGate(pipeline); // has asked the cache
            pipeline.run("four");
            release.countDown();

            Results results = first.join();

            assertThat(results.get(cached)).isEqualTo(4);
            assertThat(results.outcome(cached).provenance().delivery()).isEqualTo(Delivery.CACHED);
            assertThat(step.executions).hasValue(1);
            assertThat(runtime.flights().size()).isZero();
        }
    }

    @Test
    void run_cachedSinceItAskedForOneOfTwoStages_computesForTheOther() {
        Stage<String, String> states = Stage.of(gate).then(Stage.of(heavy));
        Stage<String, Integer> cached = states.then(Stage.of(new Size())).cached();
        try (Pipeline<String> one = pipeline(cached);
                Pipeline<String> both = Pipeline.<String>builder("both")
                        .runtime(runtime)
                        .stages(cached, states)
                        .build()) {
            Running<String> first = startAndWaitAtTheGate(both);
            one.run("four");
            release.countDown();

            Results results = first.join();

            assertThat(results.get(cached)).isEqualTo(4);
            assertThat(results.get(states)).isEqualTo("four");
            assertThat(results.outcome(cached).provenance().delivery()).isEqualTo(Delivery.CACHED);
            assertThat(heavy.executions).hasValue(2);
            assertThat(runtime.flights().size()).isZero();
        }
    }

    @Test
    void run_manyCallersAskForTheSame_computesEachOnce() throws Exception {
        int callers = 8;
        int texts = 400;
        CyclicBarrier together = new CyclicBarrier(callers);
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try (Pipeline<String> pipeline = pipeline(gated)) {
            List<Future<Integer>> sums = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                sums.add(threads.submit(() -> {
                    together.await();
                    int sum = 0;
                    for (int text = 1000; text < 1000 + texts; text++) {
                        sum += pipeline.run("text " + text).get(gated);
                    }
                    return sum;
                }));
            }
            for (Future<Integer> sum : sums) {
                assertThat(sum.get()).isEqualTo("text 1000".length() * texts);
            }

            assertThat(heavy.executions).hasValue(texts);
            assertThat(runtime.flights().size()).isZero();
        } finally {
            threads.shutdown();
        }
    }
}
