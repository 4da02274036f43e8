package dev.leat.vision;

import static java.util.Objects.requireNonNull;

import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.vision.classify.Classify;
import dev.leat.vision.image.Decode;
import dev.leat.vision.image.Pixels;
import dev.leat.vision.moderate.Moderate;
import dev.leat.vision.ocr.Ocr;
import dev.leat.vision.similar.PerceptualHash;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The picture stages; whatever stages of it a pipeline has, a picture is decoded once, but for large JPEGs, of which
 * all but OCR share a smaller decoding.
 *
 * <p>Thread-safe. Holds descriptions, no native memory: models are opened by the pipelines that use them, at the first
 * demand, and closed with the last. Decoding applies EXIF orientation, blends alpha onto white, takes the first frame of
 * an animation and ignores colour profiles, as the models' own preprocessing does.
 */
public final class VisionModels implements AutoCloseable {

    /**
     * How many pixels a shorter side keeps where JPEGs are decoded smaller. Above it a classifier's probabilities stay
     * within .015 on average of those from a full decoding, and moderation's scores are right where they are low; OCR
     * decodes whole pictures.
     */
    private static final int SHORT_SIDE = 512;

    private final ModelSource source;
    private final boolean strict;
    private final AtomicBoolean closed = new AtomicBoolean();

    private VisionModels(ModelSource source, boolean strict) {
        this.source = source;
        this.strict = strict;
    }

    /**
     * Finds the bundled models on the class path or module path.
     *
     * @return the stages
     */
    public static VisionModels load() {
        return builder().build();
    }

    /**
     * Begins with models from elsewhere.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the stage that names what is in a picture: one of 1,000 things of ImageNet, by the quick model.
     *
     * @return a stage named {@code classification}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, ImageClassification> classification() {
        return classification(options -> {});
    }

    /**
     * Returns the stage that names what is in a picture.
     *
     * <p>The quick model asks the better one where it is unsure in
     * {@code fast.escalateTo(accurate, found -> found.margin() < 0.2)}.
     *
     * @param options sets the tier or a model of your own, and how many labels to give
     * @return a stage named {@code classification}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     * @throws IllegalArgumentException if more labels are asked for than the model has
     */
    public Stage<Image, ImageClassification> classification(Consumer<ClassificationOptions.Builder> options) {
        var builder = new ClassificationOptions.Builder();
        options.accept(builder);
        ClassificationOptions chosen = builder.build();
        return reduced()
                .then(Classify.labels(folder(chosen.model()), chosen.topK()))
                .named("classification");
    }

    /** The id of a tier's classifier. */
    static String classifier(@Nullable Tier tier) {
        return tier == Tier.ACCURATE ? "efficientnet-lite2" : "efficientnet-lite0";
    }

    /**
     * Returns the stage that turns a picture into a point, by the quick classifier; beside its classification it costs
     * next to nothing.
     *
     * @return a stage named {@code embedding}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, ImageEmbedding> embedding() {
        return embedding(Tier.FAST);
    }

    /**
     * Returns the stage that turns a picture into a point.
     *
     * @param tier whose classifier; points of two tiers cannot be compared
     * @return a stage named {@code embedding}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, ImageEmbedding> embedding(Tier tier) {
        String id = classifier(requireNonNull(tier, "tier"));
        return reduced().then(Classify.embedding(folder(id))).named("embedding");
    }

    /**
     * Returns the stage that finds copies of a picture; needs no model.
     *
     * @return a stage named {@code hash}
     */
    public Stage<Image, ImageHash> hash() {
        requireOpen();
        return reduced().then(Stage.of(new PerceptualHash())).named("hash");
    }

    /**
     * Returns the stage that finds pictures of nudity, strictly; see {@link ImageModeration} for what it does not find.
     *
     * <p>It fails closed: if it cannot examine a picture, for whatever reason, the answer is
     * {@link ImageModeration#unavailable()} as Degraded.
     *
     * @return a stage named {@code moderation}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, ImageModeration> moderation() {
        return moderation(options -> {});
    }

    /**
     * Returns the stage that finds pictures of nudity, and fails closed; see {@link #moderation()}.
     *
     * @param options sets the threshold, and whether parts are examined
     * @return a stage named {@code moderation}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, ImageModeration> moderation(Consumer<ModerationOptions.Builder> options) {
        var builder = new ModerationOptions.Builder();
        options.accept(builder);
        return moderated(Moderate.of(folder("open-nsfw"), builder.build()))
                .failClosed(ImageModeration.unavailable())
                .named("moderation");
    }

    /**
     * Returns the stage that reads text, best English, as {@link OcrOptions#DEFAULTS} say.
     *
     * @return a stage named {@code ocr}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, OcrText> ocr() {
        return ocr(options -> {});
    }

    /**
     * Returns the stage that reads text: finds lines, reads them in parts that run side by side as far as the compute
     * budget allows, and puts them into reading order.
     *
     * @param options says what to read and how
     * @return a stage named {@code ocr}
     * @throws dev.leat.ModelLoadException if a model is not there
     */
    public Stage<Image, OcrText> ocr(Consumer<OcrOptions.Builder> options) {
        OcrOptions.Builder builder = new OcrOptions.Builder();
        options.accept(builder);
        OcrOptions chosen = builder.build();
        return decoded()
                .then(Ocr.stage(folder(chosen.detector()), folder(chosen.recogniser()), chosen))
                .named("ocr");
    }

    /** A large JPEG is looked at smaller first; only where that gives a low score is it enough. Regions want all. */
    private Stage<Image, ImageModeration> moderated(Moderate step) {
        Stage<Image, ImageModeration> whole = decoded().then(Stage.of(step));
        if (step.options().regions()) {
            return whole;
        }
        Stage<Image, ImageModeration> smaller =
                Stage.of(new Decode(SHORT_SIDE, strict)).then(Stage.of(step)).escalateTo(whole, step.unsure());
        return Decode.bySize(SHORT_SIDE, smaller, whole);
    }

    private Stage<Image, Pixels> decoded() {
        return Stage.of(new Decode(Decode.FULL, strict));
    }

    private Stage<Image, Pixels> reduced() {
        return Decode.atLeast(SHORT_SIDE, strict);
    }

    private ModelFolder folder(String id) {
        requireOpen();
        return source.folder(id);
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("VisionModels is closed");
        }
    }

    /** Refuses to make new stages; pipelines that were built go on. Idempotent. */
    @Override
    public void close() {
        closed.set(true);
    }

    /** Builds {@link VisionModels}; confined to one thread. */
    public static final class Builder {
        private @Nullable ModelSource source;
        private boolean strict;

        private Builder() {}

        /**
         * Sets where the models come from.
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
         * Refuses pictures with faults that a decoder can pass over, such as a few corrupt blocks of a JPEG.
         *
         * <p>Otherwise they are decoded, and the provenance of what depends on them has the number of faults as
         * {@code warnings}. A picture that is cut off is refused either way.
         *
         * @return this
         */
        public Builder strict() {
            strict = true;
            return this;
        }

        /**
         * Returns the stages; opens no model.
         *
         * @return the stages
         */
        public VisionModels build() {
            return new VisionModels(source == null ? ModelSource.classPath() : source, strict);
        }
    }
}
