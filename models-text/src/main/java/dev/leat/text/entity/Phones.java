package dev.leat.text.entity;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.Set;

/**
 * Telephone numbers: a plus sign and a country code, or grouped as numbers of the region are; the number exists in its
 * plan, as libphonenumber knows it. Digits in one piece count only behind a word such as {@code call}.
 */
record Phones(String region) implements Finder {

    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();
    private static final int MAX_CHARS = 28;
    private static final int MIN_DIGITS = 7;
    private static final int MAX_DIGITS = 15; // ITU-T E.164
    private static final int MIN_LOCAL_DIGITS = 8;
    private static final int MAX_LOCAL_DIGITS = 12;
    private static final Set<String> CUES =
            Set.of("call", "phone", "tel", "telephone", "mobile", "cell", "fax", "ring", "dial", "text", "whatsapp");

    @Override
    public long at(String text, int at) {
        char c = text.charAt(at);
        char before = Finder.charAt(text, at - 1);
        boolean opens = c == '+'
                || c == '(' && (Finder.isDigit(text, at + 1) || Finder.charAt(text, at + 1) == '+')
                || Finder.isDigit(c);
        if (!opens
                || Finder.isWord(text, at - 1)
                || "+.,-/$\u20ac\u00a3#=&%:".indexOf(before) >= 0 && !isLabel(text, at)) {
            return Finder.NOTHING;
        }
        if (Finder.isDigit(c) && isBlank(before) && Finder.isDigit(text, at - 2)) {
            return Finder.NOTHING; // the rest of a longer number
        }
        if (Finder.isDigit(c) && Dates.at(text, at) != Finder.NOTHING) {
            return Finder.NOTHING; // 13.10.1958 is a number in Ohio, too
        }
        boolean international = c == '+' || c == '(' && Finder.charAt(text, at + 1) == '+';
        int digits = 0;
        int groups = 0;
        int brackets = 0;
        int best = -1;
        for (int i = at; i < text.length() && i - at < MAX_CHARS; i++) {
            char d = text.charAt(i);
            if (Finder.isDigit(d)) {
                groups += Finder.isDigit(text, i - 1) && i > at ? 0 : 1;
                digits++;
                if (digits > MAX_DIGITS) {
                    break;
                }
                boolean ends = !Finder.isDigit(text, i + 1) && brackets == 0;
                if (ends && isPlausible(digits, international) && isFree(text, i + 1)) {
                    boolean grouped = international || groups > 1 || isCued(text, at);
                    best = grouped && exists(text.substring(at, i + 1), international) ? i + 1 : best;
                }
            } else if (d == '(') {
                brackets++;
            } else if (d == ')') {
                brackets--;
            } else if (!isSeparator(text, i, at)) {
                break;
            }
            if (brackets < 0 || brackets > 1) {
                break;
            }
        }
        return best < 0 ? Finder.NOTHING : Finder.span(at, best);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\u00a0';
    }

    /** {@code tel:+1 ..} and {@code Phone:212 ..} without a space. */
    private static boolean isLabel(String text, int at) {
        return Finder.charAt(text, at - 1) == ':' && Character.isLetter(Finder.charAt(text, at - 2));
    }

    private static boolean isPlausible(int digits, boolean international) {
        return international ? digits >= MIN_DIGITS : digits >= MIN_LOCAL_DIGITS && digits <= MAX_LOCAL_DIGITS;
    }

    private static boolean isSeparator(String text, int i, int at) {
        char c = text.charAt(i);
        if (c == '+') {
            return i == at || i == at + 1;
        }
        if (" -./\u00a0\u2011\u2010\u2013".indexOf(c) < 0) {
            return false;
        }
        char next = Finder.charAt(text, i + 1);
        return Finder.isDigit(next) || next == '(' || c == ' ' && next == '-' || c == '-' && next == ' ';
    }

    private static boolean isFree(String text, int end) {
        char c = Finder.charAt(text, end);
        boolean goesOn = ".,/-:%".indexOf(c) >= 0 && Finder.isDigit(text, end + 1);
        return !Finder.isWord(text, end) && !(goesOn && c != '-' && c != '.' && c != '/') && c != '%';
    }

    /** Whether the word before says that a number follows. */
    private static boolean isCued(String text, int at) {
        int end = at;
        while (end > 0 && at - end < 3 && " :.".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        int start = end;
        while (start > 0 && end - start < 10 && Finder.isAsciiLetter(text.charAt(start - 1))) {
            start--;
        }
        return CUES.contains(text.substring(start, end).toLowerCase(java.util.Locale.ROOT));
    }

    private boolean exists(String candidate, boolean international) {
        try {
            return PLANS.isValidNumber(PLANS.parse(candidate, international ? "ZZ" : region));
        } catch (NumberParseException e) {
            return false;
        }
    }
}
