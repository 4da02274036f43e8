package dev.leat.text;

import static java.util.Objects.requireNonNull;

/**
 * A sentence and where it stands; immutable.
 *
 * @param text the sentence, verbatim
 * @param start the index of its first char in the whole text (UTF-16)
 * @param end one past its last
 */
public record Sentence(String text, int start, int end) {

    /** Checks the components. */
    public Sentence {
        requireNonNull(text, "text");
        if (start < 0 || end - start != text.length()) {
            throw new IllegalArgumentException(
                    "a sentence of " + text.length() + " chars cannot stand at " + start + " to " + end);
        }
    }

    /** Returns where it stands, nothing of what it says. */
    @Override
    public String toString() {
        return "Sentence[" + start + " to " + end + "]";
    }
}
