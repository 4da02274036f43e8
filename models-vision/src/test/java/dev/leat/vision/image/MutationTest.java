package dev.leat.vision.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.InvalidInputException;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damages pictures of all formats at random places: each is decoded or refused with a code, within a bounded time.
 *
 * <p>{@code -Dmutants=} sets how many of each file, {@code -Dseed=} the first seed; a failure names the seed.
 */
class MutationTest {

    private static final int MUTANTS = Integer.getInteger("mutants", 150);
    private static final long SEED = Long.getLong("seed", 1);

    /** No more pixels are decoded: what a damaged header may ask for in earnest is a guard's affair. */
    private static final int MAX_PIXELS = 1 << 22;

    /** Of the process's processor time, not of the clock's, so that a busy machine fails nothing; usual are 5 ms. */
    private static final Duration MAX_TIME = Duration.ofSeconds(10);

    private static Duration spent() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static String outcome(byte[] bytes) {
        Image image = Image.of(bytes);
        try {
            Header header = Header.read(image);
            if (header.pixels() > MAX_PIXELS) {
                return "too large";
            }
            Decoder.decode(image, header);
            return "decoded";
        } catch (InvalidInputException e) {
            return e.code();
        }
    }

    private static void assertOutcome(byte[] bytes, String what) {
        Duration start = spent();
        String outcome;
        try {
            outcome = outcome(bytes);
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        Duration took = spent().minus(start);
        assertThat(outcome)
                .as(what)
                .isIn("decoded", "too large", "damaged", "truncated", "unsupported", "unknown-format", "empty");
        assertThat(took).as("%s, time until %s", what, outcome).isLessThan(MAX_TIME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "half.jpg",
                "restart.jpg",
                "progressive.jpg",
                "profile.jpg",
                "jpeg-411-95x41.jpg",
                "jpeg-ycck-95x41.jpg",
                "jpeg-grey-progressive-95x41.jpg",
                "orientation-6.jpg",
                "rgb.png",
                "rgb16.png",
                "palette-alpha.png",
                "grey-alpha.png",
                "bilevel.png",
                "rgb.bmp",
                "palette.bmp",
                "still.gif",
                "animated.gif",
                "transparent.gif",
                "lossy.webp",
                "lossless.webp",
                "alpha.webp",
                "orientation-6.webp"
            })
    void decode_mutated_isDecodedOrRefused(String file) {
        byte[] whole = Golden.picture(file).toByteArray();
        for (long seed = SEED; seed < SEED + MUTANTS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = whole.clone();
            int edits = 1 + random.nextInt(6);
            // Half of them where headers are, half of them anywhere.
            int reach = random.nextBoolean() ? Math.min(bytes.length, 700) : bytes.length;
            for (int i = 0; i < edits; i++) {
                bytes[random.nextInt(reach)] = (byte) random.nextInt(256);
            }
            assertOutcome(bytes, file + " with seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"half.jpg", "progressive.jpg", "rgb.png", "rgb.bmp", "still.gif", "lossy.webp"})
    void decode_truncated_isDecodedOrRefused(String file) {
        byte[] whole = Golden.picture(file).toByteArray();
        for (int length = 0; length < whole.length; length += 1 + length / 50) {
            assertOutcome(Arrays.copyOf(whole, length), file + " of " + length + " bytes");
        }
    }
}
