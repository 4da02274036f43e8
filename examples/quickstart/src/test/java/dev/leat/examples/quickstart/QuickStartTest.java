package dev.leat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.InvalidInputException;
import dev.leat.examples.quickstart.PictureAnalysis.ImageAnalysis;
import dev.leat.examples.quickstart.TextAnalysis.AnalysisRequest;
import dev.leat.examples.quickstart.TextAnalysis.AnalysisResult;
import dev.leat.text.Entity;
import dev.leat.text.EntityType;
import dev.leat.text.Sentiment;
import dev.leat.text.TextModels;
import dev.leat.vision.Image;
import dev.leat.vision.VisionModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The two handlers on the bundled samples. */
class QuickStartTest {

    private static Path sample(String name) {
        return Path.of(System.getProperty("leat.basedir")).resolve("src/main/resources/samples/" + name);
    }

    @Test
    void text_long_isAnsweredWithASummary() throws IOException {
        String review = Files.readString(sample("review.txt"));
        try (TextModels models = TextModels.load();
                TextAnalysis texts = new TextAnalysis(models)) {
            AnalysisResult result = texts.analyze(new AnalysisRequest(review, true, true, true));

            assertThat(result.sentiment()).extracting(Sentiment::label).isEqualTo(Sentiment.Label.POSITIVE);
            assertThat(result.embedding()).isNotNull();
            assertThat(result.entities()).isNotNull();
            assertThat(result.entities().of(EntityType.PERSON))
                    .extracting(Entity::text)
                    .contains("Marta");
            assertThat(result.summary()).isNotBlank().hasSizeLessThan(review.length());
        }
    }

    @Test
    void text_shortAndNothingAskedFor_isAnsweredWithNothing() {
        try (TextModels models = TextModels.load();
                TextAnalysis texts = new TextAnalysis(models)) {
            assertThat(texts.analyze(new AnalysisRequest("Short.", false, false, false)))
                    .isEqualTo(new AnalysisResult(null, null, null, null));
        }
    }

    @Test
    void text_blank_isRefused() {
        try (TextModels models = TextModels.load();
                TextAnalysis texts = new TextAnalysis(models)) {
            AnalysisRequest blank = new AnalysisRequest(" ", false, true, false);

            assertThatThrownBy(() -> texts.analyze(blank)).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void picture_ofAReceipt_isRead() {
        try (VisionModels models = VisionModels.load();
                PictureAnalysis pictures = new PictureAnalysis(models)) {
            ImageAnalysis analysis = pictures.analyze(Image.of(sample("receipt.png")));

            assertThat(analysis.extractedText()).contains("CORNER STREET MARKET", "Orange juice");
            assertThat(analysis.isAppropriate()).isTrue();
            assertThat(analysis.classification()).isNotBlank();
            assertThat(analysis.confidence()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void picture_thatIsNone_isRefused() {
        try (VisionModels models = VisionModels.load();
                PictureAnalysis pictures = new PictureAnalysis(models)) {
            Image none = Image.of(new byte[] {1, 2, 3});

            assertThatThrownBy(() -> pictures.analyze(none)).isInstanceOf(InvalidInputException.class);
        }
    }
}
