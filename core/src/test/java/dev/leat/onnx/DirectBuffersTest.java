package dev.leat.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.ModelRunException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DirectBuffersTest {

    private final DirectBuffers buffers = new DirectBuffers();

    @Test
    void take_smallerInputAfterALarger_getsTheSameMemory() {
        ByteBuffer large = buffers.take(1_000_000, "m");
        buffers.give(large);
        ByteBuffer small = buffers.take(300_000, "m");
        assertThat(small).isSameAs(large);
        assertThat(small.remaining()).isEqualTo(300_000);
    }

    @Test
    void take_ofSeveralThatFit_getsTheSmallest() {
        ByteBuffer large = buffers.take(1_000_000, "m");
        ByteBuffer small = buffers.take(10_000, "m");
        buffers.give(large);
        buffers.give(small);
        assertThat(buffers.take(9_000, "m")).isSameAs(small);
        assertThat(buffers.take(9_000, "m")).isSameAs(large);
        assertThat(buffers.take(9_000, "m")).isNotSameAs(large).isNotSameAs(small);
    }

    @Test
    void take_anySize_wastesAtMostAQuarter() {
        for (int bytes : new int[] {0, 1, 4_096, 4_097, 65_537, 1_000_001, 16_777_217, 20_000_000}) {
            ByteBuffer buffer = buffers.take(bytes, "m");
            assertThat(buffer.remaining()).isEqualTo(bytes);
            assertThat(buffer.capacity()).isBetween(bytes, Math.max(2 * 4_096, bytes + bytes / 4 + 1));
        }
    }

    @Test
    void take_moreThanAGibibyte_isRefused() {
        assertThatThrownBy(() -> buffers.take((1L << 30) + 1, "m"))
                .isInstanceOfSatisfying(
                        ModelRunException.class,
                        e -> assertThat(e.kind()).isEqualTo(ModelRunException.Kind.OUT_OF_NATIVE_MEMORY));
    }
}
