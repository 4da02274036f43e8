package dev.leat.examples.service;

import com.google.gson.JsonElement;
import dev.leat.Outcome;
import dev.leat.Reason;
import dev.leat.Stage;
import dev.leat.guard.Offsets;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be asked about an input: a stage, and how its value is written.
 *
 * @param <I> the input
 * @param <O> the stage's value
 * @param name the member of the result
 * @param stage the stage
 * @param json writes a value; places in it are to be those of the input as given
 */
record Aspect<I, O>(String name, Stage<I, O> stage, BiFunction<? super O, Offsets, JsonElement> json) {

    /** An aspect whose value names no places. */
    static <I, O> Aspect<I, O> of(String name, Stage<I, O> stage, Function<? super O, JsonElement> json) {
        return new Aspect<>(name, stage, (value, offsets) -> json.apply(value));
    }

    /** The request's member that asks for it, such as {@code includeSentiment}. */
    String flag() {
        return "include" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** How a stage ended, ready to be written: a value, a reason, a problem, or a value with a reason. */
    record End(
            String kind,
            @Nullable JsonElement value,
            @Nullable Reason reason,
            @Nullable Problem problem) {}

    End end(Outcome<O> outcome, Offsets offsets) {
        if (outcome instanceof Outcome.Success<O> success) {
            return new End("success", json.apply(success.value(), offsets), null, null);
        } else if (outcome instanceof Outcome.Degraded<O> degraded) {
            return new End("degraded", json.apply(degraded.value(), offsets), degraded.reason(), null);
        } else if (outcome instanceof Outcome.Skipped<O> skipped) {
            return new End("skipped", null, skipped.reason(), null);
        }
        return new End("failed", null, null, Problem.of(((Outcome.Failed<O>) outcome).cause()));
    }
}
