package dev.leat.text.classify;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.SentenceSentiments;
import java.util.ArrayList;
import java.util.List;

/**
 * Logits of sentences to their sentiments, each told as that of a whole text is.
 *
 * @param each tells one
 */
public record ToSentenceSentiments(ToSentiment each) implements BatchStep<SentenceLogits, SentenceSentiments> {

    /** What a kept sentence weighs besides its chars: two records, a string, their references. */
    private static final long SENTENCE_BYTES = 128;

    @Override
    public StepFacts facts() {
        return StepFacts.light("sentence-sentiments").asResult();
    }

    @Override
    public long weightBytes(SentenceSentiments value) {
        return SENTENCE_BYTES
                + value.sentences().stream()
                        .mapToLong(scored -> SENTENCE_BYTES
                                + (long) Character.BYTES
                                        * scored.sentence().text().length())
                        .sum();
    }

    @Override
    public List<SentenceSentiments> run(List<SentenceLogits> items, RunScope scope) {
        return items.stream().map(this::sentiments).toList();
    }

    private SentenceSentiments sentiments(SentenceLogits text) {
        List<SentenceSentiments.Scored> scored = new ArrayList<>();
        for (int i = 0; i < text.sentences().size(); i++) {
            scored.add(new SentenceSentiments.Scored(
                    text.sentences().get(i), each.sentiment(text.logits().get(i))));
        }
        return new SentenceSentiments(scored);
    }
}
