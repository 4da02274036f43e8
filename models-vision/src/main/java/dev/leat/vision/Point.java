package dev.leat.vision;

/**
 * A place in a picture; immutable.
 *
 * @param x pixels from the left
 * @param y pixels from the top
 */
public record Point(int x, int y) {}
