package dev.leat.examples.cli;

import com.google.gson.stream.JsonWriter;
import dev.leat.Stage;
import dev.leat.guard.Offsets;
import dev.leat.guard.TextGuard;
import dev.leat.text.Embedding;
import dev.leat.text.Entities;
import dev.leat.text.Entity;
import dev.leat.text.LabelScore;
import dev.leat.text.Precision;
import dev.leat.text.RuleBasedSentiment;
import dev.leat.text.Sentiment;
import dev.leat.text.Summary;
import dev.leat.text.TextModels;
import dev.leat.text.TextModeration;
import dev.leat.text.Tier;
import dev.leat.text.Topics;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code leat text}. */
@Command(name = "text", description = "Analyses the lines of a file.")
final class TextCommand implements Callable<Integer> {

    private static final List<String> STAGES =
            List.of("sentiment", "embedding", "moderation", "classification", "entities", "summary");

    /** One function for all stages, so that they share what they do with the text it returns. */
    private static final Function<Item<String>, String> TEXT = Item::value;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Leat leat;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--stages",
            required = true,
            split = ",",
            paramLabel = "STAGE",
            description = "sentiment, embedding, moderation, classification (with --labels), entities, summary.")
    private List<String> stages = new ArrayList<>();

    @Option(names = "--labels", split = ",", paramLabel = "LABEL", description = "The topics of classification.")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--precision", description = "The encoder: int8 (default) or exact.")
    private Precision precision = Precision.INT8;

    @Option(names = "--tier", description = "The model of sentiment and entities: fast (default) or accurate.")
    private Tier tier = Tier.FAST;

    @Option(
            names = "--max-chars",
            paramLabel = "N",
            description = "Refuse longer texts; default " + TextGuard.DEFAULT_MAX_CHARS + ".")
    private int maxChars = TextGuard.DEFAULT_MAX_CHARS;

    @Parameters(
            paramLabel = "FILE",
            description = "A text in each line, plain or as {\"id\": .., \"text\": ..}; - is standard input.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Override
    public Integer call() throws IOException {
        Set<String> chosen = Chosen.stages(spec.commandLine(), stages, STAGES);
        List<String> topics = labels.stream().map(String::strip).toList();
        requireUsage(chosen, topics);
        boolean standardInput = file.toString().equals("-");
        try (InputStream in = standardInput ? System.in : open();
                Lines lines = new Lines(in);
                TextModels models = TextModels.builder().precision(precision).build();
                Progress progress =
                        leat.progress() && !standardInput ? Progress.bar("text", countLines()) : Progress.NONE) {
            List<Answer<String, ?>> answers = new ArrayList<>();
            for (String name : chosen) {
                answers.add(answer(name, models, topics, tier));
            }
            TextGuard guard = TextGuard.builder().maxChars(maxChars).build();
            return Job.run("leat-text", guard, answers, lines, leat.out(), progress);
        }
    }

    private void requireUsage(Set<String> chosen, List<String> topics) {
        boolean classification = chosen.contains("classification");
        if (tier == Tier.ACCURATE && !chosen.contains("sentiment") && !chosen.contains("entities")) {
            throw wrong("--tier accurate is for the stages sentiment and entities, which are not among --stages");
        } else if (classification && topics.isEmpty()) {
            throw wrong("classification needs --labels, such as --labels sports,politics,science");
        } else if (!classification && !topics.isEmpty()) {
            throw wrong("--labels is for the stage classification, which is not among --stages");
        } else if (topics.stream().anyMatch(String::isEmpty) || new LinkedHashSet<>(topics).size() < topics.size()) {
            throw wrong("--labels must be different and not blank");
        } else if (maxChars < 1) {
            throw wrong("--max-chars must be at least 1, was " + maxChars);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private InputStream open() {
        try {
            if (Files.isDirectory(file)) {
                throw wrong(file + " is a directory; give a file with a text in each line");
            }
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "cannot read " + file + " (" + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    /** A quick look through the file, only to say how much is left. */
    private long countLines() throws IOException {
        long lines = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            int last = '\n';
            for (int c = in.read(); c >= 0; c = in.read()) {
                lines += c == '\n' ? 1 : 0;
                last = c;
            }
            return last == '\n' ? lines : lines + 1;
        }
    }

    private static Answer<String, ?> answer(String name, TextModels models, List<String> topics, Tier tier) {
        return switch (name) {
            case "sentiment" ->
                answer(
                        name,
                        models.sentiment(options -> options.tier(tier)).orElse(RuleBasedSentiment.stage()),
                        TextCommand::sentiment);
            case "embedding" -> answer(name, models.embedding(), TextCommand::embedding);
            case "moderation" -> answer(name, models.moderation(), TextCommand::moderation);
            case "classification" ->
                answer(
                        name,
                        models.topics(topics.toArray(String[]::new)),
                        (json, value) -> classification(json, value, topics));
            case "entities" ->
                new Answer<>(
                        name,
                        models.entities(options -> options.tier(tier)).on(TEXT).named(name),
                        TextCommand::entities);
            case "summary" -> answer(name, models.summary(), TextCommand::summary);
            default -> throw new AssertionError(name);
        };
    }

    private static <O> Answer<String, O> answer(String name, Stage<String, O> stage, Answer.Format<? super O> format) {
        return Answer.of(name, stage.on(TEXT).named(name), format);
    }

    private static void sentiment(JsonWriter json, Sentiment value) throws IOException {
        json.name("label").value(value.label().name()).name("score").value(value.score());
    }

    private static void embedding(JsonWriter json, Embedding value) throws IOException {
        json.name("vector").beginArray();
        for (float coordinate : value.toArray()) {
            json.value(coordinate);
        }
        json.endArray();
    }

    private static void moderation(JsonWriter json, TextModeration value) throws IOException {
        json.name("flagged").value(value.flagged()).name("categories").beginArray();
        for (LabelScore category : value.categories()) {
            json.beginObject().name("label").value(category.label());
            json.name("score").value(category.score()).endObject();
        }
        json.endArray().name("findings").beginArray();
        for (TextModeration.Finding finding : value.findings()) {
            json.beginObject().name("label").value(finding.category());
            json.name("start").value(finding.start()).name("end").value(finding.end());
            json.endObject();
        }
        json.endArray();
    }

    private static void classification(JsonWriter json, Topics value, List<String> topics) throws IOException {
        json.name("labels").beginArray();
        for (LabelScore label : value.labels()) {
            json.beginObject().name("index").value(topics.indexOf(label.label()));
            json.name("label").value(label.label());
            json.name("score").value(label.score()).endObject();
        }
        json.endArray();
    }

    private static void entities(JsonWriter json, Entities value, Offsets offsets) throws IOException {
        json.name("entities").beginArray();
        for (Entity entity : value.in(offsets).entities()) {
            json.beginObject().name("text").value(entity.text());
            json.name("type").value(entity.type().name());
            json.name("confidence").value(entity.confidence());
            json.name("start").value(entity.start());
            json.name("end").value(entity.end()).endObject();
        }
        json.endArray();
    }

    private static void summary(JsonWriter json, Summary value) throws IOException {
        json.name("text").value(value.text()).name("sentences").beginArray();
        for (String sentence : value.sentences()) {
            json.value(sentence);
        }
        json.endArray();
    }
}
