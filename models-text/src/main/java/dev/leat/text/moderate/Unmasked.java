package dev.leat.text.moderate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A text whose disguised words are written plainly, so that a model reads what a person does; immutable.
 *
 * <p>Three things are undone, and nothing else is touched: a disguised word of the list ({@code 1d10t}, {@code i d i o t},
 * {@code id*ot}); letters of another script within a Latin word (a Cyrillic a in {@code paypal}); invisible characters within a Latin
 * word. A text without them is the same string, so that stages which read the text as given share the model's run.
 *
 * @param text the plain one
 * @param edits in order, what was replaced
 */
public record Unmasked(String text, List<Edit> edits) {

    /** Copies the list. */
    public Unmasked {
        edits = List.copyOf(edits);
    }

    /**
     * A stretch that was replaced.
     *
     * @param from where it begins in the text as given
     * @param to one past its last char there
     * @param start where its replacement begins in the plain text
     * @param end one past the replacement's last char
     */
    public record Edit(int from, int to, int start, int end) {}

    static Unmasked of(String given) {
        return of(given, Folded.of(given));
    }

    static Unmasked of(String given, Folded folded) {
        List<Lexicon.Match> words = new ArrayList<>(Lexicon.disguised().find(folded));
        addMixed(given, folded, words);
        words.sort(Comparator.comparingInt(Lexicon.Match::start).thenComparingInt(match -> -match.end()));
        StringBuilder text = new StringBuilder();
        List<Edit> edits = new ArrayList<>();
        int copied = 0;
        for (Lexicon.Match word : words) {
            if (word.start() < copied
                    || given.substring(word.start(), word.end()).equalsIgnoreCase(word.word())) {
                continue;
            }
            text.append(given, copied, word.start());
            int start = text.length();
            text.append(word.word());
            edits.add(new Edit(word.start(), word.end(), start, text.length()));
            copied = word.end();
        }
        return edits.isEmpty()
                ? new Unmasked(given, edits)
                : new Unmasked(text.append(given, copied, given.length()).toString(), edits);
    }

    /** Words of Latin letters that hold letters of another script, or invisible characters. */
    private static void addMixed(String given, Folded folded, List<Lexicon.Match> found) {
        int i = 0;
        while (i < folded.length()) {
            if (!isLatin(folded.at(i))) {
                i++;
                continue;
            }
            StringBuilder word = new StringBuilder();
            int first = i;
            for (; i < folded.length() && isLatin(folded.at(i)); i++) {
                word.append(folded.at(i));
            }
            int start = folded.start(first);
            int end = folded.end(i - 1);
            boolean joined = i < folded.length() && Character.isLetterOrDigit(folded.at(i))
                    || first > 0 && Character.isLetterOrDigit(folded.at(first - 1));
            if (!joined && word.length() > 1 && isMixed(given, start, end)) {
                found.add(new Lexicon.Match(word.toString(), start, end));
            }
        }
    }

    private static boolean isLatin(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isMixed(String given, int start, int end) {
        boolean latin = false;
        boolean masked = false;
        for (int i = start; i < end; i += Character.charCount(given.codePointAt(i))) {
            int codePoint = given.codePointAt(i);
            latin |= codePoint < 128 && Character.isLetter(codePoint);
            masked |= Character.getType(codePoint) == Character.FORMAT
                    || Folded.latin(codePoint) != 0
                            && Character.UnicodeScript.of(codePoint) != Character.UnicodeScript.LATIN;
        }
        return latin && masked;
    }

    /**
     * Returns where a stretch of the plain text begins in the text as given.
     *
     * @param index the index of its first char
     * @return the beginning of the disguised word, if it begins within its replacement
     */
    public int start(int index) {
        int shift = 0;
        for (Edit edit : edits) {
            if (index < edit.start) {
                break;
            }
            if (index < edit.end) {
                return edit.from;
            }
            shift = edit.to - edit.end;
        }
        return index + shift;
    }

    /**
     * Returns where a stretch of the plain text ends in the text as given.
     *
     * @param index one past its last char
     * @return the end of the disguised word, if it ends within its replacement
     */
    public int end(int index) {
        int shift = 0;
        for (Edit edit : edits) {
            if (index <= edit.start) {
                break;
            }
            if (index <= edit.end) {
                return edit.to;
            }
            shift = edit.to - edit.end;
        }
        return index + shift;
    }

    /** Returns how much was replaced, no text. */
    @Override
    public String toString() {
        return "Unmasked[" + text.length() + " chars, " + edits.size() + " edits]";
    }
}
