package dev.leat.text.entity;

/** Payment card numbers: of a known network's range and length, the check digit right (Luhn, ISO/IEC 7812-1). */
final class Cards {

    private static final int MIN_DIGITS = 13;
    private static final int MAX_DIGITS = 19;

    private Cards() {}

    static long at(String text, int at) {
        char before = Finder.charAt(text, at - 1);
        if (!Finder.isDigit(text, at)
                || Finder.isWord(text, at - 1)
                || ".,-+/".indexOf(before) >= 0
                || before == ' ' && Finder.isDigit(text, at - 2)) {
            return Finder.NOTHING;
        }
        int[] digits = new int[MAX_DIGITS];
        int count = 0;
        int i = at;
        int end = at;
        while (true) {
            char c = Finder.charAt(text, i);
            if (Finder.isDigit(c)) {
                if (count == MAX_DIGITS) {
                    return Finder.NOTHING;
                }
                digits[count++] = c - '0';
                end = i + 1;
            } else if (c != ' ' && c != '-' && c != '\u00a0' || !Finder.isDigit(text, i + 1)) {
                break;
            }
            i++;
        }
        boolean free = !Finder.isWord(text, end)
                && !(".,".indexOf(Finder.charAt(text, end)) >= 0 && Finder.isDigit(text, end + 1));
        return free && count >= MIN_DIGITS && isNetwork(digits, count) && luhn(digits, count)
                ? Finder.span(at, end)
                : Finder.NOTHING;
    }

    /** Ranges by ISO/IEC 7812: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro. */
    private static boolean isNetwork(int[] d, int count) {
        int two = d[0] * 10 + d[1];
        int four = two * 100 + d[2] * 10 + d[3];
        return d[0] == 4 && (count == 13 || count == 16 || count == 19)
                || (two >= 51 && two <= 55 || four >= 2221 && four <= 2720) && count == 16
                || (two == 34 || two == 37) && count == 15
                || (four / 10 >= 300 && four / 10 <= 305 || two == 36 || two == 38 || two == 39) && count == 14
                || (four == 6011 || two == 65 || four / 10 >= 644 && four / 10 <= 649) && count >= 16
                || four >= 3528 && four <= 3589 && count >= 16
                || two == 62 && count >= 16
                || (four == 5018 || four == 5020 || four == 5038 || four == 6304 || four == 6759) && count >= 13;
    }

    private static boolean luhn(int[] digits, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            int d = digits[count - 1 - i] * (i % 2 == 1 ? 2 : 1);
            sum += d > 9 ? d - 9 : d;
        }
        return sum % 10 == 0;
    }
}
