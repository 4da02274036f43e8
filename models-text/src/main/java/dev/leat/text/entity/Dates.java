package dev.leat.text.entity;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;

/**
 * Dates: {@code 2024-02-29}, {@code 29/02/2024}, {@code 2/29/24}, {@code 29.02.2024}, {@code 29 February 2024},
 * {@code Feb. 29th, 2024}, {@code February 29}, {@code February 2024}. Days must be in the calendar; of day and month in
 * numbers either order will do.
 */
final class Dates {

    private static final Map<String, Integer> MONTHS = Map.ofEntries(
            Map.entry("january", 1),
            Map.entry("february", 2),
            Map.entry("march", 3),
            Map.entry("april", 4),
            Map.entry("may", 5),
            Map.entry("june", 6),
            Map.entry("july", 7),
            Map.entry("august", 8),
            Map.entry("september", 9),
            Map.entry("october", 10),
            Map.entry("november", 11),
            Map.entry("december", 12),
            Map.entry("jan", 1),
            Map.entry("feb", 2),
            Map.entry("mar", 3),
            Map.entry("apr", 4),
            Map.entry("jun", 6),
            Map.entry("jul", 7),
            Map.entry("aug", 8),
            Map.entry("sep", 9),
            Map.entry("sept", 9),
            Map.entry("oct", 10),
            Map.entry("nov", 11),
            Map.entry("dec", 12));
    private static final int LONGEST_MONTH = 9;
    private static final int LEAP_YEAR = 2000;

    private Dates() {}

    static long at(String text, int at) {
        char before = Finder.charAt(text, at - 1);
        if (Finder.isWord(text, at - 1) || ".,-/$\u20ac\u00a3+:".indexOf(before) >= 0 && Finder.isWord(text, at - 2)) {
            return Finder.NOTHING;
        }
        int end = -1;
        if (Finder.isDigit(text, at)) {
            end = Math.max(numeric(text, at), dayFirst(text, at));
        } else if (Character.isUpperCase(text.charAt(at))) {
            end = monthFirst(text, at);
        }
        return end < 0 ? Finder.NOTHING : Finder.span(at, end);
    }

    private static int numeric(String text, int at) {
        int a = Finder.digits(text, at, 5);
        char sign = Finder.charAt(text, a);
        int b = Finder.digits(text, a + 1, 3);
        int c = Finder.digits(text, b + 1, 5);
        if ("-/.".indexOf(sign) < 0
                || Finder.charAt(text, b) != sign
                || b == a + 1
                || c == b + 1
                || !ends(text, c, sign)) {
            return -1;
        }
        int first = Finder.number(text, at, a);
        int second = Finder.number(text, a + 1, b);
        int third = Finder.number(text, b + 1, c);
        int last = c - b - 1;
        if (a - at == 4 && b - a - 1 <= 2 && last <= 2) {
            return isYear(first) && isDay(first, second, third) ? c : -1;
        }
        boolean shortYear = last == 2 && sign == '/';
        if (a - at > 2 || b - a - 1 > 2 || !shortYear && last != 4) {
            return -1;
        }
        int year = shortYear ? 2000 + third : third;
        boolean day = isDay(year, second, first) || sign != '.' && isDay(year, first, second);
        return isYear(year) && day ? c : -1;
    }

    /** A date may be followed by the T of a time, and by anything that does not go on with it. */
    private static boolean ends(String text, int end, char sign) {
        char c = Finder.charAt(text, end);
        if (c == 'T' && Finder.isDigit(text, end + 1)) {
            return true;
        }
        return !Finder.isWord(text, end) && !((c == sign || c == '.' || c == ',') && Finder.isDigit(text, end + 1));
    }

    private static int dayFirst(String text, int at) {
        int end = Finder.digits(text, at, 3);
        if (end - at > 2) {
            return -1;
        }
        int day = Finder.number(text, at, end);
        int i = ordinal(text, end);
        boolean spaced = Finder.charAt(text, i) == ' ' || Finder.charAt(text, i) == '-';
        i = spaced ? i + 1 : i;
        i = Finder.startsWith(text, i, "of ") ? i + 3 : i;
        int month = month(text, i);
        if (month == 0 || !spaced && i == end) {
            return -1;
        }
        i = monthEnd(text, i);
        if (!isDay(LEAP_YEAR, month, day) || Finder.isWord(text, i)) {
            return -1;
        }
        return withYear(text, i, month, day);
    }

    private static int monthFirst(String text, int at) {
        int month = month(text, at);
        if (month == 0) {
            return -1;
        }
        int i = monthEnd(text, at);
        if (Finder.isWord(text, i) || Finder.charAt(text, i) != ' ') {
            return -1;
        }
        i++;
        i = Finder.startsWith(text, i, "the ") ? i + 4 : i;
        int end = Finder.digits(text, i, 5);
        if (end - i == 4) {
            return isYear(Finder.number(text, i, end)) && !Finder.isWord(text, end) ? end : -1;
        }
        if (end == i || end - i > 2) {
            return -1;
        }
        int day = Finder.number(text, i, end);
        int after = ordinal(text, end);
        boolean amount = Finder.charAt(text, after) == '%'
                || ".,:".indexOf(Finder.charAt(text, after)) >= 0 && Finder.isDigit(text, after + 1);
        if (!isDay(LEAP_YEAR, month, day) || Finder.isWord(text, after) || amount) {
            return -1;
        }
        return withYear(text, after, month, day);
    }

    /** Returns the end of a day and month, with the year if one follows. */
    private static int withYear(String text, int end, int month, int day) {
        int i = Finder.charAt(text, end) == ',' ? end + 1 : end;
        char space = Finder.charAt(text, i);
        if (space != ' ' && !(space == '-' && i == end)) {
            return end;
        }
        int year = Finder.digits(text, i + 1, 5);
        boolean follows = year - i - 1 == 4
                && isYear(Finder.number(text, i + 1, year))
                && !Finder.isWord(text, year)
                && !(".,".indexOf(Finder.charAt(text, year)) >= 0 && Finder.isDigit(text, year + 1));
        return follows && isDay(Finder.number(text, i + 1, year), month, day) ? year : end;
    }

    private static int ordinal(String text, int i) {
        boolean found = Finder.startsWith(text, i, "st")
                || Finder.startsWith(text, i, "nd")
                || Finder.startsWith(text, i, "rd")
                || Finder.startsWith(text, i, "th");
        return found && !Finder.isWord(text, i + 2) ? i + 2 : i;
    }

    /** Returns the number of the month whose name begins here, capitalised; else 0. */
    private static int month(String text, int at) {
        if (at >= text.length() || !Character.isUpperCase(text.charAt(at))) {
            return 0;
        }
        return MONTHS.getOrDefault(text.substring(at, letters(text, at)).toLowerCase(Locale.ROOT), 0);
    }

    private static int letters(String text, int at) {
        int i = at;
        while (i - at <= LONGEST_MONTH && Finder.isAsciiLetter(Finder.charAt(text, i))) {
            i++;
        }
        return i;
    }

    /** Returns the end of a month's name, with the point of a shortened one. */
    private static int monthEnd(String text, int at) {
        int i = letters(text, at);
        return i - at <= 4
                        && Finder.charAt(text, i) == '.'
                        && " -".indexOf(Finder.charAt(text, i + 1)) >= 0
                        && Finder.isDigit(text, i + 2)
                ? i + 1
                : i;
    }

    private static boolean isYear(int year) {
        return year >= 1000 && year <= 2999;
    }

    private static boolean isDay(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1) {
            return false;
        }
        try {
            return day <= LocalDate.of(year, month, 1).lengthOfMonth();
        } catch (DateTimeException e) {
            return false;
        }
    }
}
