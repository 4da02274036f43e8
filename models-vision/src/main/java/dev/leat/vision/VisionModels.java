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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The picture stages; whatever stages of it a pipeline has, a picture is decoded once.
 *
 * <p>Thread-safe. Holds descriptions, no native memory: models are opened by the pipelines that use them, at the first
 * demand, and closed with the last. Decoding applies EXIF orientation, blends alpha onto white, takes the first frame of
 * an animation and ignores colour profiles, as the models' own preprocessing does.
 */
public final class VisionModels implements AutoCloseable {

    /** How many labels a classification gives unless asked otherwise. */
    public static final int DEFAULT_TOP_K = 5;

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
     * Returns the stage that names what is in a picture, with {@value #DEFAULT_TOP_K} labels.
     *
     * @return a stage named {@code classification}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, ImageClassification> classification() {
        return classification(DEFAULT_TOP_K);
    }

    /**
     * Returns the stage that names what is in a picture: one of 1,000 things of ImageNet.
     *
     * @param topK how many labels to give, 1 to 1,000
     * @return a stage named {@code classification}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, ImageClassification> classification(int topK) {
        return decoded()
                .then(Stage.of(Classify.of(folder("efficientnet-lite0"), topK)))
                .named("classification");
    }

    /**
     * Returns the stage that finds pictures of nudity; see {@link ImageModeration} for what it does not find.
     *
     * <p>It fails closed: if it cannot examine a picture, for whatever reason, the answer is
     * {@link ImageModeration#unavailable()} as Degraded.
     *
     * @return a stage named {@code moderation}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, ImageModeration> moderation() {
        return decoded()
                .then(Stage.of(Moderate.of(folder("open-nsfw"))))
                .failClosed(ImageModeration.unavailable())
                .named("moderation");
    }

    /**
     * Returns the stage that reads text, best English.
     *
     * @return a stage named {@code ocr}
     * @throws dev.leat.ModelLoadException if the weights are not there: add {@code dev.leat:leat-models-vision-weights}
     */
    public Stage<Image, OcrText> ocr() {
        return decoded()
                .then(Stage.of(Ocr.of(folder("ppocr-v4-det"), folder("ppocr-v4-rec-english"))))
                .named("ocr");
    }

    private Stage<Image, Pixels> decoded() {
        return Stage.of(new Decode(Decode.FULL, strict));
    }

    private ModelFolder folder(String id) {
        if (closed.get()) {
            throw new IllegalStateException("VisionModels is closed");
        }
        return source.folder(id);
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
