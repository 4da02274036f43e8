package dev.leat.vision.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.leat.Pipeline;
import dev.leat.model.ModelSource;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import dev.leat.vision.OcrLine;
import dev.leat.vision.OcrText;
import dev.leat.vision.Point;
import dev.leat.vision.VisionModels;
import dev.leat.vision.image.Pixels;
import java.util.List;
import org.junit.jupiter.api.Test;

class OcrTest {

    @Test
    void ocr_documents_agreesWithTheReferencesSteps() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline =
                        Pipeline.<Image>builder("ocr").stages(models.ocr()).build()) {
            int boxes = 0;
            int near = 0;
            int texts = 0;
            for (JsonObject golden : Golden.cases("ocr")) {
                String file = golden.get("file").getAsString();
                OcrText seen = pipeline.run(Golden.picture(file)).get(models.ocr());
                JsonArray shipped = golden.getAsJsonArray("shipped");
                assertThat(Math.abs(seen.lines().size() - shipped.size()))
                        .as(file)
                        .isLessThanOrEqualTo(1);
                for (int i = 0; i < shipped.size(); i++) {
                    JsonObject line = shipped.get(i).getAsJsonObject();
                    boxes++;
                    near += seen.lines().stream().anyMatch(own -> isNear(own, line)) ? 1 : 0;
                    String text = line.get("text").getAsString().replace(" ", "");
                    texts += seen.lines().stream()
                                    .anyMatch(own -> own.text().replace(" ", "").equals(text))
                            ? 1
                            : 0;
                }
            }
            // The detector's boxes may differ by a pixel, which may change a character.
            assertThat((double) near / boxes).isGreaterThan(0.95);
            assertThat((double) texts / boxes).isGreaterThan(0.95);
        }
    }

    private static boolean isNear(OcrLine own, JsonObject line) {
        JsonArray box = line.getAsJsonArray("box");
        for (int i = 0; i < 4; i++) {
            Point corner = own.box().corners().get(i);
            JsonArray other = box.get(i).getAsJsonArray();
            if (Math.abs(corner.x() - other.get(0).getAsInt()) > 3
                    || Math.abs(corner.y() - other.get(1).getAsInt()) > 3) {
                return false;
            }
        }
        return true;
    }

    @Test
    void ocr_letter_isReadAsItWasWritten() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline =
                        Pipeline.<Image>builder("ocr").stages(models.ocr()).build()) {
            JsonObject golden = Golden.cases("ocr").stream()
                    .filter(each -> each.get("file").getAsString().equals("letter.png"))
                    .findFirst()
                    .orElseThrow();
            OcrText seen = pipeline.run(Golden.picture("letter.png")).get(models.ocr());
            int equal = 0;
            JsonArray written = golden.getAsJsonArray("written");
            for (int i = 0; i < written.size(); i++) {
                equal += seen.text().contains(written.get(i).getAsString()) ? 1 : 0;
            }
            assertThat(equal).isGreaterThanOrEqualTo(written.size() - 1);
            assertThat(seen.toString()).doesNotContain("Harbour");
        }
    }

    @Test
    void ocr_lineThatRunsUpwards_isRead() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline =
                        Pipeline.<Image>builder("ocr").stages(models.ocr()).build()) {
            assertThat(pipeline.run(Golden.picture("turned.png"))
                            .get(models.ocr())
                            .text())
                    .contains("Handle with care")
                    .contains("This side up");
        }
    }

    @Test
    void ocr_blankAndFlatPictures_haveNoText() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline =
                        Pipeline.<Image>builder("ocr").stages(models.ocr()).build()) {
            assertThat(pipeline.run(Golden.picture("blank.png")).get(models.ocr()))
                    .isEqualTo(new OcrText("", List.of()));
            for (String file : new String[] {"1x1.png", "2000x1.png", "1x2000.png"}) {
                assertThat(pipeline.run(Golden.hostile(file)).get(models.ocr()).text())
                        .as(file)
                        .isEmpty();
            }
        }
    }

    @Test
    void decode_steps_mergesRepeatsAndRecoversSpaces() {
        Recogniser recogniser = Recogniser.of(ModelSource.classPath().folder("ppocr-v4-rec-english"));
        int a = recogniser.characters().indexOf("a");
        int b = recogniser.characters().indexOf("b");
        Recogniser.Reading reading = recogniser.decode(
                new long[] {0, a, a, 0, a, 0, 0, b, 0},
                new float[] {1, .5f, .9f, 1, .7f, 1, 1, .6f, 1},
                new float[] {.5f, 0, 0, 0, 0, .04f, .01f, 0, 0});

        assertThat(reading.text()).isEqualTo("aa b");
        assertThat(reading.score()).isCloseTo((.5 + .7 + .6) / 3, org.assertj.core.api.Assertions.within(1e-6));
    }

    @Test
    void resize_toTheSameSize_isTheSame() {
        Pixels pixels = new Pixels(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
        assertThat(Warp.resize(pixels, 2, 1)).isSameAs(pixels);
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
            for (int x = 0; x < 5; x++) {
                assertThat(part.rgb()[3 * (y * 5 + x)]).isEqualTo((byte) ((3 + y) * 10 + 2 + x));
            }
        }
    }
}
