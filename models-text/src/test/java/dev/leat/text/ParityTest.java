package dev.leat.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.model.ModelSource;
import dev.leat.text.encode.TextTokenizer;
import dev.leat.text.encode.TokenizerReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tokens, places and vectors of more than 300 texts of all kinds against the reference implementation. */
class ParityTest {

    private static final List<JsonObject> CASES = Golden.cases("parity");

    /** The longest ones take too long to encode in every build; {@code TextQuality fidelity} measures them all. */
    private static final List<JsonObject> ENCODED =
            CASES.stream().filter(golden -> text(golden).length() <= 250).toList();

    private static String text(JsonObject golden) {
        return golden.get("text")
                .getAsString()
                .repeat(golden.has("times") ? golden.get("times").getAsInt() : 1);
    }

    @Test
    void tokens_andTheirPlaces_areThoseOfTheReference() throws Exception {
        assertThat(CASES.size()).isGreaterThanOrEqualTo(300);
        try (TextTokenizer tokenizer =
                new TokenizerReference(ModelSource.classPath().folder("bge-small-en-v1.5-int8")).open()) {
            for (JsonObject golden : CASES) {
                TextTokenizer.Tokens tokens = tokenizer.tokenize(text(golden));
                String all = IntStream.range(0, tokens.size())
                        .mapToObj(i -> tokens.ids()[i] + ":" + tokens.starts()[i] + ":" + tokens.ends()[i])
                        .collect(Collectors.joining(","));
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(UTF_8));

                assertThat(tokens.size())
                        .as(golden.get("text").getAsString())
                        .isEqualTo(golden.get("tokens").getAsInt());
                assertThat(HexFormat.of().formatHex(digest, 0, 8))
                        .as(golden.get("text").getAsString())
                        .isEqualTo(golden.get("sha256").getAsString());
            }
        }
    }

    @Test
    void embedding_exact_equalsTheReference() {
        assertThat(cosines(Precision.EXACT, ENCODED)).allMatch(cosine -> cosine >= 0.99999);
    }

    @Test
    void embedding_int8_isNearTheReference() {
        List<JsonObject> ordinary =
                ENCODED.stream().filter(ParityTest::isOrdinary).toList();
        List<Double> cosines = cosines(Precision.INT8, ordinary);

        assertThat(ordinary.size()).isGreaterThan(70);
        assertThat(cosines).allMatch(cosine -> cosine >= 0.9975);
        assertThat(cosines.stream().mapToDouble(cosine -> cosine).average().orElseThrow())
                .isGreaterThanOrEqualTo(0.999);
    }

    @Test
    void embedding_int8OfDegenerateTexts_isNearTheReference() {
        List<JsonObject> degenerate =
                ENCODED.stream().filter(golden -> !isOrdinary(golden)).toList();

        assertThat(degenerate.size()).isGreaterThan(100);
        assertThat(cosines(Precision.INT8, degenerate)).allMatch(cosine -> cosine >= 0.99);
    }

    /** Not so are other scripts, symbols, one or two words, and special tokens written out (see the model card). */
    private static boolean isOrdinary(JsonObject golden) {
        String text = text(golden);
        long ascii = text.codePoints().filter(c -> c < 128).count();
        return !text.contains("[PAD]")
                && Stream.of(text.split("\\s+")).distinct().count() >= 3
                && 10 * ascii >= 9L * text.codePointCount(0, text.length());
    }

    private static List<Double> cosines(Precision precision, List<JsonObject> cases) {
        try (TextModels models = TextModels.builder().precision(precision).build()) {
            Stage<String, Embedding> stage = models.embedding();
            try (Pipeline<String> pipeline =
                            Pipeline.<String>builder("parity").stages(stage).build();
                    Stream<Results> results =
                            pipeline.runAll(cases.stream().map(ParityTest::text).toList())) {
                List<Embedding> seen = results.map(each -> each.get(stage)).toList();
                return IntStream.range(0, seen.size())
                        .mapToObj(i -> Golden.cosine(
                                seen.get(i).toArray(),
                                halves(cases.get(i).get("vector").getAsString())))
                        .toList();
            }
        }
    }

    /** Reads float16 values; the JDK does so from 20 on. */
    private static double[] halves(String base64) {
        ShortBuffer halves = ByteBuffer.wrap(Base64.getDecoder().decode(base64))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        double[] values = new double[halves.remaining()];
        for (int i = 0; i < values.length; i++) {
            short bits = halves.get();
            int exponent = bits >> 10 & 31;
            int fraction = bits & 1023;
            double size = exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.pow(2, exponent - 25);
            values[i] = bits < 0 ? -size : size;
        }
        return values;
    }
}
