package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.schedule.ComputeBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
}
