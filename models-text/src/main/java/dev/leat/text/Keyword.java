package dev.leat.text;

import static java.util.Objects.requireNonNull;

/**
 * A word or a few that say what a text is about; immutable.
 *
 * @param text as it stands in the text where it comes first
 * @param score how near it is to the whole text: a cosine of centred vectors, -1 to 1
 * @param count how often it occurs, whatever its case
 */
public record Keyword(String text, double score, int count) {

    /** Checks the components. */
    public Keyword {
        requireNonNull(text, "text");
    }

    /** Returns score and count: a keyword is as private as its text. */
    @Override
    public String toString() {
        return "Keyword[score=" + score + ", count=" + count + "]";
    }
}
