package dev.leat.text.encode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text as the windows that the encoder sees; immutable.
 *
 * @param windows at least one; together they hold every token once, in order
 * @param tokens how many tokens the text has, special ones not counted
 */
public record TokenizedText(List<Window> windows, int tokens) {

    /** The token that begins a window (BERT's vocabulary). */
    static final long CLS = 101;

    /** The token that ends a window (BERT's vocabulary). */
    static final long SEP = 102;

    /**
     * A stretch of a text; owns its array, which nobody writes.
     *
     * @param inputIds token ids, with the special ones at both ends
     */
    public record Window(long[] inputIds) {

        /**
         * Returns how many tokens are of the text, for weighing windows.
         *
         * @return at least 1, so that an empty text has a weight
         */
        public int weight() {
            return Math.max(1, inputIds.length - 2);
        }
    }

    /** Cuts tokens into consecutive windows. */
    static TokenizedText of(long[] ids, int maxSequenceLength) {
        int room = maxSequenceLength - 2;
        List<Window> windows = new ArrayList<>();
        for (int from = 0; from == 0 || from < ids.length; from += room) {
            int length = Math.min(room, ids.length - from);
            long[] window = new long[length + 2];
            System.arraycopy(ids, from, window, 1, length);
            window[0] = CLS;
            window[length + 1] = SEP;
            windows.add(new Window(window));
        }
        return new TokenizedText(List.copyOf(windows), ids.length);
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
        return "TokenizedText[" + tokens + " tokens, "
                + Arrays.toString(
                        windows.stream().mapToInt(w -> w.inputIds.length).toArray()) + "]";
    }
}
