package dev.leat.text.encode;

import java.util.List;
import java.util.Map;

/**
 * What the encoder makes of a text, window by window; immutable.
 *
 * @param text what was encoded
 * @param windows at least one, those of the text
 */
public record EncodedText(TokenizedText text, List<Window> windows) {

    /** Copies the list. */
    public EncodedText {
        windows = List.copyOf(windows);
    }

    /**
     * The states of a window that all stages share; owns its arrays, which nobody writes.
     *
     * @param tokens the stretch of text that it stands for
     * @param embedding its vector, pooled as the model was trained, not normalised
     * @param features what heads read: first-token states of layers 8 to 12, then mean states of layers 8 to 11; empty if
     *     the encoder gives none
     * @param hidden the states of all tokens, special ones included, after the layers that the model's description
     *     names {@code hiddenLayers}: {@code float[tokens, dimension]} by layer, row-major. Empty where no stage reads
     *     {@link Encoder#TOKEN_STATES}, and where keeping them would take too much memory; {@link Encoder#hidden} gives
     *     them one window at a time
     */
    public record Window(
            TokenizedText.Window tokens, float[] embedding, float[] features, Map<Integer, float[]> hidden) {

        /** Copies the map. */
        public Window {
            hidden = Map.copyOf(hidden);
        }

        /**
         * Returns how many tokens of the text it stands for.
         *
         * @return at least 1
         */
        public int weight() {
            return tokens.weight();
        }
    }

    /**
     * Returns the weights of the windows as shares.
     *
     * @return sum to 1
     */
    public double[] shares() {
        double all = windows.stream().mapToInt(Window::weight).sum();
        return windows.stream().mapToDouble(w -> w.weight() / all).toArray();
    }

    /** Returns the number of windows. */
    @Override
    public String toString() {
        return "EncodedText[" + windows.size() + " windows]";
    }
}
