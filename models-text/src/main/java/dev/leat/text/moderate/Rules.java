package dev.leat.text.moderate;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.LabelScore;
import java.util.List;

/** A text to what rules find in it: a score of 0 or 1 for {@code profanity}, {@code contact} and {@code secret}. */
public record Rules() implements BatchStep<String, List<LabelScore>> {

    @Override
    public StepFacts facts() {
        return StepFacts.rule("moderation-rules").asResult();
    }

    @Override
    public List<List<LabelScore>> run(List<String> items, RunScope scope) {
        return items.stream().map(Rules::examine).toList();
    }

    private static List<LabelScore> examine(String text) {
        return List.of(
                new LabelScore("profanity", Profanity.isIn(text) ? 1 : 0),
                new LabelScore("contact", Contact.isIn(text) ? 1 : 0),
                new LabelScore("secret", Secret.isIn(text) ? 1 : 0));
    }
}
