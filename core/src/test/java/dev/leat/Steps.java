package dev.leat;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Small steps of the SPI for tests. */
final class Steps {

    private Steps() {}

    /** Counts its executions; its value is the number of characters. Equal only to itself. */
    static final class Counting implements BatchStep<String, Integer> {
        final AtomicInteger executions = new AtomicInteger();
        private final StepFacts facts;

        Counting(StepFacts facts) {
            this.facts = facts;
        }

        static Counting heavy() {
            return new Counting(StepFacts.heavy("count", "chars"));
        }

        @Override
        public StepFacts facts() {
            return facts;
        }

        @Override
        public List<Integer> run(List<String> items, RunScope scope) {
            executions.incrementAndGet();
            return items.stream().map(String::length).toList();
        }
    }

    /** Waits until it is let go or cancelled. */
    static final class Held implements BatchStep<String, String> {
        final AtomicInteger executions = new AtomicInteger();
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final CountDownLatch cancelled = new CountDownLatch(1);

        @Override
        public StepFacts facts() {
            return StepFacts.heavy("held", "items");
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            executions.incrementAndGet();
            RunScope.Registration registration = scope.onCancel(() -> {
                cancelled.countDown();
                release.countDown();
            });
            try (registration) {
                entered.countDown();
                await(release);
            }
            if (scope.isCancelled()) {
                throw new CancelledException("held was cancelled");
            }
            return items;
        }
    }

    /** Throws at each execution. */
    record Failing(String message) implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy("failing", "items");
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            throw new IllegalStateException(message);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("a latch was not opened within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a latch", e);
        }
    }
}
