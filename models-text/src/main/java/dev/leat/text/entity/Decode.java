package dev.leat.text.entity;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.AggregationStrategy;
import dev.leat.text.Entities;
import dev.leat.text.Entity;
import dev.leat.text.EntityType;
import dev.leat.text.encode.TextTokenizer.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Logits to names.
 *
 * <p>Pieces, scores and groups are those of Hugging Face's {@code TokenClassificationPipeline}; words are decoded together
 * by the Viterbi algorithm, which {@link AggregationStrategy} explains.
 *
 * @param labels in the order of the logits, {@code O} first
 * @param transitions as {@link EntityHead} has them
 * @param temperature what logits are divided by
 * @param strategy how pieces become names
 * @param threshold names of less confidence are left out
 * @param types which names are wanted
 */
public record Decode(
        List<String> labels,
        List<List<Double>> transitions,
        double temperature,
        AggregationStrategy strategy,
        double threshold,
        Set<EntityType> types)
        implements BatchStep<TaggedText, Entities> {

    private static final int ENTITY_BYTES = 96;

    /** Copies the lists. */
    public Decode {
        labels = List.copyOf(labels);
        transitions = transitions.stream().map(List::copyOf).toList();
        types = Set.copyOf(types);
    }

    @Override
    public StepFacts facts() {
        return StepFacts.light("names").asResult();
    }

    @Override
    public long weightBytes(Entities value) {
        return weight(value);
    }

    static long weight(Entities value) {
        return 64
                + value.entities().stream()
                        .mapToLong(e -> ENTITY_BYTES + 2L * e.text().length())
                        .sum();
    }

    @Override
    public List<Entities> run(List<TaggedText> items, RunScope scope) {
        return items.stream().map(this::decode).toList();
    }

    private Entities decode(TaggedText tagged) {
        double[][] tokens = probabilities(tagged.logits());
        boolean pieces = strategy == AggregationStrategy.NONE || strategy == AggregationStrategy.SIMPLE;
        int[] first = pieces ? identity(tokens.length) : firstTokens(tagged.forms(), tokens.length);
        double[][] units = pieces ? tokens : words(tokens, first);
        int[] path = pieces ? best(units) : viterbi(units);
        List<Entity> found = new ArrayList<>();
        for (int i = 0; i < path.length; ) {
            int to = i + 1;
            while (strategy != AggregationStrategy.NONE && to < path.length && continues(path[to - 1], path[to])) {
                to++;
            }
            if (path[i] != 0) {
                add(found, tagged, units, path, first, i, to);
            }
            i = to;
        }
        return new Entities(found);
    }

    private boolean continues(int before, int label) {
        return !labels.get(label).startsWith("B") && type(before).equals(type(label));
    }

    private String type(int label) {
        String name = labels.get(label);
        return name.length() > 2 ? name.substring(2) : name;
    }

    private void add(
            List<Entity> found, TaggedText tagged, double[][] units, int[] path, int[] first, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += units[i][path[i]];
        }
        double confidence = Math.min(1, sum / (to - from));
        Tokens tokens = tagged.text().content();
        int lastToken = (to < first.length ? first[to] : tokens.size()) - 1;
        int start = tokens.starts()[first[from]];
        int end = tokens.ends()[lastToken];
        EntityType type = switch (type(path[from])) {
            case "PER" -> EntityType.PERSON;
            case "LOC" -> EntityType.LOCATION;
            default -> EntityType.ORGANIZATION;
        };
        if (confidence >= threshold && end > start && types.contains(type)) {
            String name = tagged.text().text().substring(start, end);
            if (name.codePoints().anyMatch(Character::isLetter)) { // signs and numbers alone are no name
                found.add(new Entity(name, type, confidence, start, end));
            }
        }
    }

    private static int[] identity(int size) {
        int[] all = new int[size];
        Arrays.setAll(all, i -> i);
        return all;
    }

    private static int[] firstTokens(WordForms forms, int tokens) {
        int[] first = new int[forms.words()];
        for (int t = tokens - 1; t >= 0; t--) {
            first[forms.wordOf(t)] = t;
        }
        return first;
    }

    private double[][] words(double[][] tokens, int[] first) {
        double[][] words = new double[first.length][];
        for (int w = 0; w < words.length; w++) {
            int to = w + 1 < first.length ? first[w + 1] : tokens.length;
            words[w] = switch (strategy) {
                case AVERAGE -> mean(tokens, first[w], to);
                case MAX -> surest(tokens, first[w], to);
                default -> tokens[first[w]];
            };
        }
        return words;
    }

    private static double[] mean(double[][] rows, int from, int to) {
        double[] mean = new double[rows[from].length];
        for (int t = from; t < to; t++) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += rows[t][k] / (to - from);
            }
        }
        return mean;
    }

    private static double[] surest(double[][] rows, int from, int to) {
        double[] surest = rows[from];
        for (int t = from + 1; t < to; t++) {
            surest = max(rows[t]) > max(surest) ? rows[t] : surest;
        }
        return surest;
    }

    private static double max(double[] row) {
        return Arrays.stream(row).max().orElse(0);
    }

    private double[][] probabilities(float[] logits) {
        int width = labels.size();
        double[][] rows = new double[logits.length / width][width];
        for (int t = 0; t < rows.length; t++) {
            double[] row = rows[t];
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < width; k++) {
                row[k] = logits[t * width + k] / temperature;
                max = Math.max(max, row[k]);
            }
            double sum = 0;
            for (int k = 0; k < width; k++) {
                row[k] = Math.exp(row[k] - max);
                sum += row[k];
            }
            for (int k = 0; k < width; k++) {
                row[k] /= sum;
            }
        }
        return rows;
    }

    private static int[] best(double[][] rows) {
        int[] best = new int[rows.length];
        for (int t = 0; t < best.length; t++) {
            for (int k = 1; k < rows[t].length; k++) {
                best[t] = rows[t][k] > rows[t][best[t]] ? k : best[t];
            }
        }
        return best;
    }

    /** The likeliest labels of all words together (Viterbi, 1967); a text does not begin inside a name. */
    private int[] viterbi(double[][] words) {
        if (words.length == 0) {
            return new int[0];
        }
        int width = labels.size();
        int[][] back = new int[words.length][width];
        double[] score = new double[width];
        for (int k = 0; k < width; k++) {
            score[k] = labels.get(k).startsWith("I") ? Double.NEGATIVE_INFINITY : log(words[0][k]);
        }
        for (int w = 1; w < words.length; w++) {
            double[] next = new double[width];
            for (int k = 0; k < width; k++) {
                int from = 0;
                double reached = Double.NEGATIVE_INFINITY;
                for (int j = 0; j < width; j++) {
                    double candidate = score[j] + transitions.get(j).get(k);
                    if (candidate > reached) {
                        reached = candidate;
                        from = j;
                    }
                }
                back[w][k] = from;
                next[k] = reached + log(words[w][k]);
            }
            score = next;
        }
        int[] path = new int[words.length];
        for (int k = 1; k < width; k++) {
            path[words.length - 1] = score[k] > score[path[words.length - 1]] ? k : path[words.length - 1];
        }
        for (int w = words.length - 1; w > 0; w--) {
            path[w - 1] = back[w][path[w]];
        }
        return path;
    }

    /** Never minus infinity, so that some path is always possible. */
    private static double log(double probability) {
        return Math.log(Math.max(probability, Double.MIN_NORMAL));
    }
}
