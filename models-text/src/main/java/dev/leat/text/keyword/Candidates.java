package dev.leat.text.keyword;

import dev.leat.text.Sentence;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The phrases of a text that may be keywords: neighbouring words without stop words, within a sentence. */
final class Candidates {

    private static final Pattern WORD =
            Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}'\\u2019-]*[\\p{L}\\p{M}\\p{N}])?");

    private static final Set<String> STOP_WORDS = stopWords();

    private Candidates() {}

    /**
     * A phrase.
     *
     * @param text as it stands where it comes first
     * @param sentences the sentences that it is in, one entry for each time
     */
    record Candidate(String text, List<Integer> sentences) {}

    /** Returns the phrases of up to so many words, in the order of their first place. */
    static List<Candidate> of(List<Sentence> sentences, int maxWords) {
        Map<String, Candidate> found = new LinkedHashMap<>();
        for (int s = 0; s < sentences.size(); s++) {
            for (List<int[]> run : runs(sentences.get(s).text())) {
                addPhrases(sentences.get(s).text(), run, maxWords, s, found);
            }
        }
        return List.copyOf(found.values());
    }

    private static void addPhrases(
            String text, List<int[]> words, int maxWords, int sentence, Map<String, Candidate> found) {
        for (int first = 0; first < words.size(); first++) {
            for (int last = first; last < Math.min(words.size(), first + maxWords); last++) {
                String phrase = text.substring(words.get(first)[0], words.get(last)[1]);
                found.computeIfAbsent(
                                phrase.toLowerCase(Locale.ROOT).replaceAll("\\s+", " "),
                                key -> new Candidate(phrase, new ArrayList<>()))
                        .sentences()
                        .add(sentence);
            }
        }
    }

    /** Returns the stretches of words between stop words and punctuation. */
    private static List<List<int[]>> runs(String text) {
        List<List<int[]>> runs = new ArrayList<>();
        List<int[]> run = new ArrayList<>();
        Matcher words = WORD.matcher(text);
        int end = 0;
        while (words.find()) {
            String word = words.group();
            boolean stop = isStop(word);
            if (stop || !text.substring(end, words.start()).isBlank()) {
                runs.add(run);
                run = new ArrayList<>();
            }
            if (!stop) {
                run.add(new int[] {words.start(), words.end()});
            }
            end = words.end();
        }
        runs.add(run);
        return runs;
    }

    private static boolean isStop(String word) {
        return word.codePoints().noneMatch(Character::isLetter)
                || word.codePointCount(0, word.length()) < 2
                || STOP_WORDS.contains(word.toLowerCase(Locale.ROOT).replace('\u2019', '\''));
    }

    private static Set<String> stopWords() {
        try (InputStream in = Candidates.class.getResourceAsStream("stopwords.txt")) {
            if (in == null) {
                throw new AssertionError("stopwords.txt is missing from the jar; this is a bug");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .flatMap(line -> Pattern.compile(" +").splitAsStream(line))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
