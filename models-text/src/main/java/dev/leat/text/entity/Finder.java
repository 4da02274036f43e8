package dev.leat.text.entity;

/**
 * Looks whether an entity is at a place; looks at a bounded number of chars around it, so that a scan is linear.
 *
 * <p>A place is where the entity begins, or a char inside that gives it away, such as the at sign of an address.
 */
@FunctionalInterface
interface Finder {

    /** There is none. */
    long NOTHING = -1;

    /** Finds nothing anywhere. */
    Finder NONE = (text, at) -> NOTHING;

    /** Returns the span of the entity at a place, or {@link #NOTHING}. */
    long at(String text, int at);

    /** Packs a span. */
    static long span(int start, int end) {
        return (long) start << 32 | end;
    }

    static int start(long span) {
        return (int) (span >> 32);
    }

    static int end(long span) {
        return (int) span;
    }

    /** Returns the char at an index, a space outside of the text. */
    static char charAt(String text, int i) {
        return i >= 0 && i < text.length() ? text.charAt(i) : ' ';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isDigit(String text, int i) {
        return isDigit(charAt(text, i));
    }

    /** Whether a char is part of a word, so that an entity beside it would be cut out of one. */
    static boolean isWord(String text, int i) {
        char c = charAt(text, i);
        return Character.isLetterOrDigit(c) || c == '_' || Character.isSurrogate(c) && isLetterPair(text, i);
    }

    private static boolean isLetterPair(String text, int i) {
        int from = Character.isLowSurrogate(text.charAt(i)) ? i - 1 : i;
        return from >= 0 && Character.isLetterOrDigit(text.codePointAt(from));
    }

    static boolean isAsciiLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /** Returns the end of a run of digits, at most {@code max} of them. */
    static int digits(String text, int from, int max) {
        int i = from;
        while (i - from < max && isDigit(text, i)) {
            i++;
        }
        return i;
    }

    /** Returns the number that digits spell; the caller sees to it that they are few. */
    static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    /** Whether a text goes on with some ASCII letters in either case. */
    static boolean startsWith(String text, int at, String lower) {
        return text.regionMatches(true, at, lower, 0, lower.length());
    }
}
