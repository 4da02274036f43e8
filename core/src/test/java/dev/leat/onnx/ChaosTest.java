package dev.leat.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.CancelledException;
import dev.leat.InferenceException;
import dev.leat.LeatRuntime;
import dev.leat.OverloadedException;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Running;
import dev.leat.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ChaosTest {

    private static final int THREADS = 16;
    private static final int STEPS = 150;

    /** Rounds that take minutes, unless something ends them. */
    private static final long ENDLESS = 10_000_000_000L;

    private final Stage<Long, Float> loop =
            TinyModel.loop(OnnxOptions.standard().closeGrace(Duration.ofMillis(1)));
    private final Stage<Long, Float> alloc =
            TinyModel.alloc(OnnxOptions.standard()).on((Long n) -> n % 1_000);
    private final Stage<Long, Float> other =
            TinyModel.loop(OnnxOptions.standard().arena(OnnxOptions.Arena.OFF));
    private final AtomicInteger answered = new AtomicInteger();

    /** Room for one of the models, and no patience with idle ones: each moment one is loaded or unloaded. */
    private final LeatRuntime runtime = LeatRuntime.builder()
            .unloadAfter(Duration.ofNanos(100_000))
            .maxModelBytes(2 * 318)
            .build();

    private final AtomicReference<Pipeline<Long>> shared = new AtomicReference<>(opened());

    private Pipeline<Long> opened() {
        return Pipeline.<Long>builder("chaos")
                .runtime(runtime)
                .stages(loop.named("loop"), alloc)
                .build();
    }

    private void live(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < STEPS; i++) {
            Pipeline<Long> pipeline = shared.get();
            long n = random.nextInt(2_000);
            try {
                switch (random.nextInt(20)) {
                    case 0 -> shared.getAndSet(opened()).close(Duration.ofNanos(random.nextInt(2_000_000)));
                    case 1 -> pipeline.replace(loop.named("loop"), random.nextBoolean() ? loop : other);
                    case 2, 3, 4 -> {
                        Running<Long> running = pipeline.start(ENDLESS + random.nextInt(3));
                        if (random.nextBoolean()) {
                            Thread.onSpinWait();
                        }
                        running.cancel();
                        running.results().get(50, TimeUnit.SECONDS);
                    }
                    case 5, 6 ->
                        check(pipeline.run(
                                ENDLESS, RunOptions.only(loop.named("loop")).withDeadline(Duration.ofMillis(1))));
                    case 7 -> check(pipeline.session("s" + random.nextInt(3)).run(n));
                    default -> check(pipeline.run(n));
                }
            } catch (IllegalStateException closedMeanwhile) {
                assertThat(closedMeanwhile).hasMessageContaining("closed");
            } catch (OverloadedException loadingBesideAnother) {
                assertThat(loadingBesideAnother).hasMessageContaining("maxModelBytes");
            } catch (Exception e) {
                throw new AssertionError("seed " + seed + ", step " + i, e);
            }
        }
    }

    /** Every outcome is an answer or a refusal that says why; nothing else. */
    private void check(Results results) {
        for (Stage<?, ?> stage : results.stages()) {
            try {
                results.get(stage);
                answered.incrementAndGet();
            } catch (CancelledException | OverloadedException expected) {
                assertThat(expected.isRetryable()).isTrue();
            } catch (InferenceException e) {
                assertThat(e).isInstanceOf(dev.leat.DeadlineExceededException.class);
            }
        }
    }

    @Test
    void everythingAtOnce_endsWithNothingOpen() throws Exception {
        long before = OnnxModel.openHandles();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int seed = t;
            threads.add(
                    CompletableFuture.runAsync(() -> live(seed), work -> new Thread(work, "chaos-" + seed).start()));
        }
        for (CompletableFuture<Void> thread : threads) {
            thread.get(100, TimeUnit.SECONDS);
        }
        shared.get().close();
        runtime.close();

        assertThat(answered).hasPositiveValue();
        assertThat(runtime.snapshot().running()).isEmpty();
        assertThat(runtime.snapshot().models()).isEmpty();
        assertThat(runtime.snapshot().sessions()).isZero();
        assertThat(OnnxModel.openHandles()).isEqualTo(before);
    }
}
