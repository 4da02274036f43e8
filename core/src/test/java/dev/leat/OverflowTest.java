package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.schedule.ComputeBudget;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OverflowTest {

    record Rule() implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            return StepFacts.rule("rule");
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            return items.stream().map(s -> "rule").toList();
        }
    }

    private final FakeClock clock = new FakeClock();
    private final LeatRuntime runtime = LeatRuntime.builder()
            .clock(clock)
            .computeBudget(ComputeBudget.of(2, 100))
            .build();
    private final Steps.Held held = new Steps.Held();
    private final Stage<String, String> plain = Stage.of(held);
    private final Stage<String, String> withRule = plain.orElse(Stage.of(new Rule()));

    @AfterEach
    void close() {
        held.release.countDown();
        runtime.close();
    }

    private Pipeline<String> pipeline(Overflow overflow) {
        return Pipeline.<String>builder("full")
                .runtime(runtime)
                .stages(plain.named("plain"), withRule.named("with-rule"))
                .maxRuns(1, overflow)
                .build();
    }

    @Test
    void run_noRoomAndReject_isRefusedAtOnce() {
        try (Pipeline<String> pipeline = pipeline(Overflow.reject())) {
            CompletableFuture<Results> first = pipeline.runAsync("a");
            Steps.await(held.entered);

            Results refused = pipeline.run("b");

            assertThatThrownBy(() -> refused.get(withRule.named("with-rule")))
                    .isInstanceOfSatisfying(OverloadedException.class, e -> {
                        assertThat(e.isRetryable()).isTrue();
                        assertThat(e.getStackTrace()).isEmpty();
                    });
            held.release.countDown();
            assertThat(first.join().get(plain.named("plain"))).isEqualTo("a");
            assertThat(pipeline.run("c").get(plain.named("plain"))).isEqualTo("c");
        }
    }

    @Test
    void run_noRoomAndFallBack_answersWithRulesAlone() {
        try (Pipeline<String> pipeline = pipeline(Overflow.fallBack())) {
            CompletableFuture<Results> first = pipeline.runAsync("a");
            Steps.await(held.entered);

            Results refused = pipeline.run("b");

            assertThat(refused.outcome(withRule.named("with-rule")))
                    .isInstanceOfSatisfying(Outcome.Degraded.class, degraded -> {
                        assertThat(degraded.value()).isEqualTo("rule");
                        assertThat(degraded.reason().code()).isEqualTo("OVERLOADED");
                    });
            assertThatThrownBy(() -> refused.get(plain.named("plain"))).isInstanceOf(OverloadedException.class);
            held.release.countDown();
            first.join();
        }
    }

    @Test
    void run_noRoomAndWait_isOpenedInOrderOfArrival() throws Exception {
        List<String> order = new ArrayList<>();
        Stage<String, String> listed = plain.map(s -> {
            order.add(s);
            return s;
        });
        try (Pipeline<String> pipeline = Pipeline.<String>builder("full")
                .runtime(runtime)
                .stages(listed)
                .maxRuns(1, Overflow.waitUpTo(Duration.ofSeconds(10)))
                .build()) {
            List<CompletableFuture<Results>> all = new ArrayList<>();
            for (String each : List.of("a", "b", "c", "d")) {
                all.add(pipeline.runAsync(each));
            }
            held.release.countDown();
            for (CompletableFuture<Results> each : all) {
                each.get(30, TimeUnit.SECONDS).orThrow();
            }
            assertThat(order).containsExactly("a", "b", "c", "d");
        }
    }

    @Test
    void run_waitedTooLong_isRefused() throws Exception {
        try (Pipeline<String> pipeline = pipeline(Overflow.waitUpTo(Duration.ofSeconds(10)))) {
            CompletableFuture<Results> first = pipeline.runAsync("a");
            Steps.await(held.entered);
            CompletableFuture<Results> second = pipeline.runAsync("b");

            clock.advance(TimeUnit.SECONDS.toNanos(10));

            assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS).get(plain.named("plain")))
                    .isInstanceOf(OverloadedException.class);
            held.release.countDown();
            first.join();
        }
    }

    @Test
    void run_deadlineWhileWaiting_endsWithTheDeadline() throws Exception {
        try (Pipeline<String> pipeline = pipeline(Overflow.waitUpTo(Duration.ofSeconds(10)))) {
            CompletableFuture<Results> first = pipeline.runAsync("a");
            Steps.await(held.entered);
            CompletableFuture<Results> second = pipeline.start(
                            "b", RunOptions.DEFAULT.withDeadline(Duration.ofSeconds(1)))
                    .results();

            clock.advance(TimeUnit.SECONDS.toNanos(1));

            assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS).get(plain.named("plain")))
                    .isInstanceOf(DeadlineExceededException.class);
            held.release.countDown();
            first.join();
        }
    }

    @Test
    void cancel_whileWaiting_leavesTheLine() throws Exception {
        try (Pipeline<String> pipeline = pipeline(Overflow.waitUpTo(Duration.ofSeconds(10)))) {
            CompletableFuture<Results> first = pipeline.runAsync("a");
            Steps.await(held.entered);
            Running<String> second = pipeline.start("b");

            second.cancel();

            assertThatThrownBy(() -> second.results().get(30, TimeUnit.SECONDS).get(plain.named("plain")))
                    .isInstanceOf(CancelledException.class);
            held.release.countDown();
            first.join();
            assertThat(pipeline.run("c").get(plain.named("plain"))).isEqualTo("c");
        }
    }
}
