package dev.leat.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.leat.InvalidInputException;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodeTest {

    private static Pixels decode(Image image) {
        Header header = Header.read(image);
        return Orientation.upright(Decoder.decode(image, header), header.orientation());
    }

    @Test
    void decode_everyKindOfPicture_givesPillowsPixels() {
        for (JsonObject golden : Golden.cases("pixels")) {
            String file = golden.get("file").getAsString();
            Header header = Header.read(Golden.picture(file));
            assertThat(header.format().name())
                    .as(file)
                    .isEqualTo(golden.get("format").getAsString());
            assertThat(header.width())
                    .as(file)
                    .isEqualTo(golden.get("storedWidth").getAsInt());
            assertThat(header.height())
                    .as(file)
                    .isEqualTo(golden.get("storedHeight").getAsInt());
            assertThat(header.orientation())
                    .as(file)
                    .isEqualTo(golden.get("orientation").getAsInt());
            Pixels pixels = decode(Golden.picture(file));
            assertThat(pixels.width()).as(file).isEqualTo(golden.get("width").getAsInt());
            assertThat(pixels.height()).as(file).isEqualTo(golden.get("height").getAsInt());
            if (golden.get("exact").getAsBoolean()) {
                assertSamples(file, pixels, golden.getAsJsonArray("samples"), 0);
                assertThat(Golden.sha256(pixels))
                        .as(file)
                        .isEqualTo(golden.get("sha256").getAsString());
            } else {
                // Decoders of lossy WebP smooth colours differently; the origin file states the tolerance.
                assertSamples(file, pixels, golden.getAsJsonArray("samples"), 64);
            }
        }
    }

    private static void assertSamples(String file, Pixels pixels, JsonArray samples, int tolerance) {
        for (JsonElement each : samples) {
            JsonArray sample = each.getAsJsonArray();
            int at = 3
                    * (sample.get(1).getAsInt() * pixels.width() + sample.get(0).getAsInt());
            for (int c = 0; c < 3; c++) {
                assertThat(Math.abs((pixels.rgb()[at + c] & 0xff)
                                - sample.get(2 + c).getAsInt()))
                        .as("%s at %s", file, sample)
                        .isLessThanOrEqualTo(tolerance);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "empty.png, empty",
        "text.jpg, unknown-format",
        "svg.png, unknown-format",
        "zeros.jpg, unknown-format",
        "only-magic.jpg, truncated",
        "only-magic.png, truncated",
        "truncated-header.jpg, truncated",
        "truncated.jpg, truncated",
        "truncated-end.jpg, truncated",
        "zero-size.jpg, damaged",
        "zero-size.png, damaged",
        "negative.png, damaged",
        "damaged.png, damaged",
        "truncated.png, damaged"
    })
    void decode_damagedPictures_saysWhatIsWrong(String file, String code) {
        assertThatThrownBy(() -> decode(Golden.hostile(file)))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void decode_bombOfFewBytes_isRefusedBeforeMemoryIsTaken() {
        long before = Runtime.getRuntime().totalMemory();
        assertThatThrownBy(() -> decode(Golden.hostile("huge-12000.png")))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("truncated"));
        assertThat(Runtime.getRuntime().totalMemory() - before).isLessThan(200_000_000);
    }

    @Test
    void resample_fast_agreesWithThePlainTwin() {
        Pixels source = noise(11, 17);
        for (Resample filter : Resample.values()) {
            for (int width : new int[] {1, 2, 7, 11, 13}) {
                for (int height : new int[] {1, 6, 9, 17, 31}) {
                    Pixels fast = filter.resize(source, width, height);
                    double[] plain = filter.plainly(source, width, height);
                    for (int i = 0; i < plain.length; i++) {
                        // Half a level for each rounding, the first one stretched by negative weights.
                        assertThat(Math.abs((fast.rgb()[i] & 0xff) - plain[i]))
                                .as("%s to %d x %d at %d", filter, width, height, i)
                                .isLessThan(1.6);
                    }
                }
            }
        }
    }

    private static Pixels noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new java.util.Random(5).nextBytes(rgb);
        return new Pixels(width, height, rgb);
    }

    @Test
    void resample_manySizes_givesPillowsPixels() {
        for (JsonObject golden : Golden.cases("resample")) {
            Pixels source = decode(Golden.picture(golden.get("file").getAsString()));
            Pixels resized = Resample.valueOf(golden.get("filter").getAsString())
                    .resize(
                            source,
                            golden.get("width").getAsInt(),
                            golden.get("height").getAsInt());
            assertThat(Golden.sha256(resized))
                    .as(golden.toString())
                    .isEqualTo(golden.get("sha256").getAsString());
        }
    }
}
