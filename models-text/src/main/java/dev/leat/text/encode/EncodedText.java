package dev.leat.text.encode;

import java.util.List;

/**
 * What the encoder makes of a text, window by window; immutable.
 *
 * @param windows at least one
 */
public record EncodedText(List<Window> windows) {

    /** Copies the list. */
    public EncodedText {
        windows = List.copyOf(windows);
    }

    /**
     * The states of a window that all stages share; owns its arrays, which nobody writes.
     *
     * @param embedding the first token's state after the last layer, not normalised
     * @param features what heads read: first-token states of layers 8 to 12, then mean states of layers 8 to 11
     * @param weight how many tokens of the text it stands for
     */
    public record Window(float[] embedding, float[] features, int weight) {}

    /**
     * Returns the weights of the windows as shares.
     *
     * @return sum to 1
     */
    public double[] shares() {
        double all = windows.stream().mapToInt(Window::weight).sum();
        return windows.stream().mapToDouble(w -> w.weight / all).toArray();
    }

    /** Returns the number of windows. */
    @Override
    public String toString() {
        return "EncodedText[" + windows.size() + " windows]";
    }
}
