package dev.leat.benchmarks;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.text.Classification;
import dev.leat.text.Classifier;
import dev.leat.text.ClassifierBuilder;
import dev.leat.text.Embedding;
import dev.leat.text.EmbeddingIndex;
import dev.leat.text.Neighbour;
import dev.leat.text.Precision;
import dev.leat.text.RuleBasedSentiment;
import dev.leat.text.Sentence;
import dev.leat.text.Sentences;
import dev.leat.text.Sentiment;
import dev.leat.text.Summary;
import dev.leat.text.TextModels;
import dev.leat.text.TextModeration;
import dev.leat.text.Tier;
import dev.leat.text.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How good the text stages are, each figure by one command; for people to read.
 *
 * <p>{@code topics AGNEWS}, {@code neighbours AGNEWS} and {@code summary AGNEWS} take the file {@code test.csv} of AG News
 * (label, title, text; its first half gives the examples, its second half is measured);
 * {@code fidelity GOLDEN} takes {@code parity.golden.json} of leat-models-text's tests; {@code moderation CASES}
 * takes their {@code functional/moderation.json}; {@code sentiment FILE} takes a file with a text a line, behind its label 1
 * or 0 and a tab or space ({@code test.tsv} of SST-2, {@code custrev.all}).
 */
public final class TextQuality {

    private static final PrintStream OUT = System.out;
    private static final List<String> NAMES = List.of("World", "Sports", "Business", "Sci/Tech");

    /** Written once, and never tuned on the second half. */
    private static final List<String> DESCRIPTIONS = List.of(
            "World news: international politics, governments, wars and diplomacy",
            "Sports news: games, matches, players, teams and championships",
            "Business news: companies, markets, stocks, earnings and the economy",
            "Science and technology news: software, computers, the internet and space");

    private TextQuality() {}

    /** A story. */
    private record Story(String label, String title, String text) {
        String all() {
            return title + " " + text;
        }
    }

    /**
     * Measures.
     *
     * @param arguments what, and the file that it is measured on
     * @throws IOException if the file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("give: topics|neighbours|summary|fidelity|moderation|sentiment FILE");
        }
        Path file = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "topics" -> topics(stories(file));
            case "neighbours" -> neighbours(stories(file));
            case "summary" -> summary(stories(file));
            case "fidelity" -> fidelity(file);
            case "moderation" -> moderation(cases(file));
            case "sentiment" -> sentiment(file);
            default -> throw new IllegalArgumentException("no such measurement: " + arguments[0]);
        }
    }

    private static List<Story> stories(Path file) throws IOException {
        List<Story> stories = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] cells = line.substring(1, line.length() - 1).split("\",\"", -1);
            String text = cells[2].replace("\"\"", "\"").replace('\\', ' ');
            stories.add(new Story(NAMES.get(Integer.parseInt(cells[0]) - 1), cells[1].replace("\"\"", "\""), text));
        }
        return stories;
    }

    // --- topics ---

    private static void topics(List<Story> stories) {
        List<Story> first = new ArrayList<>(stories.subList(0, stories.size() / 2));
        List<Story> second = stories.subList(stories.size() / 2, stories.size());
        Collections.shuffle(first, new Random(1));
        List<String> unlabelled = first.subList(0, 256).stream().map(Story::all).toList();
        List<Story> pool = first.subList(256, 1024);
        try (TextModels models = TextModels.load()) {
            List<Embedding> texts = embed(
                    models.classificationEmbedding(),
                    second.stream().map(Story::all).toList());
            score("label names", texts, second, List.of(named(models).build()));
            score(
                    "one description a label",
                    texts,
                    second,
                    List.of(described(models).build()));
            score(
                    "label names, 256 unlabelled texts",
                    texts,
                    second,
                    List.of(named(models).unlabelled(unlabelled).build()));
            score(
                    "one description a label, 256 unlabelled texts",
                    texts,
                    second,
                    List.of(described(models).unlabelled(unlabelled).build()));
            for (int count : new int[] {8, 32}) {
                List<Classifier> alone = new ArrayList<>();
                List<Classifier> both = new ArrayList<>();
                List<Classifier> all = new ArrayList<>();
                for (int draw = 0; draw < 5; draw++) {
                    Map<String, List<String>> examples = examples(pool, count, draw);
                    alone.add(models.classifier().fromExamples(examples).build());
                    both.add(described(models).fromExamples(examples).build());
                    all.add(described(models)
                            .fromExamples(examples)
                            .unlabelled(unlabelled)
                            .build());
                }
                score(count + " examples a label", texts, second, alone);
                score(count + " examples and a description", texts, second, both);
                score(count + " examples, a description, 256 unlabelled texts", texts, second, all);
            }
        }
    }

    private static ClassifierBuilder named(TextModels models) {
        ClassifierBuilder builder = models.classifier();
        NAMES.forEach(name -> builder.topic(Topic.named(name)));
        return builder;
    }

    private static ClassifierBuilder described(TextModels models) {
        ClassifierBuilder builder = models.classifier();
        for (int i = 0; i < NAMES.size(); i++) {
            builder.topic(Topic.of(NAMES.get(i), DESCRIPTIONS.get(i)));
        }
        return builder;
    }

    private static Map<String, List<String>> examples(List<Story> pool, int count, long draw) {
        List<Story> shuffled = new ArrayList<>(pool);
        Collections.shuffle(shuffled, new Random(draw));
        Map<String, List<String>> examples = new LinkedHashMap<>();
        for (Story story : shuffled) {
            List<String> texts = examples.computeIfAbsent(story.label(), label -> new ArrayList<>());
            if (texts.size() < count) {
                texts.add(story.all());
            }
        }
        return examples;
    }

    private static void score(String what, List<Embedding> texts, List<Story> stories, List<Classifier> classifiers) {
        double sum = 0;
        double square = 0;
        double gap = 0;
        for (Classifier classifier : classifiers) {
            int right = 0;
            double confidence = 0;
            for (int i = 0; i < texts.size(); i++) {
                Classification found = classifier.classify(texts.get(i));
                right += found.has(stories.get(i).label()) ? 1 : 0;
                confidence += found.scores().get(0).score();
            }
            double accuracy = 100.0 * right / texts.size();
            sum += accuracy;
            square += accuracy * accuracy;
            gap += 100 * confidence / texts.size() - accuracy;
        }
        int n = classifiers.size();
        OUT.printf(
                "%-55s %6.2f %%  deviation %.2f over %d draws; mean score is %+.1f points off%n",
                what, sum / n, Math.sqrt(Math.max(0, square / n - sum / n * (sum / n))), n, gap / n);
    }

    private static List<Embedding> embed(Stage<String, Embedding> stage, List<String> texts) {
        try (Pipeline<String> pipeline =
                        Pipeline.<String>builder("quality").stages(stage).build();
                Stream<Results> results = pipeline.runAll(texts)) {
            return results.map(each -> each.get(stage)).toList();
        }
    }

    // --- neighbours ---

    private static void neighbours(List<Story> stories) {
        List<Story> first = new ArrayList<>(stories.subList(0, stories.size() / 2));
        List<Story> second = new ArrayList<>(stories.subList(stories.size() / 2, stories.size()));
        Collections.shuffle(first, new Random(1));
        Collections.shuffle(second, new Random(2));
        List<Story> known = first.subList(0, 1000);
        List<Story> asked = second.subList(0, 1000);
        List<List<List<Neighbour>>> found = new ArrayList<>();
        for (Precision precision : List.of(Precision.EXACT, Precision.INT8)) {
            try (TextModels models = TextModels.builder().precision(precision).build()) {
                EmbeddingIndex index = EmbeddingIndex.of(
                        embed(models.embedding(), known.stream().map(Story::all).toList()));
                List<List<Neighbour>> nearest =
                        embed(models.embedding(), asked.stream().map(Story::all).toList()).stream()
                                .map(query -> index.nearest(query, 10))
                                .toList();
                int right = 0;
                for (int i = 0; i < asked.size(); i++) {
                    right += vote(nearest.get(i), known).equals(asked.get(i).label()) ? 1 : 0;
                }
                OUT.printf("%s: topic by vote of the 10 nearest %.1f %%%n", precision, 100.0 * right / asked.size());
                found.add(nearest);
            }
        }
        int same = 0;
        int first1 = 0;
        for (int i = 0; i < asked.size(); i++) {
            Set<Integer> exact = new HashSet<>();
            found.get(0).get(i).forEach(n -> exact.add(n.index()));
            same += (int) found.get(1).get(i).stream()
                    .filter(n -> exact.contains(n.index()))
                    .count();
            first1 += found.get(0).get(i).get(0).index()
                            == found.get(1).get(i).get(0).index()
                    ? 1
                    : 0;
        }
        OUT.printf(
                "INT8 finds %.1f %% of EXACT's 10 nearest, and the same nearest for %.1f %% of %d texts%n",
                10.0 * same / asked.size(), 100.0 * first1 / asked.size(), asked.size());
    }

    private static String vote(List<Neighbour> nearest, List<Story> known) {
        Map<String, Double> votes = new HashMap<>();
        nearest.forEach(n -> votes.merge(known.get(n.index()).label(), n.cosine(), Double::sum));
        return Collections.max(votes.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    // --- summary ---

    private static void summary(List<Story> stories) {
        List<Story> second = stories.subList(stories.size() / 2, stories.size());
        try (TextModels models = TextModels.load()) {
            for (int count : new int[] {5, 10}) {
                Stage<String, Summary> stage = models.summary(s -> s.maxSentences(count));
                try (Pipeline<String> pipeline =
                        Pipeline.<String>builder("summary").stages(stage).build()) {
                    coverage(pipeline, stage, second, count);
                }
            }
        }
    }

    private static void coverage(
            Pipeline<String> pipeline, Stage<String, Summary> stage, List<Story> stories, int count) {
        int texts = 60;
        Random random = new Random(count);
        double covered = 0;
        double lead = 0;
        for (int i = 0; i < texts; i++) {
            Map<String, Integer> storyOf = new LinkedHashMap<>();
            for (int s = 0; s < count; s++) {
                Story story = stories.get(random.nextInt(stories.size()));
                int number = s;
                Stream.concat(
                                Stream.of(ended(story.title())),
                                Sentences.of(story.text()).stream().map(Sentence::text))
                        .filter(sentence -> sentence.length() > 20)
                        .filter(sentence -> Sentences.of(sentence).size() == 1)
                        .forEach(sentence -> storyOf.put(sentence, number));
            }
            List<String> sentences = new ArrayList<>(storyOf.keySet());
            Collections.shuffle(sentences, random);
            List<String> chosen =
                    pipeline.run(String.join("\n\n", sentences)).get(stage).sentences();
            covered += stories(chosen, storyOf);
            lead += stories(sentences.subList(0, Math.min(count, sentences.size())), storyOf);
        }
        OUT.printf(
                "%d stories, %d sentences chosen: %.3f of the stories covered, by the first %d sentences %.3f, ratio %.3f"
                        + " (%d texts; 1 / lead = %.3f is the most there is)%n",
                count,
                count,
                covered / texts / count,
                count,
                lead / texts / count,
                covered / lead,
                texts,
                texts * count / lead);
    }

    private static String ended(String title) {
        return title.endsWith(".") || title.endsWith("?") || title.endsWith("!") ? title : title + ".";
    }

    private static long stories(List<String> sentences, Map<String, Integer> storyOf) {
        return sentences.stream().map(storyOf::get).distinct().count();
    }

    // --- fidelity ---

    private static void fidelity(Path file) throws IOException {
        List<JsonObject> cases = cases(file);
        for (Precision precision : Precision.values()) {
            try (TextModels models = TextModels.builder().precision(precision).build()) {
                fidelity(precision, models.embedding(), cases);
            }
        }
    }

    static List<JsonObject> cases(Path file) throws IOException {
        List<JsonObject> cases = new ArrayList<>();
        for (JsonElement each : JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8))
                .getAsJsonObject()
                .getAsJsonArray("cases")) {
            cases.add(each.getAsJsonObject());
        }
        return cases;
    }

    private static void fidelity(Precision precision, Stage<String, Embedding> stage, List<JsonObject> cases) {
        List<String> texts = cases.stream()
                .map(c -> c.get("text")
                        .getAsString()
                        .repeat(c.has("times") ? c.get("times").getAsInt() : 1))
                .toList();
        List<Embedding> seen = embed(stage, texts);
        List<Integer> order = new ArrayList<>();
        double[] cosines = new double[cases.size()];
        double sum = 0;
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] =
                    cosine(seen.get(i).toArray(), cases.get(i).get("vector").getAsString());
            sum += cosines[i];
            order.add(i);
        }
        double[] ordinary = IntStream.range(0, cosines.length)
                .filter(i -> isOrdinary(texts.get(i)))
                .mapToDouble(i -> cosines[i])
                .toArray();
        order.sort(Comparator.comparingDouble(i -> cosines[i]));
        OUT.printf(
                "%s: %d texts, mean cosine to fp32 %.6f; %d ordinary English ones: mean %.6f, worst %.6f%n",
                precision,
                cosines.length,
                sum / cosines.length,
                ordinary.length,
                Arrays.stream(ordinary).average().orElse(Double.NaN),
                Arrays.stream(ordinary).min().orElse(Double.NaN));
        for (int i : order.subList(0, 8)) {
            String text = texts.get(i);
            String begin = text.substring(0, Math.min(40, text.length()));
            OUT.printf(
                    "  %.6f, %d tokens: %s%n",
                    cosines[i], cases.get(i).get("tokens").getAsInt(), escaped(begin));
        }
    }

    /** Not so are other scripts, symbols, one or two words, and special tokens written out. */
    private static boolean isOrdinary(String text) {
        long ascii = text.codePoints().filter(c -> c < 128).count();
        return !text.contains("[PAD]")
                && Stream.of(text.split("\\s+")).distinct().count() >= 3
                && 10 * ascii >= 9L * text.codePointCount(0, text.length());
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars()
                .forEach(c ->
                        escaped.append(c >= 32 && c < 127 ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return escaped.toString();
    }

    /** Returns the cosine of a unit vector to one that is written as float16 values in Base64, little-endian. */
    static double cosine(float[] vector, String float16) {
        var halves = ByteBuffer.wrap(Base64.getDecoder().decode(float16))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        double product = 0;
        double square = 0;
        for (float each : vector) {
            double wanted = half(halves.get());
            product += each * wanted;
            square += wanted * wanted;
        }
        return product / Math.sqrt(square);
    }

    /** Reads a float16; the JDK does so from 20 on. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        double size = exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.pow(2, exponent - 25);
        return bits < 0 ? -size : size;
    }

    // --- moderation ---

    private static void moderation(List<JsonObject> cases) {
        Map<String, int[]> counts = new LinkedHashMap<>(); // by kind: harmless ones, of these let pass; attacks, found
        try (TextModels models = TextModels.load()) {
            Stage<String, TextModeration> stage = models.moderation();
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("moderation").stages(stage).build()) {
                for (JsonObject each : cases) {
                    boolean toxic = each.get("toxic").getAsBoolean();
                    boolean found = pipeline.run(each.get("text").getAsString()).get(stage).findings().stream()
                            .anyMatch(finding -> finding.category().equals("toxic"));
                    int[] count = counts.computeIfAbsent(each.get("kind").getAsString(), kind -> new int[4]);
                    count[toxic ? 2 : 0]++;
                    count[toxic ? 3 : 1] += found == toxic ? 1 : 0;
                }
            }
        }
        counts.forEach((kind, count) -> OUT.printf(
                "%-18s harmless texts let pass %2d of %2d, attacks found %2d of %2d, right %5.1f %%%n",
                kind, count[1], count[0], count[3], count[2], 100.0 * (count[1] + count[3]) / (count[0] + count[2])));
    }

    // --- sentiment ---

    private static void sentiment(Path file) throws IOException {
        List<String> lines = lines(file);
        try (TextModels models = TextModels.load()) {
            sentiment("FAST", models.sentiment(), lines);
            sentiment("ACCURATE", models.sentiment(s -> s.tier(Tier.ACCURATE)), lines);
        }
        sentiment("rules", RuleBasedSentiment.stage(), lines);
    }

    /** Reads UTF-8, or Latin-1 if it is none, as some old sets are. */
    private static List<String> lines(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        }
        return lines.stream().filter(line -> line.length() > 2).toList();
    }

    private static void sentiment(String who, Stage<String, Sentiment> stage, List<String> lines) {
        int right = 0;
        int neutral = 0;
        try (Pipeline<String> pipeline =
                        Pipeline.<String>builder("sentiment").stages(stage).build();
                Stream<Results> results = pipeline.runAll(
                        lines.stream().map(line -> line.substring(2).strip()).toList())) {
            List<Sentiment> seen = results.map(each -> each.get(stage)).toList();
            for (int i = 0; i < seen.size(); i++) {
                Sentiment.Label wanted =
                        lines.get(i).charAt(0) == '1' ? Sentiment.Label.POSITIVE : Sentiment.Label.NEGATIVE;
                right += seen.get(i).label() == wanted ? 1 : 0;
                neutral += seen.get(i).label() == Sentiment.Label.NEUTRAL ? 1 : 0;
            }
        }
        int texts = lines.size();
        OUT.printf(
                "%-8s %d texts: right %.1f %%, undecided %.1f %%, right where decided %.1f %%%n",
                who, texts, 100.0 * right / texts, 100.0 * neutral / texts, 100.0 * right / (texts - neutral));
    }
}
