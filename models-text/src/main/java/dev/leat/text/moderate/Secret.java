package dev.leat.text.moderate;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what should stay secret: private keys, access tokens of well-known forms, passwords beside their name, payment
 * cards (Luhn, ISO/IEC 7812) and bank accounts (IBAN, ISO 13616) with a right checksum.
 *
 * <p>Patterns have bounded, possessive repetitions: each takes time in proportion to the text.
 */
final class Secret {

    private static final List<Pattern> PATTERNS = List.of(
            Pattern.compile("-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY"),
            Pattern.compile("\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"), // AWS access key id
            Pattern.compile("\\bgh[pousr]_[A-Za-z0-9]{36}"), // GitHub
            Pattern.compile("\\bxox[abprs]-[A-Za-z0-9-]{10,72}+"), // Slack
            Pattern.compile("\\bsk_(?:live|test)_[A-Za-z0-9]{16,64}+"), // Stripe
            Pattern.compile("\\bAIza[0-9A-Za-z_-]{35}"), // Google
            Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,4096}+\\.eyJ[A-Za-z0-9_-]{8,4096}+\\."), // JSON web token
            Pattern.compile("(?i)\\b(?:password|passwd|pwd|api[_ -]?key|secret[_ -]?key|access[_ -]?token)"
                    + "\"?\\s{0,3}+(?:[:=]|\\bis\\b)\\s{0,3}+[\"']?+(?=[^\\s\"']{0,64}[0-9!#$%&*@^_-])[^\\s\"']{6,}+"));

    private static final int MIN_CARD_DIGITS = 13;
    private static final int MAX_CARD_DIGITS = 19;
    private static final int MIN_IBAN_CHARS = 15;
    private static final int MAX_IBAN_CHARS = 34;

    private Secret() {}

    static List<Span> find(String text) {
        List<Span> found = new ArrayList<>();
        for (Pattern pattern : PATTERNS) {
            for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
                found.add(new Span(matcher.start(), matcher.end()));
            }
        }
        addCards(text, found);
        addIbans(text, found);
        return found;
    }

    /** A run of digits, single spaces and hyphens that passes the Luhn check. */
    private static void addCards(String text, List<Span> found) {
        StringBuilder digits = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            if (c >= '0' && c <= '9') {
                start = digits.length() == 0 ? i : start;
                digits.append(c);
            } else if (!((c == ' ' || c == '-') && digits.length() > 0 && isDigit(text, i + 1))) {
                if (isCard(digits)) {
                    found.add(new Span(start, i));
                }
                digits.setLength(0);
            }
        }
    }

    private static boolean isDigit(String text, int i) {
        return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }

    private static boolean isCard(StringBuilder digits) {
        int length = digits.length();
        if (length < MIN_CARD_DIGITS || length > MAX_CARD_DIGITS || "3456".indexOf(digits.charAt(0)) < 0) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int digit = digits.charAt(length - 1 - i) - '0';
            int doubled = i % 2 == 1 ? 2 * digit : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    /** Two letters, two digits and up to 30 more characters, in groups or not, that pass the check of ISO 7064. */
    private static void addIbans(String text, List<Span> found) {
        for (int i = 0; i + MIN_IBAN_CHARS <= text.length(); i++) {
            if (isUpper(text.charAt(i))
                    && isUpper(text.charAt(i + 1))
                    && isDigit(text, i + 2)
                    && isDigit(text, i + 3)
                    && (i == 0 || !Character.isLetterOrDigit(text.charAt(i - 1)))) {
                int end = ibanEnd(text, i);
                if (end > 0) {
                    found.add(new Span(i, end));
                }
            }
        }
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    /** One past the account number that begins there; 0 if none does. */
    private static int ibanEnd(String text, int from) {
        StringBuilder chars = new StringBuilder();
        for (int i = from; i < text.length() && chars.length() < MAX_IBAN_CHARS; i++) {
            char c = text.charAt(i);
            if (isUpper(c) || c >= '0' && c <= '9') {
                chars.append(c);
                // It may end here, wherever a group ends.
                boolean ends = i + 1 >= text.length() || !Character.isLetterOrDigit(text.charAt(i + 1));
                if (ends && chars.length() >= MIN_IBAN_CHARS && passes(chars)) {
                    return i + 1;
                }
            } else if (c != ' ') {
                return 0;
            }
        }
        return 0;
    }

    private static boolean passes(StringBuilder iban) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < iban.length(); i++) {
            digits.append(Character.digit(iban.charAt((i + 4) % iban.length()), 36));
        }
        return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }
}
