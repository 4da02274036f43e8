package dev.leat.vision.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.leat.vision.Golden;
import dev.leat.vision.image.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** OpenCV's and pyclipper's results are the oracle of the geometry that stands in for them. */
class GeometryTest {

    private static final JsonObject GOLDEN = Golden.cases("geometry").get(0);

    private static double[][] corners(JsonArray array) {
        double[] x = new double[array.size()];
        double[] y = new double[array.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = array.get(i).getAsJsonArray().get(0).getAsDouble();
            y[i] = array.get(i).getAsJsonArray().get(1).getAsDouble();
        }
        return new double[][] {x, y};
    }

    private static Quad quad(JsonArray array) {
        double[][] corners = corners(array);
        return Quad.ordered(corners[0], corners[1]);
    }

    private static double furthest(Quad a, Quad b) {
        double furthest = 0;
        for (int i = 0; i < 4; i++) {
            furthest = Math.max(furthest, Math.hypot(a.x()[i] - b.x()[i], a.y()[i] - b.y()[i]));
        }
        return furthest;
    }

    @Test
    void smallestRectangle_randomPoints_isMinAreaRects() {
        for (JsonElement each : GOLDEN.getAsJsonArray("rectangles")) {
            List<int[]> points = new ArrayList<>();
            each.getAsJsonObject()
                    .getAsJsonArray("points")
                    .forEach(p -> points.add(new int[] {
                        p.getAsJsonArray().get(0).getAsInt(),
                        p.getAsJsonArray().get(1).getAsInt()
                    }));
            Quad expected = quad(each.getAsJsonObject().getAsJsonArray("corners"));
            Quad own = Boxes.smallestRectangle(points);
            // Two rectangles of the same area may be the smallest.
            assertThat(own.area()).isLessThanOrEqualTo(expected.area() * 1.0001 + 0.01);
            assertThat(furthest(own, expected) < 0.01 || own.area() > expected.area() * 0.9999 - 0.01)
                    .isTrue();
        }
    }

    @Test
    void grown_turnedRectangles_isTheOffsetPolygonsRectangle() {
        for (JsonElement each : GOLDEN.getAsJsonArray("grown")) {
            Quad tight = quad(each.getAsJsonObject().getAsJsonArray("quad"));
            Quad expected = quad(each.getAsJsonObject().getAsJsonArray("corners"));
            Quad own = Boxes.grown(tight, tight.area() * 1.6 / tight.perimeter());
            assertThat(own.width()).isCloseTo(expected.width(), org.assertj.core.api.Assertions.within(2.5));
            assertThat(own.height()).isCloseTo(expected.height(), org.assertj.core.api.Assertions.within(2.5));
            assertThat(furthest(own, expected)).isLessThan(2.5);
        }
    }

    @Test
    void crop_uprightTurnedAndSkewedQuads_isWarpPerspectives() {
        JsonObject warp = GOLDEN.getAsJsonObject("warp");
        Pixels picture = new Pixels(
                warp.get("width").getAsInt(), warp.get("height").getAsInt(), bytes(warp.getAsJsonArray("rgb")));
        for (JsonElement each : warp.getAsJsonArray("cuts")) {
            JsonObject cut = each.getAsJsonObject();
            double[][] corners = corners(cut.getAsJsonArray("quad"));
            byte[] expected = bytes(cut.getAsJsonArray("rgb"));
            byte[] own = Warp.crop(
                            picture,
                            new Quad(corners[0], corners[1]),
                            cut.get("width").getAsInt(),
                            cut.get("height").getAsInt())
                    .rgb();
            assertThat(own).hasSameSizeAs(expected);
            int worst = 0;
            for (int i = 0; i < own.length; i++) {
                worst = Math.max(worst, Math.abs((own[i] & 0xff) - (expected[i] & 0xff)));
            }
            // OpenCV rounds positions to 1/32 of a pixel.
            assertThat(worst).isLessThanOrEqualTo(3);
        }
    }

    private static byte[] bytes(JsonArray array) {
        byte[] bytes = new byte[array.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) array.get(i).getAsInt();
        }
        return bytes;
    }

    @Test
    void components_randomMasks_areOpenCvs() {
        Boxes boxes = new Boxes(0.5, 0.5, 1.6, 1000, 3);
        for (JsonElement each : GOLDEN.getAsJsonArray("components")) {
            JsonArray rows = each.getAsJsonObject().getAsJsonArray("mask");
            int height = rows.size();
            int width = rows.get(0).getAsString().length();
            float[] map = new float[width * height];
            for (int i = 0; i < map.length; i++) {
                map[i] = rows.get(i / width).getAsString().charAt(i % width) - '0';
            }
            List<List<Integer>> own = boxes.components(boxes.dilated(map, width, height), width, height).stream()
                    .map(GeometryTest::bounds)
                    .sorted(Comparator.comparing((List<Integer> b) -> b.get(0))
                            .thenComparing(b -> b.get(1))
                            .thenComparing(b -> b.get(2))
                            .thenComparing(b -> b.get(3)))
                    .toList();
            List<List<Integer>> expected = new ArrayList<>();
            each.getAsJsonObject().getAsJsonArray("boxes").forEach(b -> {
                List<Integer> box = new ArrayList<>();
                b.getAsJsonArray().forEach(v -> box.add(v.getAsInt()));
                expected.add(box);
            });
            assertThat(own).isEqualTo(expected);
        }
    }

    private static List<Integer> bounds(Boxes.Extent extent) {
        int left = Arrays.stream(extent.left()).min().orElseThrow();
        int right = Arrays.stream(extent.right()).max().orElseThrow();
        return List.of(left, extent.top(), right - left + 1, extent.left().length);
    }

    @Test
    void between_partsOfAQuad_meet() {
        Quad quad = new Quad(new double[] {0, 10, 12, 2}, new double[] {0, 2, 6, 4});
        assertThat(furthest(quad.between(0, 1), quad)).isLessThan(1e-9);
        assertThat(quad.between(0, 0.5).x()[1]).isEqualTo(quad.between(0.5, 1).x()[0]);
        assertThat(quad.cycled(2).cycled(2).x()).containsExactly(quad.x());
    }
}
