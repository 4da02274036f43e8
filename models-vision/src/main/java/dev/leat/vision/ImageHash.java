package dev.leat.vision;

import java.util.ArrayList;
import java.util.List;

/**
 * 64 bits that stay nearly the same when a picture is resized, saved again or slightly edited; immutable.
 *
 * <p>The hash of Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), in the variant of the
 * Python package ImageHash ({@code phash}): grey, 32 x 32, cosine transform, the 8 x 8 lowest frequencies, a bit for each
 * that is above their median. It knows nothing of content: use {@link ImageEmbedding} for pictures that show the same
 * thing. It is no protection against somebody who wants to defeat it.
 *
 * @param bits the lowest frequency in the highest bit, row by row
 */
public record ImageHash(long bits) {

    /** Two pictures with at most this many different bits are taken for copies of each other. */
    public static final int NEAR_DUPLICATE_BITS = 8;

    /** How many bits there are. */
    public static final int SIZE = 64;

    /**
     * Returns in how many bits another hash differs.
     *
     * @param other a hash
     * @return 0 to 64
     */
    public int distance(ImageHash other) {
        return Long.bitCount(bits ^ other.bits);
    }

    /**
     * Returns whether another picture is likely a copy of this one.
     *
     * @param other a hash
     * @return true if they differ in at most {@value #NEAR_DUPLICATE_BITS} bits
     */
    public boolean isNearDuplicateOf(ImageHash other) {
        return distance(other) <= NEAR_DUPLICATE_BITS;
    }

    /**
     * Puts together what is likely the same picture, by comparing all pairs.
     *
     * @param hashes of pictures
     * @param maxDistance how many bits two of them may differ in, 0 to 64
     * @return indices in groups of two or more, each joined to another of its group by at most that distance; ascending,
     *     groups by their first index
     */
    public static List<List<Integer>> nearDuplicates(List<ImageHash> hashes, int maxDistance) {
        if (maxDistance < 0 || maxDistance > SIZE) {
            throw new IllegalArgumentException("maxDistance must be between 0 and 64, was " + maxDistance);
        }
        boolean[] taken = new boolean[hashes.size()];
        List<List<Integer>> groups = new ArrayList<>();
        for (int first = 0; first < hashes.size(); first++) {
            if (taken[first]) {
                continue;
            }
            List<Integer> group = new ArrayList<>(List.of(first));
            for (int next = 0; next < group.size(); next++) {
                for (int other = first + 1; other < hashes.size(); other++) {
                    if (!taken[other] && hashes.get(group.get(next)).distance(hashes.get(other)) <= maxDistance) {
                        taken[other] = true;
                        group.add(other);
                    }
                }
            }
            if (group.size() > 1) {
                groups.add(group.stream().sorted().toList());
            }
        }
        return List.copyOf(groups);
    }

    /** Returns that there are 64 bits, not which: they tell of the picture. */
    @Override
    public String toString() {
        return "ImageHash[64 bits]";
    }
}
