package dev.leat.examples.cli;

import com.google.gson.stream.JsonWriter;
import dev.leat.Stage;
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
record Answer<T, O>(String name, Stage<Item<T>, O> stage, Format<? super O> format) {

    /** Writes the members of a JSON object. */
    @FunctionalInterface
    interface Format<O> {
        void write(JsonWriter json, O value) throws IOException;
    }
}
