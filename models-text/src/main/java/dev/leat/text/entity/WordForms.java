package dev.leat.text.entity;

import dev.leat.text.encode.TextTokenizer.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * How the words of a text are written: what a lower-casing vocabulary cannot know.
 *
 * <p>Each token has {@value #WIDTH} numbers: its word's form (one of ten, one-hot), whether it is the first and the last
 * piece of its word, whether its word begins a sentence, the shares of capitalised words and of words in capitals among the
 * cased words of its sentence, its word's length, whether an at or a hash sign precedes its word. Equal to
 * {@code entity_corpora.py} of the recipes, by which the heads are trained.
 */
public final class WordForms {

    /** How many numbers describe a token. */
    static final int WIDTH = 18;

    private static final int CLASSES = 10;
    private static final int OTHER = 0;
    private static final int DIGITS = 1;
    private static final int MIXED = 2;
    private static final int LOWER = 3;
    private static final int CAPITALISED = 4;
    private static final int CAPITALS = 5;
    private static final int ONE_CAPITAL = 6;
    private static final int CAMEL = 7;
    private static final int CASELESS = 8;
    private static final int SPECIAL = 9;
    private static final int LONG_WORD = 20;

    private final String text;
    private final Tokens tokens;
    private final int[] wordOf; // token to index of its word
    private final int[] starts; // of words
    private final int[] ends;
    private final float[][] rows; // of words, without the places of pieces

    WordForms(String text, Tokens tokens) {
        this.text = text;
        this.tokens = tokens;
        this.wordOf = new int[tokens.size()];
        int count = 0;
        for (int t = 0; t < wordOf.length; t++) {
            count += begins(t) ? 1 : 0;
            wordOf[t] = count - 1;
        }
        starts = new int[count];
        ends = new int[count];
        for (int t = 0; t < wordOf.length; t++) {
            if (begins(t)) {
                starts[wordOf[t]] = tokens.starts()[t];
            }
            ends[wordOf[t]] = tokens.ends()[t];
        }
        rows = rows();
    }

    private boolean begins(int token) {
        return token == 0 || tokens.words()[token] != tokens.words()[token - 1];
    }

    private boolean finishes(int token) {
        return token + 1 == tokens.size() || begins(token + 1);
    }

    /** Returns how many words there are. */
    int words() {
        return starts.length;
    }

    /** Returns which word a token is a piece of. */
    int wordOf(int token) {
        return wordOf[token];
    }

    /**
     * Returns the forms of a window: its special tokens and the tokens between.
     *
     * @return row-major float[to - from + 2, WIDTH]
     */
    float[] window(int from, int to) {
        float[] forms = new float[(to - from + 2) * WIDTH];
        forms[SPECIAL] = 1;
        forms[forms.length - WIDTH + SPECIAL] = 1;
        for (int t = from; t < to; t++) {
            int at = (t - from + 1) * WIDTH;
            System.arraycopy(rows[wordOf[t]], 0, forms, at, WIDTH);
            forms[at + CLASSES] = begins(t) ? 1 : 0;
            forms[at + CLASSES + 1] = finishes(t) ? 1 : 0;
        }
        return forms;
    }

    private float[][] rows() {
        float[][] all = new float[starts.length][WIDTH];
        int[] kinds = new int[starts.length];
        List<Integer> sentence = new ArrayList<>();
        boolean fresh = true;
        for (int w = 0; w < all.length; w++) {
            kinds[w] = kind(text, starts[w], ends[w]);
            if (!sentence.isEmpty() && hasNewline(ends[w - 1], starts[w])) {
                shares(sentence, kinds, all);
                sentence.clear();
                fresh = true;
            }
            sentence.add(w);
            float[] row = all[w];
            row[kinds[w]] = 1;
            if (fresh && kinds[w] != OTHER) {
                row[CLASSES + 2] = 1;
                fresh = false;
            }
            int codePoints = text.codePointCount(starts[w], Math.max(starts[w], ends[w]));
            row[CLASSES + 5] = (float) (Math.min(codePoints, LONG_WORD) / (double) LONG_WORD);
            row[CLASSES + 6] = w > 0 && isChar(w - 1, '@') ? 1 : 0;
            row[CLASSES + 7] = w > 0 && isChar(w - 1, '#') ? 1 : 0;
            if (isChar(w, '.') || isChar(w, '!') || isChar(w, '?') || isChar(w, '\u2026')) {
                shares(sentence, kinds, all);
                sentence.clear();
                fresh = true;
            }
        }
        shares(sentence, kinds, all);
        return all;
    }

    private static void shares(List<Integer> sentence, int[] kinds, float[][] rows) {
        int cased = 0;
        int capitalised = 0;
        int capitals = 0;
        for (int w : sentence) {
            int kind = kinds[w];
            if (kind >= LOWER && kind <= CAMEL) {
                cased++;
                capitalised += kind != LOWER ? 1 : 0;
                capitals += kind == CAPITALS || kind == ONE_CAPITAL ? 1 : 0;
            }
        }
        for (int w : sentence) {
            rows[w][CLASSES + 3] = cased == 0 ? 0 : (float) (capitalised / (double) cased);
            rows[w][CLASSES + 4] = cased == 0 ? 0 : (float) (capitals / (double) cased);
        }
    }

    private boolean isChar(int word, char c) {
        return ends[word] - starts[word] == 1 && text.charAt(starts[word]) == c;
    }

    private boolean hasNewline(int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '\n') {
                return true;
            }
        }
        return false;
    }

    /** The class of a word's written form. */
    static int kind(String text, int start, int end) {
        int upper = 0;
        int lower = 0;
        int caseless = 0;
        int digits = 0;
        boolean firstUpper = false;
        for (int i = start; i < end; ) {
            int c = text.codePointAt(i);
            switch (Character.getType(c)) {
                case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> {
                    upper++;
                    firstUpper |= i == start;
                }
                case Character.LOWERCASE_LETTER -> lower++;
                case Character.OTHER_LETTER, Character.MODIFIER_LETTER -> caseless++;
                case Character.DECIMAL_DIGIT_NUMBER -> digits++;
                default -> {
                    // signs and marks say nothing
                }
            }
            i += Character.charCount(c);
        }
        if (upper + lower + caseless == 0) {
            return digits > 0 ? DIGITS : OTHER;
        }
        if (digits > 0) {
            return MIXED;
        }
        if (upper == 0) {
            return lower > 0 ? LOWER : CASELESS;
        }
        if (lower == 0 && caseless == 0) {
            return upper == 1 ? ONE_CAPITAL : CAPITALS;
        }
        return firstUpper && upper == 1 ? CAPITALISED : CAMEL;
    }
}
