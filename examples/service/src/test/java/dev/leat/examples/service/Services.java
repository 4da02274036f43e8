package dev.leat.examples.service;

import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Embedding;
import dev.leat.text.TextModels;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Services for tests: on a free port, with time enough for a busy machine. */
final class Services {

    private static final Map<String, String> STANDARD = Map.of("LEAT_PORT", "0", "LEAT_DEADLINE_MS", "100000");

    private Services() {}

    static Settings settings(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(STANDARD);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Settings.from(environment);
    }

    /** A service whose models are loaded. */
    static LeatService started(Settings settings, Engine.Changes changes) {
        return new LeatService(settings, changes, Runnable::run);
    }

    /** The embedding stage is replaced by one that says when it begins and goes on when it is let. */
    record Held(CountDownLatch begun, CountDownLatch release) {

        Held() {
            this(new CountDownLatch(1), new CountDownLatch(1));
        }

        Engine.Changes changes() {
            return new Engine.Changes(this::hold, UnaryOperator.identity());
        }

        private Pipeline<String> hold(Pipeline<String> pipeline) {
            try (TextModels models = TextModels.load()) {
                return pipeline.replacing(models.embedding(), Stage.of(new Wait(this)));
            }
        }

        void awaitBegin() {
            await(begun);
        }

        /** Slow work is a heavy step: it has a thread of the budget, and does not hold up its run. */
        private record Wait(Held held) implements BatchStep<String, Embedding> {
            @Override
            public StepFacts facts() {
                return StepFacts.heavy("held", "texts");
            }

            @Override
            public List<Embedding> run(List<String> texts, RunScope scope) {
                held.begun.countDown();
                await(held.release);
                return texts.stream().map(text -> Embedding.of("test", 1)).toList();
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                if (!latch.await(Duration.ofSeconds(60).toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new AssertionError("nobody came");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }
}
