package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.Provenance.Delivery;
import dev.leat.guard.TextGuard;
import dev.leat.schedule.ComputeBudget;
import dev.leat.session.Session;
import dev.leat.session.SessionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {

    private static final Duration TTL = Duration.ofMinutes(1);

    private final FakeClock clock = new FakeClock();
    private final LeatRuntime runtime = LeatRuntime.builder()
            .clock(clock)
            .computeBudget(ComputeBudget.of(2, 100))
            .build();
    private final Stage<String, String> joined =
            Stage.window(Stage.of("joined", (List<String> window) -> String.join("|", window)));

    @AfterEach
    void close() {
        runtime.close();
    }

    private Pipeline.Builder<String> pipeline() {
        return Pipeline.<String>builder("talk").runtime(runtime).sessions(new SessionLimits(3, TTL, 2));
    }

    @Test
    void run_manyInputs_seesTheLastOnesOfItsOwnSession() {
        try (Pipeline<String> pipeline = pipeline().stages(joined).build()) {
            Session<String> one = pipeline.session("one");
            Session<String> two = pipeline.session("two");

            assertThat(one.run("a").get(joined)).isEqualTo("a");
            assertThat(two.run("x").get(joined)).isEqualTo("x");
            assertThat(one.run("b").get(joined)).isEqualTo("a|b");
            assertThat(one.run("c").get(joined)).isEqualTo("a|b|c");
            assertThat(one.run("d").get(joined)).isEqualTo("b|c|d");
            assertThat(pipeline.session("two").run("y").get(joined)).isEqualTo("x|y");
            assertThat(one.window()).containsExactly("b", "c", "d");
            assertThat(runtime.snapshot().sessions()).isEqualTo(2);
        }
        assertThat(runtime.snapshot().sessions()).isZero();
    }

    @Test
    void run_outsideASession_seesItsOwnInputAlone() {
        try (Pipeline<String> pipeline = pipeline().stages(joined).build()) {
            pipeline.session("one").run("a");

            assertThat(pipeline.run("b").get(joined)).isEqualTo("b");
        }
    }

    @Test
    void run_guarded_remembersWhatTheGuardMadeOfIt() {
        try (Pipeline<String> pipeline =
                pipeline().guard(TextGuard.standard()).stages(joined).build()) {
            Session<String> session = pipeline.session("one");
            session.run("a\u0001b");

            assertThat(session.window()).containsExactly("ab");
        }
    }

    @Test
    void run_aStageFails_leavesTheSessionAsItWas() {
        Stage<String, String> fails = Stage.of("fails", (String text) -> {
            if (text.equals("bad")) {
                throw new IllegalStateException("bad");
            }
            return text;
        });
        try (Pipeline<String> pipeline = pipeline().stages(joined, fails).build()) {
            Session<String> session = pipeline.session("one");
            session.run("a");

            Results failed = session.run("bad");

            assertThat(failed.get(joined)).isEqualTo("a|bad");
            assertThat(session.window()).containsExactly("a");
            assertThat(session.run("b").get(joined)).isEqualTo("a|b");
        }
    }

    @Test
    void run_refusedByTheGuardOrCancelled_leavesTheSessionAsItWas() throws Exception {
        Steps.Held held = new Steps.Held();
        Stage<String, String> slow = Stage.of(held);
        try (Pipeline<String> pipeline = pipeline()
                .guard(TextGuard.standard())
                .stages(joined, slow.when("slow", text -> text.equals("slow")))
                .build()) {
            Session<String> session = pipeline.session("one");
            session.run("a");
            session.run("   ");
            Running<String> running = session.start("slow", RunOptions.DEFAULT);
            Steps.await(held.entered);
            running.cancel();
            running.results().get(30, TimeUnit.SECONDS);

            assertThat(session.window()).containsExactly("a");
        }
    }

    @Test
    void start_manyAtOnceInOneSession_runInOrderOneAtATime() throws Exception {
        Steps.Held held = new Steps.Held();
        Stage<String, String> first = Stage.of(held).when("first", text -> text.equals("0"));
        try (Pipeline<String> pipeline = pipeline().stages(joined, first).build()) {
            Session<String> session = pipeline.session("one");
            List<Running<String>> runs = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                runs.add(session.start(Integer.toString(i), RunOptions.DEFAULT));
            }
            Steps.await(held.entered);
            // Another session, and a run of none, do not wait for the one that is held.
            assertThat(pipeline.session("two").run("x").get(joined)).isEqualTo("x");
            assertThat(runs.get(1).results()).isNotCompleted();
            held.release.countDown();

            List<String> windows = new ArrayList<>();
            for (Running<String> run : runs) {
                windows.add(run.results().get(30, TimeUnit.SECONDS).get(joined));
            }
            assertThat(windows).containsExactly("0", "0|1", "0|1|2", "1|2|3", "2|3|4");
        }
    }

    @Test
    void run_fromManyThreads_losesAndRepeatsNothing() throws Exception {
        Stage<String, Integer> size = Stage.window(Stage.of("size", List<String>::size));
        try (Pipeline<String> pipeline = Pipeline.<String>builder("talk")
                .runtime(runtime)
                .sessions(new SessionLimits(1_000, TTL, 10))
                .stages(size)
                .build()) {
            CountDownLatch start = new CountDownLatch(1);
            List<CompletableFuture<List<Integer>>> callers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int caller = t;
                callers.add(CompletableFuture.supplyAsync(() -> {
                    Steps.await(start);
                    List<Integer> seen = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        seen.add(pipeline.session("one").run(caller + " " + i).get(size));
                    }
                    return seen;
                }));
            }
            start.countDown();
            List<Integer> all = new ArrayList<>();
            for (CompletableFuture<List<Integer>> caller : callers) {
                all.addAll(caller.get(50, TimeUnit.SECONDS));
            }
            assertThat(all).hasSize(400).doesNotHaveDuplicates().contains(1, 400);
        }
    }

    @Test
    void run_deadlinePassesWhileItWaitsForTheOneBefore_failsAndIsForgotten() throws Exception {
        Steps.Held held = new Steps.Held();
        Stage<String, String> slow = Stage.of(held);
        try (Pipeline<String> pipeline = pipeline().stages(slow).build()) {
            Session<String> session = pipeline.session("one");
            Running<String> first = session.start("a", RunOptions.DEFAULT);
            Steps.await(held.entered);
            Running<String> second = session.start("b", RunOptions.DEFAULT.withDeadline(Duration.ofSeconds(1)));

            clock.advance(Duration.ofSeconds(1).toNanos());

            assertThat(second.results().get(30, TimeUnit.SECONDS).outcome(slow)).isInstanceOf(Outcome.Failed.class);
            held.release.countDown();
            first.results().get(30, TimeUnit.SECONDS).orThrow();
            assertThat(session.window()).containsExactly("a");
        }
    }

    @Test
    void window_itemOlderThanTheTtl_isGoneAndSoIsTheSession() {
        try (Pipeline<String> pipeline = pipeline().stages(joined).build()) {
            Session<String> session = pipeline.session("one");
            session.run("a");
            clock.advance(TTL.toNanos() / 2);
            session.run("b");
            clock.advance(TTL.toNanos() / 2);

            assertThat(session.run("c").get(joined)).isEqualTo("b|c");
            clock.advance(TTL.toNanos());

            // Nobody asks; what has expired goes by itself.
            assertThat(runtime.snapshot().sessions()).isZero();
            assertThat(session.run("d").get(joined)).isEqualTo("d");
        }
    }

    @Test
    void session_moreThanTheLimit_theOneUsedLongestAgoIsForgotten() {
        try (Pipeline<String> pipeline = pipeline().stages(joined).build()) {
            pipeline.session("one").run("1");
            pipeline.session("two").run("2");
            pipeline.session("one").run("1");
            pipeline.session("three").run("3");

            assertThat(pipeline.session("two").window()).isEmpty();
            assertThat(pipeline.session("one").window()).containsExactly("1", "1");
            assertThat(runtime.snapshot().sessions()).isEqualTo(2);
        }
    }

    @Test
    void session_allOthersBusy_isRefusedAsAnOutcome() throws Exception {
        Steps.Held held = new Steps.Held();
        Stage<String, String> slow = Stage.of(held);
        try (Pipeline<String> pipeline = pipeline().stages(slow).build()) {
            Running<String> one = pipeline.session("one").start("a", RunOptions.DEFAULT);
            Running<String> two = pipeline.session("two").start("a", RunOptions.DEFAULT);
            Steps.await(held.entered);

            Results refused = pipeline.session("three").run("b");

            assertThatThrownBy(() -> refused.get(slow)).isInstanceOf(OverloadedException.class);
            held.release.countDown();
            one.results().get(30, TimeUnit.SECONDS).orThrow();
            two.results().get(30, TimeUnit.SECONDS).orThrow();
        }
    }

    @Test
    void clear_window_isEmpty() {
        try (Pipeline<String> pipeline = pipeline().stages(joined).build()) {
            Session<String> session = pipeline.session("one");
            session.run("a");
            session.clear();

            assertThat(session.window()).isEmpty();
            assertThat(session.run("b").get(joined)).isEqualTo("b");
            assertThat(session.toString()).isEqualTo("Session[talk]");
        }
    }

    @Test
    void window_ofHeavyStep_equalWindowsAreEqualWork() {
        Stage<String, Integer> length = Stage.window(Stage.of("join", (List<String> w) -> String.join(" ", w))
                .then(Stage.of(new Steps.Counting(
                        dev.leat.spi.StepFacts.heavy("count", "chars").asResult())))
                .cached());
        try (Pipeline<String> pipeline = pipeline().stages(length).build()) {
            pipeline.session("one").run("a");
            pipeline.session("one").run("b");
            pipeline.session("two").run("a");

            Results same = pipeline.session("two").run("b");

            assertThat(same.get(length)).isEqualTo(3);
            assertThat(same.outcome(length).provenance().delivery()).isEqualTo(Delivery.CACHED);
        }
    }

    @Test
    void build_windowOnSomethingElseThanTheInput_isRefused() {
        Stage<Integer, String> wrong = joined.on((Integer number) -> Integer.toString(number));

        assertThatThrownBy(() -> Pipeline.<Integer>builder("wrong")
                        .runtime(runtime)
                        .stages(wrong)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'joined'")
                .hasMessageContaining("inside window(..)");
    }

    @Test
    void session_closedPipeline_isRefused() {
        Pipeline<String> pipeline = pipeline().stages(joined).build();
        Session<String> session = pipeline.session("one");
        session.run("a");
        pipeline.close();

        assertThatThrownBy(() -> session.run("b")).isInstanceOf(IllegalStateException.class);
        assertThat(session.window()).isEmpty();
    }

    @Test
    void limits_outOfRange_areRefused() {
        assertThatThrownBy(() -> new SessionLimits(0, TTL, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SessionLimits(1, Duration.ZERO, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
