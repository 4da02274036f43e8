package dev.leat.benchmarks.ocr;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts over pages: words as bags, upper case; characters by edit distance, receipts by rows, other pages in the order
 * that the system gave. Confined.
 */
final class Score {

    private long common;
    private long read;
    private long written;
    private long edits;
    private long characters;

    void add(Page truth, Page seen) {
        Map<String, Integer> words = new HashMap<>();
        for (String word : words(truth)) {
            words.merge(word, 1, Integer::sum);
            written++;
        }
        for (String word : words(seen)) {
            read++;
            if (words.merge(word, -1, Integer::sum) >= 0) {
                common++;
            }
        }
        String expected = normal(truth.located() ? truth.rows() : truth.text());
        edits += distance(expected, normal(truth.located() ? seen.rows() : seen.text()));
        characters += expected.length();
    }

    private static String[] words(Page page) {
        String text = page.text().toUpperCase(Locale.ROOT).strip();
        return text.isEmpty() ? new String[0] : text.split("\\s+");
    }

    private static String normal(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    double wordF1() {
        return read + written == 0 ? 1 : 2.0 * common / (read + written);
    }

    double characterErrorRate() {
        return (double) edits / Math.max(1, characters);
    }

    /** Levenshtein's distance (1966), two rows. */
    static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
            }
            int[] swap = above;
            above = row;
            row = swap;
        }
        return above[b.length()];
    }
}
