package dev.leat.text;

import dev.leat.Stage;
import dev.leat.text.language.Detect;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tells the language of a text; the stages need no encoder.
 *
 * <p>It is Apache OpenNLP's detector with its model of 103 languages, which an application adds if it wants it (12 MB,
 * Apache-2.0): {@code org.apache.opennlp:opennlp-tools} and {@code org.apache.opennlp:opennlp-models-langdetect}. Without
 * them the stages fail with {@link dev.leat.ModelLoadException}. Nothing of it is loaded before the first text.
 */
public final class LanguageDetection {

    /** The code of a skip, and the fact in the provenance, of a text in a language that a stage does not speak. */
    public static final String UNSUPPORTED_LANGUAGE = "unsupportedLanguage";

    private LanguageDetection() {}

    /**
     * Returns the stage that tells the language.
     *
     * @return a stage named {@code language}; some tenths of a millisecond for a short text
     */
    public static Stage<String, DetectedLanguage> stage() {
        return Stage.of(new Detect(Set.of())).named("language");
    }

    /**
     * Returns a stage that runs for texts in some languages alone.
     *
     * @param <O> the stage's value
     * @param stage such as {@link TextModels#sentiment()}
     * @param languages BCP 47 language tags, at least one, such as {@code en}
     * @return the stage, of the same name: Skipped with {@value #UNSUPPORTED_LANGUAGE} for texts that are surely in other
     *     languages. Texts too short to tell are let through
     */
    public static <O> Stage<String, O> only(Stage<String, O> stage, String... languages) {
        Set<String> speaks = Set.of(languages);
        if (speaks.isEmpty()) {
            throw new IllegalArgumentException("only(..) needs at least one language");
        }
        Stage<String, DetectedLanguage> gate = Stage.of(new Detect(speaks)).named(UNSUPPORTED_LANGUAGE);
        return stage.when(gate, new MayBe(speaks));
    }

    /** A record, so that equal gates are one. */
    private record MayBe(Set<String> languages) implements Predicate<DetectedLanguage> {
        @Override
        public boolean test(DetectedLanguage detected) {
            return detected.mayBe(languages);
        }
    }
}
