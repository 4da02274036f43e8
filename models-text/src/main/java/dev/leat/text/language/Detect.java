package dev.leat.text.language;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.DetectedLanguage;
import dev.leat.text.LanguageDetection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A text to its language.
 *
 * @param supported the languages that are wanted, for the provenance; empty if any is
 */
public record Detect(Set<String> supported) implements BatchStep<String, DetectedLanguage> {

    private static final DetectorReference MODEL = new DetectorReference();

    /** Copies the set. */
    public Detect {
        supported = Set.copyOf(supported);
    }

    @Override
    public StepFacts facts() {
        return StepFacts.light("language", MODEL).asResult();
    }

    @Override
    public long weightBytes(DetectedLanguage value) {
        return 64 + 64L * value.candidates().size();
    }

    @Override
    public List<DetectedLanguage> run(List<String> items, RunScope scope) {
        Detector detector = scope.model(MODEL);
        List<DetectedLanguage> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            DetectedLanguage found = detector.detect(items.get(i));
            if (!supported.isEmpty() && !found.mayBe(supported)) {
                scope.note(i, LanguageDetection.UNSUPPORTED_LANGUAGE, 1);
            }
            all.add(found);
        }
        return all;
    }
}
