package dev.leat.text.classify;

import static java.util.Objects.requireNonNull;

import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.encode.EncodedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A small graph on the encoder's states: {@code features} [batch, features] to {@code logits} [batch, labels]; nothing
 * opened.
 *
 * @param model the graph
 * @param labels in the order of the logits
 * @param temperature what logits are divided by, so that scores are calibrated
 */
public record Head(ModelReference<OnnxModel> model, List<String> labels, double temperature) {

    private static final String LOGITS = "logits";

    /** Copies the labels. */
    public Head {
        labels = List.copyOf(labels);
    }

    /**
     * Describes the head in a folder.
     *
     * @param folder with a graph and its labels
     * @return the head
     */
    public static Head of(ModelFolder folder) {
        var parameters = folder.descriptor().parameters();
        return new Head(
                OnnxModel.reference(folder, OnnxOptions.standard()),
                parameters.texts("labels"),
                parameters.number("temperature"));
    }

    /**
     * Returns the stage that runs the graph.
     *
     * @return states to logits over the temperature, averaged over windows by their tokens
     */
    public Stage<EncodedText, Logits> stage() {
        return Stage.of(new Run(this));
    }

    private record Run(Head head) implements BatchStep<EncodedText, Logits> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy(head.model.id(), "windows", head.model).asResult();
        }

        @Override
        public long weightBytes(Logits value) {
            return 64 + (long) value.values().size() * Double.BYTES * 2;
        }

        @Override
        public List<Logits> run(List<EncodedText> items, RunScope scope) {
            OnnxModel graph = scope.model(head.model);
            List<Logits> all = new ArrayList<>();
            for (EncodedText text : items) {
                double[] shares = text.shares();
                double[] sum = new double[head.labels.size()];
                for (int w = 0; w < shares.length; w++) {
                    float[] features = text.windows().get(w).features();
                    Map<String, Tensor> inputs = Map.of("features", Tensor.ofFloats(features, 1, features.length));
                    Tensor logits = graph.run(inputs, Set.of(LOGITS), scope).get(LOGITS);
                    float[] row = requireNonNull(logits, LOGITS).toFloats();
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += shares[w] * row[i] / head.temperature;
                    }
                }
                all.add(Logits.of(sum));
            }
            return all;
        }
    }
}
