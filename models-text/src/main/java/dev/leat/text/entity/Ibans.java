package dev.leat.text.entity;

import org.iban4j.CountryCode;
import org.iban4j.IbanUtil;

/** Account numbers: as ISO 13616 and the country's register say, together or in groups of four; check digits right. */
final class Ibans {

    private Ibans() {}

    static long at(String text, int at) {
        if (!isCapital(text.charAt(at))
                || !isCapital(Finder.charAt(text, at + 1))
                || !Finder.isDigit(text, at + 2)
                || !Finder.isDigit(text, at + 3)
                || Finder.isWord(text, at - 1)) {
            return Finder.NOTHING;
        }
        CountryCode country = CountryCode.getByCode(text.substring(at, at + 2));
        if (country == null || !IbanUtil.isSupportedCountry(country)) {
            return Finder.NOTHING;
        }
        int length = IbanUtil.getIbanLength(country);
        StringBuilder compact = new StringBuilder(length);
        int i = at;
        while (compact.length() < length) {
            char c = Finder.charAt(text, i);
            boolean space =
                    (c == ' ' || c == '\u00a0' || c == '-') && compact.length() % 4 == 0 && compact.length() > 0;
            if (Finder.isDigit(c) || isCapital(c)) {
                compact.append(c);
            } else if (!space || Finder.charAt(text, i - 1) == c) {
                return Finder.NOTHING;
            }
            i++;
        }
        return Finder.isWord(text, i) || !IbanUtil.isValid(compact.toString()) ? Finder.NOTHING : Finder.span(at, i);
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
