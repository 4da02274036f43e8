package dev.leat.text.summarize;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Splits a text into sentences: the JDK's break iterator (Unicode UAX 29), mended where it errs in English: after
 * abbreviations and initials, and at blank lines, which always end a sentence.
 */
final class Sentences {

    private static final Set<String> ABBREVIATIONS = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "rev", "gen", "col", "lt", "sgt", "capt", "gov", "sen",
            "rep", "hon", "pres", "vs", "etc", "e.g", "i.e", "cf", "al", "no", "nos", "vol", "fig", "figs", "pp", "ed",
            "eds", "inc", "ltd", "co", "corp", "approx", "dept", "est", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
            "sep", "sept", "oct", "nov", "dec", "u.s", "u.k", "u.n", "a.m", "p.m", "ph.d", "b.a", "m.a");

    private Sentences() {}

    /** Returns the sentences verbatim, stripped of the space around them, in order. */
    static List<String> of(String text) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        breaks.setText(text);
        List<String> sentences = new ArrayList<>();
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            if (end < text.length() && endsInAbbreviation(text, start, end) && !hasBlankLine(text, start, end)) {
                continue;
            }
            addLines(text, start, end, sentences);
            start = end;
        }
        addLines(text, start, text.length(), sentences);
        return sentences;
    }

    /** A blank line within what the iterator took for one sentence ends one (a headline without a full stop). */
    private static void addLines(String text, int start, int end, List<String> sentences) {
        int from = start;
        for (int i = start; i < end; i++) {
            if (text.charAt(i) == '\n' && isBlankLineAfter(text, i + 1, end)) {
                add(text.substring(from, i), sentences);
                from = i + 1;
            }
        }
        add(text.substring(from, end), sentences);
    }

    private static void add(String sentence, List<String> sentences) {
        String stripped = sentence.strip();
        if (!stripped.isEmpty()) {
            sentences.add(stripped);
        }
    }

    private static boolean hasBlankLine(String text, int start, int end) {
        for (int i = end - 1; i >= start && Character.isWhitespace(text.charAt(i)); i--) {
            if (text.charAt(i) == '\n' && isBlankLineAfter(text, i + 1, end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlankLineAfter(String text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (text.charAt(i) == '\n') {
                return true;
            }
            if (!Character.isWhitespace(text.charAt(i))) {
                return false;
            }
        }
        return false;
    }

    private static boolean endsInAbbreviation(String text, int start, int end) {
        int last = end - 1;
        while (last >= start && Character.isWhitespace(text.charAt(last))) {
            last--;
        }
        if (last <= start || text.charAt(last) != '.') {
            return false;
        }
        int word = last;
        while (word > start && (Character.isLetter(text.charAt(word - 1)) || text.charAt(word - 1) == '.')) {
            word--;
        }
        String before = text.substring(word, last).toLowerCase(Locale.ROOT);
        boolean initial = before.length() == 1 && Character.isUpperCase(text.charAt(word)) && !before.equals("i");
        return initial || ABBREVIATIONS.contains(before);
    }
}
