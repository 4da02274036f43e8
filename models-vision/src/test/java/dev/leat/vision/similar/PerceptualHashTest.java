package dev.leat.vision.similar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import dev.leat.Pipeline;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import dev.leat.vision.ImageHash;
import dev.leat.vision.VisionModels;
import dev.leat.vision.image.Pixels;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerceptualHashTest {

    @Test
    void hash_pictures_isThatOfTheReference() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline =
                        Pipeline.<Image>builder("hash").stages(models.hash()).build()) {
            for (JsonObject golden : Golden.cases("hashes")) {
                String file = golden.get("file").getAsString();
                ImageHash seen = pipeline.run(Golden.picture(file)).get(models.hash());
                ImageHash expected =
                        new ImageHash(Long.parseUnsignedLong(golden.get("hash").getAsString(), 16));
                assertThat(seen.distance(expected)).as(file).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void hash_samePictureInAnotherFile_isNearlyTheSame() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline =
                        Pipeline.<Image>builder("hash").stages(models.hash()).build()) {
            List<ImageHash> hashes =
                    List.of("rgb.png", "clock.jpg", "still.gif", "clock-large.jpg", "receipt.png", "half.jpg").stream()
                            .map(file -> pipeline.run(Golden.picture(file)).get(models.hash()))
                            .toList();
            assertThat(ImageHash.nearDuplicates(hashes, ImageHash.NEAR_DUPLICATE_BITS))
                    .containsExactly(List.of(0, 2, 5), List.of(1, 3));
            assertThat(hashes.get(0).isNearDuplicateOf(hashes.get(5))).isTrue();
            assertThat(hashes.get(0).isNearDuplicateOf(hashes.get(4))).isFalse();
        }
    }

    @Test
    void hash_oneColour_isNotLeftToRounding() {
        byte[] grey = new byte[3 * 50 * 40];
        java.util.Arrays.fill(grey, (byte) 128);
        assertThat(PerceptualHash.hash(new Pixels(50, 40, grey))).isEqualTo(new ImageHash(1L << 63));
    }

    @Test
    void nearDuplicates_chains_areOneGroup() {
        List<ImageHash> hashes = List.of(
                new ImageHash(0), new ImageHash(-1), new ImageHash(0b11), new ImageHash(0b1111), new ImageHash(-2));
        assertThat(ImageHash.nearDuplicates(hashes, 2)).containsExactly(List.of(0, 2, 3), List.of(1, 4));
        assertThat(ImageHash.nearDuplicates(List.of(), 2)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> ImageHash.nearDuplicates(hashes, 65));
        assertThat(new ImageHash(5).toString()).doesNotContain("5");
    }
}
