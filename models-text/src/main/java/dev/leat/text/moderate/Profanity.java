package dev.leat.text.moderate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Finds swear words as whole words, also where they are disguised: digits and signs for letters ({@code sh1t}), stars
 * ({@code f**k}), accents, letters repeated or spaced out. One pass over the text; the words lie in a resource.
 *
 * <p>Whole words only, so that places and names that contain one (Scunthorpe, Essex, cocktail) are not found.
 */
final class Profanity {

    private static final String RESOURCE = "profanity.txt";
    private static final int MAX_WORD_CHARS = 40;

    private Profanity() {}

    private static final class Words {
        static final Set<String> ALL = load();

        private static Set<String> load() {
            try (InputStream in = Profanity.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException("The jar lacks " + RESOURCE);
                }
                Set<String> words = new HashSet<>();
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .forEach(words::add);
                return Set.copyOf(words);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static boolean isIn(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        StringBuilder word = new StringBuilder();
        StringBuilder spaced = new StringBuilder(); // single letters with gaps between them: "f u c k"
        for (int i = 0; i <= plain.length(); i++) {
            char c = i < plain.length() ? plain.charAt(i) : ' ';
            if (isIgnored(c)) {
                continue;
            }
            if (isPart(c)) {
                if (word.length() < MAX_WORD_CHARS) {
                    word.append(c);
                }
                continue;
            }
            if (word.length() == 1) {
                spaced.append(word);
            } else if (word.length() > 1) {
                if (matches(spaced) || matches(word)) {
                    return true;
                }
                spaced.setLength(0);
            }
            if (spaced.length() > MAX_WORD_CHARS) {
                spaced.setLength(0);
            }
            word.setLength(0);
        }
        return matches(spaced);
    }

    /** Combining marks and invisible characters, which only disguise. */
    private static boolean isIgnored(char c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.FORMAT;
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '*' || c == '@' || c == '$' || c == '!';
    }

    private static boolean matches(StringBuilder chars) {
        if (chars.length() < 3) {
            return false;
        }
        String word = trimmed(chars);
        return word.length() >= 3 && (known(word) || known(withoutRepeats(word)));
    }

    /** A closing exclamation mark is one, not an i. */
    private static String trimmed(StringBuilder chars) {
        int end = chars.length();
        while (end > 0 && chars.charAt(end - 1) == '!') {
            end--;
        }
        return chars.substring(0, end);
    }

    private static boolean known(String word) {
        StringBuilder letters = new StringBuilder();
        boolean starred = false;
        for (int i = 0; i < word.length(); i++) {
            char letter = letter(word.charAt(i));
            starred |= letter == '*';
            letters.append(letter);
        }
        if (!starred) {
            return Words.ALL.contains(letters.toString());
        }
        // Stars hide letters inside a word, never the first: "f**k", but not "**" or "*text*".
        if (letters.charAt(0) == '*' || letters.charAt(letters.length() - 1) == '*') {
            return false;
        }
        return Words.ALL.stream().anyMatch(known -> fits(letters, known));
    }

    private static boolean fits(StringBuilder starred, String known) {
        if (starred.length() != known.length()) {
            return false;
        }
        for (int i = 0; i < known.length(); i++) {
            if (starred.charAt(i) != '*' && starred.charAt(i) != known.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static char letter(char c) {
        return switch (c) {
            case '0' -> 'o';
            case '1', '!' -> 'i';
            case '3' -> 'e';
            case '4', '@' -> 'a';
            case '5', '$' -> 's';
            case '7' -> 't';
            default -> c;
        };
    }

    /** "shiiit" to "shit"; words with doubled letters are tried as they stand first. */
    private static String withoutRepeats(String word) {
        StringBuilder once = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            if (i == 0 || word.charAt(i) != word.charAt(i - 1)) {
                once.append(word.charAt(i));
            }
        }
        return once.toString();
    }
}
