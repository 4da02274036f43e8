package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.observe.InferenceListener;
import dev.leat.observe.InferenceListener.ModelChange;
import dev.leat.observe.RuntimeSnapshot.ModelState;
import dev.leat.schedule.ComputeBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelsLifeTest {

    private static final Duration IDLE = Duration.ofMinutes(5);

    private final FakeClock clock = new FakeClock();
    private final Models models = new Models();
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
        assertThat(models.usedAfterClose).hasValue(0);
    }

    private LeatRuntime runtime(UnaryOperator<LeatRuntime.Builder> more) {
        LeatRuntime runtime = more.apply(LeatRuntime.builder().clock(clock).computeBudget(ComputeBudget.of(2, 100)))
                .build();
        runtime.listen(new InferenceListener() {
            @Override
            public void modelChanged(Provenance.ModelIdentity model, ModelChange change, long nanos) {
                changes.add(model.id() + ' ' + change);
            }
        });
        toClose.add(runtime);
        return runtime;
    }

    @SafeVarargs
    private Pipeline<String> pipeline(LeatRuntime runtime, Stage<String, ?>... stages) {
        Pipeline.Builder<String> builder = Pipeline.<String>builder("life").runtime(runtime);
        for (Stage<String, ?> stage : stages) {
            builder.stages(stage);
        }
        Pipeline<String> pipeline = builder.build();
        toClose.add(0, pipeline);
        return pipeline;
    }

    private void expect(String... expected) throws InterruptedException {
        for (String each : expected) {
            assertThat(changes.poll(30, TimeUnit.SECONDS)).isEqualTo(each);
        }
    }

    private static List<ModelState> states(LeatRuntime runtime) {
        return runtime.snapshot().models().stream().map(m -> m.state()).toList();
    }

    @Test
    void unloadAfter_modelUnused_isClosedAndOpenedAgainOnDemand() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder.unloadAfter(IDLE));
        Stage<String, String> stage = models.stage("a", 10);
        Pipeline<String> pipeline = pipeline(runtime, stage);
        pipeline.run("x").get(stage);
        expect("a LOADING", "a LOADED");

        clock.advance(IDLE.toNanos() - 1);
        assertThat(states(runtime)).containsExactly(ModelState.LOADED);
        clock.advance(1);

        expect("a UNLOADED_IDLE");
        assertThat(states(runtime)).containsExactly(ModelState.UNLOADED);
        assertThat(pipeline.run("y").get(stage)).isEqualTo("a1");
        assertThat(models.opened).hasValue(2);
    }

    @Test
    void unloadAfter_modelUsedMeanwhile_staysUntilItWasUnusedForTheWholeTime() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder.unloadAfter(IDLE));
        Stage<String, String> stage = models.stage("a", 10);
        Pipeline<String> pipeline = pipeline(runtime, stage);
        pipeline.run("x").get(stage);
        expect("a LOADING", "a LOADED");
        clock.advance(IDLE.toNanos() - 1);
        pipeline.run("y").get(stage);

        clock.advance(IDLE.toNanos() - 1);

        assertThat(models.closed).hasValue(0);
        // The first look found the model used a moment ago and looks again when it may be due.
        clock.advance(1);
        expect("a UNLOADED_IDLE");
    }

    @Test
    void unloadAfter_modelInUse_isNotClosed() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder.unloadAfter(IDLE));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Stage<String, String> held = Stage.of(new Models.Ask(models.reference("a", "1", 10), entered, release));
        Stage<String, String> quick = models.stage("a", 10);
        Pipeline<String> pipeline = pipeline(runtime, held, quick);
        CompletableFuture<Results> run = pipeline.runAsync("x");
        Steps.await(entered);

        clock.advance(10 * IDLE.toNanos());

        assertThat(states(runtime)).containsExactly(ModelState.LOADED);
        release.countDown();
        assertThat(run.get(30, TimeUnit.SECONDS).get(held)).isEqualTo("a1");
    }

    @Test
    void maxModelBytes_thirdModel_unloadsTheOneUsedLongestAgo() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder.maxModelBytes(25));
        Stage<String, String> a = models.stage("a", 10);
        Stage<String, String> b = models.stage("b", 10);
        Stage<String, String> c = models.stage("c", 10);
        Pipeline<String> pipeline = pipeline(runtime, a, b, c);
        pipeline.run("x", RunOptions.only(a)).get(a);
        clock.advance(1);
        pipeline.run("x", RunOptions.only(b)).get(b);
        clock.advance(1);
        pipeline.run("y", RunOptions.only(a)).get(a);
        clock.advance(1);

        pipeline.run("x", RunOptions.only(c)).get(c);

        expect("a LOADING", "a LOADED", "b LOADING", "b LOADED", "b UNLOADED_FOR_ROOM", "c LOADING", "c LOADED");
        assertThat(runtime.snapshot().modelBytes()).isEqualTo(20);
        assertThat(pipeline.run("z", RunOptions.only(b)).get(b)).isEqualTo("b1");
        assertThat(runtime.snapshot().modelBytes()).isEqualTo(20);
    }

    @Test
    void maxModelBytes_roomIsInUse_isARetryableRefusal() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder.maxModelBytes(15));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Stage<String, String> held = Stage.of(new Models.Ask(models.reference("a", "1", 10), entered, release));
        Stage<String, String> other = models.stage("b", 10);
        Pipeline<String> pipeline = pipeline(runtime, held, other);
        CompletableFuture<Results> run =
                pipeline.start("x", RunOptions.only(held)).results();
        Steps.await(entered);

        Outcome<String> refused = pipeline.run("x", RunOptions.only(other)).outcome(other);

        assertThat(refused).isInstanceOf(Outcome.Failed.class);
        InferenceException cause = ((Outcome.Failed<String>) refused).cause();
        assertThat(cause)
                .isInstanceOf(OverloadedException.class)
                .hasMessageContaining("'b'")
                .hasMessageContaining("maxModelBytes");
        assertThat(cause.isRetryable()).isTrue();
        assertThat(cause.getStackTrace()).isEmpty();
        release.countDown();
        run.get(30, TimeUnit.SECONDS);
        assertThat(pipeline.run("y", RunOptions.only(other)).get(other)).isEqualTo("b1");
    }

    @Test
    void maxModelBytes_modelCanNeverFit_isALoadFailure() {
        LeatRuntime runtime = runtime(builder -> builder.maxModelBytes(15));
        Pipeline<String> pipeline = pipeline(runtime, models.stage("a", 16));

        assertThatThrownBy(pipeline::preload)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("'a'")
                .hasMessageContaining("Raise it");
        assertThat(models.opened).hasValue(0);
    }

    @Test
    void memoryLimit_modelAndItsLargestRunDoNotFit_isRefusedAndRulesAnswer() {
        LeatRuntime runtime = runtime(builder -> builder.memoryLimit(4L << 30));
        Models.Reference large = new Models.Reference(models, "large", "1", 1L << 30, 8L << 30);
        Stage<String, String> stage =
                Stage.of(new Models.Ask(large, null, null)).orElse(Stage.constant("rule"));
        Pipeline<String> pipeline = pipeline(runtime, stage);

        Outcome<String> outcome = pipeline.run("x").outcome(stage);

        assertThat(outcome).isInstanceOf(Outcome.Degraded.class);
        Outcome.Degraded<String> degraded = (Outcome.Degraded<String>) outcome;
        assertThat(degraded.value()).isEqualTo("rule");
        assertThat(degraded.reason().code()).isEqualTo("MODEL_LOAD");
        assertThatThrownBy(pipeline::preload)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("9216 MiB")
                .hasMessageContaining("4096 MiB")
                .hasMessageContaining("-Xmx");
        assertThat(models.opened).hasValue(0);
    }

    @Test
    void memoryLimit_onlyWithoutTheIdleModel_unloadsItFirst() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder.memoryLimit(8L << 30));
        Stage<String, String> first = models.stage("first", 5L << 30);
        Stage<String, String> second = models.stage("second", 8L << 30);
        Pipeline<String> pipeline = pipeline(runtime, first, second);
        pipeline.run("x", RunOptions.only(first)).get(first);

        pipeline.run("x", RunOptions.only(second)).get(second);

        expect("first LOADING", "first LOADED", "first UNLOADED_FOR_ROOM", "second LOADING", "second LOADED");
    }

    @Test
    void load_manyDemandAtOnce_opensOnceAndShowsThatItLoads() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder);
        CountDownLatch opening = new CountDownLatch(1);
        models.opening = opening;
        Stage<String, String> stage = models.stage("a", 10);
        Pipeline<String> pipeline = pipeline(runtime, stage);
        List<CompletableFuture<Results>> runs = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            runs.add(pipeline.runAsync("text " + i));
        }
        expect("a LOADING");

        assertThat(states(runtime)).containsExactly(ModelState.LOADING);
        assertThat(runtime.snapshot().toString()).contains("model a 1: loading");
        opening.countDown();
        for (CompletableFuture<Results> run : runs) {
            assertThat(run.get(30, TimeUnit.SECONDS).get(stage)).isEqualTo("a1");
        }
        expect("a LOADED");
        assertThat(models.opened).hasValue(1);
    }

    @Test
    void load_stepAboveHasAModelToo_bothAreOpenedAtOnce() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder);
        CountDownLatch opening = new CountDownLatch(1);
        models.opening = opening;
        Stage<String, String> above = models.stage("below", 10).then(models.stage("above", 10));
        CompletableFuture<Results> run = pipeline(runtime, above).runAsync("x");

        List<String> loading = List.of(changes.take(), changes.take());

        assertThat(loading).containsExactlyInAnyOrder("below LOADING", "above LOADING");
        opening.countDown();
        assertThat(run.get(30, TimeUnit.SECONDS).get(above)).isEqualTo("above1");
        assertThat(models.opened).hasValue(2);
    }

    @Test
    void load_noRoomForBoth_isOneAfterTheOther() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder.maxModelBytes(15));
        Stage<String, String> above = models.stage("below", 10).then(models.stage("above", 10));

        assertThat(pipeline(runtime, above).run("x").get(above)).isEqualTo("above1");

        expect("below LOADING", "below LOADED", "below UNLOADED_FOR_ROOM", "above LOADING", "above LOADED");
    }

    @Test
    void load_dearStageThatIsNotNeeded_isNotOpened() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder);
        Stage<String, String> stage =
                models.stage("cheap", 10).escalateTo(models.stage("dear", 10), answer -> answer.isEmpty());

        assertThat(pipeline(runtime, stage).run("x").get(stage)).isEqualTo("cheap1");

        expect("cheap LOADING", "cheap LOADED");
        assertThat(models.opened).hasValue(1);
    }

    @Test
    void load_fails_theNextUseTriesAgain() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder);
        models.failures.put("a", new ModelLoadException("a", "no such file"));
        Stage<String, String> stage = models.stage("a", 10);
        Pipeline<String> pipeline = pipeline(runtime, stage);
        assertThatThrownBy(() -> pipeline.run("x").get(stage)).isInstanceOf(ModelLoadException.class);
        expect("a LOADING", "a FAILED");
        models.failures.clear();

        assertThat(pipeline.run("x").get(stage)).isEqualTo("a1");
        expect("a LOADING", "a LOADED");
        assertThat(runtime.snapshot().modelBytes()).isEqualTo(10);
    }

    @Test
    void close_modelThatThrows_countsAsClosed() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder);
        models.failures.put("close a1", new IllegalStateException("stuck"));
        Stage<String, String> stage = models.stage("a", 10);
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("life").runtime(runtime).stages(stage).build()) {
            pipeline.run("x").get(stage);
        }
        expect("a LOADING", "a LOADED", "a RELEASED");
        assertThat(runtime.snapshot().models()).isEmpty();
    }

    @Test
    void close_stepStillUsesTheModel_returnsWhenItIsClosed() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Pipeline<String> pipeline =
                pipeline(runtime, Stage.of(new Models.Ask(models.reference("a", "1", 10), entered, release)));
        CompletableFuture<Results> run = pipeline.runAsync("x");
        Steps.await(entered);

        pipeline.close(Duration.ZERO); // cancels, which releases

        assertThat(models.closed).hasValue(1);
        assertThat(run.get(30, TimeUnit.SECONDS).stages()).hasSize(1);
        assertThat(runtime.snapshot().models()).isEmpty();
    }

    @Test
    void replace_runsUnderWay_endOnTheOldModelAndNewRunsUseTheNew() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Stage<String, String> old = Stage.of(new Models.Ask(models.reference("a", "1", 10), entered, release))
                .cached();
        Pipeline<String> pipeline = pipeline(runtime, old);
        CompletableFuture<Results> underWay = pipeline.runAsync("x");
        Steps.await(entered);

        pipeline.replace(
                old,
                Stage.of(new Models.Ask(models.reference("a", "2", 10), null, null))
                        .cached());

        Results fresh = pipeline.run("x");
        assertThat(fresh.get(old)).isEqualTo("a2");
        assertThat(fresh.outcome(old).provenance().models())
                .extracting(model -> model.version())
                .containsExactly("2");
        assertThat(models.closed).hasValue(0);
        release.countDown();
        assertThat(underWay.get(30, TimeUnit.SECONDS).get(old)).isEqualTo("a1");
        expect("a LOADING", "a LOADED", "a LOADING", "a LOADED", "a RELEASED");
        assertThat(runtime.snapshot().models())
                .singleElement()
                .satisfies(m -> assertThat(m.version()).isEqualTo("2"));
        assertThat(pipeline.run("x").get(old)).isEqualTo("a2");
    }

    @Test
    void replace_newModelCannotBeLoaded_changesNothing() {
        LeatRuntime runtime = runtime(builder -> builder);
        models.failures.put("b", new ModelLoadException("b", "damaged"));
        Stage<String, String> old = models.stage("a", 10);
        Pipeline<String> pipeline = pipeline(runtime, old);

        assertThatThrownBy(() -> pipeline.replace(old, models.stage("b", 10)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("damaged");

        assertThat(pipeline.run("x").get(old)).isEqualTo("a1");
        assertThat(runtime.snapshot().models())
                .singleElement()
                .satisfies(m -> assertThat(m.id()).isEqualTo("a"));
    }

    @Test
    void replace_underLoad_everyRunIsAnswered() throws Exception {
        LeatRuntime runtime = runtime(builder -> builder.unloadAfter(IDLE));
        Stage<String, String> stage = models.stage("v0", 10);
        Pipeline<String> pipeline = pipeline(runtime, stage);
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int caller = t;
            callers.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 300; i++) {
                    assertThat(pipeline.run("text " + caller + ' ' + i).get(stage))
                            .startsWith("v");
                }
            }));
        }
        for (int version = 1; version <= 20; version++) {
            pipeline.replace(stage, models.stage("v" + version, 10));
            clock.advance(IDLE.toNanos());
        }
        for (CompletableFuture<Void> caller : callers) {
            caller.get(50, TimeUnit.SECONDS);
        }
        assertThat(pipeline.run("last").get(stage)).isEqualTo("v201");
        pipeline.close();
        while (models.closed.get() < models.opened.get()) {
            assertThat(changes.poll(30, TimeUnit.SECONDS)).isNotNull(); // retired ones are closed aside
        }
        assertThat(runtime.snapshot().models()).isEmpty();
    }

    @Test
    void warmUp_sample_loadsAndRunsButKeepsNothing() {
        LeatRuntime runtime = runtime(builder -> builder);
        Stage<String, String> stage = models.stage("a", 10).cached();
        Pipeline<String> pipeline = pipeline(runtime, stage);

        assertThat(pipeline.warmUp("sample").get(stage)).isEqualTo("a1");

        assertThat(runtime.cache().stats().entries()).isZero();
        assertThat(models.opened).hasValue(1);
    }

    @Test
    void invalidateModel_cachedResults_areComputedAgain() {
        LeatRuntime runtime = runtime(builder -> builder);
        Stage<String, String> a = models.stage("a", 10).cached();
        Stage<String, String> b = models.stage("b", 10).cached();
        Pipeline<String> pipeline = pipeline(runtime, a, b);
        pipeline.run("x");

        runtime.invalidateModel("a");

        Results again = pipeline.run("x");
        assertThat(again.outcome(a).provenance().delivery()).isEqualTo(Provenance.Delivery.COMPUTED);
        assertThat(again.outcome(b).provenance().delivery()).isEqualTo(Provenance.Delivery.CACHED);
    }
}
