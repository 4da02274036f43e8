package dev.leat.vision;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.leat.InvalidInputException;
import dev.leat.Outcome;
import dev.leat.Pipeline;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures that mean harm or are merely odd: each gets an answer or a typed refusal, and leaves nothing behind. */
class HostileTest {

    private static final int PNG_HEADER = 8 + 25;
    private static final int MEBI = 1 << 20;

    /** Files that are too large to keep: made from a sound picture, which must still be read, or refused. */
    enum Made {
        PNG_OF_MANY_CHUNKS("decoded") {
            @Override
            byte[] bytes() {
                return withChunks("rgb.png", 20_000, "tEXt", "a\0b".getBytes(StandardCharsets.ISO_8859_1));
            }
        },
        PNG_WITH_A_BOMB_FOR_A_PROFILE("decoded") {
            @Override
            byte[] bytes() {
                return withChunks("rgb.png", 1, "iCCP", packed("p\0\0", 200 * MEBI));
            }
        },
        PNG_WITH_A_BOMB_FOR_A_TEXT("decoded") {
            @Override
            byte[] bytes() {
                return withChunks("rgb.png", 3, "zTXt", packed("t\0\0", 200 * MEBI));
            }
        },
        PNG_WHOSE_CHUNK_CLAIMS_2_GIB("refused") {
            @Override
            byte[] bytes() {
                byte[] png = withChunks("rgb.png", 1, "tEXt", new byte[10]);
                Arrays.fill(png, PNG_HEADER, PNG_HEADER + 4, (byte) 0x7f);
                return png;
            }
        },
        JPEG_WITH_A_HUGE_PROFILE("decoded") {
            @Override
            byte[] bytes() {
                return withSegments("half.jpg", 255, 0xe2, "ICC_PROFILE\0");
            }
        },
        JPEG_WITH_HUGE_EXIF("decoded") {
            @Override
            byte[] bytes() {
                return withSegments("half.jpg", 200, 0xe1, "Exif\0\0II*\0");
            }
        },
        JPEG_OF_MANY_SEGMENTS("refused") {
            @Override
            byte[] bytes() {
                return withSegments("half.jpg", 300, 0xda, "");
            }
        },
        GIF_OF_MANY_FRAMES("decoded") {
            @Override
            byte[] bytes() {
                byte[] gif = picture("animated.gif");
                byte[] many = Arrays.copyOf(gif, (gif.length - 13) * 5_000 + 13);
                for (int i = 1; i < 5_000; i++) { // without a trailer between them, the frames come again and again
                    System.arraycopy(gif, 13, many, 13 + i * (gif.length - 13), gif.length - 13);
                }
                return many;
            }
        },
        BITMAP_OF_TWO_BILLION_COLOURS("decoded") {
            @Override
            byte[] bytes() {
                byte[] bitmap = picture("palette.bmp");
                Arrays.fill(bitmap, 46, 50, (byte) 0x7f); // colours in the palette
                return bitmap;
            }
        };

        private final String expected;

        Made(String expected) {
            this.expected = expected;
        }

        abstract byte[] bytes();

        private static byte[] picture(String file) {
            return Golden.picture(file).toByteArray();
        }

        /** After the header come the chunks. */
        static byte[] withChunks(String file, int count, String kind, byte[] body) {
            byte[] whole = picture(file);
            ByteArrayOutputStream made = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(made)) {
                out.write(whole, 0, PNG_HEADER);
                CRC32 sum = new CRC32();
                sum.update(kind.getBytes(StandardCharsets.ISO_8859_1));
                sum.update(body);
                for (int i = 0; i < count; i++) {
                    out.writeInt(body.length);
                    out.writeBytes(kind);
                    out.write(body);
                    out.writeInt((int) sum.getValue());
                }
                out.write(whole, PNG_HEADER, whole.length - PNG_HEADER);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return made.toByteArray();
        }

        private static byte[] packed(String prefix, int zeros) {
            ByteArrayOutputStream made = new ByteArrayOutputStream();
            made.writeBytes(prefix.getBytes(StandardCharsets.ISO_8859_1));
            try (DeflaterOutputStream out = new DeflaterOutputStream(made)) {
                byte[] some = new byte[MEBI];
                for (int i = 0; i < zeros / MEBI; i++) {
                    out.write(some);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return made.toByteArray();
        }

        /** After the first marker come segments of 65,535 bytes. */
        static byte[] withSegments(String file, int count, int marker, String begin) {
            byte[] whole = picture(file);
            byte[] segment = new byte[2 + 65_535];
            segment[0] = (byte) 0xff;
            segment[1] = (byte) marker;
            segment[2] = (byte) 0xff;
            segment[3] = (byte) 0xff;
            byte[] prefix = begin.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(prefix, 0, segment, 4, prefix.length);
            ByteArrayOutputStream made = new ByteArrayOutputStream();
            made.write(whole, 0, 2);
            for (int i = 0; i < count; i++) {
                made.writeBytes(segment);
            }
            made.write(whole, 2, whole.length - 2);
            return made.toByteArray();
        }
    }

    private static String outcome(Image image) {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("hostile")
                        .guard(ImageGuard.standard())
                        .stages(models.hash())
                        .build()) {
            Outcome<ImageHash> outcome = pipeline.run(image).outcome(models.hash());
            if (outcome instanceof Outcome.Failed<ImageHash> failed) {
                assertThat(failed.cause()).isInstanceOf(InvalidInputException.class);
                return "refused";
            }
            assertThat(outcome).isInstanceOf(Outcome.Success.class);
            return "decoded";
        }
    }

    @ParameterizedTest
    @EnumSource(Made.class)
    @Timeout(100)
    void run_madePicture_isAnsweredOrRefused(Made made) {
        long before = used();
        assertThat(outcome(Image.of(made.bytes()))).isEqualTo(made.expected);
        assertThat(used() - before).isLessThan(150L * MEBI);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void run_picturesThatPillowRefuses_areRefused() {
        for (JsonObject golden : Golden.cases("hostile")) {
            String file = golden.get("file").getAsString();
            String pillow = golden.get("pillow").getAsString();
            String seen = outcome(Golden.hostile(file));
            if (!pillow.equals("decoded")) {
                assertThat(seen).as("%s, of which Pillow says %s", file, pillow).isEqualTo("refused");
            }
        }
    }
}
