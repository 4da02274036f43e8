package dev.leat.text.encode;

import dev.leat.ModelLoadException;
import dev.leat.Stage;
import dev.leat.model.Dimension;
import dev.leat.model.ModelDescriptor;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelParameters;
import dev.leat.model.TensorSignature;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The trunk of all text stages: a tokenizer and a graph, as steps of the pipeline's graph; immutable, nothing opened.
 *
 * @param model the graph
 * @param tokenizer its tokenizer
 * @param graph what the graph takes and gives
 * @param trunk names the weights whatever their precision: heads state on whose states they were trained
 * @param space names the vectors: model, digest, pooling
 * @param maxSequenceLength the most tokens of a window, special ones counted
 * @param queryInstruction what goes before a text that others are searched by; may be empty
 * @param encodedBackground see {@link #background()}: float32 values, little-endian, in Base64; a string, since it knows its
 *     own hash
 */
public record Encoder(
        ModelReference<OnnxModel> model,
        ModelReference<TextTokenizer> tokenizer,
        EncoderGraph graph,
        String trunk,
        String space,
        int maxSequenceLength,
        String queryInstruction,
        String encodedBackground) {

    /** The part of an encoded text that few stages read, and which is only made for those: {@link EncodedText.Window#hidden}. */
    public static final String TOKEN_STATES = "token states";

    private static final int MAX_BATCH_ITEMS = 32;

    /** States of longer texts are not kept: three layers of a full window are 2.4 MB. */
    private static final int MAX_WINDOWS_WITH_STATES = 6;

    /**
     * Describes the encoder in a folder, whose queries need no instruction unless it states one.
     *
     * @param folder with a graph and a {@code tokenizer.json}
     * @return the encoder
     * @throws ModelLoadException if its {@code model.json} describes none
     */
    public static Encoder of(ModelFolder folder) {
        return of(folder, "");
    }

    /**
     * Describes the encoder in a folder.
     *
     * @param folder with a graph and a {@code tokenizer.json}
     * @param queryInstruction the instruction of one that states none
     * @return the encoder
     * @throws ModelLoadException if its {@code model.json} describes none
     */
    public static Encoder of(ModelFolder folder, String queryInstruction) {
        EncoderGraph graph = EncoderGraph.of(folder);
        ModelReference<OnnxModel> model = OnnxModel.reference(folder, OnnxOptions.standard());
        ModelReference<TextTokenizer> tokenizer = new TokenizerReference(folder);
        ModelParameters parameters = folder.descriptor().parameters();
        return new Encoder(
                model,
                tokenizer,
                graph,
                parameters.text("encoder", withoutPrecision(folder.id(), parameters.text("precision", ""))),
                folder.id() + ":" + model.digest().substring(0, 12) + ":" + parameters.text("pooling"),
                parameters.integer("maxSequenceLength"),
                parameters.text("queryInstruction", queryInstruction),
                background(folder.id(), parameters.text("background", ""), graph.dimension()));
    }

    /** Two precisions of one encoder, {@code x-int8} and {@code x-exact}, are one trunk. */
    private static String withoutPrecision(String id, String precision) {
        String ending = "-" + precision.toLowerCase(Locale.ROOT);
        return id.endsWith(ending) ? id.substring(0, id.length() - ending.length()) : id;
    }

    /**
     * Returns the size of a vector and of a state.
     *
     * @return at least 1
     */
    public int dimension() {
        return graph.dimension();
    }

    /**
     * Returns the layers whose token states the graph gives.
     *
     * @return none in some models
     */
    public List<Integer> hiddenLayers() {
        return graph.hiddenLayers();
    }

    /**
     * Returns how many values {@link EncodedText.Window#features} has.
     *
     * @return 0 if the graph gives no states of layers
     */
    public int featuresSize() {
        return graph.featuresSize();
    }

    /**
     * Refuses a head that was trained on the states of another encoder, or reads what this one does not give.
     *
     * @param head its {@code model.json} names its encoder; inputs named {@code features} and {@code hidden_<layer>} are
     *     states
     * @throws ModelLoadException if it cannot be run on this encoder
     */
    public void requireStatesFor(ModelFolder head) {
        ModelDescriptor descriptor = head.descriptor();
        String wanted = descriptor.parameters().text("encoder", trunk);
        if (!wanted.equals(trunk)) {
            throw new ModelLoadException(
                    head.id(),
                    "Model '" + head.id() + "' was trained on the states of encoder '" + wanted
                            + "' and cannot read those of '" + model.id() + "' (" + trunk
                            + "). Make this stage with the"
                            + " TextModels of its own encoder, which may serve the same pipeline; or, if the weights are"
                            + " the same, say so: parameter 'encoder' in the encoder's model.json.");
        }
        for (TensorSignature input : descriptor.signature(descriptor.graph()).inputs()) {
            if (!gives(input)) {
                throw new ModelLoadException(
                        head.id(),
                        "Model '" + head.id() + "' reads " + input.name() + " " + input.describe() + ", and encoder '"
                                + model.id() + "' gives " + given() + ". Use an encoder and heads of one release.");
            }
        }
    }

    private boolean gives(TensorSignature input) {
        if (input.name().equals(EncoderGraph.FEATURES)) {
            return featuresSize() > 0 && endsWith(input, featuresSize());
        }
        return !input.name().startsWith(EncoderGraph.HIDDEN)
                || hiddenLayers().stream().anyMatch(layer -> input.name().equals(EncoderGraph.HIDDEN + layer))
                        && endsWith(input, dimension());
    }

    private static boolean endsWith(TensorSignature input, int size) {
        List<Dimension> shape = input.shape();
        return !shape.isEmpty() && shape.get(shape.size() - 1).equals(new Dimension.Fixed(size));
    }

    private String given() {
        List<String> states = new ArrayList<>();
        if (featuresSize() > 0) {
            states.add(EncoderGraph.FEATURES + " of " + featuresSize() + " values");
        }
        hiddenLayers().forEach(layer -> states.add(EncoderGraph.HIDDEN + layer + " of " + dimension()));
        return states.isEmpty() ? "vectors of texts alone" : String.join(", ", states);
    }

    /**
     * Returns the mean embedding of texts of all kinds.
     *
     * @return as many values as an embedding has; none if its {@code model.json} has none
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
        TextTokenizer opened = scope.model(tokenizer);
        return TokenizedText.of(text, opened.tokenize(text), opened.special(), maxSequenceLength);
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
        return encode(window, hiddenLayers(), scope).hidden();
    }

    private EncodedText.Window encode(TokenizedText.Window window, List<Integer> layers, RunScope scope) {
        return graph.run(List.of(window), layers, scope.model(model), scope).get(0);
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
        OnnxModel opened = scope.model(model);
        if (texts.size() == 1
                || opened.hasBatchDependentQuantisation()
                || texts.stream().anyMatch(text -> text.windows().size() > 1)) {
            return texts.stream()
                    .map(text -> encode(text, layersToKeep(text, scope), scope))
                    .toList();
        }
        List<TokenizedText.Window> windows =
                texts.stream().map(text -> text.windows().get(0)).toList();
        List<EncodedText.Window> encoded = graph.run(windows, layersToKeep(texts.get(0), scope), opened, scope);
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new EncodedText(texts.get(i), List.of(encoded.get(i))))
                .toList();
    }

    private List<Integer> layersToKeep(TokenizedText text, RunScope scope) {
        boolean kept = scope.isRead(TOKEN_STATES) && text.windows().size() <= MAX_WINDOWS_WITH_STATES;
        return kept ? hiddenLayers() : List.of();
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
