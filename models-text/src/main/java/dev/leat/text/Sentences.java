package dev.leat.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a text into sentences, as all stages do that look at sentences.
 *
 * <p>It is the JDK's break iterator (Unicode UAX 29, which knows full stops of many scripts), mended where it errs: a
 * blank line and a list item always begin a sentence, with or without a full stop before; list markers, abbreviations,
 * initials and what follows a quotation within its sentence end none; emoji and other symbols behind a full stop begin a
 * sentence as UAX 29 has it, and those that stand at it without a space are the end of its sentence. After abbreviations that may well end a sentence
 * ({@code Inc.}, {@code p.m.}) the next word decides, as in Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary
 * Detection" (2006): a word that often begins sentences does. Abbreviations are English.
 */
public final class Sentences {

    /** A name or a number comes after these: never the end. */
    private static final Set<String> TITLES = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "st", "rev", "gen", "col", "lt", "sgt", "capt", "cmdr", "gov", "sen",
            "rep", "hon", "pres", "mt", "ft", "vs", "cf", "e.g", "i.e", "viz", "approx", "est", "dept");

    /** The end unless a digit comes next. */
    private static final Set<String> BEFORE_NUMBERS = Set.of(
            "no", "nos", "vol", "fig", "figs", "p", "pp", "ch", "sec", "art", "eq", "jan", "feb", "mar", "apr", "jun",
            "jul", "aug", "sep", "sept", "oct", "nov", "dec");

    /** The end if the next word is one of the starters. */
    private static final Set<String> MAY_END = Set.of(
            "sr", "jr", "etc", "al", "inc", "ltd", "co", "corp", "bros", "ed", "eds", "u.s", "u.k", "u.n", "e.u", "a.m",
            "p.m", "ph.d", "b.a", "m.a", "b.sc", "m.sc", "d.c");

    private static final Set<String> STARTERS = Set.of(
            "the", "a", "an", "he", "she", "it", "they", "we", "you", "i", "this", "that", "these", "those", "there",
            "his", "her", "its", "their", "our", "my", "in", "on", "at", "but", "and", "or", "so", "yet", "if", "when",
            "while", "as", "for", "from", "to", "by", "with", "after", "before", "since", "some", "many", "most", "all",
            "both", "each", "one", "no", "not", "what", "who", "why", "how", "where", "however", "then", "now", "also");

    private static final Pattern LIST_MARKER =
            Pattern.compile("(?:[-*+\\u2022\\u25e6\\u2013\\u2014]|\\d{1,3}[.)]|[a-zA-Z][.)])");

    private static final Pattern LINE = Pattern.compile("\\r\\n|[\\n\\r\\u0085\\u2028\\u2029]");

    private static final String CLOSING = "\"'\u201d\u2019\u00bb)]\u2026";

    private final String text;
    private final List<Sentence> found = new ArrayList<>();

    private Sentences(String text) {
        this.text = text;
    }

    /**
     * Splits a text.
     *
     * @param text any string
     * @return its sentences verbatim, without the space around them, in order; none is empty. Every char of the text
     *     that is no white space is in just one of them
     */
    public static List<Sentence> of(String text) {
        Sentences sentences = new Sentences(text);
        sentences.splitIntoBlocks();
        return List.copyOf(sentences.found);
    }

    /** Cuts before list items and at blank lines. */
    private void splitIntoBlocks() {
        int block = 0;
        int line = 0;
        Matcher breaks = LINE.matcher(text);
        while (line < text.length()) {
            int end = breaks.find() ? breaks.end() : text.length();
            if (isBlank(line, end) || startsListItem(line, end)) {
                splitBlock(block, line);
                block = line;
            }
            line = end;
        }
        splitBlock(block, text.length());
    }

    private boolean isBlank(int from, int end) {
        return skipSpace(from, end) == end;
    }

    private boolean startsListItem(int from, int end) {
        int start = skipSpace(from, end);
        int marker = markerEnd(start, end);
        return marker > start && marker < end && isSpace(text.charAt(marker));
    }

    private int markerEnd(int start, int end) {
        Matcher marker = LIST_MARKER.matcher(text).region(start, end);
        return marker.lookingAt() ? marker.end() : start;
    }

    private void splitBlock(int from, int to) {
        int begin = skipSpace(from, to);
        if (begin == to) {
            return;
        }
        boolean item = startsListItem(begin, to);
        int start = begin;
        for (int end : possibleEnds(begin, to)) {
            boolean marker = item && start == begin && stripEnd(begin, end) == markerEnd(begin, to);
            if (end == to || (!marker && !goesOn(start, end, to))) {
                add(start, end);
                start = end;
            }
        }
    }

    private SortedSet<Integer> possibleEnds(int from, int to) {
        SortedSet<Integer> ends = new TreeSet<>();
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        breaks.setText(text.substring(from, to));
        for (int next = breaks.next(); next != BreakIterator.DONE; next = breaks.next()) {
            ends.add(from + next);
        }
        // Between a full stop and a symbol, and behind a symbol that stands at it, the iterator sees no end.
        int at = from;
        while (at < to) {
            int end = skipSymbols(at, to);
            if (end > at && isMarked(from, stripEnd(from, at))) {
                ends.add(stripEnd(from, at) < at ? at : skipSpace(end, to));
            }
            at = Math.max(end, at + 1);
        }
        return ends;
    }

    /** Returns whether there is a full stop, or its like, before what closes a quotation. */
    private boolean isMarked(int from, int to) {
        int at = to;
        while (at > from && CLOSING.indexOf(text.charAt(at - 1)) >= 0) {
            at--;
        }
        return at > from && ".!?".indexOf(text.charAt(at - 1)) >= 0;
    }

    private void add(int from, int to) {
        int start = skipSpace(from, to);
        int end = stripEnd(start, to);
        if (start < end) {
            found.add(new Sentence(text.substring(start, end), start, end));
        }
    }

    /** Returns whether what the iterator took for a sentence goes on after its end. */
    private boolean goesOn(int start, int end, int to) {
        int closed = stripEnd(start, end);
        int last = stripSymbols(start, closed) - 1;
        int next = skipSpace(end, to);
        if (last <= start || next == to) {
            return false;
        }
        int ahead = next;
        while (ahead < to && skipSymbols(ahead, to) > ahead) {
            ahead = skipSpace(skipSymbols(ahead, to), to);
        }
        int following = ahead < to ? text.codePointAt(ahead) : ' ';
        char mark = text.charAt(last);
        if (next == last + 1 && mark < 128) {
            return true; // no space: within an address or a name such as Yahoo!Mail
        }
        if (Character.isLowerCase(following) && (last + 1 < closed || (next < ahead && mark == '.'))) {
            return true; // with a symbol between: the mark ends no sentence that goes on in small letters
        }
        if (mark != '.') {
            return CLOSING.indexOf(mark) >= 0 && Character.isLowerCase(following);
        }
        int word = last;
        while (word > start && (Character.isLetter(text.charAt(word - 1)) || text.charAt(word - 1) == '.')) {
            word--;
        }
        String before = text.substring(word, last).toLowerCase(Locale.ROOT);
        boolean initial = before.length() == 1 && Character.isUpperCase(text.charAt(word)) && !before.equals("i");
        if (initial || MAY_END.contains(before)) {
            return !STARTERS.contains(wordAt(ahead, to));
        }
        return TITLES.contains(before) || (BEFORE_NUMBERS.contains(before) && Character.isDigit(following));
    }

    private String wordAt(int from, int to) {
        int end = from;
        while (end < to && Character.isLetter(text.charAt(end))) {
            end++;
        }
        boolean initial = end == from + 1 && end < to && text.charAt(end) == '.'; // the A of J. A. Smith is no article
        return initial ? "" : text.substring(from, end).toLowerCase(Locale.ROOT);
    }

    private int skipSpace(int from, int to) {
        int at = from;
        while (at < to && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private int skipSymbols(int from, int to) {
        int at = from;
        while (at < to && isSymbol(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private int stripSymbols(int from, int to) {
        int end = to;
        while (end > from && isSymbol(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return end;
    }

    /** Emoji and the like, with what joins and colours them. */
    private static boolean isSymbol(int codePoint) {
        return Character.getType(codePoint) == Character.OTHER_SYMBOL
                || (codePoint >= 0x1f3fb && codePoint <= 0x1f3ff) // skin tones
                || codePoint == 0x200d
                || codePoint == 0xfe0f
                || codePoint == 0x20e3;
    }

    private int stripEnd(int from, int to) {
        int end = to;
        while (end > from && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** White space of any kind, the kinds that do not break included, and control characters. */
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
    }
}
