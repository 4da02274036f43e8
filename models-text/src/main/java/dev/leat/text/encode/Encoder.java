package dev.leat.text.encode;

import dev.leat.ModelLoadException;
import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

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
 * @param hiddenLayers the layers whose token states it gives, as {@code hidden_<layer>} [batch, sequence, dimension];
 *     none in older models
 * @param queryInstruction what goes before a text that others are searched by
 * @param encodedBackground see {@link #background()}: float32 values, little-endian, in Base64; a string, since it knows its
 *     own hash
 */
public record Encoder(
        ModelReference<OnnxModel> model,
        ModelReference<TextTokenizer> tokenizer,
        String space,
        int dimension,
        int maxSequenceLength,
        List<Integer> hiddenLayers,
        String queryInstruction,
        String encodedBackground) {

    /** Of bge-small-en-v1.5, for weights whose {@code model.json} is older than the parameter. */
    private static final String BGE_QUERY = "Represent this sentence for searching relevant passages: ";

    private static final int MAX_BATCH_ITEMS = 32;

    private static final List<String> POOLED = List.of("sentence_embedding", "layer_cls", "layer_mean");
    private static final String HIDDEN = "hidden_";

    /** States of longer texts are not kept: three layers of a full window are 2.4 MB. */
    private static final int MAX_WINDOWS_WITH_STATES = 6;

    /** Copies the layers. */
    public Encoder {
        hiddenLayers = List.copyOf(hiddenLayers);
    }

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
                parameters.integer("maxSequenceLength"),
                parameters.has("hiddenLayers")
                        ? Arrays.stream(parameters.numbers("hiddenLayers"))
                                .mapToObj(layer -> (int) layer)
                                .toList()
                        : List.of(),
                parameters.text("queryInstruction", BGE_QUERY),
                background(folder.id(), parameters.text("background", ""), parameters.integer("dimension")));
    }

    /**
     * Returns the mean embedding of texts of all kinds.
     *
     * @return as many values as an embedding has; none if the weights are older than it
     */
    public List<Float> background() {
        FloatBuffer values = ByteBuffer.wrap(Base64.getDecoder().decode(encodedBackground))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        List<Float> floats = new ArrayList<>();
        while (values.hasRemaining()) {
            floats.add(values.get());
        }
        return List.copyOf(floats);
    }

    private static String background(String id, String base64, int dimension) {
        try {
            int bytes = Base64.getDecoder().decode(base64).length;
            if (bytes != 0 && bytes != dimension * Float.BYTES) {
                throw new IllegalArgumentException(bytes + " bytes");
            }
            return base64;
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(
                    id,
                    "Model '" + id + "': parameter 'background' of model.json is no Base64 of " + dimension
                            + " float32 values. Restore the file.",
                    e);
        }
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
        return TokenizedText.of(text, scope.model(tokenizer).tokenize(text), maxSequenceLength);
    }

    /**
     * Runs the graph on each window by itself: unpadded, so that no window depends on another.
     *
     * @param text the windows
     * @param scope of a heavy step that names the model in its facts
     * @return what it makes of them, without the states of tokens
     */
    public EncodedText encode(TokenizedText text, RunScope scope) {
        return encode(text, List.of(), scope);
    }

    private EncodedText encode(TokenizedText text, List<Integer> layers, RunScope scope) {
        List<EncodedText.Window> windows = new ArrayList<>();
        for (TokenizedText.Window window : text.windows()) {
            windows.add(encode(window, layers, scope));
        }
        return new EncodedText(text, windows);
    }

    /**
     * Returns the states of a window's tokens, running the graph again if they were not kept.
     *
     * @param window of an encoded text
     * @param scope of a heavy step that names the model in its facts
     * @return as {@link EncodedText.Window#hidden} has them; equal, bit for bit, whether kept or not
     */
    public Map<Integer, float[]> hidden(EncodedText.Window window, RunScope scope) {
        return window.hidden().isEmpty() ? hidden(window.tokens(), scope) : window.hidden();
    }

    /**
     * Runs the graph on a window for the states of its tokens.
     *
     * @param window of a text
     * @param scope of a heavy step that names the model in its facts
     * @return as {@link EncodedText.Window#hidden} has them
     */
    public Map<Integer, float[]> hidden(TokenizedText.Window window, RunScope scope) {
        return encode(window, hiddenLayers, scope).hidden();
    }

    private EncodedText.Window encode(TokenizedText.Window window, List<Integer> layers, RunScope scope) {
        return encode(List.of(window), layers, scope.model(model), scope).get(0);
    }

    /**
     * Runs the graph on texts of one window together, the shorter ones padded.
     *
     * <p>The bundled graphs have fixed scales and mask what is padded, so that a text's states are those that it has
     * alone: bit for bit in INT8, within 1e-6 in EXACT. A graph of which that is not so runs them one by one.
     *
     * @param texts of any lengths; those of several windows are run alone
     * @param scope of a heavy step that names the model in its facts
     * @return their states, in order
     */
    List<EncodedText> encode(List<TokenizedText> texts, RunScope scope) {
        OnnxModel graph = scope.model(model);
        if (texts.size() == 1
                || graph.hasBatchDependentQuantisation()
                || texts.stream().anyMatch(text -> text.windows().size() > 1)) {
            return texts.stream()
                    .map(text -> encode(text, layersToKeep(text), scope))
                    .toList();
        }
        List<TokenizedText.Window> windows =
                texts.stream().map(text -> text.windows().get(0)).toList();
        List<EncodedText.Window> encoded = encode(windows, hiddenLayers, graph, scope);
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new EncodedText(texts.get(i), List.of(encoded.get(i))))
                .toList();
    }

    /** Reading more outputs of one run costs nothing that could be measured; a second run costs a run. */
    private List<Integer> layersToKeep(TokenizedText text) {
        return text.windows().size() <= MAX_WINDOWS_WITH_STATES ? hiddenLayers : List.of();
    }

    private static List<EncodedText.Window> encode(
            List<TokenizedText.Window> windows, List<Integer> layers, OnnxModel graph, RunScope scope) {
        int rows = windows.size();
        int length = windows.stream().mapToInt(w -> w.inputIds().length).max().orElse(0);
        long[] ids = new long[rows * length]; // the padding token is 0, and so is its mask
        long[] mask = new long[rows * length];
        for (int r = 0; r < rows; r++) {
            long[] row = windows.get(r).inputIds();
            System.arraycopy(row, 0, ids, r * length, row.length);
            Arrays.fill(mask, r * length, r * length + row.length, 1);
        }
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", Tensor.ofLongs(ids, rows, length));
        inputs.put("attention_mask", Tensor.ofLongs(mask, rows, length));
        Set<String> wanted = new LinkedHashSet<>(POOLED);
        layers.forEach(layer -> wanted.add(HIDDEN + layer));
        Map<String, Tensor> outputs = graph.run(inputs, wanted, scope);
        List<EncodedText.Window> encoded = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            float[] embedding = row(outputs, "sentence_embedding", r, rows);
            float[] cls = row(outputs, "layer_cls", r, rows);
            float[] mean = row(outputs, "layer_mean", r, rows);
            float[] features = new float[cls.length + embedding.length + mean.length];
            System.arraycopy(cls, 0, features, 0, cls.length);
            System.arraycopy(embedding, 0, features, cls.length, embedding.length);
            System.arraycopy(mean, 0, features, cls.length + embedding.length, mean.length);
            int tokens = windows.get(r).inputIds().length;
            Map<Integer, float[]> hidden = new TreeMap<>();
            for (int layer : layers) {
                float[] padded = row(outputs, HIDDEN + layer, r, rows);
                hidden.put(layer, tokens == length ? padded : Arrays.copyOf(padded, padded.length / length * tokens));
            }
            encoded.add(new EncodedText.Window(windows.get(r), embedding, features, hidden));
        }
        return encoded;
    }

    private static float[] row(Map<String, Tensor> outputs, String name, int row, int rows) {
        Tensor tensor = outputs.get(name);
        if (tensor == null) {
            throw new AssertionError("The graph's declared output '" + name + "' is missing; this is a bug");
        }
        int width = tensor.size() / rows;
        return tensor.toFloats(row * width, (row + 1) * width);
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
        double length = length(vector);
        double scale = length == 0 ? 0 : 1 / length;
        float[] normalised = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            normalised[i] = (float) (vector[i] * scale);
        }
        return normalised;
    }

    /**
     * Returns a vector's length.
     *
     * @param vector any
     * @return not negative
     */
    public static double length(double[] vector) {
        double square = 0;
        for (double each : vector) {
            square += each * each;
        }
        return Math.sqrt(square);
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
            // A batch takes no more tokens than the longest window: neither its time nor its memory exceeds that one's.
            return StepFacts.heavy("encode", "tokens", encoder.model)
                    .batched(MAX_BATCH_ITEMS, encoder.maxSequenceLength);
        }

        @Override
        public long cost(TokenizedText item) {
            return item.cost();
        }

        @Override
        public List<EncodedText> run(List<TokenizedText> items, RunScope scope) {
            for (int i = 0; i < items.size(); i++) {
                scope.note(i, "tokens", items.get(i).tokens());
                scope.note(i, "windows", items.get(i).windows().size());
            }
            return encoder.encode(items, scope);
        }
    }
}
