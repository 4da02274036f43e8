package dev.leat.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.benchmarks.Spread;
import dev.leat.benchmarks.compare.Measured.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Path ROOT =
            Path.of(System.getProperty("leat.basedir"), "..").normalize();

    @Test
    void documents_quoteTheResultsFiles() throws IOException {
        for (var document : Report.documents(ROOT).entrySet()) {
            assertThat(Files.readString(document.getKey()))
                    .as("%s; benchmarks/compare --publish writes it", document.getKey())
                    .isEqualTo(document.getValue());
        }
    }

    @Test
    void ratio_ofRoundsThatBothHave_isTakenWithinEach() {
        Measured measured = new Measured(
                Map.of(),
                List.of(
                        sample(1, "a", 10),
                        sample(1, "b", 5), // 2
                        sample(2, "a", 90),
                        sample(2, "b", 30), // 3
                        sample(3, "a", 8),
                        sample(3, "b", 1), // 8
                        sample(4, "a", 1000)));

        Row row = Row.ratio(measured, "w", "b", List.of("a", "w", "v"), List.of("b", "w", "v"), 3, true);

        assertThat(row.figure()).isEqualTo(new Spread(3, 2, 8));
        assertThat(row.met()).isTrue();
        assertThat(row.markdown()).isEqualTo("| w | b | **3.00** (2.00 to 8.00) | ≤ 3.00 | yes |");
    }

    @Test
    void best_ofPeersOfWhichOneFailed_isTheBestOfTheOthers() {
        Measured measured = new Measured(
                Map.of(), List.of(sample(1, "a", 10), sample(1, "b", 5), new Sample(1, "c", "w", Map.of())));

        assertThat(measured.best(List.of("a", "b", "c"), "w", "v", true)).isEqualTo("a");
        assertThat(measured.best(List.of("a", "b", "c"), "w", "v", false)).isEqualTo("b");
        assertThat(measured.best(List.of("c"), "w", "v", false)).isNull();
    }

    @Test
    void ratio_ofWhatWasNotMeasured_isNotMet() {
        Row row = Row.ratio(
                new Measured(Map.of(), List.of()), "w", "b", List.of("a", "w", "v"), List.of("b", "w", "v"), 3, true);

        assertThat(row.met()).isFalse();
        assertThat(row.markdown()).isEqualTo("| w | b | not measured | ≤ 3.00 | no |");
    }

    @Test
    void receipts_readByBoth_areRelatedWithTheirWordF1() {
        Measured measured = new Measured(
                Map.of(),
                List.of(
                        new Sample(1, "leat-reader", "receipts", Map.of("seconds", 1.0, "wordF1", 0.95)),
                        new Sample(1, "rapidocr", "receipts", Map.of("seconds", 4.0, "wordF1", 0.8))));

        assertThat(Report.tables(measured))
                .contains("| a drawn receipt read, mean time; word F1 .950 | RapidOCR for Java; word F1 .800 |"
                        + " **.250** (.250 to .250) | ≤ .500 | yes |")
                .contains("| the same, word F1 | RapidOCR for Java | **1.19** (1.19 to 1.19) | ≥ 1.00 | yes |");
    }

    private static Sample sample(int round, String contender, double value) {
        return new Sample(round, contender, "w", Map.of("v", value));
    }
}
