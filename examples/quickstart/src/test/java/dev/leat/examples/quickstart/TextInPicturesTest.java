package dev.leat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.text.Sentiment;
import dev.leat.text.TextModels;
import dev.leat.text.TextModeration;
import dev.leat.vision.Image;
import dev.leat.vision.OcrText;
import dev.leat.vision.VisionModels;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Stages of text on what a picture says: picture to text to moderation, read once. */
class TextInPicturesTest {

    @Test
    void run_textStagesOnRecognisedText_readAndEncodeOnce() throws IOException {
        try (VisionModels vision = VisionModels.load();
                TextModels text = TextModels.load()) {
            Stage<Image, OcrText> ocr = vision.ocr();
            Stage<Image, String> said = ocr.map(OcrText::text);
            Stage<Image, TextModeration> safety = said.then(text.moderation());
            Stage<Image, Sentiment> tone = said.then(text.sentiment());
            try (Pipeline<Image> pipeline = Pipeline.<Image>builder("text-in-pictures")
                    .stages(ocr, safety, tone)
                    .build()) {
                Results results = pipeline.run(receipt());

                assertThat(results.get(ocr).text()).contains("CORNER STREET MARKET");
                assertThat(results.outcome(safety)).isInstanceOf(Outcome.Success.class);
                assertThat(results.get(tone).score()).isBetween(0.5, 1.0);
                assertThat(results.trace().entries())
                        .extracting(entry -> entry.name())
                        .containsOnlyOnce("decode", "detect", "encode");
            }
        }
    }

    private static Image receipt() throws IOException {
        try (InputStream in = TextInPicturesTest.class.getResourceAsStream("/samples/receipt.png")) {
            return Image.of(Objects.requireNonNull(in, "receipt.png").readAllBytes());
        }
    }
}
