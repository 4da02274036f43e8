package dev.leat.vision.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of one scan: Huffman codes and the numbers between them, sequential and progressive (T.81, annexes F and G).
 *
 * <p>Never fails: where the data are wrong it counts a warning and goes on as libjpeg does, with zeros after the data have
 * ended. Confined to one decoding.
 */
final class EntropyDecoder {

    private static final int[] ZIGZAG = {
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14,
        21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60,
        61, 54, 47, 55, 62, 63
    };

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;

    /** The next byte that is not yet among the bits. */
    private int at;

    /** The next bits, the first of them the highest; zeros follow. */
    private long bits;

    /** How many there are; negative once more were taken than there were. */
    private int count;

    /** A marker or the end of the bytes has been met. */
    private boolean ended;

    /** Blocks that are known to hold nothing more (progressive). */
    private int endOfBands;

    private int warnings;

    EntropyDecoder(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /** Where a zigzag index lies in a block. */
    static int natural(int index) {
        return ZIGZAG[index];
    }

    /** Returns where the next marker is, or the end of the bytes. */
    int position() {
        return at;
    }

    int warnings() {
        return warnings;
    }

    void warn() {
        warnings++;
    }

    /** Returns whether more bits were wanted than there are before the next marker. */
    boolean exhausted() {
        return count < 0;
    }

    /** Begins again after a marker, at a byte. */
    void restart(int position) {
        at = position;
        bits = 0;
        count = 0;
        ended = false;
        endOfBands = 0;
    }

    private void fill() {
        if (count <= 32 && at + 4 <= bytes.length) {
            int word = (int) INTS.get(bytes, at);
            // No byte of it is 0xff: then none of its complement is zero ("haszero", Bit Twiddling Hacks).
            if ((~word - 0x01010101 & word & 0x80808080) == 0) {
                bits |= (word & 0xffffffffL) << (32 - count);
                count += 32;
                at += 4;
                return;
            }
        }
        while (count <= 56 && !ended) {
            if (at >= bytes.length) {
                ended = true;
                return;
            }
            int next = bytes[at] & 0xff;
            if (next == 0xff) {
                int after = at + 1;
                while (after < bytes.length && bytes[after] == (byte) 0xff) {
                    after++; // fill bytes
                }
                if (after >= bytes.length || bytes[after] != 0) {
                    ended = true;
                    return;
                }
                at = after;
            }
            at++;
            bits |= (long) next << (56 - count);
            count += 8;
        }
    }

    private int symbol(HuffmanTable table) {
        if (count < 32 && !ended) {
            fill();
        }
        int entry = table.lookup[(int) (bits >>> (64 - HuffmanTable.LOOKUP_BITS))];
        if (entry != 0) {
            int length = entry >> 8;
            bits <<= length;
            count -= length;
            return entry & 0xff;
        }
        int next = (int) (bits >>> 48);
        int length = table.length(next);
        if (length > 16) {
            warnings++; // no code: libjpeg takes it for zero, and so for the end of the block
            bits <<= 16;
            count -= 16;
            return 0;
        }
        bits <<= length;
        count -= length;
        return table.symbol(next, length);
    }

    /** After a {@link #symbol}, up to 16 bits are there. */
    private int number(int size) {
        if (size == 0) {
            return 0;
        }
        int value = (int) (bits >>> (64 - size));
        bits <<= size;
        count -= size;
        return value < 1 << (size - 1) ? value + (-1 << size) + 1 : value;
    }

    private int bit() {
        if (count < 1 && !ended) {
            fill();
        }
        int value = (int) (bits >>> 63);
        bits <<= 1;
        count--;
        return value;
    }

    private int unsigned(int size) {
        if (count < 32 && !ended) {
            fill();
        }
        int value = (int) (bits >>> (64 - size));
        bits <<= size;
        count -= size;
        return value;
    }

    /**
     * Decodes a block of a sequential scan.
     *
     * @param block zeros; gets coefficients in natural order, multiplied by their quantisation
     * @param wanted false if AC coefficients are to be passed over
     * @return the zigzag index of the last coefficient
     */
    int block(Component component, HuffmanTable dc, HuffmanTable ac, int[] quantisation, int[] block, boolean wanted) {
        component.before += number(symbol(dc));
        block[0] = component.before * quantisation[0];
        int last = 0;
        // Most of the time of a decoding is spent here: bits and count live in registers until something rare happens.
        short[] lookup = ac.lookup;
        long next = bits;
        int left = count;
        for (int k = 1; k < 64; k++) {
            if (left < 32 && !ended) {
                bits = next;
                count = left;
                fill();
                next = bits;
                left = count;
            }
            int symbol = lookup[(int) (next >>> (64 - HuffmanTable.LOOKUP_BITS))];
            if (symbol != 0) {
                int length = symbol >> 8;
                next <<= length;
                left -= length;
                symbol &= 0xff;
            } else {
                bits = next;
                count = left;
                symbol = symbol(ac);
                next = bits;
                left = count;
            }
            int size = symbol & 15;
            if (size == 0) {
                if (symbol != 0xf0) {
                    break;
                }
                k += 15;
                continue;
            }
            k += symbol >> 4;
            if (k > 63) {
                warnings++; // a run beyond the block
                next <<= size;
                left -= size;
                break;
            }
            if (wanted) {
                int value = (int) (next >>> (64 - size));
                int sign = value - (1 << (size - 1)) >> 31; // -1 if the first bit is 0: a negative number
                int place = ZIGZAG[k];
                block[place] = (value + (sign & (-1 << size) + 1)) * quantisation[place];
                last = k;
            }
            next <<= size;
            left -= size;
        }
        bits = next;
        count = left;
        return last;
    }

    /** The first bits of a DC coefficient. */
    void dcFirst(Component component, HuffmanTable dc, int at, int low) {
        component.before += number(symbol(dc));
        component.coefficients[at] = (short) (component.before << low);
    }

    /** One more bit of a DC coefficient. */
    void dcRefine(Component component, int at, int low) {
        if (bit() != 0) {
            component.coefficients[at] |= (short) (1 << low);
        }
    }

    /** The first bits of a band of AC coefficients. */
    void acFirst(short[] coefficients, HuffmanTable ac, int at, int from, int to, int low) {
        if (endOfBands > 0) {
            endOfBands--;
            return;
        }
        for (int k = from; k <= to; k++) {
            int symbol = symbol(ac);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size == 0) {
                if (run < 15) {
                    endOfBands = (1 << run) - 1;
                    if (run > 0) {
                        endOfBands += unsigned(run);
                    }
                    return;
                }
                k += 15;
                continue;
            }
            k += run;
            int value = number(size);
            if (k > 63) {
                warnings++;
                return;
            }
            coefficients[at + ZIGZAG[k]] = (short) (value << low);
        }
    }

    /** One more bit of each coefficient of a band, and those that become other than zero with it. */
    void acRefine(short[] coefficients, HuffmanTable ac, int at, int from, int to, int low) {
        int one = 1 << low;
        int k = from;
        if (endOfBands == 0) {
            for (; k <= to; k++) {
                int symbol = symbol(ac);
                int run = symbol >> 4;
                int size = symbol & 15;
                int fresh = 0;
                if (size != 0) {
                    if (size != 1) {
                        warnings++; // a fresh coefficient is 1 or -1
                    }
                    fresh = bit() != 0 ? one : -one;
                } else if (run < 15) {
                    endOfBands = 1 << run;
                    if (run > 0) {
                        endOfBands += unsigned(run);
                    }
                    break;
                }
                while (k <= to) {
                    int place = at + ZIGZAG[k];
                    if (coefficients[place] != 0) {
                        refine(coefficients, place, one);
                    } else if (--run < 0) {
                        break;
                    }
                    k++;
                }
                if (fresh != 0 && k <= 63) {
                    coefficients[at + ZIGZAG[k]] = (short) fresh;
                }
            }
        }
        if (endOfBands > 0) {
            for (; k <= to; k++) {
                int place = at + ZIGZAG[k];
                if (coefficients[place] != 0) {
                    refine(coefficients, place, one);
                }
            }
            endOfBands--;
        }
    }

    private void refine(short[] coefficients, int place, int one) {
        if (bit() != 0 && (coefficients[place] & one) == 0) {
            coefficients[place] += (short) (coefficients[place] >= 0 ? one : -one);
        }
    }
}
