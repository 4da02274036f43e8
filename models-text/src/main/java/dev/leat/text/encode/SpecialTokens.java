package dev.leat.text.encode;

/**
 * The tokens around a window's own, as a {@code tokenizer.json} names them; immutable.
 *
 * @param first begins a window ({@code [CLS]}, {@code <s>})
 * @param last ends it ({@code [SEP]}, {@code </s>})
 */
public record SpecialTokens(long first, long last) {

    /** How many there are in a window. */
    static final int COUNT = 2;
}
