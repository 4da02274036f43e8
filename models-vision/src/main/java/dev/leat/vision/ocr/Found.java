package dev.leat.vision.ocr;

import dev.leat.vision.image.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where lines are; immutable.
 *
 * @param picture the part of the page that is read
 * @param left where it begins in the page, pixels
 * @param top where it begins in the page, pixels
 * @param width of the page, pixels
 * @param height of the page, pixels
 * @param quads in the part's coordinates
 */
record Found(Pixels picture, int left, int top, int width, int height, List<Quad> quads) {

    Found {
        quads = List.copyOf(quads);
    }

    /** Returns the indices of a part's quads, so that all parts take about as long. */
    List<Integer> part(int part, int parts) {
        double[] lengths = quads.stream().mapToDouble(Quad::aspect).toArray();
        List<Integer> order = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -lengths[i]).thenComparing(i -> i))
                .toList();
        double[] sums = new double[parts];
        List<Integer> own = new ArrayList<>();
        for (int i : order) {
            int least = 0;
            for (int p = 1; p < parts; p++) {
                least = sums[p] < sums[least] ? p : least;
            }
            sums[least] += lengths[i];
            if (least == part) {
                own.add(i);
            }
        }
        return own;
    }

    long area() {
        return Arrays.stream(quads.stream().mapToDouble(Quad::area).toArray())
                .mapToLong(a -> (long) a)
                .sum();
    }

    /** Returns counts. */
    @Override
    public String toString() {
        return "Found[" + quads.size() + " boxes]";
    }
}
