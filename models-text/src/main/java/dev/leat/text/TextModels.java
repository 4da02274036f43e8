package dev.leat.text;

import static java.util.Objects.requireNonNull;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.text.classify.Classify;
import dev.leat.text.classify.Examine;
import dev.leat.text.classify.Head;
import dev.leat.text.classify.ToSentenceSentiments;
import dev.leat.text.classify.ToSentiment;
import dev.leat.text.classify.ToTopics;
import dev.leat.text.classify.WindowLogits;
import dev.leat.text.encode.Cut;
import dev.leat.text.encode.EncodedText;
import dev.leat.text.encode.Encoder;
import dev.leat.text.encode.Pool;
import dev.leat.text.encode.PoolLayers;
import dev.leat.text.encode.Prompted;
import dev.leat.text.encode.SentenceEncoder;
import dev.leat.text.entity.EntityHead;
import dev.leat.text.entity.FindPatterns;
import dev.leat.text.entity.Overlaps;
import dev.leat.text.entity.Redact;
import dev.leat.text.entity.WholeText;
import dev.leat.text.keyword.ExtractKeywords;
import dev.leat.text.moderate.Rules;
import dev.leat.text.summarize.Summarize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The text stages of one encoder; whatever stages of it a pipeline has, a text is encoded once.
 *
 * <p>Thread-safe. Holds descriptions, no native memory: models are opened by the pipelines that use them, at the first
 * demand, and closed with the last. Texts of more than 510 tokens are cut into windows and merged (vectors and logits
 * averaged by tokens); the provenance says so in {@code windows}.
 */
public final class TextModels implements AutoCloseable {

    private static final String SENTIMENT_FAST = "sentiment-mlp";
    private static final String SENTIMENT_ACCURATE = "sentiment-top";
    private static final String MODERATION = "moderation-mlp";
    private static final String ENTITIES_FAST = "entities-fast";
    private static final String ENTITIES_ACCURATE = "entities-accurate";

    /** The instruction of the bundled encoder, for weights whose {@code model.json} is older than the parameter. */
    private static final String BUNDLED_QUERY = "Represent this sentence for searching relevant passages: ";

    private final @Nullable Precision precision;
    private final ModelSource source;
    private final Encoder encoder;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TextModels(@Nullable Precision precision, ModelSource source, Encoder encoder) {
        this.precision = precision;
        this.source = source;
        this.encoder = encoder;
    }

    /**
     * Finds the bundled models on the class path or module path.
     *
     * @return the stages in {@link Precision#INT8}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-text-weights}
     */
    public static TextModels load() {
        return builder().build();
    }

    /**
     * Begins with other models, another precision or an encoder of your own.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns which graph of the bundled encoder the stages use.
     *
     * @return as built; empty with an encoder of your own
     */
    public Optional<Precision> precision() {
        return Optional.ofNullable(precision);
    }

    /**
     * Returns the stage that gives a text's vector, of length 1: of the bundled encoder, its first-token state.
     *
     * @return a stage named {@code embedding}
     */
    public Stage<String, Embedding> embedding() {
        return embedding(options -> {});
    }

    /**
     * Returns the stage that gives a text's vector, for queries or with fewer coordinates.
     *
     * @param options say what the texts are and how many coordinates are kept
     * @return a stage named {@code embedding}, or {@code query-embedding} for queries
     */
    public Stage<String, Embedding> embedding(Consumer<EmbeddingOptions.Builder> options) {
        EmbeddingOptions.Builder builder = new EmbeddingOptions.Builder();
        options.accept(builder);
        EmbeddingOptions wanted = builder.build();
        if (wanted.dimension() > encoder.dimension()) {
            throw new IllegalArgumentException("dimension must be at most " + encoder.dimension() + ", what encoder '"
                    + encoder.model().id() + "' has, was " + wanted.dimension());
        }
        boolean query = wanted.prompt() == EmbeddingOptions.Prompt.QUERY;
        Stage<String, EncodedText> encoded = query ? encoded().on(new Prompted(encoder.queryInstruction())) : encoded();
        Stage<String, Embedding> whole = encoded.then(Stage.of(new Pool(encoder.space())));
        Stage<String, Embedding> cut =
                wanted.dimension() == 0 ? whole : whole.then(Stage.of(new Cut(wanted.dimension())));
        return cut.named(query ? "query-embedding" : "embedding");
    }

    /**
     * Returns the stage that tells praise from blame. Trained on film reviews, in English.
     *
     * @return a stage named {@code sentiment}, of {@link Tier#FAST}
     */
    public Stage<String, Sentiment> sentiment() {
        return sentiment(options -> {});
    }

    /**
     * Returns the stage that tells praise from blame. Trained on film reviews, in English. A cascade asks the better model
     * where the quick one is not sure:
     *
     * <pre>{@code
     * text.sentiment().escalateTo(text.sentiment(s -> s.tier(Tier.ACCURATE)), s -> s.margin() < 0.5)
     * }</pre>
     *
     * @param options says which model answers, and when the answer is neutral
     * @return a stage named {@code sentiment}, or {@code sentiment-accurate} of {@link Tier#ACCURATE}
     */
    public Stage<String, Sentiment> sentiment(Consumer<SentimentOptions.Builder> options) {
        SentimentOptions chosen = sentimentOptions(options);
        Head head = sentimentHead(chosen);
        return encoded()
                .then(head.stage())
                .then(Stage.of(new ToSentiment(head.labels(), chosen.neutralBelow())))
                .named(chosen.tier() == Tier.FAST ? "sentiment" : "sentiment-accurate");
    }

    /**
     * Returns the stage that tells praise from blame sentence by sentence, where a text has both.
     *
     * @return a stage named {@code sentence-sentiments}, of {@link Tier#FAST}
     */
    public Stage<String, SentenceSentiments> sentenceSentiments() {
        return sentenceSentiments(options -> {});
    }

    /**
     * Returns the stage that tells praise from blame sentence by sentence, where a text has both. Each sentence is judged
     * by itself, as {@link #sentiment(Consumer)} judges it alone; what it refers to is not seen.
     *
     * @param options says which model answers, and when the answer is neutral
     * @return a stage named {@code sentence-sentiments}, or {@code sentence-sentiments-accurate} of {@link Tier#ACCURATE};
     *     costs an encoder run for each sentence, up to 400 of them, which other stages that look at sentences share
     */
    public Stage<String, SentenceSentiments> sentenceSentiments(Consumer<SentimentOptions.Builder> options) {
        SentimentOptions chosen = sentimentOptions(options);
        Head head = sentimentHead(chosen);
        SentenceEncoder sentences = new SentenceEncoder(encoder);
        return sentences
                .split()
                .then(sentences.encode())
                .then(head.sentences())
                .then(Stage.of(new ToSentenceSentiments(new ToSentiment(head.labels(), chosen.neutralBelow()))))
                .named(chosen.tier() == Tier.FAST ? "sentence-sentiments" : "sentence-sentiments-accurate");
    }

    private static SentimentOptions sentimentOptions(Consumer<SentimentOptions.Builder> options) {
        SentimentOptions.Builder builder = new SentimentOptions.Builder();
        options.accept(builder);
        return builder.build();
    }

    private Head sentimentHead(SentimentOptions chosen) {
        return Head.of(folder(chosen.tier() == Tier.FAST ? SENTIMENT_FAST : SENTIMENT_ACCURATE), encoder);
    }

    /**
     * Returns the stage that finds texts to be looked at before others see them.
     *
     * <p>It fails closed: if it cannot examine a text, for whatever reason, the answer is
     * {@link TextModeration#unavailable()} as Degraded. Categories are named in {@link TextModeration}; nothing else is
     * claimed.
     *
     * @return a stage named {@code moderation}
     */
    public Stage<String, TextModeration> moderation() {
        return moderation(options -> {});
    }

    /**
     * Returns the stage that finds texts to be looked at before others see them.
     *
     * <p>The model reads the text without disguises ({@code 1diot}, letters of other scripts, invisible characters); where
     * there are none, which is nearly always, it shares the encoder run of the other stages. Places are those of the text
     * as given. A text of several windows scores as its worst one.
     *
     * @param options says from which score a category flags, and what follows if a text cannot be examined
     * @return a stage named {@code moderation}
     */
    public Stage<String, TextModeration> moderation(Consumer<ModerationOptions.Builder> options) {
        ModerationOptions.Builder builder = new ModerationOptions.Builder();
        options.accept(builder);
        ModerationOptions chosen = builder.build();
        ModelFolder folder = folder(MODERATION);
        Head head = Head.of(folder, encoder);
        Map<String, Double> thresholds = new TreeMap<>();
        var stated = folder.descriptor().parameters().object("thresholds");
        head.labels().forEach(label -> thresholds.put(label, stated.number(label)));
        Rules.CATEGORIES.forEach(rule -> thresholds.put(rule, 0.5));
        thresholds.putAll(chosen.thresholds());
        thresholds.keySet().removeAll(chosen.off());
        Stage<String, Rules.Examined> rules = Stage.of(new Rules());
        Stage<String, WindowLogits> logits =
                rules.map(new Rules.PlainText()).then(encoded()).then(head.stage());
        Stage<String, TextModeration> moderation =
                Stage.combine("moderation", rules, logits, new Examine(head.labels(), thresholds));
        return chosen.failClosed()
                ? moderation.failClosed(TextModeration.unavailable()).named("moderation")
                : moderation.named("moderation");
    }

    /**
     * Returns the stage that sorts texts by topics that it was never trained on, described by their names alone.
     *
     * @param labels at least one; better described with {@link #topics(List)}
     * @return a stage named {@code topics}
     */
    public Stage<String, Topics> topics(String... labels) {
        return topics(Stream.of(labels).map(Topic::named).toList());
    }

    /**
     * Returns the stage that sorts texts by topics that it was never trained on.
     *
     * @param topics at least one, of different labels
     * @return a stage named {@code topics}; costs no encoder run besides the text's own
     */
    public Stage<String, Topics> topics(List<Topic> topics) {
        return classificationEmbedding()
                .then(Stage.of(new ToTopics(new PoolLayers(encoder), topics)))
                .named("topics");
    }

    /**
     * Begins a classifier of your own from examples and descriptions; {@code build()} runs the encoder on each of them.
     *
     * @return a builder
     */
    public ClassifierBuilder classifier() {
        Stage<String, Embedding> stage = classificationEmbedding();
        return new ClassifierBuilder(texts -> {
            try (Pipeline<String> pipeline =
                            Pipeline.<String>builder("classifier").stages(stage).build();
                    Stream<Results> results = pipeline.runAll(texts)) {
                return results.map(each -> each.get(stage)).toList();
            }
        });
    }

    /**
     * Returns the stage that sorts texts by the labels of a classifier.
     *
     * @param classifier made with the same encoder in the same precision
     * @return a stage named {@code classification}; costs no encoder run besides the text's own
     * @throws IllegalArgumentException if the classifier is over the vectors of another encoder
     */
    public Stage<String, Classification> classification(Classifier classifier) {
        String space = new PoolLayers(encoder).space();
        if (!classifier.space().equals(space)) {
            throw new IllegalArgumentException("The classifier is over embeddings of '" + classifier.space()
                    + "', and this encoder's are of '" + space
                    + "'; load the encoder that made it, or make the classifier anew");
        }
        return classificationEmbedding()
                .then(Stage.of(new Classify(classifier)))
                .named("classification");
    }

    /**
     * Returns the stage that gives the vector that classifiers are over: made of several layers of the encoder, it tells
     * topics apart better than {@link #embedding()}, which is the one to search with.
     *
     * @return a stage named {@code classification-embedding}; costs no encoder run besides the text's own
     */
    public Stage<String, Embedding> classificationEmbedding() {
        return encoded().then(Stage.of(new PoolLayers(encoder))).named("classification-embedding");
    }

    /**
     * Returns the stage that picks the sentences that say most, up to {@value SummaryOptions#DEFAULT_MAX_TOKENS} tokens.
     * Stages that look at sentences encode each of them once, together.
     *
     * @return a stage named {@code summary}
     */
    public Stage<String, Summary> summary() {
        return summary(options -> {});
    }

    /**
     * Returns the stage that picks the sentences that say most: extractive, verbatim and in order, never two that say
     * the same. A text within the limits is given whole.
     *
     * @param options says how long a summary may be
     * @return a stage named {@code summary}; costs an encoder run for each sentence
     */
    public Stage<String, Summary> summary(Consumer<SummaryOptions.Builder> options) {
        requireOpen();
        SummaryOptions.Builder builder = new SummaryOptions.Builder();
        options.accept(builder);
        return Summarize.stage(new SentenceEncoder(encoder), builder.build()).named("summary");
    }

    /**
     * Returns the stage that finds the words that say what a text is about.
     *
     * @return a stage named {@code keywords}
     */
    public Stage<String, Keywords> keywords() {
        return keywords(options -> {});
    }

    /**
     * Returns the stage that finds the words that say what a text is about.
     *
     * @param options say how many and how long
     * @return a stage named {@code keywords}; costs an encoder run for each sentence, shared with {@link #summary()}, and
     *     one for each of up to 32 phrases of a few tokens
     */
    public Stage<String, Keywords> keywords(Consumer<KeywordOptions.Builder> options) {
        requireOpen();
        KeywordOptions.Builder builder = new KeywordOptions.Builder();
        options.accept(builder);
        SentenceEncoder sentences = new SentenceEncoder(encoder);
        return sentences
                .split()
                .then(sentences.encode())
                .then(Stage.of(new ExtractKeywords(encoder, builder.build())))
                .named("keywords");
    }

    /**
     * Returns the stage that finds names, addresses, numbers, dates and amounts, of {@link Tier#FAST}.
     *
     * @return a stage named {@code entities}
     */
    public Stage<String, Entities> entities() {
        return entities(options -> {});
    }

    /**
     * Returns the stage that finds names (persons, places, organisations) by a head on the encoder's token states, and
     * addresses, numbers, dates and amounts by rules.
     *
     * <p>Where two overlap, what rules found goes before a name, then the longer one, then the one whose type stands first
     * in {@link EntityType}. Texts longer than a window are read window by window; where two meet, the tokens around the
     * seam are read once more in a window of their own, so that no name is cut ({@code seams} in the provenance). Places
     * count chars of the text that the stage saw: {@link Entity} says how to find them in the text as given.
     *
     * <p>Without a model the rules still work: {@code entities().orElse(PatternEntities.stage())}.
     *
     * @param options says what is looked for, and how
     * @return a stage named {@code entities}, or {@code entities-accurate} of {@link Tier#ACCURATE}
     */
    public Stage<String, Entities> entities(Consumer<EntityOptions.Builder> options) {
        requireOpen();
        EntityOptions.Builder builder = new EntityOptions.Builder();
        options.accept(builder);
        return found(builder.build());
    }

    private Stage<String, Entities> found(EntityOptions options) {
        String name = options.tier() == Tier.FAST ? "entities" : "entities-accurate";
        List<EntityType> names =
                options.types().stream().filter(EntityType::isName).toList();
        Stage<String, Entities> patterns = Stage.of(new FindPatterns(options.types(), options.region()));
        if (names.isEmpty()) {
            return patterns.named(name);
        }
        EntityHead head =
                EntityHead.of(folder(options.tier() == Tier.FAST ? ENTITIES_FAST : ENTITIES_ACCURATE), encoder);
        Stage<String, Entities> model = encoded().then(head.stage()).then(Stage.of(head.decode(options)));
        return names.size() == options.types().size()
                ? model.named(name)
                : Stage.combine(name, model, patterns, new Overlaps()).named(name);
    }

    /**
     * Returns the stage that replaces all entities it finds by placeholders, of {@link Tier#FAST}.
     *
     * @return a stage named {@code redaction}
     * @see #redact(Consumer)
     */
    public Stage<String, Redaction> redact() {
        return redact(options -> {});
    }

    /**
     * Returns the stage that replaces entities by placeholders such as {@code [PERSON_1]}; whoever holds the
     * {@link Replacements} can put them back, nobody else.
     *
     * <p><b>Not all names are found.</b> Of 100 names in text like that of an encyclopaedia it hides about 90 of persons, 79
     * of places and 66 of organisations in full, and a part of 96, 95 and 89; of names never seen before in informal text
     * 63, 47 and 33 in full, and a part of 70, 76 and 48 (held-out sets, {@link Tier#FAST}). {@link Tier#ACCURATE} hides 91,
     * 86 and 69; 60, 52 and 38 in full (the model cards have all figures). Of what rules find it hides at least 99 of 100 in
     * a generated set, and nothing that has another form. So this makes texts less revealing; it makes nobody anonymous and
     * is no means of compliance.
     *
     * <p>If the model cannot run, the stage fails: it never gives a text in which names were not looked for.
     *
     * @param options says what is looked for, and how
     * @return a stage named {@code redaction}
     */
    public Stage<String, Redaction> redact(Consumer<EntityOptions.Builder> options) {
        return Stage.combine("redaction", Stage.of(new WholeText()), entities(options), new Redact())
                .named("redaction");
    }

    private Stage<String, EncodedText> encoded() {
        requireOpen();
        return encoder.stage();
    }

    private ModelFolder folder(String id) {
        requireOpen();
        return source.folder(id);
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("TextModels is closed");
        }
    }

    /** Refuses to make new stages; pipelines that were built go on. Idempotent. */
    @Override
    public void close() {
        closed.set(true);
    }

    /** Builds {@link TextModels}; confined to one thread. */
    public static final class Builder {
        private @Nullable Precision precision;
        private @Nullable ModelFolder encoder;
        private @Nullable ModelSource source;

        private Builder() {}

        /**
         * Sets which graph of the bundled encoder is used.
         *
         * @param precision default {@link Precision#INT8}
         * @return this
         */
        public Builder precision(Precision precision) {
            if (this.precision != null) {
                throw new IllegalStateException("precision is set already, to " + this.precision);
            }
            this.precision = requireNonNull(precision, "precision");
            requireOneEncoder();
            return this;
        }

        /**
         * Sets an encoder of your own in place of the bundled one: a model with token states, or already pooled, of BERT's
         * kind, as optimum and sentence-transformers export it.
         *
         * <p>The folder has the graph, a {@code tokenizer.json} that puts one token before a text and one after it, and a
         * {@code model.json} with these parameters: {@code dimension}, {@code maxSequenceLength} (at most the positions
         * that the model was trained with), {@code pooling} ({@code CLS} or {@code MEAN}; a name for what the graph does if
         * it pools itself) and, if queries begin with one, {@code queryInstruction}. Inputs are {@code input_ids},
         * {@code attention_mask} and, if the graph wants them, {@code token_type_ids}, each int64[batch, sequence]; the
         * output is {@code sentence_embedding} float32[batch, dimension], or {@code last_hidden_state} or
         * {@code token_embeddings} float32[batch, sequence, dimension].
         *
         * <p>Embedding, topics, classifiers, summary and keywords work over it, and entities that rules find. Scores of
         * topics are not calibrated for it; their order is what counts. Sentiment, moderation and names have models that
         * were trained on the states of the bundled encoder: asked for these, {@link TextModels} throws a
         * {@link dev.leat.ModelLoadException} that says so.
         *
         * @param encoder such as {@code ModelSource.directory(models).folder("my-encoder")}
         * @return this
         */
        public Builder encoder(ModelFolder encoder) {
            if (this.encoder != null) {
                throw new IllegalStateException("encoder is set already, to '" + this.encoder.id() + "'");
            }
            this.encoder = requireNonNull(encoder, "encoder");
            requireOneEncoder();
            return this;
        }

        private void requireOneEncoder() {
            if (precision != null && encoder != null) {
                throw new IllegalStateException(
                        "precision " + precision + " is one of the bundled encoder, and encoder '" + encoder.id()
                                + "' takes its place: set one of the two");
            }
        }

        /**
         * Sets where the models come from, but for an encoder of your own.
         *
         * @param source default {@link ModelSource#classPath()}
         * @return this
         */
        public Builder source(ModelSource source) {
            if (this.source != null) {
                throw new IllegalStateException("source is set already");
            }
            this.source = requireNonNull(source, "source");
            return this;
        }

        /**
         * Finds the models; opens none.
         *
         * @return the stages
         * @throws dev.leat.ModelLoadException if the encoder's folder is not there, or its {@code model.json} describes no
         *     encoder that can be run
         */
        public TextModels build() {
            ModelSource models = source == null ? ModelSource.classPath() : source;
            if (encoder != null) {
                return new TextModels(null, models, Encoder.of(encoder));
            }
            Precision chosen = precision == null ? Precision.INT8 : precision;
            String id = "bge-small-en-v1.5-" + (chosen == Precision.INT8 ? "int8" : "exact");
            return new TextModels(chosen, models, Encoder.of(models.folder(id), BUNDLED_QUERY));
        }
    }
}
