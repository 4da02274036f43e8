package dev.leat.text.encode;

import dev.leat.ModelLoadException;
import dev.leat.model.Dimension;
import dev.leat.model.ElementType;
import dev.leat.model.GraphSignature;
import dev.leat.model.ModelDescriptor;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelParameters;
import dev.leat.model.TensorSignature;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.Tensor;
import dev.leat.spi.RunScope;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an encoder's graph takes and gives, and how the states of windows are read from it; immutable.
 *
 * <p>It takes {@code input_ids} and {@code attention_mask}, and {@code token_type_ids} if it wants them, which are all 0;
 * each int64[batch, sequence]. It gives a vector for each text, {@code sentence_embedding} [batch, dimension], or the
 * states of tokens, {@code last_hidden_state} or {@code token_embeddings} [batch, sequence, dimension], which are pooled
 * here. What heads read is given besides, or not: {@code layer_cls} and {@code layer_mean} [batch, layers, dimension],
 * {@code hidden_<layer>} [batch, sequence, dimension].
 *
 * @param output what vectors are read from
 * @param pooling how
 * @param dimension of a vector and of a state
 * @param takesTokenTypes whether it wants {@code token_type_ids}
 * @param layers how many layers {@code layer_cls} and {@code layer_mean} have; 0 if they are not given
 * @param hiddenLayers the layers whose token states are given
 */
record EncoderGraph(
        String output,
        Pooling pooling,
        int dimension,
        boolean takesTokenTypes,
        int layers,
        List<Integer> hiddenLayers) {

    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";
    private static final List<String> VECTORS = List.of("sentence_embedding", "last_hidden_state", "token_embeddings");
    private static final String LAYER_CLS = "layer_cls";
    private static final String LAYER_MEAN = "layer_mean";

    /** What begins the names of token states of layers, as the graph gives them and heads read them. */
    static final String HIDDEN = "hidden_";

    /** What heads call {@link EncodedText.Window#features}. */
    static final String FEATURES = "features";

    /** How a vector is made of the states of a window's tokens. */
    enum Pooling {
        /** By the graph itself. */
        GRAPH,
        /** The first token's state. */
        CLS,
        /** The mean of all tokens' states, special ones included, padding not. */
        MEAN
    }

    /** Copies the layers. */
    EncoderGraph {
        hiddenLayers = List.copyOf(hiddenLayers);
    }

    /**
     * Reads what a folder says of its graph.
     *
     * @param folder of an encoder
     * @return the graph
     * @throws ModelLoadException if it is none that can be run; the message names everything that is wrong
     */
    static EncoderGraph of(ModelFolder folder) {
        return new Description(folder).read();
    }

    /** Reads {@code model.json} and gathers what is wrong with it; confined. */
    private static final class Description {

        private final String id;
        private final GraphSignature signature;
        private final ModelParameters parameters;
        private final int dimension;
        private final List<String> wrong = new ArrayList<>();

        Description(ModelFolder folder) {
            ModelDescriptor descriptor = folder.descriptor();
            id = folder.id();
            signature = descriptor.signature(descriptor.graph());
            parameters = descriptor.parameters();
            dimension = parameters.integer("dimension");
        }

        EncoderGraph read() {
            checkInputs();
            int room = parameters.integer("maxSequenceLength");
            if (room <= SpecialTokens.COUNT) {
                wrong.add("'maxSequenceLength' is " + room + ", expected the number of positions that the model was"
                        + " trained with, such as 512");
            }
            List<Integer> hidden = hiddenLayers();
            hidden.forEach(layer -> output(HIDDEN + layer).ifPresent(this::checkTokens));
            int layers = layers();
            EncoderGraph graph = VECTORS.stream()
                    .flatMap(name -> find(signature.outputs(), name).stream())
                    .findFirst()
                    .map(vectors ->
                            new EncoderGraph(vectors.name(), pooling(vectors), dimension, takesTypes(), layers, hidden))
                    .orElse(null);
            if (graph == null) {
                wrong.add("there is no output " + String.join(", ", VECTORS) + ", only " + names(signature.outputs())
                        + "; declare the one that the graph has, or export it with one of these names");
            }
            if (graph == null || !wrong.isEmpty()) {
                throw new ModelLoadException(
                        id,
                        "Model '" + id + "': model.json describes no text encoder that can be run: "
                                + String.join("; ", wrong) + ".");
            }
            return graph;
        }

        private void checkInputs() {
            for (TensorSignature input : signature.inputs()) {
                if (!Set.of(IDS, MASK, TYPES).contains(input.name())) {
                    wrong.add("input '" + input.name() + "' is none of " + IDS + ", " + MASK + ", " + TYPES
                            + "; export the graph without it");
                } else if (input.type() != ElementType.INT64
                        || input.shape().size() != 2
                        || input.shape().stream().anyMatch(Dimension.Fixed.class::isInstance)) {
                    wrong.add("input '" + input.name() + "' is " + input.describe()
                            + ", expected int64[batch, sequence] of any sizes; export the graph with dynamic axes");
                }
            }
            for (String name : List.of(IDS, MASK)) {
                if (find(signature.inputs(), name).isEmpty()) {
                    wrong.add("there is no input '" + name + "', only " + names(signature.inputs())
                            + "; declare it, or export the graph with it");
                }
            }
        }

        private boolean takesTypes() {
            return find(signature.inputs(), TYPES).isPresent();
        }

        private List<Integer> hiddenLayers() {
            return parameters.has("hiddenLayers")
                    ? Arrays.stream(parameters.numbers("hiddenLayers"))
                            .mapToObj(layer -> (int) layer)
                            .toList()
                    : List.of();
        }

        private int layers() {
            if (find(signature.outputs(), LAYER_CLS).isEmpty()
                    && find(signature.outputs(), LAYER_MEAN).isEmpty()) {
                return 0;
            }
            List<Integer> counts = new ArrayList<>();
            for (String name : List.of(LAYER_CLS, LAYER_MEAN)) {
                output(name).ifPresent(layers -> {
                    if (isStates(layers, 3) && layers.shape().get(1) instanceof Dimension.Fixed fixed) {
                        counts.add((int) fixed.size());
                    } else {
                        wrong.add("output '" + name + "' is " + layers.describe() + ", expected float32[batch, layers, "
                                + dimension + "] with the number of layers");
                    }
                });
            }
            if (counts.size() == 2 && !counts.get(0).equals(counts.get(1))) {
                wrong.add("'" + LAYER_CLS + "' has " + counts.get(0) + " layers and '" + LAYER_MEAN + "' "
                        + counts.get(1));
            }
            return counts.isEmpty() ? 0 : counts.get(0);
        }

        private Pooling pooling(TensorSignature vectors) {
            String stated = parameters.text("pooling");
            if (isStates(vectors, 2)) {
                return Pooling.GRAPH;
            }
            checkTokens(vectors);
            if (stated.equals(Pooling.MEAN.name())) {
                return Pooling.MEAN;
            }
            if (!stated.equals(Pooling.CLS.name())) {
                wrong.add(
                        "'pooling' is '" + stated + "', expected CLS or MEAN, as the model was trained with; any other"
                                + " pooling has to be in the graph, with the output " + VECTORS.get(0));
            }
            return Pooling.CLS;
        }

        private void checkTokens(TensorSignature tokens) {
            if (!isStates(tokens, 3)) {
                wrong.add("output '" + tokens.name() + "' is " + tokens.describe()
                        + ", expected float32[batch, sequence, "
                        + dimension + "]"
                        + (tokens.name().equals(VECTORS.get(0)) ? " or float32[batch, " + dimension + "]" : "")
                        + "; 'dimension' is " + dimension + ": correct one or the other");
            }
        }

        /** Whether a tensor is float32 of so many dimensions, the last one being that of states. */
        private boolean isStates(TensorSignature tensor, int rank) {
            return tensor.type() == ElementType.FLOAT32
                    && tensor.shape().size() == rank
                    && tensor.shape().get(rank - 1) instanceof Dimension.Fixed last
                    && last.size() == dimension;
        }

        private Optional<TensorSignature> output(String name) {
            Optional<TensorSignature> found = find(signature.outputs(), name);
            if (found.isEmpty()) {
                wrong.add("output '" + name + "' is not declared");
            }
            return found;
        }

        private static Optional<TensorSignature> find(List<TensorSignature> tensors, String name) {
            return tensors.stream().filter(each -> each.name().equals(name)).findFirst();
        }

        private static List<String> names(List<TensorSignature> tensors) {
            return tensors.stream().map(TensorSignature::name).toList();
        }
    }

    /**
     * Runs the graph on windows together, the shorter ones padded.
     *
     * @param windows at least one
     * @param kept the layers whose token states are kept, some of {@link #hiddenLayers}
     * @param graph opened
     * @param scope of a heavy step
     * @return their states, in order
     */
    List<EncodedText.Window> run(
            List<TokenizedText.Window> windows, List<Integer> kept, OnnxModel graph, RunScope scope) {
        int length = windows.stream().mapToInt(w -> w.inputIds().length).max().orElse(0);
        Map<String, Tensor> outputs = graph.run(inputs(windows, length), outputs(kept), scope);
        List<EncodedText.Window> states = new ArrayList<>();
        for (int row = 0; row < windows.size(); row++) {
            int tokens = windows.get(row).inputIds().length;
            Map<Integer, float[]> hidden = new TreeMap<>();
            for (int layer : kept) {
                int first = row * length * dimension;
                hidden.put(layer, output(outputs, HIDDEN + layer).toFloats(first, first + tokens * dimension));
            }
            float[] vector = vector(output(outputs, output), row, length, tokens);
            float[] features = layers == 0 ? new float[0] : features(outputs, vector, row);
            states.add(new EncodedText.Window(windows.get(row), vector, features, hidden));
        }
        return states;
    }

    private Map<String, Tensor> inputs(List<TokenizedText.Window> windows, int length) {
        int rows = windows.size();
        long[] ids = new long[rows * length]; // whatever token pads a row, its mask is 0
        long[] mask = new long[rows * length];
        for (int r = 0; r < rows; r++) {
            long[] row = windows.get(r).inputIds();
            System.arraycopy(row, 0, ids, r * length, row.length);
            Arrays.fill(mask, r * length, r * length + row.length, 1);
        }
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put(IDS, Tensor.ofLongs(ids, rows, length));
        inputs.put(MASK, Tensor.ofLongs(mask, rows, length));
        if (takesTokenTypes) {
            inputs.put(TYPES, Tensor.ofLongs(new long[rows * length], rows, length));
        }
        return inputs;
    }

    private Set<String> outputs(List<Integer> kept) {
        Set<String> wanted = new LinkedHashSet<>();
        wanted.add(output);
        if (layers > 0) {
            wanted.add(LAYER_CLS);
            wanted.add(LAYER_MEAN);
        }
        kept.forEach(layer -> wanted.add(HIDDEN + layer));
        return wanted;
    }

    private float[] vector(Tensor states, int row, int length, int tokens) {
        int first = row * dimension * (pooling == Pooling.GRAPH ? 1 : length);
        return pooling == Pooling.MEAN
                ? mean(states.floats(), first, tokens)
                : states.toFloats(first, first + dimension);
    }

    /** As sentence-transformers' {@code pooling_mode_mean_tokens}; summed in double precision. */
    private float[] mean(FloatBuffer states, int first, int tokens) {
        double[] sum = new double[dimension];
        float[] mean = new float[dimension];
        for (int t = 0; t < tokens; t++) {
            states.get(first + t * dimension, mean);
            for (int i = 0; i < dimension; i++) {
                sum[i] += mean[i];
            }
        }
        for (int i = 0; i < dimension; i++) {
            mean[i] = (float) (sum[i] / tokens);
        }
        return mean;
    }

    private float[] features(Map<String, Tensor> outputs, float[] vector, int row) {
        int size = layers * dimension;
        float[] features = new float[featuresSize()];
        FloatBuffer cls = output(outputs, LAYER_CLS).floats();
        FloatBuffer mean = output(outputs, LAYER_MEAN).floats();
        cls.get(row * size, features, 0, size);
        System.arraycopy(vector, 0, features, size, dimension);
        mean.get(row * size, features, size + dimension, size);
        return features;
    }

    /**
     * Returns how many values {@link EncodedText.Window#features} has.
     *
     * @return 0 if the graph gives no states of layers
     */
    int featuresSize() {
        return layers == 0 ? 0 : (2 * layers + 1) * dimension;
    }

    private static Tensor output(Map<String, Tensor> outputs, String name) {
        Tensor tensor = outputs.get(name);
        if (tensor == null) {
            throw new AssertionError("The graph's declared output '" + name + "' is missing; this is a bug");
        }
        return tensor;
    }
}
