package dev.leat.examples.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/models.md} say what the models' descriptions and provenance say. */
class ModelsPageTest {

    private static final Path ROOT =
            Path.of(System.getProperty("leat.basedir")).resolve("../..").normalize();
    private static final String MODELS = "src/main/resources/META-INF/leat/models";

    /** The sets of a classifier's figures, and what the page calls them. */
    private static final Map<String, String> SETS = new LinkedHashMap<>();

    static {
        SETS.put("sst-dev", "SST-2 dev");
        SETS.put("sst-test", "SST-2 test");
        SETS.put("custrev", "customer reviews");
        SETS.put("surge-toxic", "SURGE");
        SETS.put("wnut17", "WNUT17 test");
        SETS.put("wikigold", "wikigold, held out");
    }

    @Test
    void page_ofFiles_listsEachWithSizeDigestAndLicence() throws IOException {
        List<String> expected = new ArrayList<>();
        eachModel((id, folder) -> {
            JsonObject described = json(folder.resolve("model.json"));
            String licence = described.get("license").getAsString();
            described.getAsJsonObject("files").entrySet().forEach(each -> {
                JsonObject file = each.getValue().getAsJsonObject();
                expected.add(String.format(
                        Locale.ROOT,
                        "| `%s` | `%s` | %,d | `%s` | %s |",
                        id,
                        each.getKey(),
                        file.get("bytes").getAsLong(),
                        file.get("sha256").getAsString().substring(0, 12),
                        licence));
            });
        });

        assertThat(expected.size()).isGreaterThan(10);
        assertThat(rows("| model | file |")).containsExactlyElementsOf(expected);
    }

    @Test
    void page_ofFigures_saysWhatProvenanceSays() throws IOException {
        List<String> expected = new ArrayList<>();
        eachModel((id, folder) -> {
            JsonObject quality = json(folder.resolve("provenance.json")).getAsJsonObject("quality");
            SETS.forEach((set, title) -> {
                if (quality.has(set)) {
                    figures(quality.getAsJsonObject(set))
                            .forEach(each -> expected.add("| `" + id + "` | " + title + " | " + each + " |"));
                }
            });
        });

        assertThat(expected.size()).isGreaterThan(10);
        assertThat(rows("| model | set |")).containsExactlyElementsOf(expected);
    }

    @Test
    void page_ofModels_namesEachAsNeededByAStage() throws IOException {
        List<String> ids = new ArrayList<>();
        eachModel((id, folder) -> ids.add("`" + id + "`"));

        assertThat(rows("| model | artifact |"))
                .extracting(row -> row.split("\\|", -1)[1].strip())
                .containsExactlyElementsOf(ids);
    }

    /** Number of texts, kind of figure, figure and its interval: stated, or by the normal approximation. */
    private static List<String> figures(JsonObject set) {
        List<String> rows = new ArrayList<>();
        if (set.has("f1") && set.has("interval95")) {
            JsonArray interval = set.getAsJsonArray("interval95");
            rows.add(row(
                    set.get("texts").getAsInt(),
                    "F1",
                    set.get("f1").getAsDouble(),
                    interval.get(0).getAsDouble(),
                    interval.get(1).getAsDouble()));
            return rows;
        }
        int texts = set.get("n").getAsInt();
        double accuracy = set.get("accuracy").getAsDouble();
        double error = 1.96 * Math.sqrt(accuracy * (100 - accuracy) / texts);
        rows.add(row(texts, "accuracy", accuracy, accuracy - error, accuracy + error));
        if (set.has("positive")) {
            double auc = set.get("auc").getAsDouble();
            double spread = 196 * areaDeviation(auc / 100, set.get("positive").getAsInt(), texts);
            rows.add(row(texts, "AUC", auc, auc - spread, auc + spread));
        }
        return rows;
    }

    /** Hanley and McNeil, "The meaning and use of the area under a ROC curve", 1982. */
    private static double areaDeviation(double area, int positive, int texts) {
        double q1 = area / (2 - area) - area * area;
        double q2 = 2 * area * area / (1 + area) - area * area;
        int negative = texts - positive;
        return Math.sqrt((area * (1 - area) + (positive - 1) * q1 + (negative - 1) * q2) / positive / negative);
    }

    private static String row(int texts, String kind, double figure, double low, double high) {
        return String.format(
                Locale.ROOT, "%,d | %s | %s | %s to %s", texts, kind, rounded(figure), rounded(low), rounded(high));
    }

    /** As the cards, which Python wrote, round. */
    private static BigDecimal rounded(double value) {
        return new BigDecimal(value).setScale(1, RoundingMode.HALF_EVEN);
    }

    private static List<String> rows(String head) throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("docs/models.md"));
        int start = 0;
        while (!lines.get(start).startsWith(head)) {
            start++;
        }
        return lines.stream()
                .skip(start + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    /** By artifact, then by id. */
    private static void eachModel(BiConsumer<String, Path> consumer) throws IOException {
        for (String artifact : List.of("models-text/weights", "models-text/weights-exact", "models-vision/weights")) {
            try (Stream<Path> folders = Files.list(ROOT.resolve(artifact).resolve(MODELS))) {
                folders.sorted()
                        .forEach(folder -> consumer.accept(
                                requireNonNull(folder.getFileName()).toString(), folder));
            }
        }
    }

    private static JsonObject json(Path file) {
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
