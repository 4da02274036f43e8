package dev.leat.text.classify;

import static java.util.Objects.requireNonNull;

import dev.leat.CancelledException;
import dev.leat.ModelLoadException;
import dev.leat.Stage;
import dev.leat.model.ModelDescriptor;
import dev.leat.model.ModelFolder;
import dev.leat.model.TensorSignature;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.encode.EncodedSentences;
import dev.leat.text.encode.EncodedText;
import dev.leat.text.encode.Encoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph on the encoder's states, to {@code logits} [batch, labels]; nothing opened. A small one reads
 * {@code features} [batch, features]; layers of its own read {@code hidden_<layer>} [batch, sequence, dimension] and
 * {@code attention_mask} int64[batch, sequence].
 *
 * @param model the graph
 * @param labels in the order of the logits
 * @param temperature what logits are divided by, so that scores are calibrated
 * @param inputs what the graph reads
 * @param encoder whose states it reads
 */
public record Head(
        ModelReference<OnnxModel> model,
        List<String> labels,
        double temperature,
        List<String> inputs,
        Encoder encoder) {

    private static final String LOGITS = "logits";
    private static final String FEATURES = "features";
    private static final String MASK = "attention_mask";
    private static final String HIDDEN = "hidden_";

    /** Copies the lists. */
    public Head {
        labels = List.copyOf(labels);
        inputs = List.copyOf(inputs);
    }

    /**
     * Describes the head in a folder.
     *
     * @param folder with a graph and its labels
     * @param encoder whose states it shall read
     * @return the head
     * @throws ModelLoadException if it was trained on another encoder, or reads what this one does not give
     */
    public static Head of(ModelFolder folder, Encoder encoder) {
        encoder.requireStatesFor(folder);
        ModelDescriptor descriptor = folder.descriptor();
        List<String> inputs = descriptor.signature(descriptor.graph()).inputs().stream()
                .map(TensorSignature::name)
                .toList();
        for (String input : inputs) {
            if (!input.equals(FEATURES) && !input.equals(MASK) && !input.startsWith(HIDDEN)) {
                throw new ModelLoadException(
                        folder.id(),
                        "Model '" + folder.id() + "' reads '" + input + "', which is none of " + FEATURES + ", " + MASK
                                + ", " + HIDDEN + "<layer>. Use an encoder and heads of one release.");
            }
        }
        return new Head(
                OnnxModel.reference(folder, OnnxOptions.standard()),
                descriptor.parameters().texts("labels"),
                descriptor.parameters().number("temperature"),
                inputs,
                encoder);
    }

    /**
     * Returns the stage that runs the graph.
     *
     * @return states to the logits of each window over the temperature
     */
    public Stage<EncodedText, WindowLogits> stage() {
        return Stage.of(new Run(this));
    }

    /**
     * Returns the stage that runs the graph on each sentence by itself.
     *
     * @return states of sentences to their logits over the temperature
     */
    public Stage<EncodedSentences, SentenceLogits> sentences() {
        return Stage.of(new RunSentences(this));
    }

    private record Run(Head head) implements BatchStep<EncodedText, WindowLogits> {
        @Override
        public StepFacts facts() {
            return head.readsTokens()
                    ? StepFacts.heavy(head.model.id(), "windows", head.model, head.encoder.model())
                            .reading(Encoder.TOKEN_STATES)
                            .asResult()
                    : StepFacts.heavy(head.model.id(), "windows", head.model).asResult();
        }

        @Override
        public long weightBytes(WindowLogits value) {
            return 64 + value.windows().size() * (96 + (long) head.labels.size() * Double.BYTES * 2);
        }

        @Override
        public List<WindowLogits> run(List<EncodedText> items, RunScope scope) {
            OnnxModel graph = scope.model(head.model);
            List<WindowLogits> all = new ArrayList<>();
            for (EncodedText text : items) {
                all.add(head.logits(text, graph, scope));
            }
            return all;
        }
    }

    private record RunSentences(Head head) implements BatchStep<EncodedSentences, SentenceLogits> {
        @Override
        public StepFacts facts() {
            String name = head.model.id() + " of sentences";
            return head.readsTokens()
                    ? StepFacts.heavy(name, "sentences", head.model, head.encoder.model())
                    : StepFacts.heavy(name, "sentences", head.model);
        }

        @Override
        public long cost(EncodedSentences item) {
            return Math.max(1, item.states().size());
        }

        @Override
        public List<SentenceLogits> run(List<EncodedSentences> items, RunScope scope) {
            OnnxModel graph = scope.model(head.model);
            List<SentenceLogits> all = new ArrayList<>();
            for (EncodedSentences text : items) {
                List<WindowLogits> logits = new ArrayList<>();
                for (EncodedText sentence : text.states()) {
                    logits.add(head.logits(sentence, graph, scope));
                }
                all.add(new SentenceLogits(text.text().sentences(), logits));
            }
            return all;
        }
    }

    private WindowLogits logits(EncodedText text, OnnxModel graph, RunScope scope) {
        List<WindowLogits.Window> windows = new ArrayList<>();
        for (EncodedText.Window window : text.windows()) {
            if (scope.isCancelled()) {
                throw new CancelledException("Classifying a text was cancelled");
            }
            Tensor logits =
                    graph.run(inputs(window, scope), Set.of(LOGITS), scope).get(LOGITS);
            float[] row = requireNonNull(logits, LOGITS).toFloats();
            double[] scaled = new double[row.length];
            Arrays.setAll(scaled, i -> row[i] / temperature);
            windows.add(new WindowLogits.Window(
                    Logits.of(scaled),
                    window.weight(),
                    window.tokens().start(),
                    window.tokens().end()));
        }
        return new WindowLogits(windows);
    }

    private boolean readsTokens() {
        return inputs.stream().anyMatch(input -> input.startsWith(HIDDEN));
    }

    private Map<String, Tensor> inputs(EncodedText.Window window, RunScope scope) {
        int length = window.tokens().inputIds().length;
        Map<Integer, float[]> hidden = readsTokens() ? encoder.hidden(window, scope) : Map.of();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String input : inputs) {
            if (input.equals(FEATURES)) {
                tensors.put(input, Tensor.ofFloats(window.features(), 1, window.features().length));
            } else if (input.equals(MASK)) {
                long[] mask = new long[length];
                Arrays.fill(mask, 1);
                tensors.put(input, Tensor.ofLongs(mask, 1, length));
            } else {
                int layer = Integer.parseInt(input.substring(HIDDEN.length()));
                float[] states = requireNonNull(hidden.get(layer), input);
                tensors.put(input, Tensor.ofFloats(states, 1, length, states.length / length));
            }
        }
        return tensors;
    }
}
