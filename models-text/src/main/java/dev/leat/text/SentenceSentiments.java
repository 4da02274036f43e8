package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The sentiment of each sentence of a text; immutable.
 *
 * @param sentences in the order of the text; empty if it has none
 */
public record SentenceSentiments(List<Scored> sentences) {

    /**
     * A sentence and its sentiment; immutable.
     *
     * @param sentence where it stands in the text that the stage saw
     * @param sentiment of this sentence alone
     */
    public record Scored(Sentence sentence, Sentiment sentiment) {

        /** Checks the components. */
        public Scored {
            requireNonNull(sentence, "sentence");
            requireNonNull(sentiment, "sentiment");
        }
    }

    /** Copies the list. */
    public SentenceSentiments {
        sentences = List.copyOf(sentences);
    }

    /**
     * Returns the sentences of one label.
     *
     * @param label a label
     * @return in the order of the text
     */
    public List<Scored> of(Sentiment.Label label) {
        return sentences.stream()
                .filter(scored -> scored.sentiment().label() == label)
                .toList();
    }

    /** Returns how many there are: what is thought of a text's sentences is as private as the text. */
    @Override
    public String toString() {
        return "SentenceSentiments[" + sentences.size() + "]";
    }
}
