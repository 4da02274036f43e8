package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The sentences of a text that say most of it; immutable.
 *
 * @param text the sentences, joined by a space
 * @param sentences verbatim, in the order of the text
 */
public record Summary(String text, List<String> sentences) {

    /** Copies the sentences. */
    public Summary {
        requireNonNull(text, "text");
        sentences = List.copyOf(sentences);
    }

    /** Returns the numbers of sentences and characters: a summary is as private as its text. */
    @Override
    public String toString() {
        return "Summary[" + sentences.size() + " sentences, " + text.length() + " chars]";
    }
}
