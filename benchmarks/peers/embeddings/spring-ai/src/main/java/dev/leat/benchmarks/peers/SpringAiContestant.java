package dev.leat.benchmarks.peers;

import dev.leat.benchmarks.worker.Embedder;
import dev.leat.benchmarks.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.ai.transformers.TransformersEmbeddingModel;

/**
 * Spring AI's {@code TransformersEmbeddingModel} over a folder with {@code model.onnx} and {@code tokenizer.json}. It
 * averages the tokens' states, whatever the model was trained for: another vector, for the same time.
 */
public final class SpringAiContestant extends Embedder {

    private final TransformersEmbeddingModel model = new TransformersEmbeddingModel();

    private SpringAiContestant(Path folder) {
        model.setModelResource(folder.resolve("model.onnx").toUri().toString());
        model.setTokenizerResource(folder.resolve("tokenizer.json").toUri().toString());
        model.setDisableCaching(true);
        try {
            model.afterPropertiesSet();
        } catch (Exception e) {
            throw new IllegalStateException("Spring AI does not load " + folder, e);
        }
    }

    /**
     * Serves.
     *
     * @param arguments the folder
     * @throws IOException if the orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Worker.serve(() -> new SpringAiContestant(Path.of(arguments[0]).toAbsolutePath()));
    }

    @Override
    public float[] embed(String text) {
        return model.embed(text);
    }

    @Override
    public List<float[]> embedAll(List<String> texts) {
        return model.embed(texts);
    }

    @Override
    public void close() {}
}
