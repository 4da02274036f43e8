package dev.leat.text.encode;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.onnx.OnnxModel;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.text.OwnEncoders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderTest {

    private static final int VOCABULARY = 30_522;
    private static final int MAX_TOKENS = 512;
    private static final SpecialTokens BERT = new SpecialTokens(101, 102);

    /** Lends one opened model, and is never cancelled. */
    private record Lender(OnnxModel opened, boolean readsTokenStates) implements RunScope {
        Lender(OnnxModel opened) {
            this(opened, true);
        }

        @Override
        public boolean isRead(String part) {
            return readsTokenStates;
        }

        @Override
        @SuppressWarnings("unchecked") // the encoder asks for no other model
        public <M extends AutoCloseable> M model(ModelReference<M> reference) {
            return (M) opened;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public Registration onCancel(Runnable action) {
            return () -> {};
        }

        @Override
        public void spent(Phase phase, long nanos) {}

        @Override
        public void note(int item, String fact, long value) {}
    }

    private static TokenizedText text(Random random, int tokens) {
        long[] ids = random.longs(tokens, 1000, VOCABULARY).toArray();
        int[] places = new int[tokens];
        return TokenizedText.of("", new TextTokenizer.Tokens(ids, places, places, places), BERT, MAX_TOKENS);
    }

    /** Up to 32 texts that are padded to at most so many tokens, the shortest to {@code padding} times its length. */
    private static List<TokenizedText> batch(Random random, double padding) {
        int longest = 1 + random.nextInt(120);
        int items = 2 + random.nextInt(Math.min(30, Math.max(1, MAX_TOKENS / (longest + 2) - 1)));
        List<TokenizedText> batch = new ArrayList<>();
        for (int i = 0; i < items; i++) {
            int least = Math.max(1, (int) (longest / padding));
            batch.add(text(random, least + random.nextInt(longest - least + 1)));
        }
        return batch;
    }

    private static void assertSameAlone(String model, int batches, double tolerance) {
        Encoder encoder = Encoder.of(ModelSource.classPath().folder(model));
        try (OnnxModel opened = encoder.model().open()) {
            assertThat(opened.hasBatchDependentQuantisation()).isFalse();
            RunScope scope = new Lender(opened);
            for (int seed = 1; seed <= batches; seed++) {
                List<TokenizedText> batch = batch(new Random(seed), seed % 3 == 0 ? 1 : seed % 3 == 1 ? 1.25 : 4);
                List<EncodedText> together = encoder.encode(batch, scope);
                assertThat(together).hasSameSizeAs(batch);
                for (int i = 0; i < batch.size(); i++) {
                    EncodedText.Window alone =
                            encoder.encode(batch.get(i), scope).windows().get(0);
                    EncodedText.Window mate = together.get(i).windows().get(0);
                    assertThat(mate.weight()).isEqualTo(alone.weight());
                    String where = model + " seed " + seed + " " + batch + " item " + i;
                    assertNear(where, mate.embedding(), alone.embedding(), tolerance);
                    assertNear(where, mate.features(), alone.features(), tolerance);
                    assertThat(mate.hidden()).containsOnlyKeys(encoder.hiddenLayers());
                    encoder.hidden(alone, scope)
                            .forEach((layer, states) -> assertNear(
                                    where, requireNonNull(mate.hidden().get(layer)), states, tolerance));
                }
            }
        }
    }

    private static void assertNear(String where, float[] actual, float[] expected, double tolerance) {
        if (tolerance == 0) {
            assertThat(actual).as(where).isEqualTo(expected);
            return;
        }
        double length = 0;
        for (float each : expected) {
            length += (double) each * each;
        }
        assertThat(actual).as(where).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat((actual[i] - expected[i]) / Math.sqrt(length)).as(where).isCloseTo(0, within(tolerance));
        }
    }

    @Test
    void encode_int8Batch_isBitForBitWhatEachIsAlone() {
        assertSameAlone("bge-small-en-v1.5-int8", 24, 0);
    }

    @Test
    void encode_exactBatch_isWithinAMillionthOfWhatEachIsAlone() {
        assertSameAlone("bge-small-en-v1.5-exact", 6, 1e-6);
    }

    private static void assertTinySameAlone(ModelFolder folder, boolean oneByOne, double tolerance) {
        Encoder encoder = Encoder.of(folder);
        try (OnnxModel opened = encoder.model().open()) {
            assertThat(opened.hasBatchDependentQuantisation()).isEqualTo(oneByOne);
            RunScope scope = new Lender(opened);
            for (int seed = 1; seed <= 50; seed++) {
                Random random = new Random(seed);
                List<TokenizedText> batch = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    long[] ids = random.longs(random.nextInt(7), 4, 16).toArray();
                    int[] places = new int[ids.length];
                    batch.add(TokenizedText.of(
                            "", new TextTokenizer.Tokens(ids, places, places, places), new SpecialTokens(2, 3), 8));
                }
                List<EncodedText> together = encoder.encode(batch, scope);
                for (int i = 0; i < batch.size(); i++) {
                    EncodedText alone = encoder.encode(batch.get(i), scope);
                    assertNear(
                            folder + " seed " + seed + " item " + i,
                            together.get(i).windows().get(0).embedding(),
                            alone.windows().get(0).embedding(),
                            tolerance);
                }
            }
        }
    }

    @Test
    void encode_batchOfAnOwnEncoder_isWhatEachIsAlone(@TempDir Path directory) {
        assertTinySameAlone(OwnEncoders.plain(directory, "MEAN"), false, 1e-6);
        assertTinySameAlone(OwnEncoders.plain(directory, "CLS"), false, 1e-6);
        assertTinySameAlone(OwnEncoders.dynamic(directory), true, 0);
    }

    private static void assertSameOnTwoThreads(String model, double tolerance) {
        Encoder encoder = Encoder.of(ModelSource.classPath().folder(model));
        try (OnnxModel one = encoder.model().open();
                OnnxModel two = encoder.model().spread(2).open()) {
            for (int tokens : new int[] {1, 2, 7, 14, 31, 62, 126, 218, 510}) {
                TokenizedText text = text(new Random(tokens), tokens);
                EncodedText.Window alone =
                        encoder.encode(text, new Lender(one)).windows().get(0);
                EncodedText.Window spread =
                        encoder.encode(text, new Lender(two)).windows().get(0);
                assertNear(model + " " + text, spread.embedding(), alone.embedding(), tolerance);
                assertNear(model + " " + text, spread.features(), alone.features(), tolerance);
            }
        }
    }

    @Test
    void encode_int8OnTwoThreads_isBitForBitWhatItIsOnOne() {
        assertSameOnTwoThreads("bge-small-en-v1.5-int8", 0);
    }

    @Test
    void encode_exactOnTwoThreads_isWithinAMillionthOfWhatItIsOnOne() {
        assertSameOnTwoThreads("bge-small-en-v1.5-exact", 1e-6);
    }

    @Test
    void encode_nobodyReadsTokenStates_leavesThemOutAndChangesNothingElse() {
        Encoder encoder = Encoder.of(ModelSource.classPath().folder("bge-small-en-v1.5-int8"));
        try (OnnxModel opened = encoder.model().open()) {
            List<TokenizedText> texts = List.of(text(new Random(1), 20), text(new Random(2), 21));

            List<EncodedText> read = encoder.encode(texts, new Lender(opened));
            List<EncodedText> unread = encoder.encode(texts, new Lender(opened, false));
            EncodedText alone = encoder.encode(texts.subList(0, 1), new Lender(opened, false))
                    .get(0);

            for (int i = 0; i < texts.size(); i++) {
                EncodedText.Window with = read.get(i).windows().get(0);
                EncodedText.Window without = unread.get(i).windows().get(0);
                assertThat(with.hidden()).containsOnlyKeys(encoder.hiddenLayers());
                assertThat(without.hidden()).isEmpty();
                assertThat(without.embedding()).isEqualTo(with.embedding());
                assertThat(without.features()).isEqualTo(with.features());
            }
            assertThat(alone.windows().get(0).hidden()).isEmpty();
        }
    }

    @Test
    void encode_textOfSeveralWindowsAmongOthers_isEncodedAsAlone() {
        Encoder encoder = Encoder.of(ModelSource.classPath().folder("bge-small-en-v1.5-int8"));
        try (OnnxModel opened = encoder.model().open()) {
            RunScope scope = new Lender(opened);
            List<TokenizedText> texts = List.of(text(new Random(1), 5), text(new Random(2), 600));

            List<EncodedText> together = encoder.encode(texts, scope);

            for (int i = 0; i < 2; i++) {
                assertThat(Encoder.pool(together.get(i))).isEqualTo(Encoder.pool(encoder.encode(texts.get(i), scope)));
            }
        }
    }
}
