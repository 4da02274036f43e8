package dev.leat.guard;

import java.util.Arrays;

/**
 * Where the chars of a cleaned text stand in the text as given; immutable.
 *
 * <p>A stage sees the cleaned text, so the places it names count the cleaned text's chars. This tells where those places
 * are in what the caller gave:
 *
 * <pre>{@code
 * Offsets offsets = results.offsets();
 * String name = given.substring(offsets.start(entity.start()), offsets.end(entity.end()));
 * }</pre>
 */
public final class Offsets {

    private static final Offsets NONE = new Offsets(new int[0], new int[0]);

    private final int[] at; // ascending: the cleaned index before which chars are missing
    private final int[] missing; // how many chars are missing up to there, all earlier ones counted

    private Offsets(int[] at, int[] missing) {
        this.at = at;
        this.missing = missing;
    }

    /**
     * Returns the offsets of an input from which nothing was removed.
     *
     * @return each index is its own place
     */
    public static Offsets none() {
        return NONE;
    }

    /**
     * Returns where a stretch begins in the text as given.
     *
     * @param index the index of the stretch's first char in the cleaned text, not negative
     * @return the index of the same char in the text as given
     */
    public int start(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("index must not be negative, was " + index);
        }
        int found = Arrays.binarySearch(at, index);
        int cut = found >= 0 ? found : -found - 2;
        return cut < 0 ? index : index + missing[cut];
    }

    /**
     * Returns where a stretch ends in the text as given: what was removed behind its last char is not of it.
     *
     * @param index one past the stretch's last char in the cleaned text, not negative
     * @return one past the same char in the text as given
     */
    public int end(int index) {
        return index == 0 ? start(0) : start(index - 1) + 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Offsets o && Arrays.equals(at, o.at) && Arrays.equals(missing, o.missing);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(at) * 31 + Arrays.hashCode(missing);
    }

    @Override
    public String toString() {
        return "Offsets[" + at.length + " cuts]";
    }

    /** Collects what is removed while a text is copied; confined. */
    static final class Recorder {
        private int[] at = new int[8];
        private int[] removed = new int[8];
        private int size;

        /** Says that chars were left out before the char that will stand at an index, which is the copy's end. */
        void removed(int index, int chars) {
            if (chars == 0) {
                return;
            }
            if (size > 0 && at[size - 1] == index) {
                removed[size - 1] += chars;
                return;
            }
            if (size == at.length) {
                at = Arrays.copyOf(at, size * 2);
                removed = Arrays.copyOf(removed, size * 2);
            }
            at[size] = index;
            removed[size++] = chars;
        }

        /** Says that the copy was cut back from one length to another. */
        void cutBack(int from, int to) {
            int chars = from - to;
            while (size > 0 && at[size - 1] >= to) {
                chars += removed[--size];
            }
            removed(to, chars);
        }

        /** Returns the offsets of the copy without its first chars. */
        Offsets without(int first) {
            if (size == 0 && first == 0) {
                return NONE;
            }
            int[] places = new int[size + 1];
            int[] sums = new int[size + 1];
            int count = 0;
            int sum = first;
            if (first > 0) {
                count = 1;
                sums[0] = first;
            }
            for (int i = 0; i < size; i++) {
                sum += removed[i];
                int place = Math.max(0, at[i] - first);
                if (count == 0 || places[count - 1] != place) {
                    places[count++] = place;
                }
                sums[count - 1] = sum;
            }
            return new Offsets(Arrays.copyOf(places, count), Arrays.copyOf(sums, count));
        }
    }
}
