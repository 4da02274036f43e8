package dev.leat.vision.jpeg;

import org.jspecify.annotations.Nullable;

/** One colour of a JPEG: how it is sampled, what its scan needs, and its samples. Confined to one decoding. */
final class Component {

    final int id;

    /** Blocks a unit, across and down. */
    final int h;

    final int v;

    /** The number of its table of quantisation. */
    final int table;

    /** Blocks that hold picture, and blocks that are stored (a whole number of units). */
    int blocksWide;

    int blocksHigh;
    int blocksStored;

    /** Samples a block, across and down, after scaling: 1, 2, 4 or 8. */
    int blockSide;

    /** Samples that hold picture. */
    int width;

    int height;

    /** From one row of samples to the next. */
    int stride;

    /** Samples, row-major. */
    byte[] plane = {};

    /** Coefficients of all blocks, 64 each in their natural order, not yet multiplied; empty unless progressive. */
    short[] coefficients = {};

    /** Multipliers in natural order, those of the first scan that had this component. */
    int @Nullable [] quantisation;

    @Nullable
    HuffmanTable dc;

    @Nullable
    HuffmanTable ac;

    /** The DC coefficient before. */
    int before;

    Component(int id, int h, int v, int table) {
        this.id = id;
        this.h = h;
        this.v = v;
        this.table = table;
    }
}
