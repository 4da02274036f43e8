package dev.leat.text;

/**
 * How the labels of word pieces become entities, named as in Hugging Face's token classification pipeline.
 *
 * <p>{@link #FIRST}, {@link #AVERAGE} and {@link #MAX} give each word one distribution over labels and decode the words of
 * a text together: the likeliest sequence under the head's transitions, in which no label can follow that must not
 * (Viterbi). Hugging Face takes each word's likeliest label by itself; {@link #NONE} and {@link #SIMPLE} are as there.
 */
public enum AggregationStrategy {
    /** Each word piece with a label of its own is an entity. */
    NONE,
    /** Neighbouring word pieces of one type are an entity; a word may be cut. */
    SIMPLE,
    /** A word has the labels of its first piece: what the heads are trained and measured for. */
    FIRST,
    /** A word has its pieces' mean. */
    AVERAGE,
    /** A word has the labels of its surest piece. */
    MAX
}
