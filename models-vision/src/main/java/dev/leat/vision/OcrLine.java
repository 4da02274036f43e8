package dev.leat.vision;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A line of text in a picture: everything on one row of one column; immutable.
 *
 * @param text what it says, words with one space between them
 * @param score the mean probability of its characters, 0 to 1
 * @param box where it is, in the upright picture
 * @param words from left to right as they are read; at least one
 */
public record OcrLine(String text, double score, Box box, List<OcrWord> words) {

    /** Checks the components. */
    public OcrLine {
        requireNonNull(text, "text");
        requireNonNull(box, "box");
        words = List.copyOf(words);
    }

    /** Returns the number of chars: a text is private. */
    @Override
    public String toString() {
        return "OcrLine[" + text.length() + " chars]";
    }
}
