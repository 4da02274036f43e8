package dev.leat.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.leat.InvalidInputException;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

    @ParameterizedTest
    @EnumSource(Resample.class)
    void resample_randomShapes_isThePlainTwinsButForTies(Resample filter) {
        Random random = new Random(5);
        long samples = 0;
        long others = 0;
        for (int round = 0; round < 400; round++) {
            int[] sides = random.ints(4, 1, round % 4 == 0 ? 5 : 64).toArray();
            long[] counts = compare(filter, noise(random, sides[0], sides[1]), sides[2], sides[3]);
            samples += counts[0];
            others += counts[1];
        }
        // A mean half way between two levels (each other one where a side doubles) is rounded by its last bit.
        assertThat((double) others / samples).isLessThan(0.02);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1",
        "1, 1, 7, 5",
        "9, 7, 1, 1",
        "1, 900, 1, 1",
        "900, 1, 1, 1",
        "1, 900, 3, 17",
        "900, 1, 17, 3",
        "1, 3, 1, 900",
        "3, 1, 900, 1",
        "2, 2, 1, 300",
        "300, 2, 299, 2",
        "2, 300, 2, 301",
        "640, 5, 5, 640"
    })
    void resample_thinAndTinyPictures_isThePlainTwins(int fromWidth, int fromHeight, int width, int height) {
        for (Resample filter : Resample.values()) {
            long[] counts = compare(filter, noise(new Random(7), fromWidth, fromHeight), width, height);
            assertThat(counts[0]).isEqualTo(3L * width * height);
        }
    }

    /** Returns how many samples there are, and by how many levels they are off in all. */
    private static long[] compare(Resample filter, Pixels source, int width, int height) {
        byte[] fast = filter.resize(source, width, height).rgb();
        byte[] plain = new PlainResample(filter).resize(source, width, height).rgb();
        assertThat(fast).hasSameSizeAs(plain);
        long others = 0;
        for (int i = 0; i < plain.length; i++) {
            int off = Math.abs((fast[i] & 0xff) - (plain[i] & 0xff));
            assertThat(off)
                    .as("%s, %d x %d to %d x %d, sample %d", filter, source.width(), source.height(), width, height, i)
                    .isLessThanOrEqualTo(
                            filter == Resample.LANCZOS ? 2 : 1); // its weights stretch a tie of the first pass
            others += off;
        }
        return new long[] {plain.length, others};
    }

    private static Pixels noise(Random random, int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        random.nextBytes(rgb);
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
