package dev.leat.vision;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The text in a picture; immutable.
 *
 * @param text the lines, joined by newlines; empty if there is none
 * @param lines in reading order: from top to bottom, then from left to right
 */
public record OcrText(String text, List<OcrLine> lines) {

    /** Copies the lines. */
    public OcrText {
        requireNonNull(text, "text");
        lines = List.copyOf(lines);
    }

    /** Returns the number of lines: a text is private. */
    @Override
    public String toString() {
        return "OcrText[" + lines.size() + " lines]";
    }
}
