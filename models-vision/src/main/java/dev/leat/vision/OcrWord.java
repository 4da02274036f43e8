package dev.leat.vision;

import static java.util.Objects.requireNonNull;

/**
 * A word in a picture; immutable.
 *
 * @param text what it says; no spaces
 * @param score the mean probability of its characters, 0 to 1
 * @param box where it is, in the upright picture; left and right as exact as the recogniser's steps, about a sixth of
 *     the line's height
 */
public record OcrWord(String text, double score, Box box) {

    /** Checks the components. */
    public OcrWord {
        requireNonNull(text, "text");
        requireNonNull(box, "box");
    }

    /** Returns the number of chars: a text is private. */
    @Override
    public String toString() {
        return "OcrWord[" + text.length() + " chars]";
    }
}
