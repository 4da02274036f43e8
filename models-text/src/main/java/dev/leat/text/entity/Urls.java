package dev.leat.text.entity;

import java.util.Locale;
import java.util.Set;

/**
 * Web addresses: with a scheme, with {@code www.}, or a bare domain of a common top level.
 *
 * <p>What follows the domain goes on to the next space, quote or bracket; signs that end a sentence, and closing brackets
 * that were opened before the address, are not of it.
 */
final class Urls {

    private static final int MAX_CHARS = 2048;
    private static final Set<String> SCHEMES = Set.of("http", "https", "ftp", "ftps", "sftp", "ws", "wss");
    private static final int MAX_SCHEME = 5;

    /** Bare domains of other top levels, such as {@code end.It} or {@code main.py}, are too often none. */
    private static final Set<String> COMMON = Set.of(
            "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "io", "dev", "app", "uk", "de", "fr", "nl",
            "eu", "ch", "au", "ca", "jp", "cn", "br", "ru", "pl", "se", "es", "co", "online", "shop", "site", "xyz");

    private Urls() {}

    static long at(String text, int at) {
        char c = text.charAt(at);
        if (c == ':' && Finder.charAt(text, at + 1) == '/' && Finder.charAt(text, at + 2) == '/') {
            return withScheme(text, at);
        }
        if (!Character.isLetterOrDigit(c)
                || Finder.isWord(text, at - 1)
                || "@-./".indexOf(Finder.charAt(text, at - 1)) >= 0) {
            return Finder.NOTHING;
        }
        if (Finder.startsWith(text, at, "www.")) {
            int host = Emails.domain(text, at);
            return host < 0 ? Finder.NOTHING : Finder.span(at, end(text, at, host));
        }
        return bare(text, at);
    }

    private static long withScheme(String text, int colon) {
        int start = colon;
        while (colon - start < MAX_SCHEME && Finder.isAsciiLetter(Finder.charAt(text, start - 1))) {
            start--;
        }
        String scheme = text.substring(start, colon).toLowerCase(Locale.ROOT);
        int host = colon + 3;
        char first = Finder.charAt(text, host);
        if (!SCHEMES.contains(scheme)
                || Finder.isWord(text, start - 1)
                || !Character.isLetterOrDigit(first) && first != '[') {
            return Finder.NOTHING;
        }
        return Finder.span(start, end(text, start, first == '[' ? host : host + 1));
    }

    private static long bare(String text, int at) {
        int host = Emails.domain(text, at);
        if (host < 0) {
            return Finder.NOTHING;
        }
        char next = Finder.charAt(text, host);
        int dot = text.lastIndexOf('.', host - 1);
        String top = text.substring(dot + 1, host);
        boolean oneCase = top.equals(top.toLowerCase(Locale.ROOT))
                || text.substring(at, host).equals(text.substring(at, host).toUpperCase(Locale.ROOT));
        boolean path = next == '/' && Character.isLetterOrDigit(Finder.charAt(text, host + 1));
        boolean common = COMMON.contains(top.toLowerCase(Locale.ROOT));
        if (next == '@' || !oneCase || !common || dot - at < 2 && !path) {
            return Finder.NOTHING;
        }
        return Finder.span(
                at,
                next == '/' || next == '?' || next == ':' && Finder.isDigit(text, host + 1)
                        ? end(text, at, host)
                        : host);
    }

    private static int end(String text, int start, int host) {
        int i = host;
        while (i < text.length() && i - start < MAX_CHARS && isUrl(text.charAt(i))) {
            i++;
        }
        while (i > host && isTail(text, start, i)) {
            i--;
        }
        return i;
    }

    private static boolean isUrl(char c) {
        return c > ' '
                && c != 0x7f
                && "<>\"{}|\\^`\u00a0\u3000\u2028\u2029\u201c\u201d".indexOf(c) < 0
                && !Character.isWhitespace(c)
                && !Character.isSurrogate(c);
    }

    private static boolean isTail(String text, int start, int end) {
        char c = text.charAt(end - 1);
        if (c == ')' || c == ']') {
            char open = c == ')' ? '(' : '[';
            int depth = 0;
            for (int i = start; i < end; i++) {
                depth += text.charAt(i) == open ? 1 : text.charAt(i) == c ? -1 : 0;
            }
            return depth < 0;
        }
        return ".,;:!?'*_~\u2019\u2026".indexOf(c) >= 0;
    }
}
