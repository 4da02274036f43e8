package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that were published with a model.json of fewer parameters go on working. */
class OlderWeightsTest {

    private static final String ENCODER = "bge-small-en-v1.5-int8";

    @Test
    void modelJson_ofVersion1_givesTheSameEmbeddings(@TempDir Path folder) throws IOException {
        Path encoder = Files.createDirectories(folder.resolve(ENCODER));
        try (InputStream in = OlderWeightsTest.class.getResourceAsStream("/older/" + ENCODER + ".model.json")) {
            Files.write(
                    encoder.resolve("model.json"), Objects.requireNonNull(in).readAllBytes());
        }
        ModelFolder current = ModelSource.classPath().folder(ENCODER);
        for (String file : List.of("model.onnx", "tokenizer.json")) {
            Files.write(encoder.resolve(file), current.bytes(file));
        }
        try (TextModels now = TextModels.load();
                TextModels then = TextModels.builder()
                        .source(ModelSource.directory(folder))
                        .build()) {
            Stage<String, Summary> summary =
                    then.summary(s -> s.maxSentences(1)).named("older-summary");
            Stage<String, Embedding> older = then.embedding().named("older");
            Stage<String, Embedding> query = query(then).named("older-query");
            try (Pipeline<String> pipeline = Pipeline.<String>builder("both")
                    .stages(now.embedding(), query(now), older, query, summary)
                    .build()) {
                Results results = pipeline.run("The quay is old. The walls crumble.");
                assertThat(results.get(older)).isEqualTo(results.get(now.embedding()));
                assertThat(results.get(query)).isEqualTo(results.get(query(now)));
                assertThat(results.get(query).cosine(results.get(older))).isLessThan(0.999);
                assertThat(results.get(summary).sentences()).hasSize(1);
            }
        }
    }

    private static Stage<String, Embedding> query(TextModels models) {
        return models.embedding(e -> e.prompt(EmbeddingOptions.Prompt.QUERY));
    }
}
