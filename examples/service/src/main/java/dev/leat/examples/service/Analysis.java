package dev.leat.examples.service;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.leat.InvalidInputException;
import dev.leat.Outcome;
import dev.leat.Overflow;
import dev.leat.Pipeline;
import dev.leat.Reason;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Running;
import dev.leat.Stage;
import dev.leat.guard.Guard;
import dev.leat.guard.Offsets;
import dev.leat.guard.TextGuard;
import dev.leat.text.LanguageDetection;
import dev.leat.text.RuleBasedSentiment;
import dev.leat.text.TextModels;
import dev.leat.vision.Image;
import dev.leat.vision.ImageGuard;
import dev.leat.vision.VisionModels;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What can be asked about one kind of input, and the pipeline that answers; thread-safe.
 *
 * @param <I> the input
 */
final class Analysis<I> implements AutoCloseable {

    /** A text up to this many chars is read as fast as a summary of it. */
    static final int SUMMARY_FROM_CHARS = 500;

    private static final int SUMMARY_TOKENS = 150;

    /** A request waits this long for another one to end before it is refused. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Map<String, Aspect<I, ?>> parts = new LinkedHashMap<>();
    private final Set<String> unasked;
    private final Guard<I> guard;
    private final Pipeline<I> pipeline;

    private Analysis(
            Pipeline.Builder<I> builder,
            Guard<I> guard,
            Settings settings,
            Set<String> onlyIfAsked,
            List<Aspect<I, ?>> parts,
            UnaryOperator<Pipeline<I>> changes) {
        for (Aspect<I, ?> part : parts) {
            this.parts.put(part.name(), part);
            builder.stages(part.stage());
        }
        this.guard = guard;
        builder.guard(guard).maxRuns(settings.maxRuns(), Overflow.waitUpTo(PATIENCE));
        if (!settings.cache().isZero()) {
            builder.cached(settings.cache());
        }
        unasked = new LinkedHashSet<>(this.parts.keySet());
        unasked.removeAll(onlyIfAsked);
        pipeline = changes.apply(builder.build());
    }

    static Analysis<String> texts(TextModels models, Settings settings, UnaryOperator<Pipeline<String>> changes) {
        return new Analysis<>(
                Pipeline.builder("texts"),
                TextGuard.builder().maxChars(settings.maxTextChars()).build(),
                settings,
                Set.of("embedding", "keywords"),
                List.of(
                        Aspect.of(
                                "sentiment", models.sentiment().orElse(RuleBasedSentiment.stage()), Values::sentiment),
                        new Aspect<>("moderation", models.moderation(), Values::moderation),
                        new Aspect<>("entities", models.entities(), Values::entities),
                        Aspect.of("topics", models.topics(settings.topics().toArray(String[]::new)), Values::topics),
                        Aspect.of(
                                "summary",
                                models.summary(s -> s.maxTokens(SUMMARY_TOKENS))
                                        .when("long-text", text -> text.length() > SUMMARY_FROM_CHARS),
                                Values::summary),
                        Aspect.of("keywords", models.keywords(), Values::keywords),
                        Aspect.of("language", LanguageDetection.stage(), Values::language),
                        Aspect.of("embedding", models.embedding(), Values::embedding)),
                changes);
    }

    static Analysis<Image> pictures(VisionModels models, Settings settings, UnaryOperator<Pipeline<Image>> changes) {
        return new Analysis<>(
                Pipeline.builder("pictures"),
                ImageGuard.builder()
                        .maxBytes(settings.maxPictureBytes())
                        .maxPixels(settings.maxPixels())
                        .build(),
                settings,
                Set.of(),
                List.of(
                        Aspect.of("classification", models.classification(), Values::classification),
                        Aspect.of("moderation", models.moderation(), Values::moderation),
                        Aspect.of("text", models.ocr(), Values::text)),
                changes);
    }

    /** Everything that can be asked, by name. */
    Map<String, Aspect<I, ?>> parts() {
        return Map.copyOf(parts);
    }

    /** What is answered when a request asks for nothing in particular. */
    Set<String> unasked() {
        return Set.copyOf(unasked);
    }

    void preload() {
        pipeline.preload();
    }

    /** Analyses an input and puts every stage's end into an envelope: one that failed takes no other with it. */
    Envelope run(I input, Set<String> names, Duration deadline) {
        requireFit(input);
        Results results = pipeline.run(input, options(names, deadline));
        Envelope envelope = new Envelope();
        JsonObject result = new JsonObject();
        boolean answered = false;
        for (Aspect<I, ?> part : parts.values()) {
            if (names.contains(part.name())) {
                answered |= add(part, results, result, envelope);
            }
        }
        envelope.result(answered ? result : JsonNull.INSTANCE);
        for (Guard.Removal removal : results.removals()) {
            envelope.tell("cleaned", "Removed from the input: " + removal.kind() + " (" + removal.count() + ").");
        }
        return envelope;
    }

    /** Refuses an input before its run, which would say of a moderation that it failed closed and not why. */
    private Offsets requireFit(I input) {
        try {
            return guard.check(input).offsets();
        } catch (InvalidInputException e) {
            throw Problem.of(e);
        }
    }

    private static <I, O> boolean add(Aspect<I, O> part, Results results, JsonObject result, Envelope envelope) {
        Aspect.End end = part.end(results.outcome(part.stage()), results.offsets());
        if (end.problem() != null) {
            envelope.fail(end.problem(), part.name());
            return false;
        }
        result.add(part.name(), end.value() == null ? JsonNull.INSTANCE : end.value());
        Reason reason = end.reason();
        if (reason != null) {
            envelope.tell(end.kind(), part.name() + ": " + end.kind() + " (" + reason.code() + ").");
        }
        return true;
    }

    /** Starts the analysis of an input and tells a listener of each stage as it settles. */
    Running<I> start(I input, Set<String> names, Duration deadline, Listener listener) {
        Offsets offsets = requireFit(input);
        Running<I> running = pipeline.start(input, options(names, deadline));
        for (Aspect<I, ?> part : parts.values()) {
            if (names.contains(part.name())) {
                follow(running, part, offsets, listener);
            }
        }
        return running;
    }

    private static <I, O> void follow(Running<I> running, Aspect<I, O> part, Offsets offsets, Listener listener) {
        running.outcome(part.stage())
                .thenAccept((Outcome<O> outcome) -> listener.settled(part.name(), part.end(outcome, offsets)));
    }

    private RunOptions options(Set<String> names, Duration deadline) {
        Set<Stage<?, ?>> stages = new LinkedHashSet<>();
        for (String name : names) {
            stages.add(Objects.requireNonNull(parts.get(name), "part").stage());
        }
        return RunOptions.DEFAULT.withOnly(stages).withDeadline(deadline);
    }

    /** Hears of stages that have settled; on any thread. */
    @FunctionalInterface
    interface Listener {
        void settled(String name, Aspect.End end);
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
