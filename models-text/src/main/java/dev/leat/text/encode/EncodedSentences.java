package dev.leat.text.encode;

import java.util.List;

/**
 * What the encoder makes of each sentence of a text; immutable.
 *
 * @param text the sentences and their tokens
 * @param states of each sentence
 * @param background see {@link Encoder#background}
 */
public record EncodedSentences(SplitText text, List<EncodedText> states, List<Float> background) {

    /** Copies the list. */
    public EncodedSentences {
        states = List.copyOf(states);
        background = List.copyOf(background);
    }

    /**
     * Returns the vectors of the sentences.
     *
     * @return each of length 1; the caller owns them
     */
    public float[][] vectors() {
        return states.stream().map(Encoder::pool).toArray(float[][]::new);
    }

    /** Returns the number of sentences. */
    @Override
    public String toString() {
        return "EncodedSentences[" + states.size() + "]";
    }
}
