package dev.leat.benchmarks.compare;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.benchmarks.worker.Embedder;
import dev.leat.benchmarks.worker.Texts;
import dev.leat.benchmarks.worker.Worker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a user would write over ONNX Runtime and Hugging Face's tokenizer, without any library between: the floor. The
 * binding, its version and the session's options are those of Leat.
 *
 * <p>{@code bundled} reads Leat's own encoder and heads; {@code folder FOLDER} another's {@code model.onnx} and
 * {@code tokenizer.json}, whose first token's state it takes.
 */
public final class BareContestant extends Embedder {

    static final List<String> TOPICS = List.of("housing", "travel", "politics", "sport");

    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    /** The runtime's names of products with weights, with or without what it fuses into them. */
    private static final Set<String> PRODUCTS = Set.of(
            "MatMul",
            "Gemm",
            "FusedMatMul",
            "FusedGemm",
            "MatMulInteger",
            "MatMulIntegerToFloat",
            "DynamicQuantizeMatMul",
            "QLinearMatMul",
            "QGemm");

    private static final String[] POOLED = {"layer_cls", "sentence_embedding", "layer_mean"};

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final HuggingFaceTokenizer tokenizer;
    private final OrtSession encoder;
    private final String vectorOutput;
    private final Map<String, OrtSession> heads = new LinkedHashMap<>();

    private BareContestant(byte[] tokenizer, byte[] encoder) {
        try {
            this.tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(tokenizer),
                    Map.of("truncation", "true", "maxLength", "512", "padding", "false", "modelMaxLength", "512"));
            this.encoder = open(encoder);
            Set<String> outputs = this.encoder.getOutputNames();
            this.vectorOutput = outputs.contains("sentence_embedding")
                    ? "sentence_embedding"
                    : outputs.iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OrtSession open(byte[] graph) {
        try (SessionOptions options = options()) {
            return environment.createSession(graph, options);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the options that Leat, too, gives a session of all cores; the caller closes them. */
    static SessionOptions options() throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(THREADS);
        options.setInterOpNumThreads(1);
        options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
        options.addConfigEntry("session.force_spinning_stop", "1");
        return options;
    }

    /**
     * Serves.
     *
     * @param arguments which encoder
     * @throws IOException if the orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("ai.djl.offline", "true");
        Worker.serve(() -> {
            try {
                if (arguments[0].equals("bundled")) {
                    return new BareContestant(
                            bundled("bge-small-en-v1.5-int8/tokenizer.json"),
                            bundled("bge-small-en-v1.5-int8/model.onnx"));
                }
                Path folder = Path.of(arguments[1]);
                return new BareContestant(
                        Files.readAllBytes(folder.resolve("tokenizer.json")),
                        Files.readAllBytes(folder.resolve("model.onnx")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    static byte[] bundled(String file) throws IOException {
        try (InputStream in = BareContestant.class.getResourceAsStream("/META-INF/leat/models/" + file)) {
            if (in == null) {
                throw new IOException(file + " is not on the class path");
            }
            return in.readAllBytes();
        }
    }

    @Override
    public float[] embed(String text) {
        return normalised(encode(text, vectorOutput).get(0));
    }

    /** Runs the encoder; of an output with a state a token it gives the first one's. */
    private List<float[]> encode(String text, String... outputs) {
        return encode(encoder, text, outputs);
    }

    private List<float[]> encode(OrtSession encoder, String text, String... outputs) {
        long[] ids = tokenizer.encode(text).getIds();
        long[] mask = new long[ids.length];
        Arrays.fill(mask, 1);
        long[] shape = {1, ids.length};
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape)) {
            Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
            inputs.put("input_ids", idTensor);
            inputs.put("attention_mask", maskTensor);
            if (encoder.getInputNames().contains("token_type_ids")) {
                inputs.put("token_type_ids", types);
            }
            List<float[]> rows = new ArrayList<>();
            try (OrtSession.Result result = encoder.run(inputs, new java.util.LinkedHashSet<>(List.of(outputs)))) {
                for (String output : outputs) {
                    OnnxTensor tensor = (OnnxTensor) result.get(output).orElseThrow();
                    long[] found = tensor.getInfo().getShape();
                    FloatBuffer floats = tensor.getFloatBuffer();
                    float[] row = new float
                            [output.equals("layer_cls") || output.equals("layer_mean")
                                    ? floats.remaining()
                                    : (int) found[found.length - 1]];
                    floats.get(row);
                    rows.add(row);
                }
            }
            return rows;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static float[] normalised(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += (double) value * value;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    @Override
    public List<float[]> embedAll(List<String> texts) {
        return texts.stream().map(this::embed).toList();
    }

    /**
     * {@code stages TOKENS COUNT NUMBER}, sharing the encoder's run; {@code each ...}, one run for each stage;
     * {@code profile TOKENS COUNT NUMBER}, the {@code share} of a run that its products of matrices take.
     */
    @Override
    protected Map<String, Double> other(List<String> order) throws IOException {
        List<float[]> topics = TOPICS.stream().map(this::embed).toList();
        return switch (order.get(0)) {
            case "stages" -> stages(order, text -> analyse(encode(text, POOLED), topics));
            case "each" ->
                stages(order, text -> {
                    embed(text);
                    logits("sentiment-mlp", encode(text, POOLED));
                    logits("moderation-mlp", encode(text, POOLED));
                    nearest(embed(text), topics);
                });
            case "profile" -> profile(Integer.parseInt(order.get(1)), Integer.parseInt(order.get(2)), order.get(3));
            default -> super.other(order);
        };
    }

    /** What is left of a run when everything but the products of matrices were free: the runtime's own profile. */
    private Map<String, Double> profile(int tokens, int count, String number) throws IOException {
        Path trace;
        try (SessionOptions options = options()) {
            options.enableProfiling(
                    Files.createTempDirectory("profile").resolve("trace").toString());
            try (OrtSession session =
                    environment.createSession(bundled("bge-small-en-v1.5-int8/model.onnx"), options)) {
                for (int i = 0; i < count; i++) {
                    encode(session, Texts.ofTokens(tokens, Long.parseLong(number) + i), "sentence_embedding");
                }
                trace = Path.of(session.endProfiling());
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
        double products = 0;
        double runs = 0;
        for (JsonElement each : JsonParser.parseString(Files.readString(trace)).getAsJsonArray()) {
            JsonObject event = each.getAsJsonObject();
            String name = event.get("name").getAsString();
            if (name.equals("model_run")) {
                runs += event.get("dur").getAsDouble();
            } else if (name.endsWith("_kernel_time")) {
                String operator = event.getAsJsonObject("args").get("op_name").getAsString();
                products += PRODUCTS.contains(operator) ? event.get("dur").getAsDouble() : 0;
            }
        }
        Files.delete(trace);
        return Map.of("share", products / runs, "milliseconds", runs / 1e3 / count);
    }

    static Map<String, Double> stages(List<String> order, Consumer<String> work) {
        int tokens = Integer.parseInt(order.get(1));
        int count = Integer.parseInt(order.get(2));
        long number = Long.parseLong(order.get(3));
        Embedder.latency(tokens, Math.max(20, count / 4), number + count, work); // a warm-up
        return Embedder.latency(tokens, count, number, work);
    }

    private void analyse(List<float[]> states, List<float[]> topics) {
        float[] sentiment = logits("sentiment-mlp", states);
        float[] moderation = logits("moderation-mlp", states);
        int topic = nearest(normalised(states.get(1).clone()), topics);
        if (sentiment.length != 2 || moderation.length != 3 || topic < 0) {
            throw new IllegalStateException("The stages gave no answers");
        }
    }

    private float[] logits(String head, List<float[]> states) {
        OrtSession session = heads.computeIfAbsent(head, id -> {
            try {
                return open(bundled(id + "/model.onnx"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        FloatBuffer features = FloatBuffer.allocate(
                states.stream().mapToInt(state -> state.length).sum());
        states.forEach(features::put);
        try (OnnxTensor input =
                        OnnxTensor.createTensor(environment, features.flip(), new long[] {1, features.limit()});
                OrtSession.Result result = session.run(Map.of("features", input))) {
            float[] logits =
                    new float[((OnnxTensor) result.get(0)).getFloatBuffer().remaining()];
            ((OnnxTensor) result.get(0)).getFloatBuffer().get(logits);
            return logits;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int nearest(float[] vector, List<float[]> others) {
        int nearest = -1;
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < others.size(); i++) {
            double sum = 0;
            for (int d = 0; d < vector.length; d++) {
                sum += vector[d] * others.get(i)[d];
            }
            if (sum > best) {
                best = sum;
                nearest = i;
            }
        }
        return nearest;
    }

    @Override
    public void close() {
        try {
            for (OrtSession head : heads.values()) {
                head.close();
            }
            encoder.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
        tokenizer.close();
    }
}
