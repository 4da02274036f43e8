package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.Provenance.Delivery;
import dev.leat.Provenance.Origin;
import dev.leat.guard.Guard;
import dev.leat.spi.StepFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PipelineTest {

    record Post(String body) {}

    private static final Stage<String, String> UPPER = Stage.of("upper", (String s) -> s.toUpperCase(Locale.ROOT));

    @SafeVarargs
    private static <I> Pipeline<I> pipeline(Stage<? super I, ?>... stages) {
        Pipeline.Builder<I> builder = Pipeline.builder("test");
        for (Stage<? super I, ?> stage : stages) {
            builder.stages(stage);
        }
        return builder.build();
    }

    // ------------------------------------------------------------ values

    @Test
    void run_function_givesItsValueByTheStage() {
        try (Pipeline<String> pipeline = pipeline(UPPER)) {
            assertThat(pipeline.run("leat").get(UPPER)).isEqualTo("LEAT");
        }
    }

    @Test
    void run_functionThrows_failsThatStageAlone() {
        Stage<String, String> broken = Stage.of("broken", s -> {
            throw new IllegalStateException("user");
        });
        try (Pipeline<String> pipeline = pipeline(UPPER, broken)) {
            Results results = pipeline.run("a");

            assertThat(results.get(UPPER)).isEqualTo("A");
            assertThatThrownBy(() -> results.get(broken))
                    .isInstanceOf(FunctionException.class)
                    .hasRootCauseMessage("user");
            assertThatThrownBy(results::orThrow).isInstanceOf(FunctionException.class);
        }
    }

    @Test
    void run_functionReturnsNull_fails() {
        Stage<String, String> nothing = Stage.of("nothing", s -> nullString());
        try (Pipeline<String> pipeline = pipeline(nothing)) {
            assertThat(pipeline.run("a").outcome(nothing)).isInstanceOf(Outcome.Failed.class);
        }
    }

    record Unhashable(String text) implements dev.leat.spi.ContentKeyed {
        @Override
        public Object contentKey() {
            throw new IllegalStateException("no key");
        }
    }

    @Test
    void run_keyThatThrows_failsAndDoesNotHang() {
        Stage<String, Unhashable> made = Stage.of("made", Unhashable::new);
        Stage<Unhashable, String> text = Stage.of("text", Unhashable::text);
        try (Pipeline<String> pipeline = pipeline(made.then(text).named("inside"), UPPER);
                Pipeline<Unhashable> outside = pipeline(text)) {
            assertThat(pipeline.run("a").outcome(made.then(text).named("inside")))
                    .isInstanceOf(Outcome.Failed.class);
            assertThat(outside.run(new Unhashable("a")).outcome(text)).isInstanceOf(Outcome.Failed.class);
        }
    }

    @Test
    void run_null_isMisuse() {
        try (Pipeline<String> pipeline = pipeline(UPPER)) {
            assertThatThrownBy(() -> pipeline.run(nullString())).isInstanceOf(NullPointerException.class);
        }
    }

    @SuppressWarnings("NullAway") // the point of the test
    private static String nullString() {
        return null;
    }

    @Test
    void get_stageOfOtherPipeline_namesTheResultsAndHints() {
        Stage<String, String> variant = UPPER.orElse(Stage.constant("x"));
        try (Pipeline<String> pipeline = pipeline(variant)) {
            Results results = pipeline.run("a");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> results.get(UPPER))
                    .withMessageContaining("upper")
                    .withMessageContaining("variation");
        }
    }

    // ------------------------------------------------------------ sharing

    @Test
    void build_equalStages_areOneNode() {
        Steps.Counting step = Steps.Counting.heavy();
        Stage<String, Integer> count = Stage.of(step);
        Stage<String, Integer> twice = count.map(n -> 2 * n).named("twice");
        try (Pipeline<String> pipeline = pipeline(count, twice, count.named("again"))) {
            Results results = pipeline.run("four");

            assertThat(results.get(twice)).isEqualTo(8);
            assertThat(step.executions).hasValue(1);
        }
    }

    @Test
    void run_equalContentThroughTwoLambdas_isOneExecution() {
        Steps.Counting step = Steps.Counting.heavy();
        Stage<Post, Integer> first = Stage.of(step).on((Post p) -> p.body()).named("first");
        Stage<Post, Integer> second = Stage.of(step).on((Post p) -> p.body()).named("second");
        try (Pipeline<Post> pipeline = pipeline(first, second)) {
            Results results = pipeline.run(new Post("body"));

            assertThat(results.get(first)).isEqualTo(4);
            assertThat(results.get(second)).isEqualTo(4);
            assertThat(step.executions).hasValue(1);
        }
    }

    @Test
    void run_differentContent_isNotShared() {
        Steps.Counting step = Steps.Counting.heavy();
        Stage<Post, Integer> first = Stage.of(step).on((Post p) -> p.body()).named("first");
        Stage<Post, Integer> second =
                Stage.of(step).on((Post p) -> p.body() + "!").named("second");
        try (Pipeline<Post> pipeline = pipeline(first, second)) {
            Results results = pipeline.run(new Post("body"));

            assertThat(results.get(second)).isEqualTo(5);
            assertThat(step.executions).hasValue(2);
        }
    }

    @Test
    void run_sameTextHeldOpenByManyCallers_isOneExecution() throws Exception {
        Steps.Held step = new Steps.Held();
        Stage<String, String> held = Stage.of(step);
        int callers = 32;
        try (Pipeline<String> pipeline = pipeline(held)) {
            List<CompletableFuture<Results>> runs = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                runs.add(pipeline.runAsync("same"));
            }
            Steps.await(step.entered);
            step.release.countDown();

            int shared = 0;
            for (CompletableFuture<Results> run : runs) {
                Outcome<String> outcome = run.get(30, TimeUnit.SECONDS).outcome(held);
                shared += outcome.provenance().delivery() == Delivery.SHARED ? 1 : 0;
            }
            assertThat(step.executions).hasValue(1);
            assertThat(shared).isEqualTo(callers - 1);
        }
    }

    @Test
    void run_sharedFailure_givesEachCallerAnExceptionOfItsOwn() throws Exception {
        Steps.Held gate = new Steps.Held();
        Stage<String, String> failing =
                Stage.of(gate).then(Stage.of(new Steps.Failing("broken"))).named("failing");
        try (Pipeline<String> pipeline = pipeline(failing)) {
            CompletableFuture<Results> a = pipeline.runAsync("same");
            CompletableFuture<Results> b = pipeline.runAsync("same");
            gate.release.countDown();

            InferenceException first = failure(a.get(30, TimeUnit.SECONDS).outcome(failing));
            InferenceException second = failure(b.get(30, TimeUnit.SECONDS).outcome(failing));
            assertThat(first).isInstanceOf(ModelRunException.class).isNotSameAs(second);
            assertThat(second).isInstanceOf(ModelRunException.class).hasMessage(first.getMessage());
        }
    }

    private static InferenceException failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).cause();
    }

    @Test
    void cancel_oneOfTwoSubscribers_leavesTheFlightToTheOther() throws Exception {
        Steps.Held step = new Steps.Held();
        Stage<String, String> held = Stage.of(step);
        try (Pipeline<String> pipeline = pipeline(held)) {
            Running<String> leaves = pipeline.start("same");
            Running<String> stays = pipeline.start("same");
            Steps.await(step.entered);

            leaves.cancel();
            assertThat(failure(leaves.results().get(30, TimeUnit.SECONDS).outcome(held)))
                    .isInstanceOf(CancelledException.class);
            step.release.countDown();
            assertThat(stays.results().get(30, TimeUnit.SECONDS).get(held)).isEqualTo("same");
        }
    }

    @Test
    void cancel_lastSubscriber_terminatesTheStepAndNobodyJoinsIt() throws Exception {
        Steps.Held step = new Steps.Held();
        Stage<String, String> held = Stage.of(step);
        try (Pipeline<String> pipeline = pipeline(held)) {
            CompletableFuture<Results> only = pipeline.runAsync("same");
            Steps.await(step.entered);

            assertThat(only.cancel(true)).isTrue();
            Steps.await(step.cancelled);
            assertThat(pipeline.run("same").get(held)).isEqualTo("same");
            assertThat(step.executions).hasValue(2);
        }
    }

    // ------------------------------------------------------------ decisions

    @Test
    void when_conditionFalse_skipsWithItsCode() {
        Stage<String, String> longOnly = UPPER.when("long", s -> s.length() > 3);
        try (Pipeline<String> pipeline = pipeline(longOnly)) {
            Results results = pipeline.run("abc");

            assertThat(results.find(longOnly)).isEmpty();
            assertThatThrownBy(() -> results.get(longOnly))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("long");
            assertThat(((Outcome.Skipped<?>) results.outcome(longOnly)).reason().code())
                    .isEqualTo("long");
            assertThat(pipeline.run("abcd").get(longOnly)).isEqualTo("ABCD");
        }
    }

    @Test
    void when_gateFails_skipsWithTheGatesName() {
        Stage<String, String> gate = Stage.of(new Steps.Failing("x")).named("gate");
        Stage<String, String> gated = UPPER.when(gate, g -> true);
        try (Pipeline<String> pipeline = pipeline(gated)) {
            assertThat(((Outcome.Skipped<?>) pipeline.run("a").outcome(gated))
                            .reason()
                            .code())
                    .isEqualTo("gate");
        }
    }

    @Test
    void whenOptions_readsTheRunsAttributes() {
        Stage<String, String> vip =
                UPPER.whenOptions("vip", o -> o.attribute("tier").isPresent());
        try (Pipeline<String> pipeline = pipeline(vip)) {
            assertThat(pipeline.run("a").find(vip)).isEmpty();
            assertThat(pipeline.run("a", RunOptions.DEFAULT.withAttribute("tier", "gold"))
                            .get(vip))
                    .isEqualTo("A");
        }
    }

    @Test
    void orElse_failure_isDegradedWithTheReason() {
        Stage<String, String> safe = Stage.of(new Steps.Failing("x")).orElse(UPPER);
        try (Pipeline<String> pipeline = pipeline(safe)) {
            Outcome<String> outcome = pipeline.run("a").outcome(safe);

            assertThat(outcome).isInstanceOf(Outcome.Degraded.class);
            assertThat(((Outcome.Degraded<String>) outcome).value()).isEqualTo("A");
            assertThat(outcome.provenance().hops()).extracting(Reason::code).containsExactly("MODEL_RUN");
        }
    }

    @Test
    void orElse_skipped_isAnAnswer() {
        Stage<String, String> stage = UPPER.when("never", s -> false).orElse(Stage.constant("x"));
        try (Pipeline<String> pipeline = pipeline(stage)) {
            assertThat(pipeline.run("a").outcome(stage)).isInstanceOf(Outcome.Skipped.class);
        }
    }

    @Test
    void failClosed_anyFailure_standsInUnlessAFallbackAnswers() {
        Stage<String, String> closed = Stage.of(new Steps.Failing("x")).failClosed("flagged");
        Stage<String, String> withFallback = closed.orElse(UPPER).named("fallback");
        try (Pipeline<String> pipeline = pipeline(closed, withFallback)) {
            Results results = pipeline.run("a");

            assertThat(((Outcome.Degraded<String>) results.outcome(closed))
                            .reason()
                            .code())
                    .isEqualTo(Reason.UNAVAILABLE);
            assertThat(results.get(closed)).isEqualTo("flagged");
            assertThat(results.get(withFallback)).isEqualTo("A");
        }
    }

    @Test
    void failClosed_refusedInput_standsIn() {
        Guard<String> refusing = s -> {
            throw new InvalidInputException("no", "refused");
        };
        Stage<String, String> closed = UPPER.failClosed("flagged").named("closed");
        try (Pipeline<String> pipeline = Pipeline.<String>builder("test")
                .guard(refusing)
                .stages(UPPER, closed)
                .build()) {
            Results results = pipeline.run("a");

            assertThat(failure(results.outcome(UPPER))).isInstanceOf(InvalidInputException.class);
            assertThat(results.get(closed)).isEqualTo("flagged");
        }
    }

    @Test
    void guard_cleansForEveryStageAndReports() {
        Guard<String> strip = s -> new Guard.Verdict<>(s.strip(), List.of(new Guard.Removal("blank-edge", 2)));
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("test").guard(strip).stages(UPPER).build()) {
            Results results = pipeline.run(" a ");

            assertThat(results.get(UPPER)).isEqualTo("A");
            assertThat(results.removals()).containsExactly(new Guard.Removal("blank-edge", 2));
        }
    }

    @Test
    void combine_skippedBesideFailed_isFailed() {
        Stage<String, String> skipped = UPPER.when("never", s -> false);
        Stage<String, String> failed = Stage.of(new Steps.Failing("x"));
        Stage<String, String> both = Stage.combine("both", skipped, failed, (a, b) -> a + b);
        Stage<String, String> fine = Stage.combine("fine", UPPER, UPPER, (a, b) -> a + b);
        try (Pipeline<String> pipeline = pipeline(both, fine)) {
            assertThat(pipeline.run("a").outcome(both)).isInstanceOf(Outcome.Failed.class);
            assertThat(pipeline.run("a").get(fine)).isEqualTo("AA");
        }
    }

    @Test
    void then_degradedInput_staysDegraded() {
        Stage<String, Integer> length =
                Stage.of(new Steps.Failing("x")).orElse(UPPER).then(Stage.of("length", String::length));
        try (Pipeline<String> pipeline = pipeline(length)) {
            Outcome<Integer> outcome = pipeline.run("abc").outcome(length);

            assertThat(outcome).isInstanceOf(Outcome.Degraded.class);
            assertThat(((Outcome.Degraded<Integer>) outcome).value()).isEqualTo(3);
        }
    }

    @Test
    void route_takesTheFirstBranchThatApplies() {
        Stage<String, String> routed = Stage.route("short", (String s) -> s.length() < 3, UPPER)
                .or("medium", s -> s.length() < 6, Stage.constant("medium"))
                .otherwise(Stage.constant("long").named("routed"));
        try (Pipeline<String> pipeline = pipeline(routed)) {
            assertThat(pipeline.run("ab").get(routed)).isEqualTo("AB");
            assertThat(pipeline.run("abcd").get(routed)).isEqualTo("medium");
            Outcome<String> outcome = pipeline.run("abcdefgh").outcome(routed);
            assertThat(outcome.provenance().hops()).containsExactly(new Reason(Reason.ROUTE, "otherwise"));
        }
    }

    @Test
    void escalateTo_unsure_asksTheDearStageAndKeepsTheCheapValueIfItFails() {
        Stage<String, String> cascade = UPPER.escalateTo(Stage.constant("dear"), s -> s.length() > 2);
        Stage<String, String> broken =
                UPPER.escalateTo(Stage.of(new Steps.Failing("x")), s -> true).named("broken");
        try (Pipeline<String> pipeline = pipeline(cascade, broken)) {
            assertThat(pipeline.run("a").get(cascade)).isEqualTo("A");
            Results results = pipeline.run("abc");
            assertThat(results.get(cascade)).isEqualTo("dear");
            assertThat(results.get(broken)).isEqualTo("ABC");
            assertThat(((Outcome.Degraded<String>) results.outcome(broken))
                            .reason()
                            .code())
                    .isEqualTo(Reason.ESCALATION_FAILED);
        }
    }

    @Test
    void race_oneFails_takesTheOtherAndCancelsTheLoser() {
        Steps.Held slow = new Steps.Held();
        Stage<String, String> race = Stage.race("race", Stage.of(slow), Stage.of(new Steps.Failing("x")), UPPER);
        try (Pipeline<String> pipeline = pipeline(race)) {
            assertThat(pipeline.run("a").get(race)).isEqualTo("A");
        }
    }

    // ------------------------------------------------------------ time

    @Test
    void timeout_expires_terminatesTheStepAndLetsTheFallbackAnswer() throws Exception {
        FakeClock clock = new FakeClock();
        Steps.Held step = new Steps.Held();
        Stage<String, String> bounded =
                Stage.of(step).timeout(Duration.ofMillis(10)).orElse(Stage.constant("late"));
        try (LeatRuntime runtime = LeatRuntime.builder().clock(clock).build();
                Pipeline<String> pipeline = Pipeline.<String>builder("test")
                        .runtime(runtime)
                        .stages(bounded)
                        .build()) {
            Running<String> running = pipeline.start("a");
            Steps.await(step.entered);
            clock.advance(Duration.ofMillis(10).toNanos());
            Steps.await(step.cancelled);

            Results results = running.results().get(30, TimeUnit.SECONDS);
            assertThat(results.get(bounded)).isEqualTo("late");
            assertThat(((Outcome.Degraded<String>) results.outcome(bounded))
                            .reason()
                            .code())
                    .isEqualTo("DEADLINE_EXCEEDED");
        }
    }

    @Test
    void deadline_expires_givesPartialResultsAndOnlyInstantFallbacksAnswer() throws Exception {
        FakeClock clock = new FakeClock();
        Steps.Held step = new Steps.Held();
        Stage<String, String> bare = Stage.of(step);
        Stage<String, Integer> rule = bare.map(String::length)
                .orElse(Stage.of(new Steps.Counting(StepFacts.rule("rule"))))
                .named("rule");
        Stage<String, String> function =
                bare.orElse(Stage.of("late", (String s) -> s)).named("function");
        try (LeatRuntime runtime = LeatRuntime.builder().clock(clock).build();
                Pipeline<String> pipeline = Pipeline.<String>builder("test")
                        .runtime(runtime)
                        .stages(UPPER, bare, rule, function)
                        .build()) {
            Running<String> running = pipeline.start("abc", RunOptions.DEFAULT.withDeadline(Duration.ofMillis(10)));
            running.outcome(UPPER).toCompletableFuture().get(30, TimeUnit.SECONDS);
            Steps.await(step.entered);
            clock.advance(Duration.ofMillis(10).toNanos());

            Results results = running.results().get(30, TimeUnit.SECONDS);
            assertThat(results.get(UPPER)).isEqualTo("ABC");
            assertThat(failure(results.outcome(bare))).isInstanceOf(DeadlineExceededException.class);
            assertThat(results.get(rule)).isEqualTo(3);
            assertThat(failure(results.outcome(function))).isInstanceOf(DeadlineExceededException.class);
            Steps.await(step.cancelled);
        }
    }

    @Test
    void run_interrupted_cancelsItselfKeepsTheFlagAndReturnsWhatIsThere() {
        Steps.Held step = new Steps.Held();
        Stage<String, String> held = Stage.of(step);
        try (Pipeline<String> pipeline = pipeline(UPPER, held)) {
            Thread.currentThread().interrupt();
            Results results = pipeline.run("a");

            assertThat(Thread.interrupted()).isTrue();
            assertThat(failure(results.outcome(held))).isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void joinAll_firstFailure_cancelsTheRest() {
        Steps.Held step = new Steps.Held();
        Stage<String, String> held = Stage.of(step);
        Stage<String, String> failing = Stage.of("failing", s -> {
            throw new IllegalStateException();
        });
        try (Pipeline<String> pipeline = Pipeline.<String>builder("test")
                .join(Join.ALL)
                .stages(held, failing)
                .build()) {
            Results results = pipeline.run("a");

            assertThat(failure(results.outcome(held))).isInstanceOf(CancelledException.class);
            assertThat(failure(results.outcome(failing))).isInstanceOf(FunctionException.class);
        }
    }

    // ------------------------------------------------------------ executors

    @Test
    void executor_ofAnyKind_changesNoAnswer() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        Executor never = task -> {};
        Executor rejecting = task -> {
            throw new RejectedExecutionException("full");
        };
        Stage<String, Integer> count = Stage.of(Steps.Counting.heavy());
        Stage<String, Integer> sum =
                Stage.combine("sum", count, UPPER.map(String::length).named("length"), Integer::sum);
        try {
            for (Executor executor :
                    List.<Executor>of(Runnable::run, single, never, rejecting, ForkJoinPool.commonPool())) {
                try (Pipeline<String> pipeline = Pipeline.<String>builder("test")
                        .executor(executor)
                        .stages(count, UPPER, sum)
                        .build()) {
                    assertThat(pipeline.run("abc").get(sum)).isEqualTo(6);
                    assertThat(pipeline.runAsync("abcd")
                                    .get(30, TimeUnit.SECONDS)
                                    .get(sum))
                            .isEqualTo(8);
                    try (Stream<Results> all = pipeline.runAll(List.of("a", "bb", "ccc"))) {
                        assertThat(all.map(r -> r.get(sum))).containsExactly(2, 4, 6);
                    }
                }
            }
        } finally {
            single.shutdownNow();
        }
    }

    @Test
    void executor_nestedPipelinesOnOneThread_doNotDeadlock() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        Stage<String, Integer> count = Stage.of(Steps.Counting.heavy());
        try (Pipeline<String> inner = Pipeline.<String>builder("inner")
                        .executor(single)
                        .stages(count, UPPER)
                        .build();
                Pipeline<String> outer = Pipeline.<String>builder("outer")
                        .executor(single)
                        .stages(
                                Stage.of("a", (String s) -> inner.run(s).get(count)),
                                Stage.of("b", (String s) -> inner.run(s + s).get(count)),
                                Stage.of(
                                        "c",
                                        (String s) ->
                                                inner.runAsync(s + s + s).join().get(count)))
                        .build()) {
            Results results = outer.runAsync("x").get(30, TimeUnit.SECONDS);

            assertThat(results.orThrow().stages()).hasSize(3);
        } finally {
            single.shutdownNow();
        }
    }

    @Test
    void executor_direct_neverRunsUserCodeOnTheBudgetsThreads() throws Exception {
        Stage<String, String> thread = Stage.of(Steps.Counting.heavy())
                .map(n -> Thread.currentThread().getName())
                .named("thread");
        try (Pipeline<String> pipeline = Pipeline.<String>builder("test")
                .executor(Runnable::run)
                .stages(thread)
                .build()) {
            String name = pipeline.runAsync("a").get(30, TimeUnit.SECONDS).get(thread);

            assertThat(name).doesNotStartWith("leat-compute");
        }
    }

    // ------------------------------------------------------------ bulk

    @Test
    void runAll_equalInputsInTheWindow_runOnceAndKeepOrder() {
        Steps.Counting step = Steps.Counting.heavy();
        Stage<String, Integer> count = Stage.of(step);
        List<Long> progress = new ArrayList<>();
        try (Pipeline<String> pipeline = pipeline(count);
                Stream<Results> all =
                        pipeline.runAll(Collections.nCopies(5, "same"), RunOptions.DEFAULT, progress::add)) {
            assertThat(all.map(r -> r.get(count))).containsExactly(4, 4, 4, 4, 4);
        }
        assertThat(step.executions).hasValue(1);
        assertThat(progress).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void runAll_badItem_failsAlone() {
        Function<String, Integer> parse = Integer::valueOf;
        Stage<String, Integer> number = Stage.of("number", parse);
        try (Pipeline<String> pipeline = pipeline(number);
                Stream<Results> all = pipeline.runAll(List.of("1", "x", "3"))) {
            assertThat(all.map(r -> r.outcome(number) instanceof Outcome.Success))
                    .containsExactly(true, false, true);
        }
    }

    @Test
    void runAll_lazily_readsAheadNoFurtherThanTheWindow() {
        AtomicInteger read = new AtomicInteger();
        Iterable<String> endless =
                () -> Stream.generate(() -> "s" + read.incrementAndGet()).iterator();
        try (Pipeline<String> pipeline = pipeline(UPPER);
                Stream<Results> all = pipeline.runAll(endless)) {
            assertThat(all.limit(3).map(r -> r.get(UPPER))).containsExactly("S1", "S2", "S3");
        }
        assertThat(read.get()).isLessThan(500);
    }

    // ------------------------------------------------------------ building, closing

    @Test
    void build_twoUnequalStagesOfOneName_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> pipeline(UPPER, Stage.of("upper", (String s) -> s)))
                .withMessageContaining("'upper'")
                .withMessageContaining(".named(..)");
    }

    @Test
    void build_nothing_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Pipeline.<String>builder("empty").build())
                .withMessageContaining("no stage");
    }

    @Test
    void only_selectsStages() {
        Steps.Counting step = Steps.Counting.heavy();
        Stage<String, Integer> count = Stage.of(step);
        try (Pipeline<String> pipeline = pipeline(UPPER, count)) {
            Results results = pipeline.run("a", RunOptions.only(UPPER));

            assertThat(results.stages()).containsExactly(UPPER);
            assertThat(step.executions).hasValue(0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pipeline.run("a", RunOptions.only(Stage.constant("x"))));
        }
    }

    @Test
    void replacing_stage_answersInItsPlaceEverywhere() {
        Steps.Counting step = Steps.Counting.heavy();
        Stage<String, Integer> count = Stage.of(step);
        Stage<String, Integer> twice = count.map(n -> 2 * n).named("twice");
        try (Pipeline<String> pipeline = pipeline(count, twice);
                Pipeline<String> tested = pipeline.replacing(count, Stage.constant(7))) {
            Results results = tested.run("a");

            assertThat(results.get(count)).isEqualTo(7);
            assertThat(results.get(twice)).isEqualTo(14);
            assertThat(step.executions).hasValue(0);
        }
    }

    @Test
    void close_underWay_letsRunningWorkEndAndRefusesNew() throws Exception {
        Steps.Held step = new Steps.Held();
        Stage<String, String> held = Stage.of(step);
        Pipeline<String> pipeline = pipeline(held);
        CompletableFuture<Results> running = pipeline.runAsync("a");
        Steps.await(step.entered);
        CountDownLatch closed = new CountDownLatch(1);
        Thread closer = new Thread(() -> {
            pipeline.close();
            closed.countDown();
        });
        closer.start();
        while (isOpen(pipeline)) {
            Thread.onSpinWait();
        }
        step.release.countDown();

        assertThat(running.get(30, TimeUnit.SECONDS).get(held)).isEqualTo("a");
        Steps.await(closed);
        pipeline.close();
        assertThatIllegalStateException().isThrownBy(() -> pipeline.run("b")).withMessageContaining("closed");
    }

    private static boolean isOpen(Pipeline<String> pipeline) {
        try {
            pipeline.preload();
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    @Test
    void close_afterTheGrace_cancelsWhatIsLeft() throws Exception {
        Steps.Held step = new Steps.Held();
        Stage<String, String> held = Stage.of(step);
        Pipeline<String> pipeline = pipeline(held);
        CompletableFuture<Results> running = pipeline.runAsync("a");
        Steps.await(step.entered);

        pipeline.close(Duration.ofNanos(1));

        assertThat(failure(running.get(30, TimeUnit.SECONDS).outcome(held))).isInstanceOf(CancelledException.class);
    }

    // ------------------------------------------------------------ provenance, for people

    @Test
    void provenance_saysWhatMadeTheValue() {
        Stage<String, Integer> count = Stage.of(Steps.Counting.heavy());
        Stage<String, Integer> rule = Stage.of(new Steps.Counting(StepFacts.rule("rule")));
        try (Pipeline<String> pipeline = pipeline(count, rule, UPPER)) {
            Results results = pipeline.run("a");

            assertThat(results.outcome(count).provenance().origin()).isEqualTo(Origin.MODEL);
            assertThat(results.outcome(rule).provenance().origin()).isEqualTo(Origin.RULE);
            assertThat(results.outcome(UPPER).provenance().origin()).isEqualTo(Origin.FUNCTION);
        }
    }

    @Test
    void toString_ofEverything_hidesContent() {
        String marked = "CANARY-4711";
        Stage<String, String> same = Stage.of("same", s -> s);
        Stage<String, String> failing =
                Stage.of(new Steps.Failing("broken")).orElse(same).named("failing");
        try (Pipeline<String> pipeline = pipeline(same, failing)) {
            Results results = pipeline.run(marked);

            assertThat(results.toString()
                            + results.trace()
                            + results.outcome(same)
                            + results.outcome(failing)
                            + results.outcome(failing).provenance()
                            + pipeline
                            + pipeline.describe()
                            + RunOptions.DEFAULT.withAttribute("user", marked))
                    .doesNotContain("CANARY");
        }
    }
}
