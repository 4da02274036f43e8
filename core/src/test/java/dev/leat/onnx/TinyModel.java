package dev.leat.onnx;

import static java.util.Objects.requireNonNull;

import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tiny graphs of {@code src/test/graphs/tiny.py}, as a folder and as stages. */
final class TinyModel {

    private TinyModel() {}

    static ModelFolder folder() {
        return ModelSource.directory(Path.of(System.getProperty("leat.basedir", "."), "src/test/resources/models"))
                .folder("tiny");
    }

    /** A stage that adds 1 so many times in a row. */
    static Stage<Long, Float> loop(OnnxOptions options) {
        return Stage.of(new Run(OnnxModel.reference(folder(), "loop.onnx", options)));
    }

    /** A stage that fills so many floats with zeros and answers 1. */
    static Stage<Long, Float> alloc(OnnxOptions options) {
        return Stage.of(new Run(OnnxModel.reference(folder(), "alloc.onnx", options)));
    }

    static float run(OnnxModel model, long n, RunScope scope) {
        Map<String, Tensor> outputs = model.run(Map.of("n", Tensor.ofLongs(new long[] {n}, 1)), Set.of("y"), scope);
        return requireNonNull(outputs.get("y"), "y").toFloats()[0];
    }

    private record Run(ModelReference<OnnxModel> model) implements BatchStep<Long, Float> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy("tiny", "rounds", model);
        }

        @Override
        public long cost(Long item) {
            return item;
        }

        @Override
        public List<Float> run(List<Long> items, RunScope scope) {
            return items.stream()
                    .map(n -> TinyModel.run(scope.model(model), n, scope))
                    .toList();
        }
    }
}
