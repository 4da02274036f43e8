package dev.leat.vision.jpeg;

/**
 * Turns a block of coefficients into 8 x 8, 4 x 4, 2 x 2 or 1 x 1 samples, bit for bit as libjpeg-turbo does.
 *
 * <p>8 x 8 is the accurate integer transform of libjpeg (jidctint.c: Loeffler, Ligtenberg and Moschytz, "Practical Fast
 * 1-D DCT Algorithms with 11 Multiplications", ICASSP 1989), the smaller ones its reduced transforms (jidctred.c), which
 * use the high frequencies, too, and so average better than cutting them off. This software is based in part on the work
 * of the Independent JPEG Group. Differs in that sums beyond the range of a valid file are clamped, not wrapped.
 */
final class InverseDct {

    private static final int CONST_BITS = 13;
    private static final int PASS1_BITS = 2;

    private final int[] rows = new int[64];

    /**
     * @param block 64 coefficients in natural order, multiplied by their quantisation
     * @param last an index that no coefficient but zeros comes after in zigzag order; 0 if there is DC alone
     * @param side 1, 2, 4 or 8
     * @param to samples
     * @param at where the block's first sample goes
     * @param stride from one row of samples to the next
     */
    void transform(int[] block, int last, int side, byte[] to, int at, int stride) {
        if (side == 1) {
            to[at] = sample(block[0], 3);
        } else if (last == 0) {
            byte flat = sample(block[0] << PASS1_BITS, PASS1_BITS + 3);
            for (int y = 0; y < side; y++) {
                java.util.Arrays.fill(to, at + y * stride, at + y * stride + side, flat);
            }
        } else if (side == 8) {
            eight(block, to, at, stride);
        } else if (side == 4) {
            four(block, to, at, stride);
        } else {
            two(block, to, at, stride);
        }
    }

    private static byte sample(int scaled, int shift) {
        int value = (scaled + (1 << (shift - 1)) >> shift) + 128;
        return (byte) (value < 0 ? 0 : Math.min(value, 255));
    }

    private static int rounded(int scaled, int shift) {
        return scaled + (1 << (shift - 1)) >> shift;
    }

    private void eight(int[] block, byte[] to, int at, int stride) {
        int[] w = rows;
        for (int x = 0; x < 8; x++) {
            int i1 = block[8 + x];
            int i2 = block[16 + x];
            int i3 = block[24 + x];
            int i4 = block[32 + x];
            int i5 = block[40 + x];
            int i6 = block[48 + x];
            int i7 = block[56 + x];
            if ((i1 | i2 | i3 | i4 | i5 | i6 | i7) == 0) {
                int dc = block[x] << PASS1_BITS;
                w[x] = dc;
                w[8 + x] = dc;
                w[16 + x] = dc;
                w[24 + x] = dc;
                w[32 + x] = dc;
                w[40 + x] = dc;
                w[48 + x] = dc;
                w[56 + x] = dc;
                continue;
            }
            int z1 = (i2 + i6) * 4433;
            int e2 = z1 - i6 * 15137;
            int e3 = z1 + i2 * 6270;
            int e0 = block[x] + i4 << CONST_BITS;
            int e1 = block[x] - i4 << CONST_BITS;
            int a = e0 + e3;
            int d = e0 - e3;
            int b = e1 + e2;
            int c = e1 - e2;
            int z5 = (i7 + i3 + i5 + i1) * 9633;
            int z3 = (i7 + i3) * -16069 + z5;
            int z4 = (i5 + i1) * -3196 + z5;
            z1 = (i7 + i1) * -7373;
            int z2 = (i5 + i3) * -20995;
            int o0 = i7 * 2446 + z1 + z3;
            int o1 = i5 * 16819 + z2 + z4;
            int o2 = i3 * 25172 + z2 + z3;
            int o3 = i1 * 12299 + z1 + z4;
            int shift = CONST_BITS - PASS1_BITS;
            w[x] = rounded(a + o3, shift);
            w[56 + x] = rounded(a - o3, shift);
            w[8 + x] = rounded(b + o2, shift);
            w[48 + x] = rounded(b - o2, shift);
            w[16 + x] = rounded(c + o1, shift);
            w[40 + x] = rounded(c - o1, shift);
            w[24 + x] = rounded(d + o0, shift);
            w[32 + x] = rounded(d - o0, shift);
        }
        for (int y = 0; y < 64; y += 8) {
            int i1 = w[y + 1];
            int i2 = w[y + 2];
            int i3 = w[y + 3];
            int i5 = w[y + 5];
            int i6 = w[y + 6];
            int i7 = w[y + 7];
            int z1 = (i2 + i6) * 4433;
            int e2 = z1 - i6 * 15137;
            int e3 = z1 + i2 * 6270;
            int e0 = w[y] + w[y + 4] << CONST_BITS;
            int e1 = w[y] - w[y + 4] << CONST_BITS;
            int a = e0 + e3;
            int d = e0 - e3;
            int b = e1 + e2;
            int c = e1 - e2;
            int z5 = (i7 + i3 + i5 + i1) * 9633;
            int z3 = (i7 + i3) * -16069 + z5;
            int z4 = (i5 + i1) * -3196 + z5;
            z1 = (i7 + i1) * -7373;
            int z2 = (i5 + i3) * -20995;
            int o0 = i7 * 2446 + z1 + z3;
            int o1 = i5 * 16819 + z2 + z4;
            int o2 = i3 * 25172 + z2 + z3;
            int o3 = i1 * 12299 + z1 + z4;
            int shift = CONST_BITS + PASS1_BITS + 3;
            to[at] = sample(a + o3, shift);
            to[at + 7] = sample(a - o3, shift);
            to[at + 1] = sample(b + o2, shift);
            to[at + 6] = sample(b - o2, shift);
            to[at + 2] = sample(c + o1, shift);
            to[at + 5] = sample(c - o1, shift);
            to[at + 3] = sample(d + o0, shift);
            to[at + 4] = sample(d - o0, shift);
            at += stride;
        }
    }

    private void four(int[] block, byte[] to, int at, int stride) {
        int[] w = rows;
        int shift = CONST_BITS - PASS1_BITS + 1;
        for (int x = 0; x < 8; x++) {
            if (x == 4) {
                continue; // the second pass does not look at it
            }
            int i1 = block[8 + x];
            int i2 = block[16 + x];
            int i3 = block[24 + x];
            int i5 = block[40 + x];
            int i6 = block[48 + x];
            int i7 = block[56 + x];
            if ((i1 | i2 | i3 | i5 | i6 | i7) == 0) {
                int dc = block[x] << PASS1_BITS;
                w[x] = dc;
                w[8 + x] = dc;
                w[16 + x] = dc;
                w[24 + x] = dc;
                continue;
            }
            int dc = block[x] << CONST_BITS + 1;
            int even = i2 * 15137 - i6 * 6270;
            int o0 = i7 * -1730 + i5 * 11893 - i3 * 17799 + i1 * 8697;
            int o2 = i7 * -4176 - i5 * 4926 + i3 * 7373 + i1 * 20995;
            w[x] = rounded(dc + even + o2, shift);
            w[24 + x] = rounded(dc + even - o2, shift);
            w[8 + x] = rounded(dc - even + o0, shift);
            w[16 + x] = rounded(dc - even - o0, shift);
        }
        shift = CONST_BITS + PASS1_BITS + 3 + 1;
        for (int y = 0; y < 32; y += 8) {
            int dc = w[y] << CONST_BITS + 1;
            int even = w[y + 2] * 15137 - w[y + 6] * 6270;
            int o0 = w[y + 7] * -1730 + w[y + 5] * 11893 - w[y + 3] * 17799 + w[y + 1] * 8697;
            int o2 = w[y + 7] * -4176 - w[y + 5] * 4926 + w[y + 3] * 7373 + w[y + 1] * 20995;
            to[at] = sample(dc + even + o2, shift);
            to[at + 3] = sample(dc + even - o2, shift);
            to[at + 1] = sample(dc - even + o0, shift);
            to[at + 2] = sample(dc - even - o0, shift);
            at += stride;
        }
    }

    private void two(int[] block, byte[] to, int at, int stride) {
        int[] w = rows;
        int shift = CONST_BITS - PASS1_BITS + 2;
        for (int x = 0; x < 8; x += x == 0 ? 1 : 2) { // the second pass looks at columns 0, 1, 3, 5 and 7
            int odd = block[56 + x] * -5906 + block[40 + x] * 6967 - block[24 + x] * 10426 + block[8 + x] * 29692;
            int dc = block[x] << CONST_BITS + 2;
            w[x] = rounded(dc + odd, shift);
            w[8 + x] = rounded(dc - odd, shift);
        }
        shift = CONST_BITS + PASS1_BITS + 3 + 2;
        for (int y = 0; y < 16; y += 8) {
            int odd = w[y + 7] * -5906 + w[y + 5] * 6967 - w[y + 3] * 10426 + w[y + 1] * 29692;
            int dc = w[y] << CONST_BITS + 2;
            to[at] = sample(dc + odd, shift);
            to[at + 1] = sample(dc - odd, shift);
            at += stride;
        }
    }
}
