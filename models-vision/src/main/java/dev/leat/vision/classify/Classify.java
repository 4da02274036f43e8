package dev.leat.vision.classify;

import static java.util.Objects.requireNonNull;

import dev.leat.ModelLoadException;
import dev.leat.Stage;
import dev.leat.model.Dimension;
import dev.leat.model.ModelFolder;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageEmbedding;
import dev.leat.vision.image.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pixels to what a classifier's graph says of them: the step that classification and embedding share.
 *
 * @param model the graph
 * @param preparation how it wants its pictures
 * @param input the name of its input
 * @param embedding true if the graph has an output of that name
 */
public record Classify(ModelReference<OnnxModel> model, Preparation preparation, String input, boolean embedding)
        implements BatchStep<Pixels, Classified> {

    private static final String LOGITS = "logits";
    private static final String EMBEDDING = "embedding";

    /**
     * Describes the step of a folder.
     *
     * @param folder with a graph
     * @return the step
     */
    static Classify of(ModelFolder folder) {
        var signature = folder.descriptor().signature(folder.descriptor().graph());
        if (signature.inputs().size() != 1) {
            throw new ModelLoadException(
                    folder.id(),
                    "Model '" + folder.id() + "' states " + signature.inputs().size()
                            + " inputs; a classifier of pictures has one");
        }
        boolean exact = folder.descriptor().parameters().flag("exactProducts", false);
        return new Classify(
                OnnxModel.reference(folder, OnnxOptions.standard().exactProducts(exact)),
                Preparation.of(folder),
                signature.inputs().get(0).name(),
                signature.outputs().stream().anyMatch(output -> output.name().equals(EMBEDDING)));
    }

    /**
     * Returns the stage that names what is in a picture.
     *
     * @param folder with a graph and a list of labels
     * @param topK how many labels to give
     * @return a stage
     */
    public static Stage<Pixels, ImageClassification> labels(ModelFolder folder, int topK) {
        var parameters = folder.descriptor().parameters();
        List<String> labels = folder.text(parameters.text("labels")).lines().toList();
        List<String> ids = parameters.has("ids")
                ? folder.text(parameters.text("ids")).lines().toList()
                : labels;
        boolean fits = ids.size() == labels.size()
                && folder.descriptor().signature(folder.descriptor().graph()).outputs().stream()
                        .filter(output -> output.name().equals(LOGITS))
                        .anyMatch(output -> output.shape().get(1).equals(new Dimension.Fixed(labels.size())));
        if (!fits) {
            throw new ModelLoadException(
                    folder.id(),
                    "Model '" + folder.id() + "' has " + labels.size() + " labels and " + ids.size()
                            + " ids, and model.json states another number of " + LOGITS + ". Make them agree.");
        }
        String activation = parameters.text("activation", "softmax");
        if (!activation.equals("softmax") && !activation.equals("none")) {
            throw new ModelLoadException(
                    folder.id(),
                    "Model '" + folder.id() + "': activation is '" + activation + "'; give softmax or none");
        }
        return Stage.of(of(folder)).then(Stage.of(new Label(labels, ids, activation.equals("softmax"), topK)));
    }

    /**
     * Returns the stage that turns a picture into a point.
     *
     * @param folder with a graph that has the output {@code embedding}
     * @return a stage
     */
    public static Stage<Pixels, ImageEmbedding> embedding(ModelFolder folder) {
        Classify step = of(folder);
        if (!step.embedding) {
            throw new ModelLoadException(
                    folder.id(), "Model '" + folder.id() + "' states no output '" + EMBEDDING + "'; use another model");
        }
        String space = folder.id() + "/" + folder.descriptor().filesDigest();
        return Stage.of(step).then(Stage.of(new Embed(space)));
    }

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("classify", "items", model);
    }

    @Override
    public List<Classified> run(List<Pixels> items, RunScope scope) {
        List<Classified> all = new ArrayList<>();
        Set<String> wanted = embedding ? Set.of(LOGITS, EMBEDDING) : Set.of(LOGITS);
        for (Pixels item : items) {
            long start = System.nanoTime();
            Tensor tensor = preparation.tensor(preparation.square(item));
            scope.spent(RunScope.Phase.PRE, System.nanoTime() - start);
            Map<String, Tensor> given = scope.model(model).run(Map.of(input, tensor), wanted, scope);
            all.add(new Classified(
                    requireNonNull(given.get(LOGITS), LOGITS).toFloats(),
                    embedding ? requireNonNull(given.get(EMBEDDING), EMBEDDING).toFloats() : new float[0]));
        }
        return all;
    }
}
