package dev.leat.text.encode;

import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The trunk of all text stages: a tokenizer and a graph, as steps of the pipeline's graph; immutable, nothing opened.
 *
 * <p>The graph takes {@code input_ids} and {@code attention_mask}, both int64[batch, sequence], and gives
 * {@code sentence_embedding} [batch, dimension], {@code layer_cls} and {@code layer_mean} [batch, layers, dimension].
 *
 * @param model the graph
 * @param tokenizer its tokenizer
 * @param space names the vectors: model, digest, pooling
 * @param dimension of a state
 * @param maxSequenceLength the most tokens of a window, special ones counted
 */
public record Encoder(
        ModelReference<OnnxModel> model,
        ModelReference<TextTokenizer> tokenizer,
        String space,
        int dimension,
        int maxSequenceLength) {

    private static final Set<String> OUTPUTS = Set.of("sentence_embedding", "layer_cls", "layer_mean");

    /**
     * Describes the encoder in a folder.
     *
     * @param folder with a graph and a {@code tokenizer.json}
     * @return the encoder
     */
    public static Encoder of(ModelFolder folder) {
        ModelReference<OnnxModel> model = OnnxModel.reference(folder, OnnxOptions.standard());
        var parameters = folder.descriptor().parameters();
        String pooling = parameters.text("pooling");
        return new Encoder(
                model,
                new TokenizerReference(folder),
                folder.id() + ":" + model.digest().substring(0, 12) + ":" + pooling,
                parameters.integer("dimension"),
                parameters.integer("maxSequenceLength"));
    }

    /**
     * Returns the stage that all text stages begin with.
     *
     * @return text to hidden states
     */
    public Stage<String, EncodedText> stage() {
        return Stage.of(new Tokenize(this)).then(Stage.of(new Encode(this)));
    }

    /**
     * Splits a text into windows, for steps that encode texts of their own.
     *
     * @param text any string
     * @param scope of a step that names the tokenizer in its facts
     * @return its windows
     */
    public TokenizedText tokenize(String text, RunScope scope) {
        return TokenizedText.of(scope.model(tokenizer).tokenize(text).ids(), maxSequenceLength);
    }

    /**
     * Runs the graph on each window by itself: unpadded, so that no window depends on another.
     *
     * @param text the windows
     * @param scope of a heavy step that names the model in its facts
     * @return their states
     */
    public EncodedText encode(TokenizedText text, RunScope scope) {
        OnnxModel graph = scope.model(model);
        List<EncodedText.Window> windows = new ArrayList<>();
        for (TokenizedText.Window window : text.windows()) {
            windows.add(encode(window, graph, scope));
        }
        return new EncodedText(windows);
    }

    private EncodedText.Window encode(TokenizedText.Window window, OnnxModel graph, RunScope scope) {
        int length = window.inputIds().length;
        long[] mask = new long[length];
        Arrays.fill(mask, 1);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", Tensor.ofLongs(window.inputIds(), 1, length));
        inputs.put("attention_mask", Tensor.ofLongs(mask, 1, length));
        Map<String, Tensor> outputs = graph.run(inputs, OUTPUTS, scope);
        float[] embedding = floats(outputs, "sentence_embedding");
        float[] cls = floats(outputs, "layer_cls");
        float[] mean = floats(outputs, "layer_mean");
        float[] features = new float[cls.length + embedding.length + mean.length];
        System.arraycopy(cls, 0, features, 0, cls.length);
        System.arraycopy(embedding, 0, features, cls.length, embedding.length);
        System.arraycopy(mean, 0, features, cls.length + embedding.length, mean.length);
        return new EncodedText.Window(embedding, features, window.weight());
    }

    private static float[] floats(Map<String, Tensor> outputs, String name) {
        Tensor tensor = outputs.get(name);
        if (tensor == null) {
            throw new AssertionError("The graph's declared output '" + name + "' is missing; this is a bug");
        }
        return tensor.toFloats();
    }

    /**
     * Merges the windows of a text into one vector: each of length 1, averaged by tokens, and again of length 1.
     *
     * @param text the states
     * @return of length 1; the caller owns it
     */
    public static float[] pool(EncodedText text) {
        double[] shares = text.shares();
        double[] sum = new double[text.windows().get(0).embedding().length];
        for (int w = 0; w < shares.length; w++) {
            float[] vector = text.windows().get(w).embedding();
            double scale = shares[w] / length(vector);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += scale * vector[i];
            }
        }
        return normalised(sum);
    }

    /**
     * Returns a vector of length 1 in the same direction.
     *
     * @param vector any
     * @return the caller owns it; zero stays zero
     */
    public static float[] normalised(double[] vector) {
        double square = 0;
        for (double each : vector) {
            square += each * each;
        }
        double scale = square == 0 ? 0 : 1 / Math.sqrt(square);
        float[] normalised = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            normalised[i] = (float) (vector[i] * scale);
        }
        return normalised;
    }

    private static double length(float[] vector) {
        double square = 0;
        for (float each : vector) {
            square += (double) each * each;
        }
        return Math.max(Math.sqrt(square), Double.MIN_NORMAL);
    }

    /** Text to windows of token ids. */
    private record Tokenize(Encoder encoder) implements BatchStep<String, TokenizedText> {
        @Override
        public StepFacts facts() {
            return StepFacts.light("tokenize", encoder.tokenizer);
        }

        @Override
        public List<TokenizedText> run(List<String> items, RunScope scope) {
            List<TokenizedText> texts = new ArrayList<>();
            for (String item : items) {
                long start = System.nanoTime();
                texts.add(encoder.tokenize(item, scope));
                scope.spent(RunScope.Phase.TOKENIZE, System.nanoTime() - start);
            }
            return texts;
        }
    }

    /** Windows to hidden states: the one dear step. */
    private record Encode(Encoder encoder) implements BatchStep<TokenizedText, EncodedText> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy("encode", "tokens", encoder.model);
        }

        @Override
        public long cost(TokenizedText item) {
            return item.cost();
        }

        @Override
        public List<EncodedText> run(List<TokenizedText> items, RunScope scope) {
            List<EncodedText> texts = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                TokenizedText item = items.get(i);
                scope.note(i, "tokens", item.tokens());
                scope.note(i, "windows", item.windows().size());
                texts.add(encoder.encode(item, scope));
            }
            return texts;
        }
    }
}
