package dev.leat.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.gson.JsonObject;
import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.text.Embedding;
import dev.leat.text.Precision;
import dev.leat.text.TextModels;
import dev.leat.text.encode.TextTokenizer;
import dev.leat.text.encode.TokenizerReference;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What the kernels of this processor and the ONNX Runtime on the class path make of the INT8 encoder; for people to read.
 *
 * <p>Prints how near its vectors are to fp32, whether texts in padded batches give the bits that they give alone, and how
 * near its vectors are to those of another version or processor. One version a JVM: it loads a native library.
 */
public final class KernelFidelity {

    private static final PrintStream OUT = System.out;

    /** Of a text that goes into a padded batch; a few long ones would take all the time. */
    private static final int MAX_TOKENS = 64;

    private static final List<String> OUTPUTS = List.of("sentence_embedding", "layer_cls", "layer_mean");
    private static final List<String> FLAGS =
            List.of("avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8", "asimddp", "i8mm");

    private KernelFidelity() {}

    /**
     * Measures.
     *
     * @param arguments {@code parity.golden.json} of leat-models-text's tests; and a file of vectors, which is written if it
     *     is not there, and compared with if it is
     * @throws IOException if a file cannot be read or written
     * @throws OrtException if the graph cannot be run
     */
    public static void main(String[] arguments) throws IOException, OrtException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("give: GOLDEN VECTORS");
        }
        List<JsonObject> cases = TextQuality.cases(Path.of(arguments[0]));
        List<String> texts = cases.stream()
                .map(c -> c.get("text")
                        .getAsString()
                        .repeat(c.has("times") ? c.get("times").getAsInt() : 1))
                .toList();
        OUT.printf("ONNX Runtime %s, %s%n", OrtEnvironment.getEnvironment().getVersion(), processor());
        List<float[]> vectors = vectors(texts);
        double[] cosines = new double[texts.size()];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = TextQuality.cosine(
                    vectors.get(i), cases.get(i).get("vector").getAsString());
        }
        print("cosine to fp32", cosines);
        againstThoseIn(Path.of(arguments[1]), vectors);
        alone(texts);
    }

    /** What the processor has that makes ONNX Runtime choose other kernels, where Linux says it. */
    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.exists(file)) {
            return System.getProperty("os.arch");
        }
        List<String> words = Arrays.asList(Files.readString(file).split("\\s+"));
        return FLAGS.stream().filter(words::contains).collect(Collectors.joining(" "));
    }

    private static List<float[]> vectors(List<String> texts) {
        try (TextModels models = TextModels.builder().precision(Precision.INT8).build()) {
            Stage<String, Embedding> stage = models.embedding();
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("vectors").stages(stage).build()) {
                return texts.stream()
                        .map(text -> pipeline.run(text).get(stage).toArray())
                        .toList();
            }
        }
    }

    private static void print(String what, double[] cosines) {
        OUT.printf(
                "%s: %d texts, mean %.6f, worst %.6f%n",
                what,
                cosines.length,
                Arrays.stream(cosines).average().orElse(Double.NaN),
                Arrays.stream(cosines).min().orElse(Double.NaN));
    }

    private static void againstThoseIn(Path file, List<float[]> vectors) throws IOException {
        int size = vectors.get(0).length;
        ByteBuffer bytes = ByteBuffer.allocate(vectors.size() * size * Float.BYTES);
        if (!Files.exists(file)) {
            for (float[] vector : vectors) {
                for (float each : vector) {
                    bytes.putFloat(each);
                }
            }
            Files.write(file, bytes.array());
            return;
        }
        ByteBuffer kept = ByteBuffer.wrap(Files.readAllBytes(file));
        if (kept.remaining() != bytes.capacity()) {
            throw new IllegalArgumentException(file + " holds vectors of other texts");
        }
        double[] cosines = new double[vectors.size()];
        int same = 0;
        for (int i = 0; i < cosines.length; i++) {
            float[] other = new float[size];
            for (int k = 0; k < size; k++) {
                other[k] = kept.getFloat();
            }
            same += Arrays.equals(vectors.get(i), other) ? 1 : 0;
            cosines[i] = Vectors.cosine(vectors.get(i), other);
        }
        print("cosine to the vectors kept", cosines);
        OUT.printf("the same bits: %d of %d%n", same, cosines.length);
    }

    /** Runs the bare graph, since a pipeline may think batches not worth it: short texts, drawn together. */
    private static void alone(List<String> texts) throws OrtException {
        ModelFolder folder = ModelSource.classPath().folder("bge-small-en-v1.5-int8");
        List<long[]> ids = shortOnes(texts, folder);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session =
                    OrtEnvironment.getEnvironment().createSession(folder.bytes("model.onnx"), options)) {
                OUT.printf(
                        "in padded batches of 16 and of 3: %d of %d texts of up to %d tokens differ in a bit%n",
                        changed(session, ids, 16, 3).size(), ids.size(), MAX_TOKENS);
            }
        }
    }

    private static List<long[]> shortOnes(List<String> texts, ModelFolder folder) {
        List<long[]> ids = new ArrayList<>();
        try (TextTokenizer tokenizer = new TokenizerReference(folder).open()) {
            for (String text : texts) {
                long[] tokens = tokenizer.tokenize(text).ids();
                if (tokens.length <= MAX_TOKENS) {
                    LongStream.Builder all =
                            LongStream.builder().add(tokenizer.special().first());
                    Arrays.stream(tokens).forEach(all::add);
                    ids.add(all.add(tokenizer.special().last()).build().toArray());
                }
            }
        }
        return ids;
    }

    /** The texts whose outputs in a batch of one of the sizes are not those that they have alone. */
    private static Set<Integer> changed(OrtSession session, List<long[]> ids, int... batches) throws OrtException {
        List<float[]> alone = new ArrayList<>();
        for (long[] each : ids) {
            alone.addAll(run(session, List.of(each)));
        }
        List<Integer> order = new ArrayList<>();
        Set<Integer> changed = new HashSet<>();
        Random random = new Random(0);
        for (int batch : batches) {
            order.clear();
            for (int i = 0; i < ids.size(); i++) {
                order.add(i);
            }
            Collections.shuffle(order, random);
            for (int start = 0; start < order.size(); start += batch) {
                List<Integer> rows = order.subList(start, Math.min(start + batch, order.size()));
                List<float[]> seen = run(session, rows.stream().map(ids::get).toList());
                for (int r = 0; r < rows.size(); r++) {
                    if (!Arrays.equals(seen.get(r), alone.get(rows.get(r)))) {
                        changed.add(rows.get(r));
                    }
                }
            }
        }
        return changed;
    }

    /** The three pooled outputs of each text, one after the other. */
    private static List<float[]> run(OrtSession session, List<long[]> ids) throws OrtException {
        int length = ids.stream().mapToInt(each -> each.length).max().orElseThrow();
        long[][] padded = new long[ids.size()][length];
        long[][] mask = new long[ids.size()][length];
        for (int i = 0; i < ids.size(); i++) {
            System.arraycopy(ids.get(i), 0, padded[i], 0, ids.get(i).length);
            Arrays.fill(mask[i], 0, ids.get(i).length, 1);
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor tokens = OnnxTensor.createTensor(environment, padded);
                OnnxTensor known = OnnxTensor.createTensor(environment, mask);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", tokens, "attention_mask", known), new TreeSet<>(OUTPUTS))) {
            List<float[]> rows = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                rows.add(new float[0]);
            }
            for (String output : OUTPUTS) {
                float[] all = ((OnnxTensor) result.get(output).orElseThrow())
                        .getFloatBuffer()
                        .array();
                int size = all.length / ids.size();
                for (int i = 0; i < ids.size(); i++) {
                    float[] before = rows.get(i);
                    float[] row = Arrays.copyOf(before, before.length + size);
                    System.arraycopy(all, i * size, row, before.length, size);
                    rows.set(i, row);
                }
            }
            return rows;
        }
    }
}
