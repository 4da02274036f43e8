package dev.leat.benchmarks.peers;

import ai.djl.MalformedModelException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import dev.leat.benchmarks.worker.Embedder;
import dev.leat.benchmarks.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * DJL over a folder with {@code model.onnx} and {@code tokenizer.json}: a predictor for each thread, as its makers advise.
 *
 * <p>Its own embedding translator needs array operations that its ONNX Runtime engine has only beside a second engine, so
 * this one has a translator that pads the texts of a call into one batch and takes the first token's state.
 */
public final class DjlContestant extends Embedder {

    private final HuggingFaceTokenizer tokenizer;
    private final ZooModel<List<String>, List<float[]>> model;
    private final ThreadLocal<Predictor<List<String>, List<float[]>>> predictors;

    private DjlContestant(Path folder) {
        try {
            tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(folder.resolve("tokenizer.json"))
                    .optPadding(true)
                    .optMaxLength(512)
                    .optTruncation(true)
                    .build();
            @SuppressWarnings("unchecked")
            Class<List<String>> texts = (Class<List<String>>) (Class<?>) List.class;
            @SuppressWarnings("unchecked")
            Class<List<float[]>> vectors = (Class<List<float[]>>) (Class<?>) List.class;
            model = Criteria.builder()
                    .setTypes(texts, vectors)
                    .optEngine("OnnxRuntime")
                    .optModelPath(folder.resolve("model.onnx"))
                    .optTranslator(new FirstToken())
                    .build()
                    .loadModel();
        } catch (IOException | ModelNotFoundException | MalformedModelException e) {
            throw new IllegalStateException("DJL does not load " + folder, e);
        }
        predictors = ThreadLocal.withInitial(model::newPredictor);
    }

    /**
     * Serves.
     *
     * @param arguments the folder
     * @throws IOException if the orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("ai.djl.offline", "true");
        Worker.serve(() -> new DjlContestant(Path.of(arguments[0]).toAbsolutePath()));
    }

    @Override
    public float[] embed(String text) {
        return embedAll(List.of(text)).get(0);
    }

    @Override
    public List<float[]> embedAll(List<String> texts) {
        try {
            return predictors.get().predict(texts);
        } catch (TranslateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }

    private final class FirstToken implements NoBatchifyTranslator<List<String>, List<float[]>> {
        @Override
        public NDList processInput(TranslatorContext context, List<String> texts) {
            Encoding[] encodings = tokenizer.batchEncode(texts);
            int length = encodings[0].getIds().length;
            long[] ids = new long[texts.size() * length];
            long[] mask = new long[ids.length];
            for (int i = 0; i < encodings.length; i++) {
                System.arraycopy(encodings[i].getIds(), 0, ids, i * length, length);
                System.arraycopy(encodings[i].getAttentionMask(), 0, mask, i * length, length);
            }
            NDManager manager = context.getNDManager();
            Shape shape = new Shape(texts.size(), length);
            NDArray types = manager.create(new long[ids.length], shape);
            types.setName("token_type_ids");
            NDArray idArray = manager.create(ids, shape);
            idArray.setName("input_ids");
            NDArray maskArray = manager.create(mask, shape);
            maskArray.setName("attention_mask");
            return new NDList(idArray, types, maskArray);
        }

        @Override
        public List<float[]> processOutput(TranslatorContext context, NDList list) {
            NDArray states = list.get(0);
            int rows = (int) states.getShape().get(0);
            int width = (int) states.getShape().get(2);
            float[] all = states.toFloatArray();
            List<float[]> vectors = new ArrayList<>();
            for (int r = 0; r < rows; r++) {
                float[] vector = new float[width];
                System.arraycopy(all, r * (all.length / rows), vector, 0, width);
                double square = 0;
                for (float value : vector) {
                    square += (double) value * value;
                }
                for (int i = 0; i < width; i++) {
                    vector[i] /= (float) Math.sqrt(square);
                }
                vectors.add(vector);
            }
            return vectors;
        }
    }
}
