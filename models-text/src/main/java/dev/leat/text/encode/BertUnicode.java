package dev.leat.text.encode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What BERT's uncased normalizer and pre-tokenizer do with each code point: a table made from the reference
 * ({@code unicode.py} of the recipes), so that no JDK's own Unicode version matters. Immutable.
 */
final class BertUnicode {

    static final BertUnicode TABLE = new BertUnicode();

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

    private final byte[][] pages = new byte[(Character.MAX_CODE_POINT + 1) / PAGE][];
    private final Map<Integer, int[]> mapped = new HashMap<>();

    private BertUnicode() {
        byte[] kinds = new byte[Character.MAX_CODE_POINT + 1];
        lines().forEach(line -> read(line, kinds));
        byte[] before = new byte[0];
        for (int p = 0; p < pages.length; p++) {
            byte[] page = Arrays.copyOfRange(kinds, p * PAGE, (p + 1) * PAGE);
            before = Arrays.equals(page, before) ? before : page; // long stretches are alike
            pages[p] = before;
        }
    }

    private static List<String> lines() {
        try (InputStream in = BertUnicode.class.getResourceAsStream("bert-unicode.txt")) {
            if (in == null) {
                throw new AssertionError("bert-unicode.txt is missing from the jar; this is a bug");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String line, byte[] kinds) {
        int space = line.indexOf(' ');
        String place = line.substring(0, space);
        int dash = place.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? place : place.substring(0, dash), 16);
        int last = dash < 0 ? first : Integer.parseInt(place.substring(dash + 1), 16);
        char kind = line.charAt(space + 1);
        byte value = switch (kind) {
            case '-' -> REMOVED;
            case ' ' -> SPACE;
            case '=', '!' -> ALONE;
            case 'h' -> HANGUL;
            case '>' -> MAPPED;
            case '?' -> HARD;
            default -> throw new AssertionError("bert-unicode.txt is damaged: kind " + (int) kind);
        };
        Arrays.fill(kinds, first, last + 1, value);
        if (value == MAPPED) {
            mapped.put(first, line.substring(space + 2).codePoints().toArray());
        }
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
