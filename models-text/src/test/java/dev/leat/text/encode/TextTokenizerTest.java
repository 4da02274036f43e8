package dev.leat.text.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.leat.model.ModelSource;
import dev.leat.text.Golden;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TextTokenizerTest {

    private static final TextTokenizer TOKENIZER =
            new TokenizerReference(ModelSource.classPath().folder("bge-small-en-v1.5-int8")).open();

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    @Test
    void tokenize_anyText_agreesWithTheReference() {
        for (JsonObject golden : Golden.cases("tokens")) {
            String text = golden.get("text").getAsString();
            JsonArray ids = golden.getAsJsonArray("ids");
            JsonArray offsets = golden.getAsJsonArray("offsets");

            TextTokenizer.Tokens tokens = TOKENIZER.tokenize(text);

            assertThat(tokens.size()).as(text).isEqualTo(ids.size() - 2);
            for (int i = 0; i < tokens.size(); i++) {
                assertThat(tokens.ids()[i]).as(text).isEqualTo(ids.get(i + 1).getAsLong());
                JsonArray span = offsets.get(i + 1).getAsJsonArray();
                assertThat(text.codePointCount(0, tokens.starts()[i]))
                        .as(text)
                        .isEqualTo(span.get(0).getAsInt());
                assertThat(text.codePointCount(0, tokens.ends()[i]))
                        .as(text)
                        .isEqualTo(span.get(1).getAsInt());
            }
        }
    }

    @Test
    void tokenize_afterAnEmoji_offsetsCountChars() {
        String text = "\ud83d\ude00 Oslo";
        TextTokenizer.Tokens tokens = TOKENIZER.tokenize(text);
        int last = tokens.size() - 1;
        assertThat(text.substring(tokens.starts()[last], tokens.ends()[last])).isEqualTo("Oslo");
    }

    @Test
    void tokenize_nulAndLoneSurrogates_shiftNoOffset() {
        String text = "a\u0000\ud800b \udc00 Oslo";
        TextTokenizer.Tokens tokens = TOKENIZER.tokenize(text);
        int last = tokens.size() - 1;
        assertThat(text.substring(tokens.starts()[last], tokens.ends()[last])).isEqualTo("Oslo");
    }

    @Test
    void tokenize_anyChars_givesOffsetsWithinTheText() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            char[] chars = new char[random.nextInt(40)];
            for (int i = 0; i < chars.length; i++) {
                chars[i] = (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65_536));
            }
            TextTokenizer.Tokens tokens = TOKENIZER.tokenize(new String(chars));
            int before = 0;
            for (int i = 0; i < tokens.size(); i++) {
                assertThat(tokens.starts()[i]).as("seed %d", seed).isBetween(before, chars.length);
                assertThat(tokens.ends()[i]).as("seed %d", seed).isBetween(tokens.starts()[i], chars.length);
                before = tokens.starts()[i];
            }
        }
    }

    @Test
    void tokenize_longerThanTheModel_isNotTruncated() {
        assertThat(TOKENIZER.tokenize("word ".repeat(5_000)).size()).isEqualTo(5_000);
    }

    @Test
    void open_dependenciesThatWouldCallHome_areSwitchedOff() {
        assertThat(TOKENIZER.tokenizeNatively("x").size()).isEqualTo(1);
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
    }

    @Test
    void tokenize_closed_isMisuse() {
        TextTokenizer tokenizer =
                new TokenizerReference(ModelSource.classPath().folder("bge-small-en-v1.5-int8")).open();
        tokenizer.close();
        tokenizer.close();
        assertThatIllegalStateException().isThrownBy(() -> tokenizer.tokenize("x"));
    }

    @Test
    void windows_holdEveryTokenOnce() {
        for (int n : new int[] {0, 1, 509, 510, 511, 1020, 1021}) {
            TextTokenizer.Tokens tokens = new TextTokenizer.Tokens(new long[n], new int[n], new int[n], new int[n]);
            TokenizedText text = TokenizedText.of("", tokens, new SpecialTokens(101, 102), 512);
            assertThat(text.windows().stream()
                            .mapToInt(w -> w.inputIds().length - 2)
                            .sum())
                    .isEqualTo(n);
            assertThat(text.windows()).hasSize(Math.max(1, (n + 509) / 510));
            assertThat(text.windows()).allMatch(w -> w.inputIds().length <= 512);
        }
    }
}
