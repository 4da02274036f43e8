package dev.leat.text.moderate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Words that are found as whole words, also where they are disguised: digits and signs for letters ({@code sh1t}), stars
 * ({@code f**k}), accents, look-alikes, invisible characters, letters repeated or spaced out. One pass over the text.
 *
 * <p>Whole words only, so that places and names that contain one (Scunthorpe, Essex, cocktail) are not found.
 */
final class Lexicon {

    private static final int MAX_WORD_CHARS = 40;

    private final Set<String> words;

    private Lexicon(Set<String> words) {
        this.words = words;
    }

    /** A word that was found and where it stands in the text as given. */
    record Match(String word, int start, int end) {}

    /** Swear words and slurs. */
    static Lexicon profanity() {
        return Profanity.WORDS;
    }

    /** Swear words and insults: words that people disguise. */
    static Lexicon disguised() {
        return Disguised.WORDS;
    }

    private static final class Profanity {
        static final Lexicon WORDS = load("profanity.txt");
    }

    private static final class Disguised {
        static final Lexicon WORDS = load("profanity.txt", "insults.txt");
    }

    private static Lexicon load(String... resources) {
        Set<String> words = new TreeSet<>(); // in order, so that a starred word always becomes the same one
        for (String resource : resources) {
            try (InputStream in = Lexicon.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("The jar lacks " + resource);
                }
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .forEach(words::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Lexicon(words);
    }

    boolean isIn(String text) {
        return !find(Folded.of(text)).isEmpty();
    }

    List<Match> find(Folded text) {
        List<Match> found = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        StringBuilder spaced = new StringBuilder(); // single letters with gaps between them: "f u c k"
        int wordStart = 0;
        int spacedStart = 0;
        int spacedEnd = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && isPart(text.at(i))) {
                if (word.length() == 0) {
                    wordStart = i;
                }
                if (word.length() < MAX_WORD_CHARS) {
                    word.append(text.at(i));
                }
                continue;
            }
            if (word.length() == 1 && spaced.length() < MAX_WORD_CHARS) {
                spacedStart = spaced.length() == 0 ? wordStart : spacedStart;
                spacedEnd = i;
                spaced.append(word);
            } else if (word.length() > 0) {
                add(spaced, text, spacedStart, spacedEnd, found);
                add(word, text, wordStart, i, found);
                spaced.setLength(0);
            }
            word.setLength(0);
        }
        add(spaced, text, spacedStart, spacedEnd, found);
        return found;
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '*' || c == '@' || c == '$' || c == '!';
    }

    private void add(StringBuilder chars, Folded text, int from, int to, List<Match> found) {
        if (chars.length() < 3) {
            return;
        }
        int end = chars.length();
        while (end > 0 && chars.charAt(end - 1) == '!') { // a closing exclamation mark is one, not an i
            end--;
        }
        String word = chars.substring(0, end);
        if (word.length() < 3) {
            return;
        }
        String known = known(word);
        known = known.isEmpty() ? known(withoutRepeats(word)) : known;
        if (!known.isEmpty()) {
            int last = to - 1;
            while (text.at(last) == '!') {
                last--;
            }
            found.add(new Match(known, text.start(from), text.end(last)));
        }
    }

    /** The word of the list that this one stands for; empty if none. */
    private String known(String word) {
        StringBuilder letters = new StringBuilder();
        boolean starred = false;
        for (int i = 0; i < word.length(); i++) {
            char letter = letter(word.charAt(i));
            starred |= letter == '*';
            letters.append(letter);
        }
        if (!starred) {
            String plain = letters.toString();
            return words.contains(plain) ? plain : "";
        }
        // Stars hide letters inside a word, never the first: "f**k", but not "**" or "*text*".
        if (letters.charAt(0) == '*' || letters.charAt(letters.length() - 1) == '*') {
            return "";
        }
        return words.stream().filter(known -> fits(letters, known)).findFirst().orElse("");
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
