package dev.leat.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.InferenceException;
import dev.leat.ModelRunException;
import dev.leat.Reason;
import dev.leat.text.LanguageDetection;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The catalogue of errors has every exception, reason and code that the code has. */
class ErrorsPageTest {

    private static final Path ROOT =
            Path.of(System.getProperty("leat.basedir")).resolve("../..").normalize();

    /** A refusal's code is written where it is thrown, on the same line or the next one. */
    private static final Pattern CODE =
            Pattern.compile("new InvalidInputException\\(\\s*(?:[\\w.]+ \\? )?\"([a-z-]+)\"");

    private static final Pattern FAILURE = Pattern.compile("(?:return|:) \"([A-Z_]+)\"");

    @SuppressWarnings("NullAway.Init") // set before any test
    private static String page;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(ROOT.resolve("docs/errors.md"));
    }

    private static void assertListed(Set<String> names) {
        assertThat(names.stream().filter(name -> !page.contains("`" + name + "`")))
                .as("not in docs/errors.md")
                .isEmpty();
    }

    @Test
    void exceptions_allOfThem_areListed() {
        Set<String> names = Stream.of(InferenceException.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());

        assertThat(names).hasSizeGreaterThan(5);
        assertListed(names);
    }

    @Test
    void reasons_allOfThem_areListed() throws IllegalAccessException, IOException {
        Set<String> codes = new TreeSet<>(Set.of(LanguageDetection.UNSUPPORTED_LANGUAGE));
        for (Field field : Reason.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                codes.add((String) field.get(null));
            }
        }
        for (ModelRunException.Kind kind : ModelRunException.Kind.values()) {
            codes.add(kind == ModelRunException.Kind.FAILED ? "MODEL_RUN" : kind.name());
        }
        codes.addAll(found(FAILURE, List.of(ROOT.resolve("core/src/main/java/dev/leat/Reason.java"))));

        assertThat(codes).contains("UNAVAILABLE", "INVALID_INPUT", "FUNCTION", "BAD_OUTPUT");
        assertListed(codes);
    }

    @Test
    void refusals_allCodesInTheSources_areListed() throws IOException {
        Set<String> codes = new TreeSet<>();
        for (String module : List.of("core", "models-text", "models-vision")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                codes.addAll(found(
                        CODE,
                        files.filter(file -> file.toString().endsWith(".java")).toList()));
            }
        }

        assertThat(codes).contains("null", "blank", "too-many-pixels", "not-found");
        assertListed(codes);
    }

    private static Set<String> found(Pattern pattern, List<Path> files) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : files) {
            Matcher each = pattern.matcher(Files.readString(file));
            while (each.find()) {
                names.add(each.group(1));
            }
        }
        return names;
    }
}
