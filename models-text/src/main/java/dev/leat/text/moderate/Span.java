package dev.leat.text.moderate;

/**
 * A stretch of a text.
 *
 * @param start of its first char (UTF-16)
 * @param end one past its last
 */
record Span(int start, int end) {}
