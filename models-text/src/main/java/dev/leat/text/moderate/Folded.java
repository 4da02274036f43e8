package dev.leat.text.moderate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A text in lower case without accents, invisible characters and look-alikes of other scripts, where each char knows its
 * place in the text as given.
 *
 * <p>Compatibility forms are taken apart (NFKD, Unicode UAX 15); letters that look like a Latin one become it (Unicode
 * UTS 39, the confusables whose skeleton is one letter: {@code lookalikes.txt}).
 */
final class Folded {

    private static final String RESOURCE = "lookalikes.txt";

    private char[] chars;
    private int[] starts;
    private int[] ends;
    private int length;

    private Folded(int capacity) {
        chars = new char[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
    }

    private static final class LookAlikes {
        static final Map<Integer, Character> LATIN = load();

        private static Map<Integer, Character> load() {
            try (InputStream in = Folded.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException("The jar lacks " + RESOURCE);
                }
                Map<Integer, Character> latin = new HashMap<>();
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split(" "))
                        .forEach(pair -> latin.put(Integer.parseInt(pair[0], 16), pair[1].charAt(0)));
                return Map.copyOf(latin);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The letters that look like a Latin one, and which. */
    static Map<Integer, Character> lookAlikes() {
        return LookAlikes.LATIN;
    }

    static Folded of(String text) {
        Folded folded = new Folded(text.length());
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int next = i + Character.charCount(codePoint);
            if (codePoint < 128) {
                folded.add((char) (codePoint >= 'A' && codePoint <= 'Z' ? codePoint + 32 : codePoint), i, next);
            } else {
                folded.addWide(codePoint, i, next);
            }
            i = next;
        }
        return folded;
    }

    private void addWide(int codePoint, int start, int end) {
        if (isIgnored(codePoint)) {
            return;
        }
        String plain = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD);
        plain.codePoints().filter(each -> !isIgnored(each)).forEach(each -> {
            char latin = latin(each);
            if (latin != 0) {
                add(latin, start, end);
            } else {
                for (char c : Character.toChars(Character.toLowerCase(each))) {
                    add(c, start, end);
                }
            }
        });
    }

    /** The Latin letter that a letter of another script looks like, in lower case; 0 if none. */
    static char latin(int codePoint) {
        if (codePoint < 128) {
            return 0;
        }
        Character latin = LookAlikes.LATIN.get(codePoint);
        return latin != null ? latin : LookAlikes.LATIN.getOrDefault(Character.toLowerCase(codePoint), (char) 0);
    }

    /** Combining marks and invisible characters, which only disguise. */
    static boolean isIgnored(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK || type == Character.FORMAT;
    }

    private void add(char c, int start, int end) {
        if (length == chars.length) {
            chars = Arrays.copyOf(chars, 2 * length + 16);
            starts = Arrays.copyOf(starts, chars.length);
            ends = Arrays.copyOf(ends, chars.length);
        }
        chars[length] = c;
        starts[length] = start;
        ends[length++] = end;
    }

    int length() {
        return length;
    }

    char at(int i) {
        return chars[i];
    }

    /** Where the char's origin begins in the text as given. */
    int start(int i) {
        return starts[i];
    }

    /** One past the origin's last char. */
    int end(int i) {
        return ends[i];
    }
}
