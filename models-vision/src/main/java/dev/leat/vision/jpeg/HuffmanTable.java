package dev.leat.vision.jpeg;

import dev.leat.InvalidInputException;

/** A table of codes of 1 to 16 bits (T.81, annex C), looked up by the next {@link #LOOKUP_BITS} bits. Immutable. */
final class HuffmanTable {

    /** Codes up to this length are found at once; nearly all are that short. */
    static final int LOOKUP_BITS = 10;

    private static final int MAX_LENGTH = 16;

    /** {@code length << 8 | symbol} for each beginning, 0 if its code is longer or there is none. */
    final short[] lookup = new short[1 << LOOKUP_BITS];

    /** For each length the first 16 bits that are no longer a code of it or a shorter one. */
    final int[] limit = new int[MAX_LENGTH + 1];

    private final int[] offset = new int[MAX_LENGTH + 1];
    private final byte[] symbols;

    /**
     * @param counts how many codes of each length, from index 1
     * @param symbols in the order of their codes
     */
    HuffmanTable(int[] counts, byte[] symbols) {
        this.symbols = symbols;
        int code = 0;
        int next = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            offset[length] = next - code;
            for (int i = 0; i < counts[length]; i++, code++, next++) {
                if (length <= LOOKUP_BITS && code < 1 << length) {
                    int spare = LOOKUP_BITS - length;
                    short entry = (short) (length << 8 | symbols[next] & 0xff);
                    java.util.Arrays.fill(lookup, code << spare, (code + 1) << spare, entry);
                }
            }
            if (code > 1 << length) {
                throw new InvalidInputException(
                        "damaged", "The JPEG has a table of codes that contradicts itself; fetch or save it again");
            }
            limit[length] = code << (MAX_LENGTH - length);
            code <<= 1;
        }
    }

    /** Returns the length of the code that 16 bits begin with, 17 if there is none. */
    int length(int bits) {
        int length = 1;
        while (length <= MAX_LENGTH && bits >= limit[length]) {
            length++;
        }
        return length;
    }

    /** Returns the symbol of the code that 16 bits begin with. */
    int symbol(int bits, int length) {
        return symbols[(bits >>> (MAX_LENGTH - length)) + offset[length]] & 0xff;
    }

    /** Returns whether all symbols are sizes of differences, as a table for DC coefficients must be. */
    boolean fitsDc() {
        for (byte symbol : symbols) {
            if ((symbol & 0xff) > 15) {
                return false;
            }
        }
        return true;
    }
}
