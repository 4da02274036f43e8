package hello;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.guard.TextGuard;
import dev.leat.text.Embedding;
import dev.leat.text.RuleBasedSentiment;
import dev.leat.text.Sentiment;
import dev.leat.text.Summary;
import dev.leat.text.TextModels;

public class Hello {
    public static void main(String[] args) {
        try (TextModels text = TextModels.load()) { // the models are a Maven dependency: nothing is downloaded
            Stage<String, Sentiment> sentiment = text.sentiment().orElse(RuleBasedSentiment.stage());
            Stage<String, Embedding> embedding = text.embedding();
            Stage<String, Summary> summary = text.summary().when("long", t -> t.length() > 500);

            try (Pipeline<String> analysis = Pipeline.<String>builder("text-analysis")
                    .guard(TextGuard.standard())
                    .stages(sentiment, embedding, summary)
                    .build()) {

                Results results = analysis.run("The flat is bright, quiet and close to the park.");
                System.out.println(results.get(sentiment)); // Sentiment[label=POSITIVE, score=0.786..]
                System.out.println(results.get(embedding).dimension()); // 384, from the same run of the encoder
                System.out.println(results.find(summary)); // Optional.empty: the text is short
            }
        }
    }
}
