package dev.leat.text.entity;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.List;

/** A text as it is, for what needs it beside what was found in it. */
public record WholeText() implements BatchStep<String, String> {

    @Override
    public StepFacts facts() {
        return StepFacts.rule("text");
    }

    @Override
    public List<String> run(List<String> items, RunScope scope) {
        return List.copyOf(items);
    }
}
