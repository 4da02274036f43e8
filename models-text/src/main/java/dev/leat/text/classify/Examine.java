package dev.leat.text.classify;

import dev.leat.text.LabelScore;
import dev.leat.text.TextModeration;
import dev.leat.text.TextModeration.Finding;
import dev.leat.text.moderate.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Joins what rules found with the model's scores; a text scores as its worst window does, which the others cannot hide.
 *
 * @param labels of the model
 * @param thresholds from which a category flags, by category; one that is missing never does
 */
public record Examine(List<String> labels, Map<String, Double> thresholds)
        implements BiFunction<Rules.Examined, WindowLogits, TextModeration> {

    /** Copies the components. */
    public Examine {
        labels = List.copyOf(labels);
        thresholds = Map.copyOf(thresholds);
    }

    @Override
    public TextModeration apply(Rules.Examined rules, WindowLogits logits) {
        List<Finding> findings = new ArrayList<>();
        List<LabelScore> categories = new ArrayList<>();
        for (String category : Rules.CATEGORIES) {
            List<Finding> found = rules.findings().stream()
                    .filter(finding -> finding.category().equals(category))
                    .toList();
            categories.add(new LabelScore(category, found.isEmpty() ? 0 : 1));
            if (thresholds.containsKey(category)) {
                findings.addAll(found);
            }
        }
        double[] highest = new double[labels.size()];
        for (WindowLogits.Window window : logits.windows()) {
            List<Double> scores = window.logits().sigmoid();
            for (int i = 0; i < highest.length; i++) {
                highest[i] = Math.max(highest[i], scores.get(i));
                if (scores.get(i) >= thresholds.getOrDefault(labels.get(i), Double.POSITIVE_INFINITY)) {
                    findings.add(new Finding(
                            labels.get(i),
                            scores.get(i),
                            rules.plain().start(window.start()),
                            rules.plain().end(window.end())));
                }
            }
        }
        for (int i = 0; i < highest.length; i++) {
            categories.add(new LabelScore(labels.get(i), highest[i]));
        }
        return new TextModeration(!findings.isEmpty(), categories, findings);
    }
}
