package dev.leat.text.entity;

/** IP addresses: four numbers up to 255, or eight groups of hexadecimal digits of which one run may be left out. */
final class IpAddresses {

    private static final int MAX_V6 = 45;
    private static final int GROUPS = 8;

    private IpAddresses() {}

    static long at(String text, int at) {
        char c = text.charAt(at);
        if (Finder.isWord(text, at - 1) || ".:".indexOf(Finder.charAt(text, at - 1)) >= 0) {
            return Finder.NOTHING;
        }
        if (Finder.isDigit(c)) {
            int end = v4(text, at);
            if (end > 0 && !isVersion(text, at) && !Finder.isWord(text, end) && !goesOn(text, end)) {
                return Finder.span(at, end);
            }
        }
        if (isHex(c) || c == ':') {
            int end = v6(text, at);
            return end < 0 ? Finder.NOTHING : Finder.span(at, end);
        }
        return Finder.NOTHING;
    }

    private static boolean goesOn(String text, int end) {
        char c = Finder.charAt(text, end);
        return (c == '.' || c == '-') && Finder.isDigit(text, end + 1);
    }

    /** Four numbers are a version as well: the word before tells. */
    private static boolean isVersion(String text, int at) {
        int end = at;
        while (end > 0 && at - end < 2 && " .".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        for (String word : new String[] {"version", "release", "build", "firmware", "ver", "v"}) {
            int from = end - word.length();
            if (end < at && from >= 0 && Finder.startsWith(text, from, word) && !Finder.isWord(text, from - 1)) {
                return true;
            }
        }
        return false;
    }

    private static int v4(String text, int from) {
        int i = from;
        for (int part = 0; part < 4; part++) {
            int end = Finder.digits(text, i, 3);
            boolean padded = end - i > 1 && text.charAt(i) == '0';
            if (end == i || padded || Finder.number(text, i, end) > 255) {
                return -1;
            }
            if (part < 3 && Finder.charAt(text, end) != '.') {
                return -1;
            }
            i = part < 3 ? end + 1 : end;
        }
        return i;
    }

    private static int v6(String text, int from) {
        int end = from;
        while (end - from <= MAX_V6
                && (isHex(Finder.charAt(text, end)) || ":.".indexOf(Finder.charAt(text, end)) >= 0)) {
            end++;
        }
        if (end - from > MAX_V6 || Finder.isWord(text, end)) {
            return -1;
        }
        // A full stop or a colon behind is the sentence's, unless two colons end the address.
        while (end > from
                && (text.charAt(end - 1) == '.'
                        || text.charAt(end - 1) == ':' && (end - from < 2 || text.charAt(end - 2) != ':'))) {
            end--;
        }
        return isV6(text, from, end) ? end : -1;
    }

    private static boolean isV6(String text, int from, int to) {
        int groups = 0;
        boolean gap = false;
        int i = from;
        if (to - from < 3 || text.charAt(from) == ':' && text.charAt(from + 1) != ':') {
            return false;
        }
        while (i < to) {
            if (text.charAt(i) == ':') {
                boolean isDouble = i + 1 < to && text.charAt(i + 1) == ':';
                if (isDouble && gap || !isDouble && i + 1 == to) {
                    return false;
                }
                gap |= isDouble;
                i += isDouble ? 2 : 1;
                continue;
            }
            int end = i;
            while (end < to && isHex(text.charAt(end))) {
                end++;
            }
            if (end < to && text.charAt(end) == '.') {
                groups += 2;
                return v4(text, i) == to && (gap ? groups < GROUPS : groups == GROUPS);
            }
            if (end - i > 4 || end == i) {
                return false;
            }
            groups++;
            i = end;
        }
        return gap ? groups > 0 && groups < GROUPS : groups == GROUPS;
    }

    private static boolean isHex(char c) {
        return Finder.isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}
