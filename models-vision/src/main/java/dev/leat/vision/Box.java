package dev.leat.vision;

import java.util.List;

/**
 * A rectangle in a picture, perhaps a turned one; immutable.
 *
 * @param corners four: top left, top right, bottom right, bottom left, as its text is read
 */
public record Box(List<Point> corners) {

    /** Copies the corners. */
    public Box {
        corners = List.copyOf(corners);
        if (corners.size() != 4) {
            throw new IllegalArgumentException("a box has 4 corners, got " + corners.size());
        }
    }
}
