package dev.leat.benchmarks.compare;

import com.google.gson.Gson;
import dev.leat.benchmarks.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was measured into the documents: every block between {@code <!-- generated: NAME -->} and
 * {@code <!-- end -->} of {@code docs/performance.md} and {@code README.md}, and the plots, from the files in
 * {@code benchmarks/results}.
 */
public final class Report {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("leat", "Leat"),
            Map.entry("leat-own", "Leat over LangChain4j's file"),
            Map.entry("leat-exact", "Leat, `EXACT`"),
            Map.entry("bare", "bare ONNX Runtime over Leat's file"),
            Map.entry("bare-int8", "bare ONNX Runtime over LangChain4j's file"),
            Map.entry("langchain4j-int8", "LangChain4j"),
            Map.entry("langchain4j-fp32", "LangChain4j, fp32"),
            Map.entry("spring-ai-int8", "Spring AI"),
            Map.entry("spring-ai-fp32", "Spring AI, fp32"),
            Map.entry("djl-int8", "DJL"),
            Map.entry("djl-fp32", "DJL, fp32"),
            Map.entry("rapidocr", "RapidOCR for Java"));
    private static final List<String> PEERS = List.of("langchain4j-int8", "spring-ai-int8", "djl-int8");
    private static final List<String> ALL = List.of(
            "leat",
            "leat-own",
            "leat-exact",
            "bare",
            "bare-int8",
            "langchain4j-int8",
            "langchain4j-fp32",
            "spring-ai-int8",
            "spring-ai-fp32",
            "djl-int8",
            "djl-fp32");
    private static final String HEAD =
            "| workload | against | ratio, median of rounds (least to most) | goal | met |\n|---|---|---|---|---|\n";

    private Report() {}

    /**
     * Rewrites the documents.
     *
     * @param arguments the repository's folder
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        for (var file : documents(Path.of(arguments[0])).entrySet()) {
            Files.createDirectories(file.getKey().getParent());
            Files.writeString(file.getKey(), file.getValue());
        }
    }

    /**
     * Returns what the documents must be.
     *
     * @param root the repository's folder
     * @return contents by file
     * @throws IOException if a file cannot be read
     */
    static Map<Path, String> documents(Path root) throws IOException {
        Map<Path, String> documents = new LinkedHashMap<>();
        Map<String, String> blocks = new LinkedHashMap<>();
        Path results = Files.createDirectories(root.resolve("benchmarks/results"));
        try (Stream<Path> files = Files.list(results)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString().replace(".json", "");
                Measured measured = new Gson().fromJson(Files.readString(file), Measured.class);
                blocks.put(name, tables(measured));
                blocks.put(name + " short", shortTable(measured));
                blocks.put(name + " not met", notMet(measured));
                plots(measured)
                        .forEach((plot, svg) ->
                                documents.put(root.resolve("docs/performance/" + name + "-" + plot + ".svg"), svg));
            }
        }
        for (String document : List.of("docs/performance.md", "README.md")) {
            documents.put(root.resolve(document), filled(Files.readString(root.resolve(document)), blocks));
        }
        return documents;
    }

    private static String filled(String document, Map<String, String> blocks) {
        String filled = document;
        for (var block : blocks.entrySet()) {
            String begin = "<!-- generated: " + block.getKey() + " -->\n";
            int from = filled.indexOf(begin);
            int to = from < 0 ? -1 : filled.indexOf("<!-- end -->", from);
            if (to >= 0) {
                filled = filled.substring(0, from + begin.length()) + block.getValue() + filled.substring(to);
            }
        }
        return filled;
    }

    static String name(String id) {
        return NAMES.getOrDefault(id, id);
    }

    static String tables(Measured measured) {
        StringBuilder text = new StringBuilder();
        var about = measured.about();
        text.append(about.get("cpu"))
                .append(", ")
                .append(about.get("cores"))
                .append(" cores, ")
                .append(about.get("vnni"))
                .append("; ")
                .append(about.get("jdk"))
                .append("; ")
                .append(about.get("os"))
                .append("; ")
                .append(about.get("date"))
                .append("; ")
                .append(about.get("rounds"))
                .append(" rounds, ")
                .append(about.get("minutes"))
                .append(" minutes.\nVersions: ")
                .append(about.get("versions"))
                .append(".\n\n### The same model file: what a library costs\n\n")
                .append(HEAD);
        sameFile(measured).forEach(row -> text.append(row.markdown()).append('\n'));
        text.append("\n### Each library's own default: what a user gets\n\n").append(HEAD);
        ownDefault(measured).forEach(row -> text.append(row.markdown()).append('\n'));
        text.append("\n### Everybody's figures\n\n").append(figures(measured));
        text.append("\n### Where the time of a run goes\n\n").append(shares(measured));
        text.append("\n### What 1,000 requests cost\n\n").append(mix(measured));
        return text.toString();
    }

    private static List<Row> sameFile(Measured m) {
        List<Row> rows = new ArrayList<>();
        for (String tokens : List.of("16", "220")) {
            String order = "latency" + tokens;
            String work = "one text of " + tokens + " tokens, p50";
            rows.add(ratio(m, work, "leat", "bare", order, "p50", 1.03, true));
            rows.add(ratio(m, work, "leat-own", "bare-int8", order, "p50", 1.03, true));
            rows.add(Row.best(m, work, "leat-own", PEERS, order, "p50", 0.97, true));
        }
        rows.add(Row.best(m, "16 callers, texts a second", "leat-own", PEERS, "callers16", "perSecond", 1.05, false));
        rows.add(Row.best(m, "16 callers, p99", "leat-own", PEERS, "callers16", "p99", 0.75, true));
        rows.addAll(bulk(m, "leat-own"));
        rows.add(Row.ratio(
                m,
                "four text stages on 30 tokens, p50",
                "bare ONNX Runtime, the encoder's run shared by hand",
                List.of("leat", "stages", "p50"),
                List.of("bare", "stages", "p50"),
                1.05,
                true));
        rows.add(Row.ratio(
                m,
                "the same",
                "bare ONNX Runtime, one run for each stage",
                List.of("leat", "stages", "p50"),
                List.of("bare", "each", "p50"),
                0.28,
                true));
        return rows;
    }

    private static List<Row> bulk(Measured m, String ours) {
        List<Row> rows = new ArrayList<>();
        rows.add(start(m, "256 mixed texts in one call, texts a second", ours, PEERS.get(0), "perSecond", 1.1, false));
        rows.add(start(m, "the same, resident memory at most", ours, PEERS.get(0), "after.peakMiB", 1.0, true));
        for (String padding : PEERS.subList(1, 3)) {
            rows.add(start(m, "the same, texts a second", ours, padding, "perSecond", 3, false));
            rows.add(start(m, "the same, resident memory at most", ours, padding, "after.peakMiB", 0.3, true));
        }
        return rows;
    }

    private static Row start(
            Measured m, String work, String ours, String theirs, String value, double goal, boolean atMost) {
        return ratio(m, work, ours, theirs, "start", value, goal, atMost);
    }

    /** The same figure of the same order, against a contender by its name. */
    private static Row ratio(
            Measured m,
            String work,
            String ours,
            String theirs,
            String order,
            String value,
            double goal,
            boolean atMost) {
        return Row.ratio(
                m, work, name(theirs), List.of(ours, order, value), List.of(theirs, order, value), goal, atMost);
    }

    private static List<Row> ownDefault(Measured m) {
        List<Row> rows = new ArrayList<>();
        rows.add(Row.best(m, "one text of 16 tokens, p50", "leat", PEERS, "latency16", "p50", 1.0, true));
        rows.add(Row.best(m, "one text of 220 tokens, p50", "leat", PEERS, "latency220", "p50", 1.0, true));
        rows.add(Row.best(m, "16 callers, texts a second", "leat", PEERS, "callers16", "perSecond", 1.4, false));
        rows.add(Row.best(m, "16 callers, p99", "leat", PEERS, "callers16", "p99", 0.75, true));
        rows.add(Row.ratio(
                m,
                "200 callers, texts a second",
                "Leat with 2 callers",
                List.of("leat", "callers200", "perSecond"),
                List.of("leat", "callers2", "perSecond"),
                0.97,
                false));
        rows.add(Row.best(m, "200 callers, p99", "leat", PEERS, "callers200", "p99", 0.5, true));
        rows.addAll(bulk(m, "leat"));
        rows.add(Row.best(
                m, "10,000 requests over 1,000 texts, 1 caller", "leat", PEERS, "zipf1", "perSecond", 1.0, false));
        rows.add(Row.best(m, "the same, 16 callers", "leat", PEERS, "zipf16", "perSecond", 1.1, false));
        rows.add(Row.best(m, "the same, runs of the model", "leat", PEERS, "zipf16", "runs", 1.0, true));
        rows.add(start(m, "second start to the first vector", "leat", PEERS.get(0), "secondsToFirst", 0.7, true));
        rows.add(start(m, "resident memory once loaded", "leat", PEERS.get(0), "loaded.residentMiB", 0.8, true));
        rows.add(start(
                m, "resident memory after 256 mixed texts", "leat", PEERS.get(0), "after.residentMiB", 0.6, true));
        rows.add(Row.ratio(
                m,
                "classification and moderation of a 12-megapixel JPEG, p50",
                "by hand over ImageIO, each decoding",
                List.of("leat-pictures", "picture", "p50"),
                List.of("bare-pictures", "picture", "p50"),
                0.5,
                true));
        rows.add(Row.ratio(
                m,
                "a drawn receipt read, mean time; word F1 " + cell(m, "leat-reader", "receipts", "wordF1", false),
                name("rapidocr") + "; word F1 " + cell(m, "rapidocr", "receipts", "wordF1", false),
                List.of("leat-reader", "receipts", "seconds"),
                List.of("rapidocr", "receipts", "seconds"),
                0.5,
                true));
        rows.add(ratio(m, "the same, word F1", "leat-reader", "rapidocr", "receipts", "wordF1", 1.0, false));
        rows.add(Row.ratio(
                m,
                "processor time of the mix of requests",
                "everything accurate, each stage its own run, nothing remembered",
                List.of("leat", "mix", "shared+cached+cascade"),
                List.of("leat", "mix", "plain"),
                0.5,
                true));
        rows.add(new Row(
                "the same, share of labels that agree",
                "—",
                m.spread("leat", "mix", "shared+cached+cascade.agreement"),
                0.97,
                false));
        rows.add(new Row("four stages on 30 tokens, p99 in ms", "—", m.spread("leat", "stages", "p99"), 50, true));
        rows.add(new Row(
                "a run of four stages that do nothing, microseconds",
                "—",
                m.spread("leat", "overhead", "microseconds"),
                3,
                true));
        rows.add(new Row("the same, bytes", "—", m.spread("leat", "overhead", "bytes"), 1536, true));
        return rows;
    }

    private static String figures(Measured m) {
        StringBuilder text = new StringBuilder(
                "| | cosine to fp32, worst of 100 | 16 tokens, p50 ms | 220 tokens, p50 ms | 16 callers, texts/s (p99 ms) |"
                        + " 256 mixed texts, texts/s | start, s | resident MiB: loaded, most |\n|---|---|---|---|---|---|---|---|\n");
        for (String id : ALL) {
            if (m.spread(id, "latency16", "p50") != null) {
                text.append("| ").append(name(id)).append(" | ");
                text.append(cell(m, id, "fidelity", "worst", true)).append(" | ");
                text.append(cell(m, id, "latency16", "p50", false)).append(" | ");
                text.append(cell(m, id, "latency220", "p50", false)).append(" | ");
                text.append(cell(m, id, "callers16", "perSecond", false));
                text.append(" (").append(cell(m, id, "callers16", "p99", false)).append(") | ");
                text.append(cell(m, id, "start", "perSecond", false)).append(" | ");
                text.append(cell(m, id, "start", "secondsToFirst", false)).append(" | ");
                text.append(cell(m, id, "start", "loaded.residentMiB", false)).append(", ");
                text.append(cell(m, id, "start", "after.peakMiB", false)).append(" |\n");
            }
        }
        return text.toString();
    }

    private static String cell(Measured m, String id, String work, String value, boolean precise) {
        Spread spread = m.spread(id, work, value);
        if (spread == null) {
            return "–";
        }
        return precise
                ? String.format(java.util.Locale.ROOT, "%.4f", spread.median()).replaceFirst("^0", "")
                : Row.number(spread.median());
    }

    private static String shares(Measured m) {
        StringBuilder text = new StringBuilder("| tokens | share of a run that is products of matrices |\n|---|---|\n");
        for (int tokens : new int[] {16, 64, 256}) {
            text.append("| ")
                    .append(tokens)
                    .append(" | ")
                    .append(cell(m, "bare", "profile" + tokens, "share", false))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String mix(Measured m) {
        StringBuilder text = new StringBuilder(
                "| levers | processor time | labels that agree | share escalated |\n|---|---|---|---|\n");
        for (String levers : Mix.LEVERS) {
            Spread time = m.ratio(List.of("leat", "mix", levers), List.of("leat", "mix", "plain"));
            text.append("| ")
                    .append(levers)
                    .append(" | ")
                    .append(time == null ? "–" : Row.number(time.median()))
                    .append(" | ")
                    .append(cell(m, "leat", "mix", levers + ".agreement", false))
                    .append(" | ")
                    .append(cell(m, "leat", "mix", levers + ".escalated", false))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String shortTable(Measured m) {
        StringBuilder text = new StringBuilder("| | Leat | "
                + String.join(" | ", PEERS.stream().map(Report::name).toList()) + " |\n|---|---|---|---|---|\n");
        shortRow(m, text, "cosine to fp32, worst of 100 texts", "fidelity", "worst", true);
        shortRow(m, text, "one text of 16 tokens, p50 ms", "latency16", "p50", false);
        shortRow(m, text, "16 callers, texts a second", "callers16", "perSecond", false);
        shortRow(m, text, "16 callers, p99 ms", "callers16", "p99", false);
        shortRow(m, text, "256 mixed texts in one call, texts a second", "start", "perSecond", false);
        shortRow(m, text, "resident memory meanwhile at most, MiB", "start", "after.peakMiB", false);
        shortRow(m, text, "second start to the first vector, s", "start", "secondsToFirst", false);
        return text.toString();
    }

    private static void shortRow(
            Measured m, StringBuilder text, String name, String work, String value, boolean precise) {
        text.append("| ").append(name).append(" | ").append(cell(m, "leat", work, value, precise));
        for (String peer : PEERS) {
            text.append(" | ").append(cell(m, peer, work, value, precise));
        }
        text.append(" |\n");
    }

    private static String notMet(Measured m) {
        StringBuilder text = new StringBuilder();
        for (Row row :
                Stream.concat(sameFile(m).stream(), ownDefault(m).stream()).toList()) {
            if (!row.met()) {
                Spread figure = row.figure();
                text.append("- ")
                        .append(row.work())
                        .append(", against ")
                        .append(row.against())
                        .append(": ")
                        .append(figure == null ? "not measured" : Row.number(figure.median()))
                        .append(row.atMost() ? ", wanted at most " : ", wanted at least ")
                        .append(Row.number(row.goal()))
                        .append(".\n");
            }
        }
        return text.isEmpty() ? "Every goal is met.\n" : text.toString();
    }

    private static Map<String, String> plots(Measured m) {
        Plot length = new Plot("One text, p50 in ms, by its tokens", "tokens");
        Plot callers = new Plot("Texts a second, of 16 tokens, by callers", "callers");
        for (String id : List.of("leat", "leat-own", "bare", "bare-int8", "langchain4j-int8")) {
            length.line(name(id), points(m, id, "latency", "p50", 16, 32, 64, 128, 256, 500));
            callers.line(name(id), points(m, id, "callers", "perSecond", 1, 2, 4, 16, 64, 200));
        }
        Plot stages = new Plot("One text of 30 tokens, p50 in ms, by stages", "text stages in the pipeline");
        stages.line(name("leat"), points(m, "leat", "stages", "p50", 1, 2, 3, 4));
        Plot repeats = new Plot("Texts a second, cached, by per cent that come again", "per cent that came before");
        repeats.line(name("leat"), points(m, "leat", "repeats", "perSecond", 1, 25, 50, 75, 90));
        Map<String, String> plots = new LinkedHashMap<>();
        plots.put("length", length.svg());
        plots.put("callers", callers.svg());
        plots.put("stages", stages.svg());
        plots.put("repeats", repeats.svg());
        return plots;
    }

    private static List<Map.Entry<Double, Double>> points(Measured m, String id, String work, String value, int... at) {
        List<Map.Entry<Double, Double>> points = new ArrayList<>();
        for (int x : at) {
            @Nullable Spread spread = m.spread(id, work + x, value);
            if (spread != null) {
                points.add(Map.entry((double) x, spread.median()));
            }
        }
        return points;
    }
}
