package dev.leat;

import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Models of the SPI that can be told to fail, with what became of them; thread-safe. */
final class Models {

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger usedAfterClose = new AtomicInteger();
    final Map<String, Throwable> failures = new ConcurrentHashMap<>();
    volatile @Nullable CountDownLatch opening;

    /** An opened model. */
    final class Opened implements AutoCloseable {
        private final String id;
        private volatile boolean over;

        Opened(String id) {
            this.id = id;
        }

        String answer() {
            if (over) {
                usedAfterClose.incrementAndGet();
            }
            return id;
        }

        @Override
        public void close() {
            over = true;
            closed.incrementAndGet();
            if (failures.get("close " + id) instanceof RuntimeException e) {
                throw e;
            }
        }
    }

    /** Equal when the name, the version and the weight are. */
    record Reference(Models models, String id, String version, long residentBytes, long runBytes)
            implements ModelReference<Opened> {
        @Override
        public String digest() {
            return id + version;
        }

        @Override
        public Opened open() {
            CountDownLatch latch = models.opening;
            if (latch != null) {
                Steps.await(latch);
            }
            models.opened.incrementAndGet();
            if (models.failures.get(id) instanceof RuntimeException e) {
                throw e;
            }
            return models.new Opened(id + version);
        }
    }

    Reference reference(String id, String version, long bytes) {
        return new Reference(this, id, version, bytes, 0);
    }

    /** Answers with the model's name; with a latch, once it is open or the call cancelled. */
    record Ask(
            Reference model,
            @Nullable CountDownLatch entered,
            @Nullable CountDownLatch release) implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy("ask", "chars", model).asResult();
        }

        @Override
        public long cost(String item) {
            return item.length();
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            Opened opened = scope.model(model);
            if (entered != null && release != null) {
                try (RunScope.Registration registration = scope.onCancel(release::countDown)) {
                    java.util.Objects.requireNonNull(registration);
                    entered.countDown();
                    Steps.await(release);
                }
            }
            String answer = opened.answer();
            return items.stream().map(item -> answer).toList();
        }
    }

    Stage<String, String> stage(String id, long bytes) {
        return Stage.of(new Ask(reference(id, "1", bytes), null, null)).named(id);
    }
}
