package dev.leat.text.entity;

/** E-mail addresses: the usual part of RFC 5322, a name, an at sign, a domain whose last label is of letters. */
final class Emails {

    private static final int MAX_NAME = 64; // RFC 5321
    private static final int MAX_DOMAIN = 253;
    private static final int MAX_LABEL = 63;
    private static final String NAME_SIGNS = "._%+-'!#$&*=?^`{|}~/";

    private Emails() {}

    static long at(String text, int at) {
        if (text.charAt(at) != '@') {
            return Finder.NOTHING;
        }
        int start = at;
        while (at - start < MAX_NAME && isName(Finder.charAt(text, start - 1))) {
            start--;
        }
        // Signs before the first letter or digit belong to the sentence, such as an opening quote.
        while (start < at && !Character.isLetterOrDigit(text.charAt(start)) && text.charAt(start) != '_') {
            start++;
        }
        boolean cut = isName(Finder.charAt(text, start - 1)) && Finder.isWord(text, start - 1);
        int end = domain(text, at + 1);
        if (start == at || cut || text.charAt(at - 1) == '.' || end < 0) {
            return Finder.NOTHING;
        }
        return text.substring(start, at).contains("..") || Finder.charAt(text, start - 1) == '@'
                ? Finder.NOTHING
                : Finder.span(start, end);
    }

    private static boolean isName(char c) {
        return Character.isLetterOrDigit(c) || NAME_SIGNS.indexOf(c) >= 0;
    }

    /** Returns the end of a domain with at least one dot and a last label of letters, or -1. */
    static int domain(String text, int from) {
        int label = from;
        int end = -1;
        for (int i = from; i - from <= MAX_DOMAIN; i++) {
            char c = Finder.charAt(text, i);
            if (Character.isLetterOrDigit(c) || c == '-' && i > label) {
                continue;
            }
            boolean good = i > label && i - label <= MAX_LABEL && text.charAt(i - 1) != '-';
            if (good && label > from && i - label >= 2 && isTopLevel(text, label, i)) {
                end = i;
            }
            if (!good || c != '.' || !Character.isLetterOrDigit(Finder.charAt(text, i + 1))) {
                // The address ends here; what follows a hyphen or a sign is not of it.
                return end == i ? end : end < 0 || end == label - 1 ? -1 : end;
            }
            label = i + 1;
        }
        return -1;
    }

    private static boolean isTopLevel(String text, int from, int to) {
        if (text.regionMatches(true, from, "xn--", 0, 4)) {
            return true;
        }
        for (int i = from; i < to; i++) {
            if (!Character.isLetter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
