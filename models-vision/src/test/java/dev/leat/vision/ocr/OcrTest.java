package dev.leat.vision.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.CancelledException;
import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import dev.leat.vision.OcrLine;
import dev.leat.vision.OcrOptions;
import dev.leat.vision.OcrText;
import dev.leat.vision.OcrWord;
import dev.leat.vision.Point;
import dev.leat.vision.VisionModels;
import dev.leat.vision.image.Decode;
import dev.leat.vision.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class OcrTest {

    private static final ModelFolder DETECTION = ModelSource.classPath().folder("ppocr-v4-det");
    private static final ModelFolder RECOGNITION = ModelSource.classPath().folder("ppocr-v4-rec-english");

    private static OcrText read(Image picture, Consumer<OcrOptions.Builder> options) {
        try (VisionModels models = VisionModels.load()) {
            Stage<Image, OcrText> ocr = models.ocr(options);
            try (Pipeline<Image> pipeline =
                    Pipeline.<Image>builder("ocr").stages(ocr).build()) {
                return pipeline.run(picture).get(ocr);
            }
        }
    }

    private static final VisionModels MODELS = VisionModels.load();
    private static final Stage<Image, OcrText> OCR = MODELS.ocr();
    private static final Pipeline<Image> PIPELINE =
            Pipeline.<Image>builder("ocr").stages(OCR).build();

    @AfterAll
    static void close() {
        PIPELINE.close();
        MODELS.close();
    }

    private static OcrText read(Image picture) {
        return PIPELINE.run(picture).get(OCR);
    }

    private static Readings readings(Image picture, OcrOptions options, int parts) {
        Stage<Image, Readings> stage = Stage.of(new Decode())
                .then(Ocr.readings(DETECTION, RECOGNITION, options, parts))
                .named("readings");
        try (Pipeline<Image> pipeline =
                Pipeline.<Image>builder("readings").stages(stage).build()) {
            return pipeline.run(picture).get(stage);
        }
    }

    private static Image changed(String file, UnaryOperator<BufferedImage> change) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BufferedImage picture =
                    ImageIO.read(new ByteArrayInputStream(Golden.picture(file).toByteArray()));
            ImageIO.write(change.apply(picture), "png", out);
            return Image.of(out.toByteArray());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static BufferedImage turned(BufferedImage picture) {
        BufferedImage turned = new BufferedImage(picture.getHeight(), picture.getWidth(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                turned.setRGB(picture.getHeight() - 1 - y, x, picture.getRGB(x, y));
            }
        }
        return turned;
    }

    @Test
    void ocr_documents_agreesWithTheReferencesSteps() {
        OcrOptions once = new OcrOptions(
                OcrOptions.DEFAULTS.detector(),
                OcrOptions.DEFAULTS.recogniser(),
                960,
                0.5,
                0,
                false,
                OcrOptions.Region.ALL);
        int boxes = 0;
        int near = 0;
        int texts = 0;
        for (JsonObject golden : Golden.cases("ocr")) {
            String file = golden.get("file").getAsString();
            List<Readings.Piece> seen = readings(Golden.picture(file), once, 2).pieces();
            JsonArray shipped = golden.getAsJsonArray("shipped");
            assertThat(Math.abs(seen.size() - shipped.size())).as(file).isLessThanOrEqualTo(1);
            for (int i = 0; i < shipped.size(); i++) {
                JsonObject line = shipped.get(i).getAsJsonObject();
                boxes++;
                near += seen.stream().anyMatch(own -> isNear(own.quad(), line)) ? 1 : 0;
                String text = line.get("text").getAsString().replace(" ", "");
                texts += seen.stream()
                                .anyMatch(own ->
                                        own.reading().text().replace(" ", "").equals(text))
                        ? 1
                        : 0;
            }
        }
        // The detector's boxes may differ by a pixel, which may change a character.
        assertThat((double) near / boxes).isGreaterThan(0.95);
        assertThat((double) texts / boxes).isGreaterThan(0.95);
    }

    private static boolean isNear(Quad own, JsonObject line) {
        JsonArray box = line.getAsJsonArray("box");
        for (int i = 0; i < 4; i++) {
            JsonArray other = box.get(i).getAsJsonArray();
            if (Math.abs(own.x()[i] - other.get(0).getAsInt()) > 3
                    || Math.abs(own.y()[i] - other.get(1).getAsInt()) > 3) {
                return false;
            }
        }
        return true;
    }

    private static List<String> written(String file) {
        return Golden.cases("ocr").stream()
                .filter(each -> each.get("file").getAsString().equals(file))
                .flatMap(each -> each.getAsJsonArray("written").asList().stream())
                .map(line -> line.getAsString())
                .toList();
    }

    private static long found(OcrText seen, List<String> lines) {
        return lines.stream().filter(seen.text()::contains).count();
    }

    @Test
    void ocr_letter_isReadAsItWasWrittenInOrder() {
        OcrText seen = read(Golden.picture("letter.png"));
        List<String> written = written("letter.png");

        assertThat(found(seen, written)).isGreaterThanOrEqualTo(written.size() - 1L);
        assertThat(seen.text().indexOf("Harbour View")).isLessThan(seen.text().indexOf("Dear Ms"));
        assertThat(seen.paragraphs().size()).isBetween(6, 9);
        assertThat(seen.rotation()).isZero();
    }

    @Test
    void ocr_receipt_readsAnAmountInTheLineOfItsName() {
        assertThat(read(Golden.picture("receipt.png")).lines().stream().map(OcrLine::text))
                .contains("Brown bread 2.40", "TOTAL 15.90");
    }

    @Test
    void ocr_words_lieInTheirLinesFromLeftToRight() {
        for (OcrLine line : read(Golden.picture("letter.png")).lines()) {
            int before = Integer.MIN_VALUE;
            for (OcrWord word : line.words()) {
                List<Point> corners = word.box().corners();
                assertThat(corners.get(0).x())
                        .isGreaterThan(before)
                        .isLessThan(corners.get(1).x());
                assertThat(corners.get(0).y())
                        .isBetween(
                                line.box().corners().get(0).y() - 2,
                                line.box().corners().get(3).y());
                before = corners.get(0).x();
            }
            assertThat(String.join(" ", line.words().stream().map(OcrWord::text).toList()))
                    .isEqualTo(line.text());
        }
    }

    @Test
    void ocr_lineThatRunsUpwards_isRead() {
        assertThat(read(Golden.picture("turned.png")).text())
                .contains("Handle with care")
                .contains("This side up");
    }

    @ParameterizedTest
    @ValueSource(ints = {90, 180, 270})
    void ocr_pageThatLiesOtherwise_isReadInOrderAndSaysHow(int degrees) {
        OcrText upright = read(Golden.picture("letter.png"));
        OcrText seen = read(changed("letter.png", picture -> {
            BufferedImage turned = picture;
            for (int turn = 0; turn < degrees; turn += 90) {
                turned = turned(turned);
            }
            return turned;
        }));
        List<String> lines = upright.lines().stream().map(OcrLine::text).toList();

        assertThat(seen.rotation()).isEqualTo(360 - degrees);
        assertThat(found(seen, lines)).isGreaterThanOrEqualTo(lines.size() - 2L);
        assertThat(seen.text().indexOf("Harbour View")).isLessThan(seen.text().indexOf("look forward"));
    }

    @Test
    void ocr_twoColumns_areReadOneAfterTheOther() {
        OcrText seen = read(changed("letter-small.png", picture -> {
            BufferedImage two =
                    new BufferedImage(2 * picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
            two.getGraphics().drawImage(picture, 0, 0, null);
            two.getGraphics().drawImage(picture, picture.getWidth(), 0, null);
            return two;
        }));
        int end = seen.text().indexOf("Thomas Whitfield");
        assertThat(end).isPositive();
        assertThat(seen.text().lastIndexOf("Dear Ms")).isGreaterThan(end);
    }

    @Test
    void ocr_lightOnDark_isReadAsWell() {
        OcrText seen = read(changed("letter.png", picture -> {
            BufferedImage inverse =
                    new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < picture.getHeight(); y++) {
                for (int x = 0; x < picture.getWidth(); x++) {
                    inverse.setRGB(x, y, ~picture.getRGB(x, y));
                }
            }
            return inverse;
        }));
        List<String> written = written("letter.png");
        assertThat(found(seen, written)).isGreaterThanOrEqualTo(written.size() - 2L);
    }

    @Test
    void ocr_region_readsThatPartAndKeepsThePagesPlaces() {
        OcrText whole = read(Golden.picture("letter.png"));
        OcrLine dear = whole.lines().stream()
                .filter(line -> line.text().startsWith("Dear"))
                .findFirst()
                .orElseThrow();
        int top = dear.box().corners().get(0).y();
        OcrText seen = read(Golden.picture("letter.png"), options -> options.region(0, top - 20, 5000, 70));

        assertThat(seen.text()).isEqualTo(dear.text());
        assertThat(seen.lines().get(0).box().corners().get(0).y()).isCloseTo(top, within(4));
        assertThat(seen.height()).isEqualTo(whole.height());
        assertThat(read(Golden.picture("letter.png"), options -> options.region(4000, 4000, 10, 10))
                        .lines())
                .isEmpty();
    }

    @Test
    void ocr_germanAndSpanish_loseTheLettersThatTheEnglishHeadHasNot() {
        // The documented limit: o-umlaut, sharp s and n-tilde are not among its characters.
        OcrText german = read(Golden.picture("german.png"));
        assertThat(german.text()).contains("Fluss").doesNotContain("\u00df").doesNotContain("\u00f6");
        OcrText spanish = read(Golden.picture("spanish.png"));
        assertThat(spanish.text()).contains("cerca").doesNotContain("\u00f1");
    }

    @Test
    void ocr_blankAndFlatPictures_haveNoText() {
        assertThat(read(Golden.picture("blank.png"))).isEqualTo(new OcrText(List.of(), 0, 320, 240));
        for (String file : new String[] {"1x1.png", "2000x1.png", "1x2000.png"}) {
            assertThat(read(Golden.hostile(file)).text()).as(file).isEmpty();
        }
    }

    @Test
    void readings_inOnePartOrFour_areTheSame() {
        List<String> four = lines(readings(Golden.picture("receipt-tilted.jpg"), OcrOptions.DEFAULTS, 4));
        assertThat(four).hasSizeGreaterThan(10);
        assertThat(lines(readings(Golden.picture("receipt-tilted.jpg"), OcrOptions.DEFAULTS, 1)))
                .isEqualTo(four);
    }

    private static List<String> lines(Readings readings) {
        return readings.pieces().stream()
                .map(piece -> piece.index() + " " + piece.reading().text() + " "
                        + piece.reading().score())
                .toList();
    }

    @Test
    void toHocr_letter_isWellFormedAndHasEachWord() throws Exception {
        OcrText seen = read(Golden.picture("letter.png"));
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        DocumentBuilder builder = factory.newDocumentBuilder();
        NodeList spans =
                builder.parse(new InputSource(new StringReader(seen.toHocr()))).getElementsByTagName("span");

        assertThat(spans.getLength())
                .isEqualTo(seen.lines().size() + seen.words().size());
        assertThat(spans.item(1).getTextContent()).isEqualTo(seen.words().get(0).text());
        assertThat(spans.item(1).getAttributes().getNamedItem("title").getNodeValue())
                .matches("bbox \\d+ \\d+ \\d+ \\d+; x_wconf \\d+");
    }

    @Test
    void toJson_letter_saysTheSame() {
        OcrText seen = read(Golden.picture("letter.png"));
        JsonObject json = JsonParser.parseString(seen.toJson()).getAsJsonObject();
        JsonObject line = json.getAsJsonArray("paragraphs")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("lines")
                .get(0)
                .getAsJsonObject();

        assertThat(json.get("width").getAsInt()).isEqualTo(seen.width());
        assertThat(line.get("text").getAsString()).isEqualTo(seen.lines().get(0).text());
        assertThat(line.getAsJsonArray("box").get(2).getAsJsonArray().get(0).getAsInt())
                .isEqualTo(seen.lines().get(0).box().corners().get(2).x());
    }

    @Test
    void toString_ofEverything_holdsNoText() {
        OcrText seen = read(Golden.picture("letter.png"));
        Readings readings = readings(Golden.picture("letter.png"), OcrOptions.DEFAULTS, 1);
        String all = seen + " " + seen.paragraphs() + " " + seen.lines() + " " + seen.words() + " " + readings + " "
                + readings.pieces();
        assertThat(all).doesNotContain("Harbour").doesNotContain("Whitby").doesNotContain("Dear");
    }

    @Test
    void options_nonsense_isRefused() {
        try (VisionModels models = VisionModels.load()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> models.ocr(options -> options.maxSide(8)))
                    .withMessageContaining("maxSide");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> models.ocr(options -> options.minScore(Double.NaN)))
                    .withMessageContaining("minScore");
            assertThat(models.ocr(options -> {})).isEqualTo(models.ocr());
            assertThat(models.ocr(options -> options.maxSide(960))).isNotEqualTo(models.ocr());
        }
    }

    /** A run that everybody has left. */
    private static final class Left implements RunScope {
        @Override
        public <M extends AutoCloseable> M model(ModelReference<M> reference) {
            throw new AssertionError("nothing is run for nobody");
        }

        @Override
        public boolean isCancelled() {
            return true;
        }

        @Override
        public Registration onCancel(Runnable action) {
            action.run();
            return () -> {};
        }

        @Override
        public void spent(Phase phase, long nanos) {}

        @Override
        public void note(int item, String fact, long value) {}
    }

    @Test
    void read_runThatWasLeft_endsBeforeTheNextLine() {
        Quad quad = new Quad(new double[] {0, 9, 9, 0}, new double[] {0, 0, 3, 3});
        Found found = new Found(new Pixels(10, 4, new byte[120]), 0, 0, 10, 4, List.of(quad, quad));
        Read read = new Read(Recogniser.of(RECOGNITION, OcrOptions.DEFAULTS), 0, 1);
        assertThatExceptionOfType(CancelledException.class).isThrownBy(() -> read.run(List.of(found), new Left()));
    }

    @Test
    void decode_steps_mergesRepeatsAndFindsSpacesInGaps() {
        Recogniser recogniser = Recogniser.of(RECOGNITION, OcrOptions.DEFAULTS);
        int a = recogniser.characters().indexOf("a");
        int b = recogniser.characters().indexOf("b");
        long[] classes = {0, a, a, 0, a, 0, b, 0, 0, 0, 0, b, 0};
        float[] probabilities = {1, .5f, .9f, 1, .7f, 1, .8f, 1, 1, 1, 1, .6f, 1};
        float[] spaces = {.5f, 0, 0, 0, 0, 0, 0, .01f, .4f, .3f, .01f, 0, 0};
        Reading reading = recogniser.decode(new Recogniser.Steps(classes, probabilities, spaces), 1);

        assertThat(reading.text()).isEqualTo("aab b");
        assertThat(reading.score()).isCloseTo((.5 + .7 + .8 + .6) / 4, within(1e-6));
        assertThat(reading.words().get(0).from()).isBetween(0.0, 1.5 / 13);
        assertThat(reading.words().get(1).from()).isBetween(9.5 / 13, 11.5 / 13);
    }

    @Test
    void steps_ofProbabilities_areTheLikeliest() {
        float[] all = {.1f, .7f, .2f, .6f, .1f, .3f};
        Recogniser.Steps steps = Recogniser.Steps.of(all, 3);
        assertThat(steps.classes()).containsExactly(1, 0);
        assertThat(steps.probabilities()).containsExactly(.7f, .6f);
        assertThat(steps.spaces()).containsExactly(.2f, .3f);
    }

    @Test
    void turned_pixels_areTurnedAgainstTheClock() {
        Pixels pixels = new Pixels(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
        assertThat(Warp.turned(pixels).rgb()).containsExactly(4, 5, 6, 1, 2, 3);
        assertThat(Warp.letterboxed(pixels, 1).height()).isEqualTo(3);
    }

    @Test
    void crop_uprightQuad_isThePart() {
        byte[] rgb = new byte[3 * 100];
        for (int i = 0; i < 100; i++) {
            rgb[3 * i] = (byte) i;
        }
        Pixels pixels = new Pixels(10, 10, rgb);
        Quad quad = Quad.ordered(new double[] {7, 2, 2, 7}, new double[] {3, 3, 6, 6});
        Pixels part = Warp.crop(pixels, quad, 5, 3);
        for (int y = 0; y < 3; y++) {
            byte[] row = Arrays.copyOfRange(part.rgb(), 15 * y, 15 * y + 15);
            for (int x = 0; x < 5; x++) {
                assertThat(row[3 * x]).isEqualTo((byte) ((3 + y) * 10 + 2 + x));
            }
        }
    }
}
