package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddingTest {

    private static Embedding random(Random random, int dimension) {
        double[] values = random.doubles(dimension, -1, 1).toArray();
        values[0] += 2; // as the encoder's do, they lean to one side
        double length = Math.sqrt(IntStream.range(0, dimension)
                .mapToDouble(i -> values[i] * values[i])
                .sum());
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (values[i] / length);
        }
        return Embedding.of("space", vector);
    }

    private static List<Embedding> random(int size, int dimension, long seed) {
        Random random = new Random(seed);
        List<Embedding> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(random(random, dimension));
        }
        return all;
    }

    @Test
    void cut_keepsTheFirstCoordinatesAtLengthOne() {
        Embedding whole = Embedding.of("space", 0.48f, 0.36f, 0.8f);

        Embedding cut = whole.cut(2);

        assertThat(cut.toArray()).containsExactly(new float[] {0.8f, 0.6f}, within(1e-6f));
        assertThat(cut.space()).isEqualTo("space:2");
        assertThat(whole.cut(3)).isSameAs(whole);
        assertThatIllegalArgumentException().isThrownBy(() -> whole.cosine(cut)).withMessageContaining("one model");
        assertThatIllegalArgumentException().isThrownBy(() -> whole.cut(4));
        assertThatIllegalArgumentException().isThrownBy(() -> whole.cut(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Embedding.of("space", 0, 1).cut(1));
    }

    @Test
    void nearest_anySizes_equalsThePlainWay() {
        for (int size : new int[] {1, 2, 63, 64, 65, 300}) {
            for (int dimension : new int[] {1, 7, 384}) {
                List<Embedding> all = random(size, dimension, size * 1_000L + dimension);
                EmbeddingIndex index = EmbeddingIndex.of(all);
                Embedding query = random(new Random(7), dimension);
                List<Neighbour> plain = IntStream.range(0, size)
                        .mapToObj(i -> new Neighbour(i, query.cosine(all.get(i))))
                        .sorted(Comparator.comparingDouble(Neighbour::cosine)
                                .reversed()
                                .thenComparingInt(Neighbour::index))
                        .toList();
                for (int k : new int[] {1, 3, size, size + 5}) {
                    assertThat(index.nearest(query, k)).isEqualTo(plain.subList(0, Math.min(k, size)));
                }
            }
        }
    }

    @Test
    void nearest_equalVectors_comeInTheirOrder() {
        Embedding one = Embedding.of("space", 1, 0);
        EmbeddingIndex index = EmbeddingIndex.of(List.of(one, Embedding.of("space", 0, 1), one, one));
        assertThat(index.nearest(one, 2)).containsExactly(new Neighbour(0, 1), new Neighbour(2, 1));
    }

    @Test
    void nearDuplicates_givesEachPairOnce() {
        List<Embedding> all = random(150, 16, 5);
        List<EmbeddingIndex.Pair> plain = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                double cosine = all.get(i).cosine(all.get(j));
                if (cosine >= 0.8) {
                    plain.add(new EmbeddingIndex.Pair(i, j, cosine));
                }
            }
        }
        assertThat(plain).hasSizeGreaterThan(5);
        assertThat(EmbeddingIndex.of(all).nearDuplicates(0.8)).isEqualTo(plain);
    }

    @Test
    void index_ofTwoSpaces_isAnError() {
        Embedding a = Embedding.of("a", 1, 0);
        Embedding b = Embedding.of("b", 1, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddingIndex.of(List.of(a, b)))
                .withMessageContaining("one model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddingIndex.of(List.of(a)).nearest(b, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> EmbeddingIndex.of(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddingIndex.of(List.of(a)).nearest(a, 0));
    }

    @Test
    void int8_cosinesAreNearToTheOriginals() {
        List<Embedding> all = random(200, 384, 11);
        EmbeddingQuantiser quantiser = EmbeddingQuantiser.calibrate(all.subList(0, 100));
        for (int i = 1; i < all.size(); i++) {
            assertThat(quantiser.int8(all.get(i)).cosine(quantiser.int8(all.get(i - 1))))
                    .isCloseTo(all.get(i).cosine(all.get(i - 1)), within(0.05));
        }
        assertThat(quantiser.int8(all.get(0)).cosine(quantiser.int8(all.get(0))))
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void binary_bitsAreHalfOnesAndNearVectorsShareThem() {
        List<Embedding> all = random(400, 384, 3);
        EmbeddingQuantiser quantiser = EmbeddingQuantiser.calibrate(all);
        int ones = 0;
        for (Embedding each : all) {
            BinaryEmbedding binary = quantiser.binary(each);
            for (long word : binary.toLongs()) {
                ones += Long.bitCount(word);
            }
            assertThat(binary.hamming(binary)).isZero();
            assertThat(binary.similarity(binary)).isEqualTo(1);
        }
        assertThat((double) ones / (400 * 384)).isCloseTo(0.5, within(0.01));
    }

    @Test
    void quantiser_restored_givesEqualForms() {
        List<Embedding> all = random(50, 100, 1);
        EmbeddingQuantiser one = EmbeddingQuantiser.calibrate(all);
        EmbeddingQuantiser two = EmbeddingQuantiser.of(one.space(), one.limit(), one.thresholds());
        Embedding text = all.get(3);

        assertThat(two.int8(text)).isEqualTo(one.int8(text));
        assertThat(two.binary(text)).isEqualTo(one.binary(text));
        assertThat(Int8Embedding.of(one.int8(text).space(), one.int8(text).toBytes()))
                .isEqualTo(one.int8(text));
        assertThat(BinaryEmbedding.of(
                        one.binary(text).space(), 100, one.binary(text).toLongs()))
                .isEqualTo(one.binary(text));
    }

    @Test
    void smallForms_ofTwoCalibrationsOrSpaces_cannotBeCompared() {
        List<Embedding> all = random(50, 100, 1);
        EmbeddingQuantiser one = EmbeddingQuantiser.calibrate(all.subList(0, 25));
        EmbeddingQuantiser two = EmbeddingQuantiser.calibrate(all.subList(25, 50));
        Embedding text = all.get(0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.int8(text).cosine(two.int8(text)))
                .withMessageContaining("one quantiser");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.binary(text).hamming(two.binary(text)))
                .withMessageContaining("one quantiser");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.int8(text.cut(50)))
                .withMessageContaining("calibrate");
        assertThatIllegalArgumentException().isThrownBy(() -> BinaryEmbedding.of("s", 65, 0L));
        assertThatIllegalArgumentException().isThrownBy(() -> BinaryEmbedding.of("s", 63, -1L));
        assertThat(one.int8(text).toString() + one.binary(text) + one).doesNotContain("[0, ");
    }
}
