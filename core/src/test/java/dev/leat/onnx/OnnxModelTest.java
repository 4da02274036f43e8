package dev.leat.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.leat.CancelledException;
import dev.leat.ModelRunException;
import dev.leat.onnx.OnnxOptions.Arena;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxModelTest {

    /** Rounds that take minutes, unless something ends them. */
    private static final long ENDLESS = 10_000_000_000L;

    private long handles;

    @BeforeEach
    void count() {
        handles = OnnxModel.openHandles();
    }

    @AfterEach
    void nothingLeaks() {
        assertThat(OnnxModel.openHandles()).isEqualTo(handles);
    }

    private static OnnxModel load(String graph, OnnxOptions options) {
        return OnnxModel.load(TinyModel.folder(), graph, options);
    }

    private static float run(OnnxModel model, long n, RunScope scope) {
        return TinyModel.run(model, n, scope);
    }

    /** On a thread of its own, as the common pool may have but one. */
    private static CompletableFuture<Float> endless(OnnxModel model, Scope scope) {
        return CompletableFuture.supplyAsync(
                () -> run(model, ENDLESS, scope), work -> new Thread(work, "endless").start());
    }

    /** A scope that tells when it is looked at, and can be cancelled. */
    private static final class Scope implements RunScope {
        private final CountDownLatch registered = new CountDownLatch(1);
        private @Nullable Runnable action; // guarded by this
        private volatile boolean cancelled;

        @Override
        public <M extends AutoCloseable> M model(ModelReference<M> reference) {
            throw new IllegalStateException("not asked for by a model");
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public synchronized Registration onCancel(Runnable cancel) {
            action = cancel;
            registered.countDown();
            return () -> {
                synchronized (this) {
                    action = null;
                }
            };
        }

        synchronized void cancel() {
            cancelled = true;
            if (action != null) {
                action.run();
            }
        }

        @Override
        public void spent(Phase phase, long nanos) {
            assertThat(nanos).isNotNegative();
        }

        @Override
        public void note(int item, String fact, long value) {}
    }

    @Test
    void reference_weights_areCountedTwiceAndTheLargestRunAsStated() {
        ModelReference<OnnxModel> reference =
                OnnxModel.reference(TinyModel.folder(), "loop.onnx", OnnxOptions.standard());

        assertThat(reference.residentBytes())
                .isEqualTo(2 * TinyModel.folder().descriptor().file("loop.onnx").bytes());
        assertThat(reference.runBytes()).isEqualTo(1 << 20);
    }

    @Test
    void run_twice_givesTheSame() {
        try (OnnxModel model = load("loop.onnx", OnnxOptions.standard())) {
            assertThat(run(model, 7, new Scope())).isEqualTo(7);
            assertThat(run(model, 7, new Scope())).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void run_moreMemoryThanThereIs_isOutOfNativeMemoryAndTheNextRunWorks(Arena arena) {
        try (OnnxModel model = load("alloc.onnx", OnnxOptions.standard().arena(arena))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> run(model, 1L << 46, new Scope()))
                        .isInstanceOfSatisfying(
                                ModelRunException.class,
                                e -> assertThat(e.kind()).isEqualTo(ModelRunException.Kind.OUT_OF_NATIVE_MEMORY))
                        .hasMessageContaining("'tiny'")
                        .hasMessageContaining("Use smaller inputs");
                assertThat(run(model, 1_000, new Scope())).isEqualTo(1);
            }
        }
    }

    @Test
    void run_failsInTheRuntime_leavesOutWhatItSaysOfValues() {
        try (OnnxModel model = load("alloc.onnx", OnnxOptions.standard())) {
            assertThatThrownBy(() -> run(model, -987_654_321, new Scope()))
                    .isInstanceOf(ModelRunException.class)
                    .hasMessageNotContaining("987654321")
                    .cause()
                    .isInstanceOf(OrtException.class)
                    .hasMessageNotContaining("987654321");
        }
    }

    @Test
    void cancel_duringARun_endsItAndTheNextRunWorks() throws Exception {
        try (OnnxModel model = load("loop.onnx", OnnxOptions.standard())) {
            Scope scope = new Scope();
            CompletableFuture<Float> endless = endless(model, scope);
            assertThat(scope.registered.await(30, TimeUnit.SECONDS)).isTrue();

            scope.cancel();

            assertThatThrownBy(() -> endless.get(30, TimeUnit.SECONDS)).cause().isInstanceOf(CancelledException.class);
            assertThat(run(model, 3, new Scope())).isEqualTo(3);
        }
    }

    @Test
    void close_duringRuns_endsThemAndRefusesMore() throws Exception {
        OnnxModel model = load("loop.onnx", OnnxOptions.standard().closeGrace(Duration.ZERO));
        List<CompletableFuture<Float>> endless = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Scope scope = new Scope();
            endless.add(endless(model, scope));
            assertThat(scope.registered.await(30, TimeUnit.SECONDS)).isTrue();
        }

        CompletableFuture<Void> other = CompletableFuture.runAsync(model::close);
        model.close();
        other.get(30, TimeUnit.SECONDS);
        model.close();

        for (CompletableFuture<Float> each : endless) {
            assertThatThrownBy(() -> each.get(30, TimeUnit.SECONDS)).cause().isInstanceOf(CancelledException.class);
        }
        assertThat(model.runningCalls()).isZero();
        assertThatThrownBy(() -> run(model, 1, new Scope()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'tiny' is closed");
    }

    @Test
    void run_inputOfAnotherShape_isRefusedBeforeTheRuntimeSeesIt() {
        try (OnnxModel model = load("loop.onnx", OnnxOptions.standard())) {
            assertThatThrownBy(() ->
                            model.run(Map.of("n", Tensor.ofLongs(new long[] {1, 2}, 2)), Set.of("y"), new Scope()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'n'");
        }
    }

    @Test
    void run_exactProducts_areNotCutAt16Bits() {
        try (OnnxModel model = load("products.onnx", OnnxOptions.standard().exactProducts(true))) {
            assertThat(run(model, 255, new Scope())).isEqualTo(64f * 255 * 127);
        }
    }
}
