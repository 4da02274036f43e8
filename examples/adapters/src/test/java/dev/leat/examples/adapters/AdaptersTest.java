package dev.leat.examples.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.segment.TextSegment;
import dev.leat.InferenceException;
import dev.leat.text.TextModels;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingResponse;

/** Both adapters give Leat's vectors through every door of their projects. */
class AdaptersTest {

    private static final String TEXT = "The flat is bright.";
    private static final String OTHER = "An order that never arrived.";

    @SuppressWarnings("NullAway.Init") // set before any test
    private static TextModels models;

    @SuppressWarnings("NullAway.Init")
    private static LeatEmbeddings embeddings;

    @BeforeAll
    static void load() {
        models = TextModels.load();
        embeddings = new LeatEmbeddings(models, Duration.ofSeconds(100));
    }

    @AfterAll
    static void close() {
        embeddings.close();
        models.close();
    }

    private static float[] vector(String text) {
        return embeddings.embed(List.of(text)).get(0);
    }

    @Test
    void langChain4j_throughEveryDoor_givesTheSameVectors() {
        LangChain4jEmbeddingModel model = new LangChain4jEmbeddingModel(embeddings);

        assertThat(model.embed(TEXT).content().vector()).isEqualTo(vector(TEXT));
        assertThat(model.embed(TextSegment.from(TEXT)).content().vector()).isEqualTo(vector(TEXT));
        assertThat(model.embedAll(List.of(TextSegment.from(OTHER), TextSegment.from(TEXT)))
                        .content())
                .extracting(embedding -> embedding.vector())
                .containsExactly(vector(OTHER), vector(TEXT));
        assertThat(model.embedAll(List.of()).content()).isEmpty();
        assertThat(model.dimension()).isEqualTo(vector(TEXT).length);
        assertThat(model.modelName()).isEqualTo("bge-small-en-v1.5");
    }

    @Test
    void springAi_throughEveryDoor_givesTheSameVectors() {
        SpringAiEmbeddingModel model = new SpringAiEmbeddingModel(embeddings);

        assertThat(model.embed(TEXT)).isEqualTo(vector(TEXT));
        assertThat(model.embed(new Document(TEXT))).isEqualTo(vector(TEXT));
        assertThat(model.embed(List.of(OTHER, TEXT))).containsExactly(vector(OTHER), vector(TEXT));
        EmbeddingResponse response = model.embedForResponse(List.of(OTHER, TEXT));
        assertThat(response.getResults())
                .extracting(result -> result.getIndex())
                .containsExactly(0, 1);
        assertThat(response.getResults().get(1).getOutput()).isEqualTo(vector(TEXT));
        assertThat(model.dimensions()).isEqualTo(vector(TEXT).length);
    }

    @Test
    void failure_ofOneText_isLeatsOwnException() {
        LeatEmbeddings impatient = new LeatEmbeddings(models, Duration.ofNanos(1));

        assertThatThrownBy(() -> new SpringAiEmbeddingModel(impatient).embed(TEXT))
                .isInstanceOfSatisfying(
                        InferenceException.class,
                        e -> assertThat(e.isRetryable()).isTrue());
        assertThatThrownBy(() -> new LangChain4jEmbeddingModel(impatient).embed(TEXT))
                .isInstanceOf(InferenceException.class);
        impatient.close();
    }
}
