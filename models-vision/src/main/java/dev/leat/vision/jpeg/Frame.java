package dev.leat.vision.jpeg;

import dev.leat.CancelledException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The size of a JPEG, its colours, and what its scans have brought so far. Confined to one decoding. */
final class Frame {

    private final int width;
    private final int height;
    private final boolean progressive;
    private final List<Component> components;

    /** Samples a side of a block of the colour that is sampled most. */
    private final int side;

    private final int maxH;
    private final int maxV;
    private final BooleanSupplier cancelled;
    private long units;
    private long missing;
    private int warnings;

    Frame(int width, int height, boolean progressive, List<Component> components, int side, BooleanSupplier cancelled) {
        this.width = width;
        this.height = height;
        this.progressive = progressive;
        this.components = List.copyOf(components);
        this.side = side;
        this.cancelled = cancelled;
        maxH = components.stream().mapToInt(c -> c.h).max().orElse(1);
        maxV = components.stream().mapToInt(c -> c.v).max().orElse(1);
        for (Component c : components) {
            lay(c);
        }
    }

    private void lay(Component c) {
        // A colour that is stored smaller is scaled less, as far as its factors allow (libjpeg, jdmaster.c).
        int own = side;
        while (own < 8 && maxH * side % (c.h * own * 2) == 0 && maxV * side % (c.v * own * 2) == 0) {
            own *= 2;
        }
        if (maxH * side % (c.h * own) != 0 || maxV * side % (c.v * own) != 0) {
            throw new dev.leat.InvalidInputException(
                    "unsupported", "The JPEG has sampling factors that do not divide each other; save it again");
        }
        c.blockSide = own;
        c.blocksWide = ceil(ceil(width * c.h, maxH), 8);
        c.blocksHigh = ceil(ceil(height * c.v, maxV), 8);
        c.blocksStored = unitsWide() * c.h;
        c.width = ceil(width * c.h * own, maxH * 8);
        c.height = ceil(height * c.v * own, maxV * 8);
        c.stride = c.blocksStored * own;
        int rows = unitsHigh() * c.v;
        if (progressive) {
            c.coefficients = new short[Math.multiplyExact(64, Math.multiplyExact(c.blocksStored, rows))];
        } else {
            c.plane = new byte[Math.multiplyExact(c.stride, rows * own)];
            Arrays.fill(c.plane, (byte) 128); // what blocks without data look like
        }
    }

    private static int ceil(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }

    /** Units (MCUs) of interleaved scans, across. */
    int unitsWide() {
        return ceil(width, 8 * maxH);
    }

    /** Units (MCUs) of interleaved scans, down. */
    int unitsHigh() {
        return ceil(height, 8 * maxV);
    }

    int outputWidth() {
        return ceil(width * side, 8);
    }

    int outputHeight() {
        return ceil(height * side, 8);
    }

    boolean progressive() {
        return progressive;
    }

    List<Component> components() {
        return components;
    }

    @Nullable
    Component component(int id) {
        for (Component c : components) {
            if (c.id == id) {
                return c;
            }
        }
        return null;
    }

    /** How many times a colour is to be stretched across. */
    int stretchH(Component c) {
        return maxH * side / (c.h * c.blockSide);
    }

    /** How many times a colour is to be stretched down. */
    int stretchV(Component c) {
        return maxV * side / (c.v * c.blockSide);
    }

    /** Whether chroma is interpolated where it is stretched: not at 1/8, where libjpeg repeats it. */
    boolean interpolated() {
        return side > 1;
    }

    /** Notes how many units a scan had, and for how many of them there were no data. */
    void scanned(long all, long without) {
        units += all;
        missing += without;
        warnings += without > 0 ? 1 : 0;
    }

    int warnings() {
        return warnings;
    }

    /** Refuses a picture with too little in it, and computes the samples of a progressive one. */
    void finish() {
        if (missing > units / 10) {
            throw JpegFile.truncated();
        }
        for (Component c : components) {
            if (c.quantisation == null) {
                throw JpegFile.damaged("a colour without data");
            }
            if (progressive) {
                transform(c, c.quantisation);
            }
        }
    }

    private void transform(Component c, int[] quantisation) {
        c.plane = new byte[Math.multiplyExact(c.stride, unitsHigh() * c.v * c.blockSide)];
        InverseDct dct = new InverseDct();
        int[] block = new int[64];
        for (int y = 0; y < c.blocksHigh; y++) {
            if (cancelled.getAsBoolean()) {
                throw new CancelledException("A decoding was cancelled");
            }
            for (int x = 0; x < c.blocksWide; x++) {
                int at = 64 * (y * c.blocksStored + x);
                int some = 0;
                for (int i = 0; i < 64; i++) {
                    block[i] = c.coefficients[at + i] * quantisation[i];
                    some |= i == 0 ? 0 : block[i];
                }
                dct.transform(
                        block, some == 0 ? 0 : 63, c.blockSide, c.plane, (y * c.stride + x) * c.blockSide, c.stride);
            }
        }
        c.coefficients = new short[0];
    }
}
