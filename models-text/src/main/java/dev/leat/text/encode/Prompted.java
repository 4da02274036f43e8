package dev.leat.text.encode;

import java.util.function.Function;

/**
 * A text with an instruction to the encoder before it; a record, so that equal stages are one.
 *
 * @param instruction ends with the space that parts it from the text
 */
public record Prompted(String instruction) implements Function<String, String> {

    @Override
    public String apply(String text) {
        return instruction + text;
    }
}
