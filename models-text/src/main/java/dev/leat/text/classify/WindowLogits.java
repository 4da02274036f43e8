package dev.leat.text.classify;

import java.util.List;

/**
 * The logits of each window of a text; immutable.
 *
 * @param windows at least one
 */
public record WindowLogits(List<Window> windows) {

    /**
     * A window's logits.
     *
     * @param logits of this window alone
     * @param weight how many tokens of the text it stands for
     * @param start where it begins in the text that was encoded (UTF-16)
     * @param end one past its last char
     */
    public record Window(Logits logits, int weight, int start, int end) {

        /** Returns where it stands: scores are as private as the text. */
        @Override
        public String toString() {
            return "Window[" + start + " to " + end + "]";
        }
    }

    /** Copies the list. */
    public WindowLogits {
        windows = List.copyOf(windows);
    }

    /**
     * Merges the windows as one text.
     *
     * @return the logits averaged by tokens
     */
    public Logits mean() {
        double[] sum = new double[windows.get(0).logits().values().size()];
        double all = windows.stream().mapToInt(Window::weight).sum();
        for (Window window : windows) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += window.weight / all * window.logits().values().get(i);
            }
        }
        return Logits.of(sum);
    }
}
