package dev.leat.examples.service;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.leat.InferenceException;
import dev.leat.Overflow;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Stage;
import dev.leat.guard.TextGuard;
import dev.leat.text.Embedding;
import dev.leat.text.Sentiment;
import dev.leat.text.Summary;
import dev.leat.text.TextModels;
import dev.leat.vision.Image;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageGuard;
import dev.leat.vision.VisionModels;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers in the shape of the edge platform's {@code /ai/run/<model>}, so that a client of it needs another base address
 * and nothing else. The models behind the names are the local ones; where that matters, {@code messages} says so.
 *
 * <p>Thread-safe. Fields are those of the platform's public schemas: text classification, text embeddings, image
 * classification, summarization.
 */
final class Platform implements AutoCloseable {

    private static final int MAX_TEXTS = 100;
    private static final int DEFAULT_MAX_LENGTH = 1024;
    private static final int MAX_LENGTH = 4096;

    /** A model's name and what it is asked for. */
    private final Map<String, Task> tasks = Map.of(
            "@cf/huggingface/distilbert-sst-2-int8", this::sentiment,
            "@cf/baai/bge-small-en-v1.5", this::embeddings,
            "@cf/microsoft/resnet-50", this::classification,
            "@cf/facebook/bart-large-cnn", this::summary);

    private final Settings settings;
    private final TextModels textModels;
    private final Stage<String, Sentiment> sentiment;
    private final Stage<String, Embedding> embedding;
    private final Stage<Image, ImageClassification> classification;
    private final Pipeline<String> texts;
    private final Pipeline<Image> pictures;

    @FunctionalInterface
    private interface Task {
        void answer(Context ctx, Envelope envelope);
    }

    Platform(TextModels textModels, VisionModels visionModels, Settings settings) {
        this.settings = settings;
        this.textModels = textModels;
        sentiment = textModels.sentiment(); // no rules behind it: a client expects the model's two labels
        embedding = textModels.embedding();
        classification = visionModels.classification();
        Overflow overflow = Overflow.waitUpTo(Analysis.PATIENCE);
        texts = Pipeline.<String>builder("platform-texts")
                .guard(guard())
                .maxRuns(settings.maxRuns(), overflow)
                .stages(sentiment, embedding)
                .build();
        pictures = Pipeline.<Image>builder("platform-pictures")
                .guard(ImageGuard.builder()
                        .maxBytes(settings.maxPictureBytes())
                        .maxPixels(settings.maxPixels())
                        .build())
                .maxRuns(settings.maxRuns(), overflow)
                .stages(classification)
                .build();
    }

    private TextGuard guard() {
        return TextGuard.builder().maxChars(settings.maxTextChars()).build();
    }

    /** Returns the names that {@link #run} knows. */
    JsonArray models() {
        JsonArray names = new JsonArray();
        tasks.keySet().stream().sorted().forEach(name -> {
            JsonObject model = new JsonObject();
            model.addProperty("name", name);
            names.add(model);
        });
        return names;
    }

    boolean knows(String model) {
        return tasks.containsKey(model);
    }

    /** Answers a request for a model. */
    Envelope run(String model, Context ctx) {
        Task task = tasks.get(model);
        if (task == null) {
            throw Problem.noSuchModel();
        }
        Envelope envelope = new Envelope();
        try {
            task.answer(ctx, envelope);
        } catch (InferenceException e) {
            throw Problem.of(e);
        }
        return envelope;
    }

    private void sentiment(Context ctx, Envelope envelope) {
        String text = Requests.text(Requests.json(ctx, settings.maxTextBytes()), "text");
        Sentiment value = texts.run(text, options(sentiment)).get(sentiment);
        double positive = value.label() == Sentiment.Label.POSITIVE ? value.score() : 1 - value.score();
        JsonArray result = new JsonArray();
        result.add(Values.labelled("NEGATIVE", 1 - positive));
        result.add(Values.labelled("POSITIVE", positive));
        envelope.result(result);
        envelope.tell("model", "Answered by a local sentiment model trained on the same task.");
    }

    private void embeddings(Context ctx, Envelope envelope) {
        JsonObject json = Requests.json(ctx, MAX_TEXTS * settings.maxTextBytes());
        List<String> all = textOrTexts(json);
        String pooling = json.has("pooling") ? Requests.text(json, "pooling") : "";
        if (!pooling.isEmpty() && !pooling.equals("cls")) {
            throw Problem.badRequest("The member 'pooling' must be 'cls': this service has no other pooling.");
        }
        JsonArray data = new JsonArray();
        try (Stream<Results> results = texts.runAll(all, options(embedding), done -> {})) {
            results.forEach(one -> data.add(Values.embedding(one.get(embedding))));
        }
        JsonArray shape = new JsonArray();
        shape.add(data.size());
        shape.add(data.get(0).getAsJsonArray().size());
        JsonObject result = new JsonObject();
        result.add("shape", shape);
        result.add("data", data);
        result.addProperty("pooling", "cls");
        envelope.result(result);
        if (pooling.isEmpty()) {
            envelope.tell(
                    "pooling", "Pooled as 'cls', which the model was trained for; the platform's default is 'mean'.");
        }
    }

    private static List<String> textOrTexts(JsonObject json) {
        JsonElement element = json.get("text");
        if (!(element instanceof JsonArray array)) {
            return List.of(Requests.text(json, "text"));
        }
        if (array.isEmpty() || array.size() > MAX_TEXTS) {
            throw Problem.badRequest("The member 'text' must have 1 to " + MAX_TEXTS + " texts.");
        }
        List<String> texts = new ArrayList<>(array.size());
        for (JsonElement text : array) {
            if (!(text instanceof JsonPrimitive primitive) || !primitive.isString()) {
                throw Problem.badRequest("The member 'text' must be a string or a list of strings.");
            }
            texts.add(primitive.getAsString());
        }
        return texts;
    }

    private void classification(Context ctx, Envelope envelope) {
        Image image = Requests.body(ctx, settings.maxPictureBytes());
        envelope.result(Values.classification(
                pictures.run(image, options(classification)).get(classification)));
        envelope.tell("model", "Answered by EfficientNet-Lite0 with the same 1,000 classes.");
    }

    /** Builds a pipeline for the request's own length; its steps are the same, so the runtime shares their work. */
    private void summary(Context ctx, Envelope envelope) {
        JsonObject json = Requests.json(ctx, settings.maxTextBytes());
        String text = Requests.text(json, "input_text");
        int maxTokens = maxLength(json.get("max_length"));
        Stage<String, Summary> summary = textModels.summary(s -> s.maxTokens(maxTokens));
        try (Pipeline<String> pipeline = Pipeline.<String>builder("platform-summary")
                .guard(guard())
                .stages(summary)
                .build()) {
            JsonObject result = new JsonObject();
            result.addProperty(
                    "summary",
                    pipeline.run(text, RunOptions.DEFAULT.withDeadline(settings.deadline()))
                            .get(summary)
                            .text());
            envelope.result(result);
        }
        envelope.tell("model", "Sentences of the text itself, chosen; the platform's model writes its own.");
    }

    private static int maxLength(@Nullable JsonElement element) {
        if (element == null || element == JsonNull.INSTANCE) {
            return DEFAULT_MAX_LENGTH;
        }
        if (element instanceof JsonPrimitive primitive && primitive.isNumber()) {
            double length = primitive.getAsDouble();
            if (length >= 1 && length <= MAX_LENGTH && length == Math.rint(length)) {
                return (int) length;
            }
        }
        throw Problem.badRequest("The member 'max_length' must be a whole number from 1 to " + MAX_LENGTH + ".");
    }

    private RunOptions options(Stage<?, ?> stage) {
        return RunOptions.only(stage).withDeadline(settings.deadline());
    }

    @Override
    public void close() {
        texts.close();
        pictures.close();
    }
}
