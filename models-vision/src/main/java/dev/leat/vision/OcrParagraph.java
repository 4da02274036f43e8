package dev.leat.vision;

import java.util.List;

/**
 * Lines of one column that follow each other closely; immutable.
 *
 * @param lines from top to bottom as they are read; at least one
 */
public record OcrParagraph(List<OcrLine> lines) {

    /** Copies the lines. */
    public OcrParagraph {
        lines = List.copyOf(lines);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a paragraph has at least one line");
        }
    }

    /** Returns the number of lines: a text is private. */
    @Override
    public String toString() {
        return "OcrParagraph[" + lines.size() + " lines]";
    }
}
