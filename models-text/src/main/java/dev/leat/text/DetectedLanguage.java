package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * The languages that a text may be in; immutable.
 *
 * @param candidates the likeliest ones, likeliest first: BCP 47 language tags such as {@code en}, {@code de}, {@code zh}
 *     (three letters where there is no tag of two), and their probabilities; none if the text has no letter
 */
public record DetectedLanguage(List<LabelScore> candidates) {

    /** The tag of a language that cannot be told. */
    public static final String UNDETERMINED = "und";

    /** OpenNLP's probabilities of a sentence differ by factors of 2 to 4, those of a single word hardly at all. */
    private static final double LEAD = 1.3;

    /** Sorts and copies the candidates. */
    public DetectedLanguage {
        candidates = LabelScore.bestFirst(candidates);
    }

    /**
     * Returns the likeliest language.
     *
     * @return its tag, {@value #UNDETERMINED} if the text has no letter
     */
    public String language() {
        return candidates.isEmpty() ? UNDETERMINED : candidates.get(0).label();
    }

    /**
     * Returns how likely that is among all languages: more than its hundredth part, but far below 1 even for a long text.
     * Whether another language is as likely says more: see {@link #mayBe}.
     *
     * @return the probability of {@link #language()}, 0 if it cannot be told
     */
    public double confidence() {
        return candidates.isEmpty() ? 0 : candidates.get(0).score();
    }

    /**
     * Returns whether the text may well be in one of some languages.
     *
     * @param languages BCP 47 language tags
     * @return false only if {@link #language()} is at least {@value #LEAD} times as likely as each of them, which takes a
     *     sentence or so; true if it cannot be told
     */
    public boolean mayBe(Set<String> languages) {
        requireNonNull(languages, "languages");
        double wanted =
                candidates.isEmpty() ? 0 : candidates.get(candidates.size() - 1).score(); // those left out
        for (LabelScore each : candidates) {
            wanted = languages.contains(each.label()) ? Math.max(wanted, each.score()) : wanted;
        }
        return confidence() < LEAD * wanted || candidates.isEmpty();
    }
}
