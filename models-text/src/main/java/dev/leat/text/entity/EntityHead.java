package dev.leat.text.entity;

import static java.util.Objects.requireNonNull;

import dev.leat.CancelledException;
import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelParameters;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.EntityOptions;
import dev.leat.text.encode.EncodedText;
import dev.leat.text.encode.Encoder;
import dev.leat.text.encode.TextTokenizer.Tokens;
import dev.leat.text.encode.TokenizedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph on token states: {@code hidden_n} float[1, sequence, dimension] of some layers and {@code forms} float[1,
 * sequence, {@value WordForms#WIDTH}] to {@code logits} float[1, sequence, labels]; nothing opened.
 *
 * @param model the graph
 * @param encoder whose states it reads
 * @param layers which of them
 * @param labels in the order of the logits, {@code O} first, else IOB2 such as {@code B-PER}
 * @param transitions what is added to a label's log-probability after another label, by label and label before; minus
 *     infinity where it may not follow
 * @param temperature what logits are divided by, so that confidences are calibrated
 */
public record EntityHead(
        ModelReference<OnnxModel> model,
        Encoder encoder,
        List<Integer> layers,
        List<String> labels,
        List<List<Double>> transitions,
        double temperature) {

    private static final String LOGITS = "logits";
    private static final String FORMS = "forms";

    /** Where two windows meet, tokens this near are looked at again in a window around them. */
    private static final int SEAM = 32;

    /** How far the window around a seam reaches to each side: tokens at its edge are context only. */
    private static final int SEAM_WINDOW = 96;

    /** Copies the lists. */
    public EntityHead {
        layers = List.copyOf(layers);
        labels = List.copyOf(labels);
        transitions = transitions.stream().map(List::copyOf).toList();
    }

    /**
     * Describes the head in a folder.
     *
     * @param folder with a graph, its labels and their transitions
     * @param encoder whose states it shall read
     * @return the head
     * @throws dev.leat.ModelLoadException if it was trained on another encoder, or reads what this one does not give
     */
    public static EntityHead of(ModelFolder folder, Encoder encoder) {
        encoder.requireStatesFor(folder);
        ModelParameters parameters = folder.descriptor().parameters();
        List<String> labels = parameters.texts("labels");
        ModelParameters table = parameters.object("transitions");
        List<List<Double>> transitions = new ArrayList<>();
        for (String before : labels) {
            ModelParameters row = table.object(before);
            transitions.add(labels.stream()
                    .map(label -> row.number(label, Double.NEGATIVE_INFINITY))
                    .toList());
        }
        List<Integer> layers = new ArrayList<>();
        for (double layer : parameters.numbers("hiddenLayers")) {
            layers.add((int) layer);
        }
        return new EntityHead(
                OnnxModel.reference(folder, OnnxOptions.standard()),
                encoder,
                layers,
                labels,
                transitions,
                parameters.number("temperature"));
    }

    /**
     * Returns the stage that runs the graph on every token of a text.
     *
     * @return states to labelled tokens
     */
    public Stage<EncodedText, TaggedText> stage() {
        return Stage.of(new Tag(this));
    }

    /**
     * Returns the step that makes names of labelled tokens.
     *
     * @param options says how
     * @return the step
     */
    public Decode decode(EntityOptions options) {
        return new Decode(labels, transitions, temperature, options.strategy(), options.threshold(), options.types());
    }

    /**
     * Runs the graph window by window. Windows of a text follow each other without overlap, as all stages share them; so
     * that no name is read without what stands beside it, tokens within {@value #SEAM} of a seam take their logits from a
     * window of {@value #SEAM_WINDOW} tokens to each side, which is encoded for them.
     */
    private record Tag(EntityHead head) implements BatchStep<EncodedText, TaggedText> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy(head.model.id(), "tokens", head.model, head.encoder.model())
                    .reading(Encoder.TOKEN_STATES);
        }

        @Override
        public long cost(EncodedText item) {
            return item.text().cost();
        }

        @Override
        public List<TaggedText> run(List<EncodedText> items, RunScope scope) {
            List<TaggedText> all = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                all.add(tag(items.get(i), i, scope));
            }
            return all;
        }

        private TaggedText tag(EncodedText encoded, int item, RunScope scope) {
            TokenizedText text = encoded.text();
            Tokens tokens = text.content();
            WordForms forms = new WordForms(text.text(), tokens);
            float[] logits = new float[tokens.size() * head.labels.size()];
            int from = 0;
            for (EncodedText.Window window : encoded.windows()) {
                int to = from + window.tokens().starts().length;
                if (to > from) {
                    head.run(head.encoder.hidden(window, scope), forms, from, to, from, to, logits, scope);
                }
                from = to;
            }
            int seam = 0;
            for (int w = 0; w + 1 < encoded.windows().size(); w++) {
                seam += encoded.windows().get(w).tokens().starts().length;
                int left = Math.max(0, seam - SEAM_WINDOW);
                int right = Math.min(tokens.size(), seam + SEAM_WINDOW);
                Map<Integer, float[]> states = head.encoder.hidden(text.window(left, right), scope);
                int first = Math.max(0, seam - SEAM);
                head.run(states, forms, left, right, first, Math.min(right, seam + SEAM), logits, scope);
            }
            if (encoded.windows().size() > 1) {
                scope.note(item, "seams", encoded.windows().size() - 1L);
            }
            return new TaggedText(text, forms, logits);
        }
    }

    /** Runs the graph on the tokens from..to and keeps the logits of those from first to last. */
    private void run(
            Map<Integer, float[]> states,
            WordForms forms,
            int from,
            int to,
            int first,
            int last,
            float[] logits,
            RunScope scope) {
        if (scope.isCancelled()) {
            throw new CancelledException("Tagging of entities was cancelled");
        }
        int length = to - from + 2;
        Map<String, Tensor> inputs = new HashMap<>();
        for (int layer : layers) {
            float[] rows = requireNonNull(states.get(layer), "the encoder gives no states of a layer the head reads");
            inputs.put("hidden_" + layer, Tensor.ofFloats(rows, 1, length, rows.length / length));
        }
        inputs.put(FORMS, Tensor.ofFloats(forms.window(from, to), 1, length, WordForms.WIDTH));
        Tensor out = requireNonNull(
                scope.model(model).run(inputs, Set.of(LOGITS), scope).get(LOGITS), LOGITS);
        int width = labels.size();
        out.floats().position((first - from + 1) * width).get(logits, first * width, (last - first) * width);
    }
}
