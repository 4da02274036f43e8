package dev.leat.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.InferenceException;
import dev.leat.Leat;
import dev.leat.LeatRuntime;
import dev.leat.Outcome;
import dev.leat.Overflow;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Running;
import dev.leat.Stage;
import dev.leat.guard.TextGuard;
import dev.leat.observe.InferenceListener;
import dev.leat.session.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Sends marked texts through every text stage and every way to fail, and prints everything of the library that can be
 * printed. Run in a JVM of its own by {@link PrivacyTest}.
 */
final class PrivacyCanary {

    private PrivacyCanary() {}

    /**
     * Runs it.
     *
     * @param arguments the mark, and the file for the flight recording
     */
    public static void main(String[] arguments) throws Exception {
        String mark = arguments[0];
        String text =
                "The " + mark + " flat is bright. Call " + mark + " at " + mark + "@example.com, you " + mark + ".";
        String longText = (text + " It rained all day and " + mark + " stayed at home. ").repeat(12);
        List<String> texts = List.of(
                text,
                longText,
                mark,
                "<script>" + mark + "</script>",
                mark + "\u0000\ud800",
                (mark + ' ').repeat(2_000),
                "{\"" + mark + "\":");
        try (Recording recording = new Recording()) {
            List.of("Step", "Refusal", "Model", "Cache", "Runtime")
                    .forEach(name -> recording.enable("dev.leat." + name));
            recording.enable("jdk.ThreadStart");
            recording.start();
            everyStage(mark, texts);
            recording.stop();
            recording.dump(Path.of(arguments[1]));
            RecordingFile.readAllEvents(Path.of(arguments[1])).forEach(PrivacyCanary::print);
        }
        Thread.getAllStackTraces().keySet().forEach(thread -> print(thread.getName()));
    }

    private static void everyStage(String mark, List<String> texts) throws Exception {
        LeatRuntime runtime = LeatRuntime.shared();
        InferenceListener printing = new InferenceListener() {
            @Override
            public void executed(NodeExecution execution) {
                print(execution);
            }
        };
        try (AutoCloseable listening = runtime.listen(printing);
                TextModels models = TextModels.load()) {
            print(listening.getClass());
            Classifier classifier = models.classifier()
                    .examples("housing", List.of(mark + " has a bright flat", "Rooms to let"))
                    .examples("weather", List.of(mark + " got wet", "Rain all day"))
                    .build();
            print(classifier);
            Stage<String, Sentiment> sentiment = models.sentiment();
            List<Stage<String, ?>> stages = new ArrayList<>(List.of(
                    sentiment.cached(),
                    models.embedding(),
                    models.moderation(),
                    models.entities(),
                    models.redact(),
                    models.summary(s -> s.maxTokens(40)),
                    models.topics("weather", "housing"),
                    models.classification(classifier),
                    models.keywords(),
                    models.sentenceSentiments(),
                    LanguageDetection.stage(),
                    LanguageDetection.only(models.sentiment().named("english alone"), "en"),
                    RuleBasedSentiment.stage(),
                    sentiment.named("failing map").map(value -> fail(mark)),
                    sentiment
                            .named("gated")
                            .when("failing gate", value -> !fail(mark).isEmpty()),
                    sentiment.on((String value) -> fail(mark)).named("failing input"),
                    Stage.window(models.embedding()
                                    .on((List<String> window) -> window.get(0).split(" ", 9)[0] + window.size()))
                            .named("window"),
                    sentiment.named("shut off").when("shut", value -> false),
                    sentiment.named("late").timeout(Duration.ofNanos(1)),
                    sentiment
                            .named("late, then rules")
                            .timeout(Duration.ofNanos(1))
                            .orElse(RuleBasedSentiment.stage())));
            for (boolean guarded : new boolean[] {true, false}) {
                Pipeline.Builder<String> builder =
                        Pipeline.<String>builder("canary-" + guarded).maxRuns(2, Overflow.reject());
                stages.forEach(builder::stages);
                if (guarded) {
                    builder.guard(TextGuard.standard());
                }
                try (Pipeline<String> pipeline = builder.build()) {
                    print(pipeline);
                    print(pipeline.describe());
                    for (String text : texts) {
                        show(pipeline.run(text), stages);
                        show(pipeline.run(text, RunOptions.DEFAULT.withDeadline(Duration.ofMillis(1))), stages);
                        Session<String> session = pipeline.session(mark);
                        show(session.run(text), stages);
                        print(session);
                        Running<String> running = pipeline.start(text, RunOptions.DEFAULT.withScope(mark));
                        print(running);
                        running.cancel();
                        show(running.results().toCompletableFuture().join(), stages);
                    }
                    List<Running<String>> many = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        many.add(pipeline.start(texts.get(1)));
                    }
                    print(Leat.snapshot());
                    for (Running<String> running : many) {
                        show(running.results().toCompletableFuture().join(), stages);
                    }
                    try (var results = pipeline.runAll(texts)) {
                        results.forEach(each -> show(each, stages));
                    }
                    print(Leat.diagnose());
                }
            }
        }
    }

    private static String fail(String mark) {
        throw new IllegalStateException("the user's own words: " + mark);
    }

    private static void show(Results results, List<Stage<String, ?>> stages) {
        print(results);
        print(results.trace());
        for (Stage<String, ?> stage : stages) {
            Outcome<?> outcome = results.outcome(stage);
            print(stage);
            print(outcome);
            print(outcome.provenance());
            if (outcome instanceof Outcome.Success<?> success) {
                print(success.value());
            } else if (outcome instanceof Outcome.Degraded<?> degraded) {
                print(degraded.value());
                print(degraded.reason());
            } else if (outcome instanceof Outcome.Failed<?> failed) {
                ours(failed.cause());
            }
        }
    }

    /** Prints our own exceptions; the cause that a user's function threw is the user's. */
    private static void ours(@Nullable Throwable failure) {
        if (failure instanceof InferenceException) {
            print(failure);
            ours(failure.getCause());
            for (Throwable suppressed : failure.getSuppressed()) {
                ours(suppressed);
            }
        }
    }

    private static void print(Object any) {
        System.out.write((any + "\n").getBytes(UTF_8), 0, (any + "\n").getBytes(UTF_8).length);
    }
}
