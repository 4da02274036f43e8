package dev.leat.text.encode;

import dev.leat.text.Sentence;
import java.util.List;

/**
 * A text as its sentences, each with its tokens; immutable.
 *
 * @param sentences in the order of the text
 * @param tokens of each sentence
 */
public record SplitText(List<Sentence> sentences, List<TokenizedText> tokens) {

    /** Copies the lists. */
    public SplitText {
        sentences = List.copyOf(sentences);
        tokens = List.copyOf(tokens);
    }

    /**
     * Returns how many tokens all sentences have together.
     *
     * @return special tokens not counted
     */
    public int allTokens() {
        return tokens.stream().mapToInt(TokenizedText::tokens).sum();
    }

    /** Returns the number of sentences. */
    @Override
    public String toString() {
        return "SplitText[" + sentences.size() + " sentences]";
    }
}
