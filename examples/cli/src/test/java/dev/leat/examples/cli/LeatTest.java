package dev.leat.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line through its front door, on the bundled models. */
class LeatTest {

    @TempDir
    Path directory;

    private record Run(int code, List<JsonObject> lines, String out, String err) {
        JsonObject result(int line, String stage) {
            return lines.get(line).getAsJsonObject("results").getAsJsonObject(stage);
        }

        String status(int line, String stage) {
            return result(line, stage).get("status").getAsString();
        }

        JsonObject value(int line, String stage) {
            return result(line, stage).getAsJsonObject("value");
        }

        String errorCode(int line, String stage) {
            return result(line, stage).getAsJsonObject("error").get("code").getAsString();
        }

        List<String> ids() {
            return lines.stream().map(line -> line.get("id").getAsString()).toList();
        }
    }

    private static Run leat(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code;
        try (PrintStream outPrint = new PrintStream(out, false, StandardCharsets.UTF_8);
                PrintStream errPrint = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            code = Leat.run(outPrint, errPrint, arguments);
        }
        String printed = out.toString(StandardCharsets.UTF_8);
        List<JsonObject> lines = new ArrayList<>();
        printed.lines()
                .filter(line -> line.startsWith("{"))
                .forEach(line -> lines.add(JsonParser.parseString(line).getAsJsonObject()));
        return new Run(code, lines, printed, err.toString(StandardCharsets.UTF_8));
    }

    private Run text(String stages, String content, String... more) throws IOException {
        return text(stages, content.getBytes(StandardCharsets.UTF_8), more);
    }

    private Run text(String stages, byte[] content, String... more) throws IOException {
        Path file = directory.resolve("texts.jsonl");
        Files.write(file, content);
        List<String> arguments = new ArrayList<>(List.of("text", "--stages", stages));
        arguments.addAll(Arrays.asList(more));
        arguments.add(file.toString());
        return leat(arguments.toArray(String[]::new));
    }

    private static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(Path.of(System.getProperty("leat.basedir"))
                .resolve("../quickstart/src/main/resources/samples")
                .resolve(name));
    }

    // ------------------------------------------------------------------ texts

    @Test
    void text_everyStage_writesTheShapesThatThePageStates() throws IOException {
        Run run = text(
                "sentiment,embedding,moderation,classification,summary",
                "{\"id\": \"a\", \"text\": \"I love this quiet place. The water sings.\"}\n",
                "--labels",
                "travel,finance");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.ids()).containsExactly("a");
        assertThat(run.lines().get(0).keySet()).containsExactly("id", "results", "guard");
        assertThat(run.value(0, "sentiment").get("label").getAsString()).isEqualTo("POSITIVE");
        assertThat(run.value(0, "sentiment").get("score").getAsDouble()).isBetween(0.5, 1.0);
        assertThat(run.value(0, "embedding").getAsJsonArray("vector")).hasSize(384);
        assertThat(run.value(0, "moderation").get("flagged").getAsBoolean()).isFalse();
        assertThat(run.value(0, "moderation").getAsJsonArray("categories")).hasSize(6);
        JsonArray labels = run.value(0, "classification").getAsJsonArray("labels");
        assertThat(labels).hasSize(2);
        assertThat(labels.get(0).getAsJsonObject().keySet()).containsExactly("index", "label", "score");
        assertThat(labels.get(0).getAsJsonObject().get("label").getAsString()).isEqualTo("travel");
        assertThat(run.value(0, "summary").getAsJsonArray("sentences")).isNotEmpty();
        assertThat(run.value(0, "summary").get("text").getAsString()).contains("quiet place");
    }

    @Test
    void text_entities_haveTheirPlacesInTheTextAsGiven() throws IOException {
        String given = "\uD83D\uDE00 Ange\u0007la Merkel wrote to a@example.org from London.";
        Run run = text("entities", "{\"id\": 1, \"text\": \"" + given.replace("\u0007", "\\u0007") + "\"}\n");

        assertThat(run.code()).isZero();
        JsonArray entities = run.value(0, "entities").getAsJsonArray("entities");
        assertThat(entities).hasSize(3);
        JsonObject first = entities.get(0).getAsJsonObject();
        assertThat(first.keySet()).containsExactly("text", "type", "confidence", "start", "end");
        assertThat(first.get("text").getAsString()).isEqualTo("Angela Merkel");
        assertThat(first.get("type").getAsString()).isEqualTo("PERSON");
        assertThat(given.substring(
                        first.get("start").getAsInt(), first.get("end").getAsInt()))
                .isEqualTo("Ange\u0007la Merkel");
        JsonObject last = entities.get(2).getAsJsonObject();
        assertThat(given.substring(last.get("start").getAsInt(), last.get("end").getAsInt()))
                .isEqualTo("London");
    }

    @Test
    void text_answered_saysWhereTheAnswerComesFrom() throws IOException {
        Run run = text("sentiment", "Well made.\n");

        JsonObject provenance = run.result(0, "sentiment").getAsJsonObject("provenance");
        assertThat(provenance.get("origin").getAsString()).isEqualTo("model");
        assertThat(provenance.get("delivery").getAsString()).isEqualTo("computed");
        JsonObject model = provenance.getAsJsonObject("model");
        assertThat(model.get("id").getAsString()).isEqualTo("sentiment-mlp");
        assertThat(model.get("digest").getAsString()).matches("[0-9a-f]{64}");
        assertThat(provenance.getAsJsonObject("timings").keySet())
                .containsExactly("queueMs", "tokenizeMs", "preMs", "inferMs", "postMs");
        assertThat(provenance.getAsJsonObject("facts").get("windows").getAsInt())
                .isEqualTo(1);
    }

    @Test
    void text_tier_answersFromItsModel() throws IOException {
        Run run = text("sentiment", "Well made.\n", "--tier", "accurate");

        assertThat(run.code()).isZero();
        JsonObject provenance = run.result(0, "sentiment").getAsJsonObject("provenance");
        assertThat(provenance.getAsJsonObject("model").get("id").getAsString()).isEqualTo("sentiment-top");
    }

    @Test
    void text_tierOfEntities_answersFromItsModel() throws IOException {
        Run run = text("entities", "Ada Lovelace lived in London.\n", "--tier", "accurate");

        assertThat(run.code()).isZero();
        assertThat(run.result(0, "entities").getAsJsonObject("provenance").toString())
                .contains("entities-accurate");
        assertThat(run.out()).contains("Ada Lovelace").contains("London");
    }

    @Test
    void text_exact_answersFromTheExactEncoder() throws IOException {
        Run run = text("embedding", "Well made.\n", "--precision", "exact");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("bge-small-en-v1.5-exact");
    }

    @Test
    void text_manyLines_keepsTheirOrder() throws IOException {
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, 120)
                .forEach(i -> lines.append("{\"id\": ")
                        .append(i * 7)
                        .append(", \"text\": \"")
                        .append("mill ".repeat(i % 5 == 0 ? 90 : 1))
                        .append(i)
                        .append("\"}\n"));

        Run run = text("sentiment", lines.toString());

        assertThat(run.code()).isZero();
        assertThat(run.ids())
                .isEqualTo(IntStream.range(0, 120)
                        .mapToObj(i -> Integer.toString(i * 7))
                        .toList());
    }

    @Test
    void text_plainLines_areNumberedFromOne() throws IOException {
        Run run = text("sentiment", "\uFEFFGood.\r\nBad.\nNo end");

        assertThat(run.code()).isZero();
        assertThat(run.ids()).containsExactly("1", "2", "3");
    }

    @Test
    void text_emptyFile_isAnsweredByNoLine() throws IOException {
        Run run = text("sentiment", "");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEmpty();
    }

    @Test
    void text_badLines_failAloneAndSayWhy() throws IOException {
        Run run = text(
                "sentiment",
                "Good.\n\n   \n{\"id\": \"x\", \"text\": \"bro\n{\"id\": \"y\"}\n{\"text\": 5}\n{\"text\": \"a\"} b\n"
                        + "{" + "[".repeat(5000) + "\nBad.\n");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.ids()).containsExactly("1", "2", "3", "x", "y", "6", "7", "8", "9");
        assertThat(run.status(0, "sentiment")).isEqualTo("success");
        assertThat(IntStream.range(1, 8)
                        .mapToObj(i -> run.errorCode(i, "sentiment"))
                        .toList())
                .containsExactly(
                        "blank", "blank", "invalid-json", "no-text", "no-text", "invalid-json", "invalid-json");
        assertThat(run.status(8, "sentiment")).isEqualTo("success");
    }

    @Test
    void text_moderationThatIsRefused_failsClosedAndCounts() throws IOException {
        Run run = text("moderation", "\n");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.status(0, "moderation")).isEqualTo("degraded");
        assertThat(run.value(0, "moderation").get("flagged").getAsBoolean()).isTrue();
        assertThat(run.result(0, "moderation")
                        .getAsJsonObject("reason")
                        .get("code")
                        .getAsString())
                .isEqualTo("UNAVAILABLE");
    }

    @Test
    void text_strangeButReadable_isAnswered() throws IOException {
        Run run = text("sentiment,embedding", """
                \uD83D\uDE00\uD83D\uDE00\uD83D\uDE00
                {"id": "s\\ud800", "text": "half \\udfff pair"}
                <script>x()</script>Text \0 here
                """);

        assertThat(run.code()).isZero();
        assertThat(run.ids().get(1)).isEqualTo("s\uD800");
        assertThat(run.lines().get(1).getAsJsonObject("guard").toString())
                .isEqualTo("{\"removed\":[{\"kind\":\"lone-surrogate\",\"count\":1}]}");
        assertThat(run.lines().get(2).getAsJsonObject("guard").toString())
                .contains("script-block", "control-character");
    }

    @Test
    void text_binary_givesALineForEachLine() throws IOException {
        byte[] bytes = new byte[2000];
        new Random(5).nextBytes(bytes);
        bytes[bytes.length - 1] = '\n';
        long lines =
                IntStream.range(0, bytes.length).filter(i -> bytes[i] == '\n').count();

        Run run = text("sentiment", bytes);

        assertThat(run.code()).isIn(0, 3);
        assertThat(run.lines()).hasSize((int) lines);
    }

    @Test
    void text_tenMegabytes_isRefusedAndTheOthersAnswered() throws IOException {
        Run run = text("sentiment", "Good.\n" + "word ".repeat(2_000_000) + "\nBad.\n");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.status(0, "sentiment")).isEqualTo("success");
        assertThat(run.errorCode(1, "sentiment")).isEqualTo("too-long");
        assertThat(run.status(2, "sentiment")).isEqualTo("success");
    }

    @Test
    void text_longerThanAllowed_isAnsweredWhenMoreIsAllowed() throws IOException {
        String content = "The mill is quiet. ".repeat(600) + "\n";

        assertThat(text("sentiment", content).errorCode(0, "sentiment")).isEqualTo("too-long");
        Run run = text("sentiment", content, "--max-chars", "20000");
        assertThat(run.code()).isZero();
        assertThat(run.result(0, "sentiment")
                        .getAsJsonObject("provenance")
                        .getAsJsonObject("facts")
                        .get("windows")
                        .getAsInt())
                .isGreaterThan(1);
    }

    @Test
    void lines_longerThanTheMost_arePassedOver() throws IOException {
        String content = "abc\nabcdef\nabcde";
        try (Lines lines = new Lines(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), 5)) {
            assertThat(lines.next().value()).isEqualTo("abc");
            Item<String> tooLong = lines.next();
            assertThat(catchThrowable(tooLong::value)).isInstanceOf(InvalidInputException.class);
            assertThat(lines.next().value()).isEqualTo("abcde");
            assertThat(lines.hasNext()).isFalse();
        }
    }

    /** Lines that begin and end anywhere in the buffer are those that a plain reader sees. */
    @Test
    void lines_ofAllLengths_areReadWhole() throws IOException {
        List<String> texts = IntStream.range(0, 400)
                .mapToObj(i -> "\u00e9".repeat(i * 37 % 1000) + i)
                .toList();
        byte[] bytes = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
        List<String> read = new ArrayList<>();
        try (Lines lines = new Lines(new ByteArrayInputStream(bytes))) {
            lines.forEachRemaining(item -> read.add(item.value()));
        }

        assertThat(read).isEqualTo(texts);
    }

    @Test
    void text_nobodyReads_endsAtOnce() throws IOException {
        Path file = directory.resolve("many.txt");
        Files.writeString(file, "Good.\n".repeat(100_000));
        PrintStream broken = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                true,
                StandardCharsets.UTF_8);

        assertThat(Leat.run(broken, System.err, "text", "--stages", "sentiment", file.toString()))
                .isEqualTo(141);
    }

    // ------------------------------------------------------------------ wrong usage

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sing",
                "text FILE",
                "text --stages sentiment",
                "text --stages nonsense FILE",
                "text --stages classification FILE",
                "text --stages sentiment --labels a,b FILE",
                "text --stages classification --labels a,a FILE",
                "text --stages embedding --tier accurate FILE",
                "text --stages sentiment --precision fp4 FILE",
                "text --stages sentiment --max-chars 0 FILE",
                "text --stages sentiment DIRECTORY",
                "text --stages sentiment DIRECTORY/none",
                "image --stages ocr",
                "image --stages sentiment FILE",
                "image --stages ocr --tier accurate FILE",
            })
    void wrongUsage_isExplainedOnStandardError(String command) throws IOException {
        Path file = directory.resolve("texts.txt");
        Files.writeString(file, "Good.\n");
        String line = command.replace("FILE", file.toString()).replace("DIRECTORY", directory.toString());

        Run run = leat(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: leat");
    }

    @Test
    void unknownStage_saysWhichAreKnown() throws IOException {
        assertThat(text("translation", "Good.\n").err())
                .startsWith("unknown stage 'translation'; known are sentiment, embedding");
    }

    @Test
    void help_isAnswered() {
        Run run = leat("text", "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("--stages", "--max-chars", "Exit codes");
    }

    // ------------------------------------------------------------------ pictures

    @Test
    void image_everyStage_writesTheShapesThatThePageStates() throws IOException {
        Path picture = directory.resolve("receipt.png");
        Files.write(picture, sample("receipt.png"));

        Run run = leat("image", "--stages", "classification,moderation,ocr", picture.toString());

        assertThat(run.code()).isZero();
        assertThat(run.ids()).containsExactly(picture.toString());
        JsonArray labels = run.value(0, "classification").getAsJsonArray("labels");
        assertThat(labels).hasSizeGreaterThanOrEqualTo(5);
        assertThat(labels.get(0).getAsJsonObject().keySet()).containsExactly("index", "label", "score");
        assertThat(run.value(0, "moderation").keySet()).containsExactly("flagged", "isAppropriate", "score");
        JsonObject line = run.value(0, "ocr").getAsJsonArray("lines").get(0).getAsJsonObject();
        assertThat(run.value(0, "ocr").get("text").getAsString()).contains("CORNER STREET MARKET");
        assertThat(line.get("text").getAsString()).isEqualTo("CORNER STREET MARKET");
        assertThat(line.getAsJsonArray("box")).hasSize(4);
        assertThat(line.getAsJsonArray("box").get(0).getAsJsonArray()).hasSize(2);
    }

    @Test
    void image_accurateTier_isAnotherModelsAnswer() throws IOException {
        Path picture = directory.resolve("scene.jpg");
        Files.write(picture, sample("scene.jpg"));

        Run fast = leat("image", "--stages", "classification", picture.toString());
        Run accurate = leat("image", "--stages", "classification", "--tier", "accurate", picture.toString());

        assertThat(accurate.code()).isZero();
        assertThat(accurate.value(0, "classification")).isNotEqualTo(fast.value(0, "classification"));
    }

    @Test
    void image_directoriesAndBadFiles_areAnsweredOneByOne() throws IOException {
        Path pictures = Files.createDirectories(directory.resolve("pictures/sub.jpg"));
        byte[] scene = sample("scene.jpg");
        Files.write(pictures.resolve("Scene.JPG"), scene);
        Files.write(directory.resolve("pictures/cut.jpg"), Arrays.copyOf(scene, scene.length / 2));
        Files.writeString(directory.resolve("pictures/text.jpg"), "no picture");
        Files.writeString(directory.resolve("pictures/empty.png"), "");
        Files.writeString(directory.resolve("pictures/notes.txt"), "passed over");
        Path none = directory.resolve("none.gif");

        Run run = leat(
                "image",
                "--stages",
                "classification,moderation",
                directory.resolve("pictures").toString(),
                none.toString());

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.ids())
                .containsExactly(
                        directory.resolve("pictures/cut.jpg").toString(),
                        directory.resolve("pictures/empty.png").toString(),
                        pictures.resolve("Scene.JPG").toString(),
                        directory.resolve("pictures/text.jpg").toString(),
                        none.toString());
        assertThat(run.errorCode(0, "classification")).isEqualTo("truncated");
        assertThat(run.errorCode(1, "classification")).isEqualTo("empty");
        assertThat(run.status(2, "classification")).isEqualTo("success");
        assertThat(run.errorCode(3, "classification")).isEqualTo("unknown-format");
        assertThat(run.errorCode(4, "classification")).isEqualTo("not-found");
        assertThat(run.value(4, "moderation").get("isAppropriate").getAsBoolean())
                .isFalse();
    }
}
