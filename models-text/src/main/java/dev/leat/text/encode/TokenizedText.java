package dev.leat.text.encode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text as the windows that the encoder sees; immutable.
 *
 * @param text as it was tokenised
 * @param content its tokens, without special ones
 * @param special the tokens at both ends of each window
 * @param windows at least one; together they hold every token once, in order
 */
public record TokenizedText(String text, TextTokenizer.Tokens content, SpecialTokens special, List<Window> windows) {

    /**
     * A stretch of a text; owns its arrays, which nobody writes.
     *
     * @param inputIds token ids, with the special ones at both ends
     * @param starts where each token that is not special begins in the text (UTF-16)
     * @param ends one past its last char
     */
    public record Window(long[] inputIds, int[] starts, int[] ends) {

        /**
         * Returns how many tokens are of the text, for weighing windows.
         *
         * @return at least 1, so that an empty text has a weight
         */
        public int weight() {
            return Math.max(1, inputIds.length - SpecialTokens.COUNT);
        }

        /**
         * Returns where the window begins in the text.
         *
         * @return UTF-16; 0 if it has no token
         */
        public int start() {
            return starts.length == 0 ? 0 : starts[0];
        }

        /**
         * Returns where the window ends in the text.
         *
         * @return one past the last char; 0 if it has no token
         */
        public int end() {
            return ends.length == 0 ? 0 : ends[ends.length - 1];
        }
    }

    /** Cuts tokens into consecutive windows. */
    static TokenizedText of(String text, TextTokenizer.Tokens content, SpecialTokens special, int maxSequenceLength) {
        int room = maxSequenceLength - SpecialTokens.COUNT;
        List<Window> windows = new ArrayList<>();
        for (int from = 0; from == 0 || from < content.size(); from += room) {
            windows.add(window(content, special, from, Math.min(from + room, content.size())));
        }
        return new TokenizedText(text, content, special, List.copyOf(windows));
    }

    /**
     * Returns a window of any tokens of the text, for steps that look closer at a place.
     *
     * @param from the first token
     * @param to one past the last
     * @return with the special tokens at both ends
     */
    public Window window(int from, int to) {
        return window(content, special, from, to);
    }

    private static Window window(TextTokenizer.Tokens content, SpecialTokens special, int from, int to) {
        long[] ids = new long[to - from + SpecialTokens.COUNT];
        System.arraycopy(content.ids(), from, ids, 1, to - from);
        ids[0] = special.first();
        ids[ids.length - 1] = special.last();
        return new Window(
                ids, Arrays.copyOfRange(content.starts(), from, to), Arrays.copyOfRange(content.ends(), from, to));
    }

    /**
     * Returns how many tokens the text has, special ones not counted.
     *
     * @return not negative
     */
    public int tokens() {
        return content.size();
    }

    /**
     * Returns how many tokens the encoder has to look at.
     *
     * @return special tokens counted
     */
    public long cost() {
        return windows.stream().mapToLong(w -> w.inputIds.length).sum();
    }

    /** Returns the counts, no token. */
    @Override
    public String toString() {
        return "TokenizedText[" + tokens() + " tokens, "
                + Arrays.toString(
                        windows.stream().mapToInt(w -> w.inputIds.length).toArray()) + "]";
    }
}
