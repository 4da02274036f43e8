package dev.leat.examples.cli;

import com.google.gson.stream.JsonWriter;
import dev.leat.Stage;
import dev.leat.guard.Offsets;
import java.io.IOException;

/**
 * A stage and how its value is written.
 *
 * @param <T> what the stage works on
 * @param <O> the stage's value
 * @param name the stage's name on the command line and in the output
 * @param stage the stage
 * @param format writes the members of the value's JSON object
 */
record Answer<T, O>(String name, Stage<Item<T>, O> stage, PlacedFormat<? super O> format) {

    /** An answer whose value names no places in the text. */
    static <T, O> Answer<T, O> of(String name, Stage<Item<T>, O> stage, Format<? super O> format) {
        return new Answer<>(name, stage, (json, value, offsets) -> format.write(json, value));
    }

    /** Writes the members of a JSON object, places as they are in the text as given. */
    @FunctionalInterface
    interface PlacedFormat<O> {
        void write(JsonWriter json, O value, Offsets offsets) throws IOException;
    }

    /** Writes the members of a JSON object. */
    @FunctionalInterface
    interface Format<O> {
        void write(JsonWriter json, O value) throws IOException;
    }
}
