package dev.leat.examples.spring;

import dev.leat.Stage;
import dev.leat.text.RuleBasedSentiment;
import dev.leat.text.Sentiment;
import dev.leat.text.TextModels;
import dev.leat.text.TextModeration;

/**
 * What is asked about a text: the keys of the pipeline's results.
 *
 * @param sentiment by the model, or by rules
 * @param moderation fails closed
 */
public record TextStages(Stage<String, Sentiment> sentiment, Stage<String, TextModeration> moderation) {

    static TextStages of(TextModels models) {
        return new TextStages(models.sentiment().orElse(RuleBasedSentiment.stage()), models.moderation());
    }
}
