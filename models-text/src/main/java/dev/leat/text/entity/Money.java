package dev.leat.text.entity;

import java.util.Locale;
import java.util.Set;

/**
 * Amounts of money: a sign or code of a currency before or behind a number, or its name behind; with a magnitude such as
 * {@code k}, {@code m}, {@code million}.
 */
final class Money {

    private static final String SIGNS =
            "$\u20ac\u00a3\u00a5\u20b9\u20a9\u20bd\u20ba\u20aa\u20a3\u0e3f\u20ab\u20b4\u20b1";
    private static final Set<String> CODES = Set.of(
            "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "CNY", "RMB", "INR", "BRL", "KRW", "SEK", "NOK",
            "DKK", "PLN", "CZK", "HUF", "RUB", "ZAR", "MXN", "SGD", "HKD", "THB", "ILS", "AED", "SAR", "TWD", "IDR",
            "MYR", "PHP", "VND", "UAH", "RON", "BGN", "EGP", "NGN", "KES", "CLP", "COP", "ARS");
    private static final Set<String> NAMES = Set.of(
            "dollar", "dollars", "euro", "euros", "cents", "yen", "rupees", "rupee", "yuan", "francs", "pesos",
            "roubles", "rubles", "kronor", "kroner", "pence", "quid", "bucks");
    private static final Set<String> MAGNITUDES =
            Set.of("k", "m", "mn", "bn", "b", "tn", "thousand", "million", "billion", "trillion", "mio", "mrd");
    private static final int MAX_NUMBER = 32;
    private static final int MAX_WORD = 9;

    private Money() {}

    static long at(String text, int at) {
        char c = text.charAt(at);
        if (SIGNS.indexOf(c) >= 0) {
            int number =
                    Finder.charAt(text, at + 1) == ' ' || Finder.charAt(text, at + 1) == '\u00a0' ? at + 2 : at + 1;
            int end = number(text, number);
            if (end < 0 || SIGNS.indexOf(Finder.charAt(text, at - 1)) >= 0) {
                return Finder.NOTHING;
            }
            return close(text, prefix(text, at), magnitude(text, end), end);
        }
        if (Finder.isWord(text, at - 1)
                || ".,-/:".indexOf(Finder.charAt(text, at - 1)) >= 0 && Finder.isDigit(text, at - 2)) {
            return Finder.NOTHING;
        }
        if (Finder.isDigit(c)) {
            return numberFirst(text, at);
        }
        return isCode(text, at) ? codeFirst(text, at) : Finder.NOTHING;
    }

    /** {@code US$}, {@code A$}: letters before the sign are of the amount. */
    private static int prefix(String text, int sign) {
        int i = sign;
        while (sign - i < 3 && Finder.charAt(text, i - 1) >= 'A' && Finder.charAt(text, i - 1) <= 'Z') {
            i--;
        }
        return Finder.isWord(text, i - 1) ? sign : i;
    }

    private static long codeFirst(String text, int at) {
        int number = Finder.charAt(text, at + 3) == ' ' || Finder.charAt(text, at + 3) == '\u00a0' ? at + 4 : at + 3;
        int end = number(text, number);
        return end < 0 ? Finder.NOTHING : close(text, at, magnitude(text, end), end);
    }

    private static long numberFirst(String text, int at) {
        int number = number(text, at);
        if (number < 0) {
            return Finder.NOTHING;
        }
        int i = magnitude(text, number);
        i = Finder.charAt(text, i) == ' ' || Finder.charAt(text, i) == '\u00a0' ? i + 1 : i;
        char c = Finder.charAt(text, i);
        if (SIGNS.indexOf(c) >= 0 && !Finder.isDigit(text, i + 1)) {
            return Finder.span(at, i + 1);
        }
        if (isCode(text, i)) {
            // "5 USD 10": the code is that of the next amount only if nothing else could be meant.
            return Finder.span(at, i + 3);
        }
        if (Finder.startsWith(text, i, "US dollars")) {
            return Finder.span(at, i + 10);
        }
        int end = word(text, i);
        return end > i && NAMES.contains(text.substring(i, end).toLowerCase(Locale.ROOT)) && !Finder.isWord(text, end)
                ? Finder.span(at, end)
                : Finder.NOTHING;
    }

    private static long close(String text, int start, int end, int number) {
        int last = end > number && Finder.isWord(text, end) ? number : end;
        boolean glued = Finder.isWord(text, last);
        return glued ? Finder.NOTHING : Finder.span(start, last);
    }

    /** Returns the end of a number with groups and decimals, or -1. */
    private static int number(String text, int from) {
        if (!Finder.isDigit(text, from)) {
            return -1;
        }
        int i = from;
        while (i - from < MAX_NUMBER) {
            char c = Finder.charAt(text, i);
            boolean inside = Finder.isDigit(c)
                    || (c == '.' || c == ',' || c == '\'' || c == '\u2019') && Finder.isDigit(text, i + 1)
                    || (c == ' ' || c == '\u00a0' || c == '\u202f') && isGroup(text, i + 1);
            if (!inside) {
                return i;
            }
            i++;
        }
        return -1;
    }

    private static boolean isGroup(String text, int i) {
        return Finder.digits(text, i, 4) - i == 3 && !Finder.isWord(text, i + 3);
    }

    private static int magnitude(String text, int number) {
        int i = Finder.charAt(text, number) == ' ' ? number + 1 : number;
        int end = word(text, i);
        String word = end > i ? text.substring(i, end) : "";
        boolean letter = word.length() <= 2;
        boolean found =
                MAGNITUDES.contains(word.toLowerCase(Locale.ROOT)) && (!letter || i == number || word.equals("bn"));
        return found ? end : number;
    }

    private static int word(String text, int from) {
        int i = from;
        while (i - from <= MAX_WORD && Finder.isAsciiLetter(Finder.charAt(text, i))) {
            i++;
        }
        return i;
    }

    private static boolean isCode(String text, int at) {
        return at + 3 <= text.length()
                && text.charAt(at) >= 'A'
                && text.charAt(at) <= 'Z'
                && CODES.contains(text.substring(at, at + 3))
                && !Character.isLetter(Finder.charAt(text, at + 3));
    }
}
