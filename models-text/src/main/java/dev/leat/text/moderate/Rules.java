package dev.leat.text.moderate;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.TextModeration.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A text to what rules find in it: {@code profanity}, {@code contact} and {@code secret}, and its plain spelling. */
public record Rules() implements BatchStep<String, Rules.Examined> {

    /** The categories of rules. */
    public static final List<String> CATEGORIES = List.of("profanity", "contact", "secret");

    /**
     * What rules found in a text; immutable.
     *
     * @param plain the text without its disguises
     * @param findings each with the score 1, placed in the text as given
     */
    public record Examined(Unmasked plain, List<Finding> findings) {

        /** Copies the list. */
        public Examined {
            findings = List.copyOf(findings);
        }
    }

    /** The plain spelling, as a function that equals every other one of its kind. */
    public record PlainText() implements Function<Examined, String> {
        @Override
        public String apply(Examined examined) {
            return examined.plain().text();
        }
    }

    @Override
    public StepFacts facts() {
        return StepFacts.rule("moderation-rules");
    }

    @Override
    public List<Examined> run(List<String> items, RunScope scope) {
        return items.stream().map(Rules::examine).toList();
    }

    static Examined examine(String text) {
        Folded folded = Folded.of(text);
        List<Finding> findings = new ArrayList<>();
        for (Lexicon.Match match : Lexicon.profanity().find(folded)) {
            findings.add(new Finding("profanity", 1, match.start(), match.end()));
        }
        add("contact", Contact.find(text), findings);
        add("secret", Secret.find(text), findings);
        return new Examined(Unmasked.of(text, folded), findings);
    }

    private static void add(String category, List<Span> spans, List<Finding> findings) {
        spans.forEach(span -> findings.add(new Finding(category, 1, span.start(), span.end())));
    }
}
