package dev.leat.text;

import static java.util.Objects.requireNonNull;

/**
 * A text whose entities are replaced by placeholders such as {@code [PERSON_1]}, and the way back; immutable.
 *
 * <p>Equal stretches of one type have the same placeholder. Only the holder of {@link #replacements()} can restore the
 * text: the library keeps no copy.
 *
 * @param text with placeholders
 * @param replacements what stands behind them
 */
public record Redaction(String text, Replacements replacements) {

    /** Checks the components. */
    public Redaction {
        requireNonNull(text, "text");
        requireNonNull(replacements, "replacements");
    }

    /** Returns how many placeholders there are: even a redacted text may be private. */
    @Override
    public String toString() {
        return "Redaction[" + replacements.size() + " placeholders]";
    }
}
