package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random pipelines against a plain interpreter without sharing, laziness tricks or concurrency.
 *
 * <p>{@code -Dseed=n} replays one seed.
 */
class RandomPipelinesTest {

    private static final int PIPELINES = 400;

    /** What the interpreter and the engine must agree on. */
    record Expected(
            String kind, @Nullable String value, @Nullable String code) {
        static Expected success(String value) {
            return new Expected("Success", value, null);
        }

        boolean hasValue() {
            return kind.equals("Success") || kind.equals("Degraded");
        }

        boolean satisfies(Predicate<String> condition) {
            return hasValue() && value != null && condition.test(value);
        }

        /** Stands in for a failure that only failClosed hides; its code is all that the oracle keeps of it. */
        boolean closed() {
            return Objects.equals(code, Reason.UNAVAILABLE) && Objects.equals(value, "closed");
        }

        /** What follows a degraded value is as degraded as it is; what has no value stays as it is. */
        Expected map(Function<String, Expected> function) {
            if (!hasValue() || value == null) {
                return this;
            }
            Expected after = function.apply(value);
            return kind.equals("Degraded") && after.kind.equals("Success")
                    ? new Expected("Degraded", after.value, code)
                    : after;
        }
    }

    record Append(String suffix) implements Function<String, String> {
        @Override
        public String apply(String s) {
            return s + suffix;
        }
    }

    record LongerThan(int chars) implements Predicate<String> {
        @Override
        public boolean test(String s) {
            return s.length() > chars;
        }
    }

    /** Fails for texts of some lengths; heavy or light. */
    record Moody(int modulus, boolean heavy) implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            StepFacts facts = heavy ? StepFacts.heavy("moody", "chars").batched(4, 64) : StepFacts.light("moody");
            return facts.asResult();
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            return items.stream().map(this::one).toList();
        }

        String one(String s) {
            if (s.length() % modulus == 0) {
                throw new IllegalStateException("moody");
            }
            return "<" + s + ">";
        }
    }

    /** A stage and what it must answer. */
    record Made(Stage<String, String> stage, UnaryOperator<Expected> oracle) {}

    private static final class Maker {
        private final Random random;
        private int names;

        Maker(Random random) {
            this.random = random;
        }

        Made make(int depth) {
            int choice = depth == 0 ? random.nextInt(4) : random.nextInt(13);
            return switch (choice) {
                case 0, 1 -> {
                    Append append = new Append("abc".substring(random.nextInt(3)));
                    Function<String, String> function = choice == 0 ? append : s -> append.apply(s);
                    yield new Made(Stage.of("append", function), in -> in.map(s -> Expected.success(append.apply(s))));
                }
                case 2, 3 -> {
                    Moody moody = new Moody(2 + random.nextInt(3), random.nextBoolean());
                    yield new Made(
                            Stage.of(moody),
                            in -> in.map(s -> {
                                try {
                                    return Expected.success(moody.one(s));
                                } catch (IllegalStateException e) {
                                    return new Expected("Failed", null, "MODEL_RUN");
                                }
                            }));
                }
                case 4, 5 -> {
                    Made first = make(depth - 1);
                    Made second = make(depth - 1);
                    yield new Made(first.stage.then(second.stage), in -> second.oracle.apply(first.oracle.apply(in)));
                }
                case 6 -> {
                    Made made = make(depth - 1);
                    LongerThan condition = new LongerThan(random.nextInt(8));
                    yield new Made(made.stage.when("long", condition), in -> {
                        if (!in.hasValue()) {
                            return in;
                        }
                        return in.satisfies(condition) ? made.oracle.apply(in) : new Expected("Skipped", null, "long");
                    });
                }
                case 7 -> {
                    Made gate = make(depth - 1);
                    Made made = make(depth - 1);
                    LongerThan condition = new LongerThan(random.nextInt(8));
                    String code = gate.stage.name();
                    yield new Made(made.stage.when(gate.stage, condition), in -> {
                        if (!in.hasValue()) {
                            return in;
                        }
                        return gate.oracle.apply(in).satisfies(condition)
                                ? made.oracle.apply(in)
                                : new Expected("Skipped", null, code);
                    });
                }
                case 8 -> orElse(make(depth - 1), make(depth - 1));
                case 9 -> {
                    // Also answers for what failed before it: a moderation of a text that OCR did not find is flagged.
                    Made made = make(depth - 1);
                    yield new Made(made.stage.failClosed("closed"), in -> {
                        Expected expected = made.oracle.apply(in);
                        return expected.kind.equals("Failed")
                                ? new Expected("Degraded", "closed", Reason.UNAVAILABLE)
                                : expected;
                    });
                }
                case 10 -> combine(make(depth - 1), make(depth - 1));
                case 11 -> {
                    Made first = make(depth - 1);
                    Made second = make(depth - 1);
                    LongerThan condition = new LongerThan(random.nextInt(8));
                    yield new Made(Stage.route("a", condition, first.stage).otherwise(second.stage), in -> {
                        if (!in.hasValue()) {
                            return in;
                        }
                        return in.satisfies(condition) ? first.oracle.apply(in) : second.oracle.apply(in);
                    });
                }
                default -> escalate(make(depth - 1), make(depth - 1));
            };
        }

        private Made orElse(Made first, Made second) {
            return new Made(first.stage.orElse(second.stage), in -> {
                Expected a = first.oracle.apply(in);
                if (!a.kind.equals("Failed") && !a.closed()) {
                    return a;
                }
                Expected b = second.oracle.apply(in);
                return b.hasValue() ? new Expected("Degraded", b.value, a.closed() ? "*" : a.code) : a;
            });
        }

        private Made combine(Made first, Made second) {
            return new Made(Stage.combine("both" + names++, first.stage, second.stage, (a, b) -> a + b), in -> {
                Expected a = first.oracle.apply(in);
                Expected b = second.oracle.apply(in);
                Expected worst = rank(a) >= rank(b) ? a : b;
                return worst.hasValue() ? new Expected(worst.kind, a.value + b.value, worst.code) : worst;
            });
        }

        private Made escalate(Made cheap, Made dear) {
            LongerThan unsure = new LongerThan(random.nextInt(8));
            return new Made(cheap.stage.escalateTo(dear.stage, unsure), in -> {
                Expected a = cheap.oracle.apply(in);
                if (!a.kind.equals("Failed") && !a.closed() && !a.satisfies(unsure)) {
                    return a;
                }
                Expected b = dear.oracle.apply(in);
                if (b.hasValue()) {
                    return b;
                }
                return a.hasValue() ? new Expected("Degraded", a.value, Reason.ESCALATION_FAILED) : b;
            });
        }
    }

    private static int rank(Expected expected) {
        return List.of("Success", "Degraded", "Skipped", "Failed").indexOf(expected.kind);
    }

    private static Expected seen(Outcome<String> outcome) {
        if (outcome instanceof Outcome.Success<String> s) {
            return Expected.success(s.value());
        } else if (outcome instanceof Outcome.Degraded<String> d) {
            return new Expected("Degraded", d.value(), d.reason().code());
        } else if (outcome instanceof Outcome.Skipped<String> s) {
            return new Expected("Skipped", null, s.reason().code());
        } else if (outcome instanceof Outcome.Failed<String> f) {
            return new Expected("Failed", null, Reason.codeOf(f.cause()));
        }
        throw new AssertionError("unknown outcome " + outcome.getClass());
    }

    @Test
    void run_anyPipeline_agreesWithTheInterpreter() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        List<Executor> executors = List.of(
                Runnable::run,
                single,
                task -> {
                    throw new RejectedExecutionException("full");
                },
                ForkJoinPool.commonPool());
        Long replayed = Long.getLong("seed");
        long first = replayed == null ? 1 : replayed;
        long last = replayed == null ? PIPELINES : replayed;
        try {
            for (long seed = first; seed <= last; seed++) {
                compare(seed, executors.get((int) (seed % executors.size())));
            }
        } finally {
            single.shutdownNow();
        }
    }

    private void compare(long seed, Executor executor) throws Exception {
        Random random = new Random(seed);
        Maker maker = new Maker(random);
        List<Made> made = new ArrayList<>();
        Pipeline.Builder<String> builder = Pipeline.<String>builder("random").executor(executor);
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            Made one = maker.make(3);
            Made named = new Made(one.stage.named("stage" + i), one.oracle);
            made.add(named);
            builder.stages(named.stage);
        }
        if (random.nextBoolean()) {
            builder.cached(Duration.ofHours(1));
        }
        try (Pipeline<String> pipeline = builder.build()) {
            List<String> inputs = List.of("", "a", "bb", "ccc", "ccc", "dddd", "eeeee", "ffffffff");
            List<CompletableFuture<Results>> aside = new ArrayList<>();
            for (String input : inputs) {
                aside.add(pipeline.runAsync(input));
            }
            for (int i = 0; i < inputs.size(); i++) {
                check(seed, made, inputs.get(i), pipeline.run(inputs.get(i)));
                check(seed, made, inputs.get(i), aside.get(i).get(30, TimeUnit.SECONDS));
            }
        }
    }

    private static void check(long seed, List<Made> made, String input, Results results) {
        for (Made one : made) {
            Expected expected = one.oracle.apply(Expected.success(input));
            Expected seen = seen(results.outcome(one.stage));
            if (Objects.equals(expected.code, "*")) {
                seen = new Expected(seen.kind, seen.value, "*");
            }
            assertThat(seen)
                    .as("seed %d, input of %d chars, %s", seed, input.length(), Stages.form(one.stage))
                    .isEqualTo(expected);
        }
    }
}
