package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Provenance.Delivery;
import dev.leat.observe.InferenceListener;
import dev.leat.observe.InferenceListener.NodeExecution;
import dev.leat.observe.RuntimeSnapshot;
import dev.leat.schedule.ComputeBudget;
import dev.leat.spi.StepFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObserveTest {

    private final LeatRuntime runtime =
            LeatRuntime.builder().computeBudget(ComputeBudget.of(2, 100)).build();
    private final BlockingQueue<NodeExecution> seen = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        runtime.close();
    }

    private Pipeline<String> pipeline(Stage<String, ?> stage) {
        return Pipeline.<String>builder("watched")
                .runtime(runtime)
                .stages(stage)
                .build();
    }

    private NodeExecution next() throws InterruptedException {
        @Nullable NodeExecution execution = seen.poll(30, TimeUnit.SECONDS);
        assertThat(execution).isNotNull();
        return execution;
    }

    private InferenceListener collect() {
        return new InferenceListener() {
            @Override
            public void executed(NodeExecution execution) {
                seen.add(execution);
            }
        };
    }

    @Test
    void executed_computedAndCached_isToldWithItsDelivery() throws Exception {
        Stage<String, Integer> cached = Stage.of(
                        new Steps.Counting(StepFacts.heavy("count", "chars").asResult()))
                .cached();
        try (AutoCloseable listening = runtime.listen(collect());
                Pipeline<String> pipeline = pipeline(cached)) {
            assertThat(listening).isNotNull();
            pipeline.run("four");
            pipeline.run("four");

            assertThat(next()).satisfies(first -> {
                assertThat(first.pipeline()).isEqualTo("watched");
                assertThat(first.step()).isEqualTo("count");
                assertThat(first.delivery()).isEqualTo(Delivery.COMPUTED);
            });
            assertThat(next().delivery()).isEqualTo(Delivery.CACHED);
        }
    }

    @Test
    void executed_sharedByManyRuns_isComputedOnce() throws Exception {
        Steps.Held held = new Steps.Held();
        try (AutoCloseable listening = runtime.listen(collect());
                Pipeline<String> pipeline = pipeline(Stage.of(held))) {
            assertThat(listening).isNotNull();
            List<CompletableFuture<Results>> runs = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                runs.add(pipeline.runAsync("same"));
            }
            Steps.await(held.entered);
            held.release.countDown();
            for (CompletableFuture<Results> run : runs) {
                run.get(30, TimeUnit.SECONDS).orThrow();
            }
            List<Delivery> deliveries = new ArrayList<>();
            for (int i = 0; i < runs.size(); i++) {
                deliveries.add(next().delivery());
            }
            assertThat(deliveries).containsOnlyOnce(Delivery.COMPUTED).hasSize(32);
            assertThat(held.executions).hasValue(1);
        }
    }

    @Test
    void executed_listenerThrows_hurtsNobody() throws Exception {
        InferenceListener throwing = new InferenceListener() {
            @Override
            public void executed(NodeExecution execution) {
                throw new IllegalStateException("listener");
            }
        };
        Stage<String, Integer> count = Stage.of(Steps.Counting.heavy());
        try (AutoCloseable first = runtime.listen(throwing);
                AutoCloseable second = runtime.listen(collect());
                Pipeline<String> pipeline = pipeline(count)) {
            assertThat(first).isNotSameAs(second);
            assertThat(pipeline.run("four").get(count)).isEqualTo(4);
            assertThat(next().failure()).isNull();
        }
    }

    @Test
    void snapshot_whileAStepRuns_namesItAndTheQueue() throws Exception {
        Steps.Held held = new Steps.Held();
        try (Pipeline<String> pipeline = pipeline(Stage.of(held))) {
            CompletableFuture<Results> first = pipeline.runAsync("secret-input");
            Steps.await(held.entered);

            RuntimeSnapshot snapshot = runtime.snapshot();

            assertThat(snapshot.running()).singleElement().satisfies(step -> {
                assertThat(step.step()).isEqualTo("held");
                assertThat(step.subscribers()).isEqualTo(1);
            });
            assertThat(snapshot.permits()).isEqualTo(2);
            assertThat(snapshot.toString()).contains("held").doesNotContain("secret-input");
            held.release.countDown();
            first.get(30, TimeUnit.SECONDS);
        }
        assertThat(runtime.snapshot().running()).isEmpty();
    }

    @Test
    void diagnose_here_namesPlatformNativesAndPermits() {
        assertThat(Leat.diagnose())
                .contains("ONNX Runtime 1.28", "platform:", "permits in use", "heap:")
                .contains(System.getProperty("os.name"));
    }

    @Test
    void flightRecorder_whileRecording_holdsStepsAndState(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.leat.Step");
            recording.enable("dev.leat.Runtime").with("period", "endChunk");
            recording.start();
            try (Pipeline<String> pipeline = pipeline(Stage.of(Steps.Counting.heavy()))) {
                pipeline.run("secret-input");
            }
            recording.stop();
            recording.dump(file);
        }
        assertThat(Files.size(file)).isPositive();
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events).anySatisfy(event -> {
            assertThat(event.getEventType().getName()).isEqualTo("dev.leat.Step");
            assertThat(event.getString("step")).isEqualTo("count");
        });
        assertThat(events)
                .anySatisfy(event -> assertThat(event.getEventType().getName()).isEqualTo("dev.leat.Runtime"));
        assertThat(events.toString()).doesNotContain("secret-input");
    }

    @Test
    void executed_heavyStep_carriesCostOriginAndBatch() throws Exception {
        Models models = new Models();
        Stage<String, String> asked = models.stage("m", 1);
        try (AutoCloseable listening = runtime.listen(collect());
                Pipeline<String> pipeline = pipeline(asked)) {
            assertThat(listening).isNotNull();
            pipeline.run("four");

            NodeExecution execution = next();
            assertThat(execution.cost()).isEqualTo(4);
            assertThat(execution.costUnit()).isEqualTo("chars");
            assertThat(execution.batch()).isEqualTo(InferenceListener.Batch.ALONE);
            assertThat(execution.origin()).isEqualTo(Provenance.Origin.MODEL);
            assertThat(execution.models())
                    .singleElement()
                    .satisfies(m -> assertThat(m.id()).isEqualTo("m"));
            assertThat(execution.failure()).isNull();
        }
    }

    @Test
    void executed_failedStep_namesTheReason() throws Exception {
        try (AutoCloseable listening = runtime.listen(collect());
                Pipeline<String> pipeline = pipeline(Stage.of(new Steps.Failing("secret")))) {
            assertThat(listening).isNotNull();
            pipeline.run("secret");

            NodeExecution execution = next();
            assertThat(execution.failure()).isEqualTo("MODEL_RUN");
            assertThat(execution.toString()).doesNotContain("secret");
        }
    }

    @Test
    void executed_listenerHangs_runsGoOnAndRecordsAreLost() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        InferenceListener hanging = new InferenceListener() {
            @Override
            public void executed(NodeExecution execution) {
                entered.countDown();
                Steps.await(release);
            }
        };
        Stage<String, Integer> length = Stage.of("length", String::length);
        try (AutoCloseable listening = runtime.listen(hanging);
                Pipeline<String> pipeline = pipeline(length)) {
            assertThat(listening).isNotNull();
            pipeline.run("x");
            Steps.await(entered);
            for (int i = 0; i < 10_100; i++) {
                assertThat(pipeline.run("four").get(length)).isEqualTo(4);
            }
            assertThat(runtime.snapshot().lostRecords()).isBetween(50L, 200L);
            release.countDown();
        }
    }

    @Test
    void flightRecorder_modelCacheAndRefusal_areRecorded(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("recording.jfr");
        Models models = new Models();
        Stage<String, String> cached = models.stage("m", 1).cached();
        Steps.Held held = new Steps.Held();
        try (Recording recording = new Recording()) {
            List.of("Step", "Model", "Cache", "Refusal").forEach(name -> recording.enable("dev.leat." + name));
            recording.start();
            try (Pipeline<String> pipeline = Pipeline.<String>builder("watched")
                    .runtime(runtime)
                    .maxRuns(1, Overflow.reject())
                    .stages(cached, Stage.of(held).when("held", text -> text.equals("held")))
                    .build()) {
                pipeline.run("secret-input");
                pipeline.run("secret-input");
                CompletableFuture<Results> first = pipeline.runAsync("held");
                Steps.await(held.entered);
                pipeline.run("secret-input");
                held.release.countDown();
                first.get(30, TimeUnit.SECONDS);
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(fields(events, "Model", "change")).containsExactly("LOADING", "LOADED", "RELEASED");
        assertThat(fields(events, "Cache", "hit")).startsWith("false", "true");
        assertThat(fields(events, "Refusal", "pipeline")).containsExactly("watched");
        assertThat(fields(events, "Step", "outcome")).contains("SUCCESS");
        assertThat(fields(events, "Step", "costUnit")).contains("chars");
        assertThat(fields(events, "Step", "threads")).containsOnly("1");
        assertThat(events.toString()).doesNotContain("secret-input");
    }

    private static List<String> fields(List<RecordedEvent> events, String type, String field) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.leat." + type))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .map(event -> Objects.toString(event.getValue(field)))
                .toList();
    }

    @Test
    void diagnose_littleMemory_saysWhatToDo() {
        try (LeatRuntime small = LeatRuntime.builder().memoryLimit(1L << 20).build()) {
            assertThat(Leat.diagnose(small)).contains("of at most 1 MiB", "lower -Xmx");
        }
    }

    @Test
    void threads_ofARuntime_areNamedAndDaemons() throws Exception {
        Steps.Held held = new Steps.Held();
        try (Pipeline<String> pipeline = pipeline(Stage.of(held))) {
            CompletableFuture<Results> run = pipeline.runAsync("secret-input");
            Steps.await(held.entered);

            List<Thread> ours = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("leat-"))
                    .toList();

            assertThat(ours).extracting(Thread::getName).anyMatch(name -> name.matches("leat-compute-\\d+"));
            assertThat(ours).allMatch(Thread::isDaemon);
            assertThat(ours.toString()).doesNotContain("secret-input");
            held.release.countDown();
            run.get(30, TimeUnit.SECONDS);
        }
    }
}
