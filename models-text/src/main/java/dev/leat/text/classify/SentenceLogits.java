package dev.leat.text.classify;

import dev.leat.text.Sentence;
import java.util.List;

/**
 * The logits of each sentence of a text; immutable.
 *
 * @param sentences in the order of the text
 * @param logits of each sentence
 */
public record SentenceLogits(List<Sentence> sentences, List<WindowLogits> logits) {

    /** Copies the lists. */
    public SentenceLogits {
        sentences = List.copyOf(sentences);
        logits = List.copyOf(logits);
    }

    /** Returns the number of sentences. */
    @Override
    public String toString() {
        return "SentenceLogits[" + sentences.size() + "]";
    }
}
