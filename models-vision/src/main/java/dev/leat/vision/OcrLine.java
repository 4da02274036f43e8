package dev.leat.vision;

import static java.util.Objects.requireNonNull;

/**
 * A line of text in a picture; immutable.
 *
 * @param text what it says
 * @param score the mean probability of its characters, 0 to 1
 * @param box where it is, in the upright picture
 */
public record OcrLine(String text, double score, Box box) {

    /** Checks the components. */
    public OcrLine {
        requireNonNull(text, "text");
        requireNonNull(box, "box");
    }

    /** Returns the number of chars: a text is private. */
    @Override
    public String toString() {
        return "OcrLine[" + text.length() + " chars]";
    }
}
