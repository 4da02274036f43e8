package dev.leat.text;

/**
 * An embedding found in a list; immutable.
 *
 * @param index its place in the list
 * @param cosine how near it is, -1 to 1
 */
public record Neighbour(int index, double cosine) {}
