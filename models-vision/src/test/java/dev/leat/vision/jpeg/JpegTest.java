package dev.leat.vision.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.leat.CancelledException;
import dev.leat.InvalidInputException;
import dev.leat.vision.Golden;
import dev.leat.vision.image.Pixels;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Full size is tested with all other formats in {@code DecodeTest}. */
class JpegTest {

    private static Jpeg decode(byte[] bytes) {
        return Jpeg.decode(bytes, 1, () -> false);
    }

    private static byte[] picture(String file) {
        return Golden.picture(file).toByteArray();
    }

    @Test
    void decode_smaller_givesLibjpegsPixels() {
        for (JsonObject golden : Golden.cases("reduced")) {
            Jpeg seen = Jpeg.decode(
                    picture(golden.get("file").getAsString()),
                    golden.get("denominator").getAsInt(),
                    () -> false);
            assertThat(seen.width())
                    .as("%s", golden)
                    .isEqualTo(golden.get("width").getAsInt());
            assertThat(seen.height())
                    .as("%s", golden)
                    .isEqualTo(golden.get("height").getAsInt());
            assertThat(Golden.sha256(new Pixels(seen.width(), seen.height(), seen.rgb())))
                    .as("%s", golden)
                    .isEqualTo(golden.get("sha256").getAsString());
            assertThat(seen.warnings()).as("%s", golden).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jpeg-420-17x33.jpg",
                "jpeg-progressive-17x33.jpg",
                "jpeg-ycck-17x33.jpg",
                "jpeg-coarse-17x33.jpg",
                "orientation-6.jpg"
            })
    void decode_cutAtEveryLength_isRefused(String file) {
        byte[] whole = picture(file);
        for (int length = 2; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decode(cut))
                    .as("%s of %d bytes", file, length)
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.code()).isIn("truncated", "unknown-format"));
        }
    }

    @Test
    void decode_bytesBetweenSegments_isAWarning() {
        byte[] whole = picture("half.jpg");
        byte[] more = new byte[whole.length + 3];
        System.arraycopy(whole, 0, more, 0, 20);
        Arrays.fill(more, 20, 23, (byte) 7); // after the first segment, JFIF's of 18 bytes
        System.arraycopy(whole, 20, more, 23, whole.length - 20);

        Jpeg seen = decode(more);

        assertThat(seen.warnings()).isEqualTo(1);
        assertThat(seen.rgb()).isEqualTo(decode(whole).rgb());
    }

    @Test
    void decode_lostRestartMarker_isAWarningAndOnlyItsPartIsLost() {
        byte[] whole = picture("restart.jpg");
        int[] markers = new int[8];
        for (int i = 0; i + 1 < whole.length; i++) {
            int number = (whole[i + 1] & 0xff) - 0xd0;
            if (whole[i] == (byte) 0xff && number >= 0 && number < 8 && markers[number] == 0) {
                markers[number] = i;
            }
        }
        byte[] less = new byte[whole.length - (markers[3] - markers[2])]; // the third marker and what follows it
        System.arraycopy(whole, 0, less, 0, markers[2]);
        System.arraycopy(whole, markers[3], less, markers[2], whole.length - markers[3]);

        Jpeg seen = decode(less);

        assertThat(seen.warnings()).isPositive();
        byte[] sound = decode(whole).rgb();
        int half = sound.length / 2;
        assertThat(Arrays.copyOfRange(seen.rgb(), half, sound.length))
                .isEqualTo(Arrays.copyOfRange(sound, half, sound.length));
        assertThat(seen.rgb()).isNotEqualTo(sound);
    }

    @Test
    void decode_moreScansThanAnyEncoderWrites_isRefused() {
        byte[] whole = picture("jpeg-progressive-17x33.jpg");
        int last = whole.length - 2;
        while (!(whole[last] == (byte) 0xff && whole[last + 1] == (byte) 0xda)) {
            last--;
        }
        byte[] scan = Arrays.copyOfRange(whole, last, whole.length - 2);
        byte[] many = Arrays.copyOf(whole, whole.length - 2 + 100 * scan.length + 2);
        for (int i = 0; i < 100; i++) {
            System.arraycopy(scan, 0, many, whole.length - 2 + i * scan.length, scan.length);
        }
        many[many.length - 2] = (byte) 0xff;
        many[many.length - 1] = (byte) 0xd9;

        assertThatThrownBy(() -> decode(many))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("damaged"))
                .hasMessageContaining("scans");
    }

    @Test
    void decode_arithmeticCodes_sayThatTheyAreNotRead() {
        byte[] whole = picture("half.jpg");
        for (int i = 0; i + 1 < whole.length; i++) {
            if (whole[i] == (byte) 0xff && whole[i + 1] == (byte) 0xc0) {
                whole[i + 1] = (byte) 0xc9;
            }
        }
        assertThatThrownBy(() -> decode(whole))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("unsupported"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"landscape.jpg", "progressive.jpg"})
    void decode_cancelled_stopsWithinARow(String file) {
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> Jpeg.decode(picture(file), 1, () -> asked.incrementAndGet() == 3))
                .isInstanceOf(CancelledException.class);
        assertThat(asked).hasValue(3);
    }

    @Test
    void decode_denominatorThatBlocksDoNotHave_isMisuse() {
        assertThatIllegalArgumentException().isThrownBy(() -> Jpeg.decode(picture("half.jpg"), 3, () -> false));
    }

    @Test
    void transform_randomBlocks_areWhatThePlainTransformGives() {
        Random random = new Random(11);
        InverseDct dct = new InverseDct();
        for (int n = 0; n < 2000; n++) {
            int[] block = new int[64];
            block[0] = random.nextInt(-900, 900);
            for (int i = random.nextInt(20); i > 0; i--) {
                block[random.nextInt(64)] = random.nextInt(-120, 120);
            }
            byte[] fast = new byte[64];
            dct.transform(block, 63, 8, fast, 0, 8);
            double[] plain = plainly(block);
            for (int i = 0; i < 64; i++) {
                double clipped = Math.min(Math.max(plain[i] + 128, 0), 255);
                assertThat(Math.abs((fast[i] & 0xff) - clipped))
                        .as("block %d, sample %d", n, i)
                        .isLessThan(1.01);
            }
        }
    }

    /** The definition (T.81, A.3.3). */
    private static double[] plainly(int[] block) {
        double[] samples = new double[64];
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                double sum = 0;
                for (int v = 0; v < 8; v++) {
                    for (int u = 0; u < 8; u++) {
                        double norm = (u == 0 ? Math.sqrt(0.5) : 1) * (v == 0 ? Math.sqrt(0.5) : 1) / 4;
                        sum += norm
                                * block[8 * v + u]
                                * Math.cos((2 * x + 1) * u * Math.PI / 16)
                                * Math.cos((2 * y + 1) * v * Math.PI / 16);
                    }
                }
                samples[8 * y + x] = sum;
            }
        }
        return samples;
    }
}
