package dev.leat.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.LeatRuntime;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.observe.InferenceListener;
import dev.leat.schedule.ComputeBudget;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeatMetersTest {

    private final LeatRuntime runtime =
            LeatRuntime.builder().computeBudget(ComputeBudget.of(2, 100)).build();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        runtime.close();
        registry.close();
    }

    private record Model(String id) implements ModelReference<AutoCloseable> {
        @Override
        public String digest() {
            return "d";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public long residentBytes() {
            return 7;
        }

        @Override
        public AutoCloseable open() {
            return () -> {};
        }
    }

    private record Count(Model model) implements BatchStep<String, Integer> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy("count", "tokens", model).asResult();
        }

        @Override
        public long cost(String item) {
            return item.length();
        }

        @Override
        public List<Integer> run(List<String> items, RunScope scope) {
            assertThat(scope.model(model)).isNotNull();
            scope.spent(RunScope.Phase.INFER, 5);
            return items.stream().map(String::length).toList();
        }
    }

    /** Waits until every record so far has been told, as listeners are told in order. */
    private void settle() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (AutoCloseable last = runtime.listen(new InferenceListener() {
                    @Override
                    public void executed(NodeExecution execution) {
                        if (execution.pipeline().equals("marker")) {
                            told.countDown();
                        }
                    }
                });
                Pipeline<String> marker = Pipeline.<String>builder("marker")
                        .runtime(runtime)
                        .stages(Stage.of("marker", (String text) -> text))
                        .build()) {
            assertThat(last).isNotNull();
            marker.run("x");
            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void bindTo_runsHitsFailuresAndModels_areMetered() throws Exception {
        Stage<String, Integer> count = Stage.of(new Count(new Model("m"))).cached();
        Stage<String, String> failing = Stage.of("failing", (String text) -> {
            throw new IllegalStateException("secret");
        });
        try (LeatMeters meters = new LeatMeters(runtime);
                Pipeline<String> pipeline = Pipeline.<String>builder("metered")
                        .runtime(runtime)
                        .stages(count, failing)
                        .build()) {
            meters.bindTo(registry);
            pipeline.run("secret");
            Results second = pipeline.run("secret");
            assertThat(second.get(count)).isEqualTo(6);
            settle();

            assertThat(registry.get("leat.step")
                            .tags("pipeline", "metered", "step", "count", "model", "m")
                            .tags("delivery", "COMPUTED", "outcome", "SUCCESS")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("leat.step")
                            .tags("step", "count", "delivery", "CACHED")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("leat.step")
                            .tags("step", "failing", "outcome", "FUNCTION")
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(registry.get("leat.step.inference")
                            .tags("model", "m")
                            .timer()
                            .totalTime(TimeUnit.NANOSECONDS))
                    .isEqualTo(5);
            assertThat(registry.get("leat.step.cost")
                            .tags("unit", "tokens")
                            .summary()
                            .totalAmount())
                    .isEqualTo(6);
            assertThat(registry.get("leat.step.batch").summary().max()).isEqualTo(1);
            assertThat(registry.get("leat.cache.requests")
                            .tags("result", "hit")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("leat.cache.requests")
                            .tags("result", "miss")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("leat.model.loads")
                            .tags("model", "m", "outcome", "LOADED")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("leat.models.open").gauge().value()).isEqualTo(1);
            assertThat(registry.get("leat.models.size").gauge().value()).isEqualTo(7);
            assertThat(registry.get("leat.permits").gauge().value()).isEqualTo(2);
            assertThat(registry.get("leat.cache.entries").gauge().value()).isEqualTo(1);
        }
        assertThat(registry.getMeters().stream().map(Meter::getId).toList().toString())
                .doesNotContain("secret");
        assertThat(registry.find("leat.permits").gauge()).isNull();
    }

    @Test
    void bindTo_moreNamesThanTheBound_areOther() throws Exception {
        try (LeatMeters meters = new LeatMeters(runtime)) {
            meters.bindTo(registry);
            for (int i = 0; i < LeatMeters.MAX_NAMES + 50; i++) {
                try (Pipeline<String> pipeline = Pipeline.<String>builder("made at run time " + i)
                        .runtime(runtime)
                        .stages(Stage.of("step", (String text) -> text))
                        .build()) {
                    pipeline.run("x");
                }
            }
            settle();
        }

        Set<String> pipelines = new TreeSet<>();
        registry.find("leat.step")
                .timers()
                .forEach(timer -> pipelines.add(timer.getId().getTags().stream()
                        .filter(tag -> tag.getKey().equals("pipeline"))
                        .map(Tag::getValue)
                        .findFirst()
                        .orElseThrow()));
        assertThat(pipelines).contains("other").hasSizeLessThanOrEqualTo(LeatMeters.MAX_NAMES + 1);
    }
}
