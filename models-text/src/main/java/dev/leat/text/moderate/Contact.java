package dev.leat.text.moderate;

import java.util.ArrayList;
import java.util.List;

/** Finds e-mail addresses and telephone numbers by one pass over the text each. */
final class Contact {

    private static final int MIN_PHONE_DIGITS = 9;
    private static final int MAX_PHONE_DIGITS = 15; // ITU-T E.164

    private Contact() {}

    static List<Span> find(String text) {
        List<Span> found = new ArrayList<>();
        addEmails(text, found);
        addPhones(text, found);
        return found;
    }

    /** An at sign between a name and a domain with a dot and a top level of letters (RFC 5322, the usual part of it). */
    private static void addEmails(String text, List<Span> found) {
        int after = 0;
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            if (at == 0 || !isNameChar(text.charAt(at - 1)) || text.charAt(at - 1) == '.') {
                continue;
            }
            int end = domainEnd(text, at + 1);
            if (end > 0) {
                int start = at;
                while (start > after && isNameChar(text.charAt(start - 1))) {
                    start--;
                }
                found.add(new Span(start, end));
                after = end;
            }
        }
    }

    private static boolean isNameChar(char c) {
        return Character.isLetterOrDigit(c) || "._%+-".indexOf(c) >= 0;
    }

    /** One past the domain that begins there; 0 if none does. */
    private static int domainEnd(String text, int from) {
        int label = from;
        int dots = 0;
        int i = from;
        for (; i < text.length() && i - from <= 255; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (i == label) {
                    return 0;
                }
                // A dot that ends the sentence ends the domain.
                if (i + 1 >= text.length() || !Character.isLetterOrDigit(text.charAt(i + 1))) {
                    break;
                }
                dots++;
                label = i + 1;
            } else if (!Character.isLetterOrDigit(c) && c != '-') {
                break;
            }
        }
        boolean domain =
                dots > 0 && i - label >= 2 && text.substring(label, i).chars().allMatch(Character::isLetter);
        return domain ? i : 0;
    }

    /** 9 to 15 digits in groups, that begin with + or 0 or a bracket, or are grouped as telephone numbers are. */
    private static void addPhones(String text, List<Span> found) {
        int i = 0;
        while (i < text.length()) {
            if (!isPhoneStart(text, i)) {
                i++;
                continue;
            }
            int digits = 0;
            int last = i;
            int groups = 1;
            boolean gap = false;
            int j = i;
            for (; j < text.length(); j++) {
                char c = text.charAt(j);
                if (c >= '0' && c <= '9') {
                    groups += gap ? 1 : 0;
                    gap = false;
                    digits++;
                    last = j;
                } else if (" -./()".indexOf(c) >= 0 && !(gap && c != '(' && c != ')' && c != ' ')) {
                    gap = digits > 0;
                } else if (c != '+' || j > i) {
                    break;
                }
            }
            boolean ended = last + 1 >= text.length() || !Character.isLetterOrDigit(text.charAt(last + 1));
            char first = text.charAt(i);
            boolean marked = first == '+' || first == '0' || first == '(';
            if (ended
                    && digits >= MIN_PHONE_DIGITS
                    && digits <= MAX_PHONE_DIGITS
                    && (marked || groups >= 3 && digits == 10)) {
                found.add(new Span(i, last + 1));
            }
            i = Math.max(j, i + 1);
        }
    }

    private static boolean isPhoneStart(String text, int i) {
        char c = text.charAt(i);
        boolean free =
                i == 0 || !Character.isLetterOrDigit(text.charAt(i - 1)) && ".,-/".indexOf(text.charAt(i - 1)) < 0;
        return free && (c == '+' || c == '(' || c >= '0' && c <= '9');
    }
}
