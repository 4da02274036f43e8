package dev.leat.text.entity;

import dev.leat.text.encode.TokenizedText;

/**
 * A text whose tokens have logits over labels; owns its arrays, which nobody writes.
 *
 * @param text its tokens
 * @param forms which token is a piece of which word
 * @param logits row-major float[tokens, labels]
 */
public record TaggedText(TokenizedText text, WordForms forms, float[] logits) {

    /** Returns the count, no logit. */
    @Override
    public String toString() {
        return "TaggedText[" + text.tokens() + " tokens]";
    }
}
