package dev.leat.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.InvalidInputException;
import dev.leat.Pipeline;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {

    @Test
    void of_sameBytesFromAnywhere_areOnePicture() {
        byte[] bytes = Golden.picture("clock.jpg").toByteArray();
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(bytes.length + 8).put(new byte[4]).put(bytes);
        buffer.flip().position(4);

        assertThat(Image.of(buffer)).isEqualTo(Image.of(bytes));
        assertThat(buffer.position()).isEqualTo(4);
        assertThat(Image.of(new ByteArrayInputStream(bytes))).isEqualTo(Image.of(bytes));
    }

    @Test
    void of_streamThatFails_saysSo() {
        InputStream broken = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("broken");
            }
        };
        assertThatThrownBy(() -> Image.of(broken))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("unreadable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgba.png", "palette.png", "grey.png", "grey16.png", "bilevel.png", "rgb.bmp"})
    void of_decodedPicture_isThePictureOfItsFile(String file) throws IOException {
        Image whole = Golden.picture(file);
        BufferedImage decoded = ImageIO.read(whole.open());
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("pixels")
                        .stages(models.classification(c -> c.topK(3)))
                        .build()) {
            Image copy = Image.of(decoded);
            ImageClassification expected = pipeline.run(whole).get(models.classification(c -> c.topK(3)));
            decoded.setRGB(
                    0,
                    0,
                    decoded.getWidth(),
                    decoded.getHeight(),
                    new int[decoded.getWidth() * decoded.getHeight()],
                    0,
                    decoded.getWidth());
            assertThat(pipeline.run(copy).get(models.classification(c -> c.topK(3))))
                    .isEqualTo(expected);
        }
    }

    @Test
    void of_decodedPictures_areEqualByTheirPixels() {
        BufferedImage one = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        BufferedImage other = new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR);
        assertThat(Image.of(one)).isEqualTo(Image.of(other));
        other.setRGB(2, 1, 0x010203);
        assertThat(Image.of(one)).isNotEqualTo(Image.of(other));
    }

    @Test
    void guard_decodedPicture_countsItsPixelsNotItsBytes() {
        Image picture = Image.of(new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB));
        assertThat(ImageGuard.builder().maxBytes(10).build().check(picture).input())
                .isSameAs(picture);
        assertThatThrownBy(() -> ImageGuard.builder().maxPixels(599).build().check(picture))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("too-many-pixels"));
    }

    @Test
    void nearest_embeddings_areSortedByCosine() {
        ImageEmbedding east = ImageEmbedding.of("s", 1, 0);
        ImageEmbedding north = ImageEmbedding.of("s", 0, 1);
        ImageEmbedding between = ImageEmbedding.of("s", 0.6f, 0.8f);
        assertThat(east.nearest(List.of(north, between, east, north), 3))
                .extracting(ImageEmbedding.Match::index)
                .containsExactly(2, 1, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> east.cosine(ImageEmbedding.of("other", 1, 0)))
                .withMessageContaining("other");
        assertThatIllegalArgumentException().isThrownBy(() -> ImageEmbedding.of("s", 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> east.nearest(List.of(), 0));
        assertThat(east.toString()).doesNotContain("1.0");
    }
}
