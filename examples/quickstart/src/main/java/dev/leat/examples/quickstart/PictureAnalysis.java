package dev.leat.examples.quickstart;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.vision.Image;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageGuard;
import dev.leat.vision.ImageLabel;
import dev.leat.vision.ImageModeration;
import dev.leat.vision.OcrText;
import dev.leat.vision.VisionModels;

/** The picture handler: one pipeline, built once, for all requests and threads. */
final class PictureAnalysis implements AutoCloseable {

    /** What a client gets. */
    record ImageAnalysis(String classification, double confidence, boolean isAppropriate, String extractedText) {}

    private final Stage<Image, ImageClassification> classification;
    private final Stage<Image, ImageModeration> moderation;
    private final Stage<Image, OcrText> ocr;
    private final Pipeline<Image> pipeline;

    PictureAnalysis(VisionModels models) {
        classification = models.classification();
        moderation = models.moderation(); // if it cannot look at a picture, the picture is not appropriate
        ocr = models.ocr();
        pipeline = Pipeline.<Image>builder("picture-analysis")
                .guard(ImageGuard.standard())
                .stages(classification, moderation, ocr)
                .build();
    }

    /**
     * Analyses a picture, which is decoded once.
     *
     * @throws dev.leat.InvalidInputException if it is no picture, damaged or too large
     */
    ImageAnalysis analyze(Image image) {
        Results results = pipeline.run(image).orThrow();
        ImageLabel best = results.get(classification).best();
        return new ImageAnalysis(
                best.label(),
                best.score(),
                results.get(moderation).isAppropriate(),
                results.get(ocr).text());
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
