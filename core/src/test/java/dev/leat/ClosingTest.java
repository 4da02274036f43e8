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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClosingTest {

    private final Models models = new Models();
    private final LeatRuntime runtime =
            LeatRuntime.builder().computeBudget(ComputeBudget.of(2, 100)).build();

    @Test
    void runtime_closedBeforeItsPipeline_runsEndAndModelsAreClosed() throws Exception {
        Stage<String, String> asked = models.stage("m", 1);
        Stage<String, Integer> length = Stage.of("length", String::length);
        Pipeline<String> pipeline = Pipeline.<String>builder("orphan")
                .runtime(runtime)
                .stages(asked, length)
                .build();
        pipeline.preload();

        runtime.close();
        runtime.close();

        Results here = pipeline.run("four");
        assertThatThrownBy(() -> here.get(asked)).isInstanceOf(CancelledException.class);
        assertThat(here.get(length)).isEqualTo(4);
        Results aside = pipeline.start("four").results().get(30, TimeUnit.SECONDS);
        assertThat(aside.get(length)).isEqualTo(4);
        Results inSession = pipeline.session("s")
                .start("four", RunOptions.DEFAULT)
                .results()
                .get(30, TimeUnit.SECONDS);
        assertThat(inSession.get(length)).isEqualTo(4);
        pipeline.replace(length, Stage.constant(5));
        assertThat(pipeline.run("four").get(length)).isEqualTo(5);
        pipeline.close();
        assertThat(models.closed).hasValue(1);
    }

    @Test
    void pipeline_closedByManyThreadsUnderLoad_refusesThenFreesOnce() throws Exception {
        Stage<String, String> asked = models.stage("m", 1);
        Pipeline<String> pipeline = Pipeline.<String>builder("closing")
                .runtime(runtime)
                .stages(asked)
                .build();
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int caller = t;
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 1_000; i++) {
                            try {
                                assertThat(pipeline.run("text " + caller + i).stages())
                                        .hasSize(1);
                            } catch (IllegalStateException closed) {
                                assertThat(closed).hasMessage("Pipeline 'closing' is closed");
                                pipeline.close();
                                return;
                            }
                        }
                    },
                    work -> new Thread(work).start()));
        }
        for (int t = 0; t < 3; t++) {
            callers.add(CompletableFuture.runAsync(
                    () -> pipeline.close(Duration.ofMillis(1)), work -> new Thread(work).start()));
        }
        for (CompletableFuture<Void> caller : callers) {
            caller.get(50, TimeUnit.SECONDS);
        }
        assertThat(models.closed.get()).isEqualTo(models.opened.get()).isLessThanOrEqualTo(1);
        assertThat(models.usedAfterClose).hasValue(0);
        assertThat(runtime.snapshot().models()).isEmpty();
        runtime.close();
    }

    /** The run is over at once, but its step still winds down: nothing may be freed under it. */
    @Test
    void runtime_closedWhileACancelledStepWindsDown_waitsForItsEnd() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Stage<String, String> late = Stage.of(new BatchStep<String, String>() {
            @Override
            public StepFacts facts() {
                return StepFacts.heavy("late", "items");
            }

            @Override
            public List<String> run(List<String> items, RunScope scope) {
                entered.countDown();
                Steps.await(mayEnd);
                return items;
            }
        });
        ComputeBudget budget = ComputeBudget.of(1, 10);
        LeatRuntime own = LeatRuntime.builder().computeBudget(budget).build();
        Pipeline<String> pipeline =
                Pipeline.<String>builder("winding").runtime(own).stages(late).build();
        Running<String> running = pipeline.start("a");
        Steps.await(entered);
        running.cancel();
        running.results().get(30, TimeUnit.SECONDS);
        pipeline.close();
        budget.close();
        assertThat(budget.awaitEnd(Duration.ofNanos(1))).isFalse();
        assertThat(own.snapshot().running()).hasSize(1);

        mayEnd.countDown();
        own.close();

        assertThat(own.snapshot().running()).isEmpty();
        assertThat(budget.awaitEnd(Duration.ZERO)).isTrue();
    }
}
