package dev.leat;

import dev.leat.spi.BatchStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cases of a stage: a closed set of records, so that equality is structural. */
final class Stages {

    private Stages() {}

    /** A typed stage around its untyped form; the hash is computed once. */
    static final class Case<I, O> implements Stage<I, O> {
        private final Form form;
        private final int hash;

        Case(Form form) {
            this.form = form;
            this.hash = form.hashCode();
        }

        Form form() {
            return form;
        }

        @Override
        public String name() {
            return form.name();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || other instanceof Case<?, ?> that && hash == that.hash && form.equals(that.form);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public String toString() {
            return "Stage[" + form + "]";
        }
    }

    /** What a stage is, without its types. */
    sealed interface Form {
        String name();
    }

    record Func(String name, Function<?, ?> function) implements Form {}

    record Step(BatchStep<?, ?> step) implements Form {
        @Override
        public String name() {
            return step.facts().name();
        }
    }

    record Constant(Object value) implements Form {
        @Override
        public String name() {
            return "constant";
        }
    }

    record Named(String name, Stage<?, ?> stage) implements Form {}

    record Then(Stage<?, ?> first, Stage<?, ?> second) implements Form {
        @Override
        public String name() {
            return second.name();
        }
    }

    record WhenInput(String code, Predicate<?> condition, Stage<?, ?> stage) implements Form {
        @Override
        public String name() {
            return stage.name();
        }
    }

    record WhenOptions(String code, Predicate<RunOptions> condition, Stage<?, ?> stage) implements Form {
        @Override
        public String name() {
            return stage.name();
        }
    }

    record WhenStage(Stage<?, ?> gate, Predicate<?> condition, Stage<?, ?> stage) implements Form {
        @Override
        public String name() {
            return stage.name();
        }
    }

    record OrElse(Stage<?, ?> stage, Stage<?, ?> fallback) implements Form {
        @Override
        public String name() {
            return stage.name();
        }
    }

    record FailClosed(Stage<?, ?> stage, Object value) implements Form {
        @Override
        public String name() {
            return stage.name();
        }
    }

    record Timeout(Duration timeout, Stage<?, ?> stage) implements Form {
        @Override
        public String name() {
            return stage.name();
        }
    }

    record Cached(Duration ttl, Stage<?, ?> stage) implements Form {
        @Override
        public String name() {
            return stage.name();
        }
    }

    record Race(String name, List<Stage<?, ?>> contenders) implements Form {}

    /** A branch; its condition is on the run's options or on the input. */
    record Branch(String name, boolean onOptions, Predicate<?> condition, Stage<?, ?> stage) {}

    record Choice(List<Branch> branches, Stage<?, ?> otherwise) implements Form {
        @Override
        public String name() {
            return otherwise.name();
        }
    }

    record Escalate(Stage<?, ?> cheap, Stage<?, ?> dear, Predicate<?> unsure) implements Form {
        @Override
        public String name() {
            return cheap.name();
        }
    }

    record Combine(String name, Stage<?, ?> first, Stage<?, ?> second, BiFunction<?, ?, ?> function) implements Form {}

    record Windowed(Stage<?, ?> stage) implements Form {
        @Override
        public String name() {
            return stage.name();
        }
    }

    record Keyed(Stage<?, ?> stage, Function<?, ?> key) implements Form {
        @Override
        public String name() {
            return stage.name();
        }
    }

    /** The steps that a stage's value can come from. */
    static Stream<BatchStep<?, ?>> steps(Stage<?, ?> stage) {
        Form form = form(stage);
        return form instanceof Step f
                ? Stream.of(f.step())
                : parts(form).stream().flatMap(Stages::steps);
    }

    /** The stages that a form's value can come from. */
    static List<Stage<?, ?>> parts(Form form) {
        if (form instanceof Named f) {
            return List.of(f.stage());
        } else if (form instanceof Then f) {
            return List.of(f.first(), f.second());
        } else if (form instanceof WhenInput f) {
            return List.of(f.stage());
        } else if (form instanceof WhenOptions f) {
            return List.of(f.stage());
        } else if (form instanceof WhenStage f) {
            return List.of(f.stage());
        } else if (form instanceof OrElse f) {
            return List.of(f.stage(), f.fallback());
        } else if (form instanceof FailClosed f) {
            return List.of(f.stage());
        } else if (form instanceof Timeout f) {
            return List.of(f.stage());
        } else if (form instanceof Cached f) {
            return List.of(f.stage());
        } else if (form instanceof Race f) {
            return f.contenders();
        } else if (form instanceof Choice f) {
            List<Stage<?, ?>> all = new ArrayList<>();
            f.branches().forEach(branch -> all.add(branch.stage()));
            all.add(f.otherwise());
            return all;
        } else if (form instanceof Escalate f) {
            return List.of(f.cheap(), f.dear());
        } else if (form instanceof Combine f) {
            return List.of(f.first(), f.second());
        } else if (form instanceof Keyed f) {
            return List.of(f.stage());
        } else if (form instanceof Windowed f) {
            return List.of(f.stage());
        }
        return List.of();
    }

    static Form form(Stage<?, ?> stage) {
        return ((Case<?, ?>) stage).form();
    }
}
