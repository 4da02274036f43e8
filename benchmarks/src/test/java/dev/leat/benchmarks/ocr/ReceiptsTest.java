package dev.leat.benchmarks.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Pipeline;
import dev.leat.vision.Image;
import dev.leat.vision.VisionModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptsTest {

    @TempDir
    Path folder;

    @Test
    void draw_sameNumber_givesTheSameReceipt() throws IOException {
        Path one = Receipts.draw(folder.resolve("a"), 2, 7).get(1);
        Path same = Receipts.draw(folder.resolve("b"), 1, 8).get(0);
        Path other = Receipts.draw(folder.resolve("c"), 1, 9).get(0);

        assertThat(one).hasSameBinaryContentAs(same);
        assertThat(Files.readAllBytes(other)).isNotEqualTo(Files.readAllBytes(one));
    }

    @Test
    void scores_ofWhatIsWrittenWhereItIsWritten_areFull() throws IOException {
        Receipts.draw(folder, 1, 7);

        Path answers = Files.writeString(folder.resolve("answers"), answer(0, "7"));

        assertThat(Receipts.scores(folder, answers))
                .containsEntry("wordF1", 1.0)
                .containsEntry("characterErrorRate", 0.0);
    }

    @Test
    void scores_ofAnAnswerWithoutItsFirstLine_areLess() throws IOException {
        Receipts.draw(folder, 1, 7);

        var scores = Receipts.scores(folder, Files.writeString(folder.resolve("answers"), answer(1, "7")));

        assertThat(scores.get("wordF1")).isBetween(0.8, 0.999);
        assertThat(scores.get("characterErrorRate")).isBetween(0.001, 0.2);
    }

    @Test
    void draw_whatItSaysIsWritten_canBeRead() throws IOException {
        Path picture = Receipts.draw(folder, 1, 7).get(0);

        try (VisionModels models = VisionModels.load()) {
            var ocr = models.ocr();
            try (var pipeline = Pipeline.<Image>builder("test").stages(ocr).build()) {
                var text = pipeline.run(Image.of(picture)).get(ocr);
                Path answers = Files.writeString(
                        folder.resolve("answers"),
                        Answers.of("receipt-7", text, 0, 0).toString());
                assertThat(Receipts.scores(folder, answers).get("wordF1")).isGreaterThan(0.8);
            }
        }
    }

    /** An answer that repeats the truth from a line on. */
    private String answer(int from, String number) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("receipt-" + number + ".csv"));
        String read = lines.subList(from, lines.size()).stream()
                .map(line -> line.split(",", 9))
                .map(parts -> String.format(
                        "{\"text\":\"%s\",\"box\":[[%s,%s],[%s,%s],[%s,%s],[%s,%s]]}",
                        parts[8], parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7]))
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        return "{\"file\":\"receipt-" + number + "\",\"lines\":[" + read + "]}\n";
    }
}
