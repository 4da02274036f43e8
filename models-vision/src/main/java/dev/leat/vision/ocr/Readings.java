package dev.leat.vision.ocr;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What lines say, before they are put into order; immutable.
 *
 * @param width of the page, pixels
 * @param height of the page, pixels
 * @param pieces in the order of their index
 */
record Readings(int width, int height, List<Piece> pieces) {

    /**
     * A line that was read.
     *
     * @param index of its quad
     * @param quad in the page's coordinates
     * @param reading what it says
     */
    record Piece(int index, Quad quad, Reading reading) {}

    Readings {
        pieces = pieces.stream().sorted(Comparator.comparingInt(Piece::index)).toList();
    }

    Readings and(Readings others) {
        List<Piece> all = new ArrayList<>(pieces);
        all.addAll(others.pieces);
        return new Readings(width, height, all);
    }

    /** Returns the number of lines: a text is private. */
    @Override
    public String toString() {
        return "Readings[" + pieces.size() + " lines]";
    }
}
