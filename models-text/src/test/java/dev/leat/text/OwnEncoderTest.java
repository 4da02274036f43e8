package dev.leat.text;

import static dev.leat.text.OwnEncoders.POOLED;
import static dev.leat.text.OwnEncoders.STATES;
import static dev.leat.text.OwnEncoders.TYPED;
import static dev.leat.text.OwnEncoders.UNTYPED;
import static dev.leat.text.OwnEncoders.parameters;
import static dev.leat.text.OwnEncoders.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.leat.ModelLoadException;
import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An encoder that somebody else exported; golden values are those of src/test/graphs/encoders.py. */
class OwnEncoderTest {

    private static final String LONG = "The flat is quiet and close to the park. Is the park close? The park is close. "
            + "Unlikely to the flat. The quiet park is bright. The bright flat is unlikely.";

    @TempDir
    Path directory;

    private static TextModels models(ModelFolder encoder) {
        return TextModels.builder().encoder(encoder).build();
    }

    private static <O> O run(String text, Stage<String, O> stage) {
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("own").stages(stage).build()) {
            return pipeline.run(text).get(stage);
        }
    }

    private ModelFolder folder(String kind) {
        return switch (kind) {
            case "cls" -> OwnEncoders.plain(directory, "CLS");
            case "mean" -> OwnEncoders.plain(directory, "MEAN");
            case "pooled" -> OwnEncoders.write(directory, "plain", TYPED, POOLED, parameters("own", ""));
            default -> OwnEncoders.dynamic(directory);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"cls", "mean", "pooled", "dynamic"})
    void embedding_isWhatTheModelMakes(String kind) {
        Stage<String, Embedding> embedding = models(folder(kind)).embedding();
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("own").stages(embedding).build()) {
            for (JsonObject golden : Golden.cases("encoders")) {
                String text = golden.get("text").getAsString();
                Results results = pipeline.run(text);
                double[] expected = Golden.doubles(golden.getAsJsonArray(kind));
                float[] found = results.get(embedding).toArray();
                assertThat(found).hasSameSizeAs(expected);
                for (int i = 0; i < expected.length; i++) {
                    assertThat((double) found[i]).as("%s of '%s'", kind, text).isCloseTo(expected[i], within(2e-6));
                }
                int tokens = golden.getAsJsonArray("ids").size();
                assertThat(results.outcome(embedding).provenance().facts())
                        .containsEntry("tokens", (long) tokens)
                        .containsEntry("windows", Math.max(1L, (tokens + 5) / 6));
            }
        }
    }

    @Test
    void embedding_spaces_nameModelAndPooling() {
        Embedding cls = run(
                "quiet",
                models(OwnEncoders.plain(directory.resolve("c"), "CLS")).embedding());
        Embedding mean = run(
                "quiet",
                models(OwnEncoders.plain(directory.resolve("m"), "MEAN")).embedding());

        assertThat(cls.space()).matches("own:[0-9a-f]{12}:CLS");
        assertThat(mean.space()).isEqualTo(cls.space().replace("CLS", "MEAN"));
        assertThatIllegalArgumentException().isThrownBy(() -> cls.cosine(mean));
    }

    @Test
    void embedding_query_hasTheInstructionThatIsStatedAndNoOther() {
        TextModels none = models(OwnEncoders.plain(directory.resolve("n"), "MEAN"));
        TextModels stated = models(OwnEncoders.write(
                directory.resolve("s"), "plain", TYPED, STATES, parameters("MEAN", ", 'queryInstruction': 'bright '")));
        Function<TextModels, Stage<String, Embedding>> query =
                models -> models.embedding(e -> e.prompt(EmbeddingOptions.Prompt.QUERY));

        assertThat(run("quiet park", query.apply(none))).isEqualTo(run("quiet park", none.embedding()));
        assertThat(run("quiet park", query.apply(stated))).isEqualTo(run("bright quiet park", stated.embedding()));
    }

    @Test
    void stagesThatCompareVectors_workOverIt() {
        TextModels models = models(OwnEncoders.plain(directory, "MEAN"));

        assertThat(run(LONG, models.summary(s -> s.maxSentences(1))).sentences())
                .hasSize(1);
        assertThat(run(LONG, models.keywords()).keywords()).isNotEmpty();
        assertThat(run("quiet", models.topics("quiet", "park")).best().label()).isEqualTo("quiet");
        Classifier classifier = models.classifier()
                .examples("a", List.of("quiet", "bright"))
                .examples("b", List.of("park", "flat"))
                .build();
        assertThat(classifier.space()).isEqualTo(run("park", models.embedding()).space());
        assertThat(run("park", models.classification(classifier)).label()).contains("b");
        assertThat(run("park", models.classificationEmbedding())).isEqualTo(run("park", models.embedding()));
    }

    @Test
    void stagesWithModelsOfTheBundledEncoder_refuseIt() {
        TextModels models = models(OwnEncoders.plain(directory, "MEAN"));

        List<Runnable> refused = List.of(
                models::sentiment,
                () -> models.sentiment(s -> s.tier(Tier.ACCURATE)),
                models::sentenceSentiments,
                models::moderation,
                models::entities,
                () -> models.entities(e -> e.tier(Tier.ACCURATE)),
                models::redact);
        assertThat(refused)
                .allSatisfy(stage -> assertThatExceptionOfType(ModelLoadException.class)
                        .isThrownBy(stage::run)
                        .withMessageContaining(
                                "was trained on the states of encoder 'bge-small-en-v1.5' and cannot read"
                                        + " those of 'own'"));
        assertThat(run(
                                "Call (212) 736-5000.",
                                models.entities(e -> e.types(EntityType.PHONE).region("US")))
                        .entities())
                .hasSize(1);
    }

    @Test
    void heads_ofAnEncoderThatGivesNoStates_refuseIt() {
        TextModels models = models(OwnEncoders.write(
                directory, "plain", TYPED, STATES, parameters("MEAN", ", 'encoder': 'bge-small-en-v1.5'")));

        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(models::sentiment)
                .withMessageContaining(
                        "reads features float32[batch, 3456], and encoder 'own' gives vectors of texts alone");
        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(models::entities)
                .withMessageContaining("reads hidden_4 float32[batch, sequence, 384], and encoder 'own' gives");
    }

    @Test
    void bundledEncoder_givenAsOnesOwn_isTheSame() {
        try (TextModels bundled = TextModels.load();
                TextModels own = models(ModelSource.classPath().folder("bge-small-en-v1.5-int8"))) {
            assertThat(own.embedding()).isEqualTo(bundled.embedding());
            assertThat(own.sentiment()).isEqualTo(bundled.sentiment());
            assertThat(own.precision()).isEmpty();
            assertThat(bundled.precision()).contains(Precision.INT8);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "LAST_TOKEN | 4 | 8 | last_hidden_state | float32 | 'batch', 'sequence', 4"
                        + " | 'pooling' is 'LAST_TOKEN', expected CLS or MEAN",
                "CLS | 384 | 8 | last_hidden_state | float32 | 'batch', 'sequence', 4"
                        + " | is float32[batch, sequence, 4], expected float32[batch, sequence, 384]",
                "CLS | 4 | 2 | last_hidden_state | float32 | 'batch', 'sequence', 4"
                        + " | 'maxSequenceLength' is 2, expected the number of positions",
                "CLS | 4 | 8 | output_0 | float32 | 'batch', 'sequence', 4"
                        + " | there is no output sentence_embedding, last_hidden_state, token_embeddings, only [output_0]",
                "CLS | 4 | 8 | last_hidden_state | int64 | 'batch', 'sequence', 4"
                        + " | is int64[batch, sequence, 4], expected float32[batch, sequence, 4]",
                "CLS | 4 | 8 | sentence_embedding | float32 | 'batch', 'dimension'"
                        + " | is float32[batch, dimension], expected float32[batch, sequence, 4] or float32[batch, 4]",
            })
    void modelJson_ofAnEncoderThatCannotBeRun_saysWhatIsWrong(
            String pooling, int dimension, int length, String output, String type, String shape, String message) {
        ModelFolder folder = OwnEncoders.write(
                directory,
                "plain",
                TYPED,
                tensor(output, type, shape),
                "'pooling': '" + pooling + "', 'dimension': " + dimension + ", 'maxSequenceLength': " + length);

        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(() -> models(folder))
                .withMessageStartingWith("Model 'own': model.json describes no text encoder that can be run: ")
                .withMessageContaining(message);
    }

    @Test
    void modelJson_ofWrongInputs_namesThemAll() {
        ModelFolder folder = OwnEncoders.write(
                directory,
                "plain",
                tensor("input_ids", "int64", "1, 8") + ", " + tensor("position_ids", "int64", "'batch', 'sequence'"),
                STATES,
                parameters("CLS", ""));

        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(() -> models(folder))
                .withMessageContaining("input 'input_ids' is int64[1, 8], expected int64[batch, sequence] of any sizes")
                .withMessageContaining("input 'position_ids' is none of input_ids, attention_mask, token_type_ids")
                .withMessageContaining("there is no input 'attention_mask', only [input_ids, position_ids]");
    }

    @Test
    void modelJson_thatDiffersFromTheGraph_failsWhenItIsLoaded() {
        ModelFolder folder = OwnEncoders.write(
                directory,
                "plain",
                UNTYPED,
                tensor("last_hidden_state", "float32", "'batch', 'sequence', 5"),
                "'pooling': 'CLS', 'dimension': 5, 'maxSequenceLength': 8");
        Stage<String, Embedding> embedding = models(folder).embedding();
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("own").stages(embedding).build()) {
            Outcome<Embedding> outcome = pipeline.run("quiet").outcome(embedding);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.cause())
                                    .isInstanceOf(ModelLoadException.class)
                                    .hasMessageContaining(
                                            "output 'last_hidden_state' is declared float32[batch, sequence, 5], in the"
                                                    + " graph it is float32[batch, sequence, 4]")
                                    .hasMessageContaining(
                                            "input 'token_type_ids' of the graph (int64[batch, sequence]) is not declared"));
        }
    }

    @Test
    void builder_encoderAndPrecision_contradictEachOther() {
        ModelFolder folder = OwnEncoders.plain(directory, "CLS");

        assertThatIllegalStateException()
                .isThrownBy(
                        () -> TextModels.builder().precision(Precision.EXACT).encoder(folder))
                .withMessageContaining("EXACT")
                .withMessageContaining("'own'");
        assertThatIllegalStateException()
                .isThrownBy(() -> TextModels.builder().encoder(folder).encoder(folder))
                .withMessageContaining("set already");
    }

    @Test
    void tokenizer_ofAnotherKind_isReadNatively() {
        // Cased: the words of the vocabulary are lower-case, so that a capital makes a word unknown.
        String cased = OwnEncoders.tokenizer().replace("\"lowercase\": true", "\"lowercase\": false");
        TextModels models = models(OwnEncoders.write(directory, "plain", cased, TYPED, STATES, parameters("CLS", "")));
        TextModels uncased = models(OwnEncoders.plain(directory.resolve("u"), "CLS"));

        assertThat(run("quiet park", models.embedding()).toArray())
                .isEqualTo(run("quiet park", uncased.embedding()).toArray());
        assertThat(run("Quiet park", models.embedding()).toArray())
                .isNotEqualTo(run("Quiet park", uncased.embedding()).toArray());
    }

    @Test
    void tokenizer_withoutATokenAtEitherEnd_isRefused() {
        String bare = OwnEncoders.tokenizer()
                .replaceFirst("(?s)\"post_processor\": .*\"decoder\"", "\"post_processor\": null, \"decoder\"");
        Stage<String, Embedding> embedding = models(
                        OwnEncoders.write(directory, "plain", bare, TYPED, STATES, parameters("CLS", "")))
                .embedding();
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("own").stages(embedding).build()) {
            assertThat(pipeline.run("quiet").outcome(embedding))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.cause())
                                    .isInstanceOf(ModelLoadException.class)
                                    .hasMessageContaining(
                                            "tokenizer.json puts 0 special tokens around a text, expected one before"));
        }
    }
}
