package dev.leat.text.encode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What BERT's uncased normalizer and pre-tokenizer do with each code point: a table made from the reference
 * ({@code unicode.py} of the recipes), so that no JDK's own Unicode version matters. Immutable.
 */
final class BertUnicode {

    /** Stays as it is. */
    static final byte KEPT = 0;
    /** Is dropped. */
    static final byte REMOVED = 1;
    /** Parts words. */
    static final byte SPACE = 2;
    /** Is a word of its own. */
    static final byte ALONE = 3;
    /** A Hangul syllable, which becomes two or three letters. */
    static final byte HANGUL = 4;
    /** Becomes {@link #mapped}. */
    static final byte MAPPED = 5;
    /** A mark whose place among other marks depends on them. */
    static final byte HARD = 6;

    private static final int PAGE = 256;
    private static final byte[] UNCHANGED = new byte[PAGE]; // KEPT, nobody writes it

    static final BertUnicode TABLE = new BertUnicode();

    private final byte[][] pages = new byte[(Character.MAX_CODE_POINT + 1) / PAGE][];
    private final Map<Integer, int[]> mapped = new HashMap<>();

    private BertUnicode() {
        Arrays.fill(pages, UNCHANGED);
        String table = table();
        int next;
        for (int from = 0; from < table.length(); from = next + 1) {
            next = table.indexOf('\n', from);
            next = next < 0 ? table.length() : next;
            if (table.charAt(from) != '#') {
                read(table, from, next);
            }
        }
    }

    private static String table() {
        try (InputStream in = BertUnicode.class.getResourceAsStream("bert-unicode.txt")) {
            if (in == null) {
                throw new AssertionError("bert-unicode.txt is missing from the jar; this is a bug");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a line: {@code FIRST[-LAST] KIND[MAPPED]}, code points in hexadecimal. */
    private void read(String table, int from, int to) {
        int space = table.indexOf(' ', from);
        String place = table.substring(from, space);
        int dash = place.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? place : place.substring(0, dash), 16);
        int last = dash < 0 ? first : Integer.parseInt(place.substring(dash + 1), 16);
        char kind = table.charAt(space + 1);
        byte value = switch (kind) {
            case '-' -> REMOVED;
            case ' ' -> SPACE;
            case '=', '!' -> ALONE;
            case 'h' -> HANGUL;
            case '>' -> MAPPED;
            case '?' -> HARD;
            default -> throw new AssertionError("bert-unicode.txt is damaged: kind " + (int) kind);
        };
        fill(first, last, value);
        if (value == MAPPED) {
            mapped.put(first, codePoints(table, space + 2, to));
        }
    }

    private static int[] codePoints(String table, int from, int to) {
        int[] codePoints = new int[table.codePointCount(from, to)];
        int at = from;
        for (int i = 0; i < codePoints.length; i++) {
            codePoints[i] = table.codePointAt(at);
            at += Character.charCount(codePoints[i]);
        }
        return codePoints;
    }

    /** Pages of one kind are one page: long stretches are alike. */
    private void fill(int first, int last, byte value) {
        int end;
        for (int at = first; at <= last; at = end) {
            int page = at / PAGE;
            end = Math.min(last + 1, (page + 1) * PAGE);
            if (end - at == PAGE) {
                pages[page] = at - PAGE >= first ? pages[page - 1] : filled(value);
            } else {
                if (pages[page] == UNCHANGED) {
                    pages[page] = new byte[PAGE];
                }
                Arrays.fill(pages[page], at % PAGE, at % PAGE + end - at, value);
            }
        }
    }

    private static byte[] filled(byte value) {
        byte[] page = new byte[PAGE];
        Arrays.fill(page, value);
        return page;
    }

    /** Returns what becomes of a code point. */
    byte kind(int codePoint) {
        return pages[codePoint / PAGE][codePoint % PAGE];
    }

    /** Returns what a code point of kind {@link #MAPPED} becomes; nobody writes it. */
    int[] mapped(int codePoint) {
        int[] others = mapped.get(codePoint);
        if (others == null) {
            throw new IllegalArgumentException("not mapped");
        }
        return others;
    }
}
