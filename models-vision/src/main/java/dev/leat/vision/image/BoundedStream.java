package dev.leat.vision.image;

import dev.leat.CancelledException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A file's bytes for a reader of ImageIO, which ends the reading when it is cancelled or goes on past the end. Confined to
 * one decoding.
 *
 * <p>Some readers take the end of a file for zeros and decode millions of pixels from them, each with an exception that
 * they catch (TwelveMonkeys' WebP: 4 s for 144 bytes).
 */
final class BoundedStream extends MemoryCacheImageInputStream {

    /** Reads past the end that are allowed: readers look a few bytes ahead. */
    private static final int MAX_PAST_END = 256;

    private static final int READS_A_CHECK = 1024;

    private final BooleanSupplier cancelled;
    private int pastEnd;
    private int reads;

    BoundedStream(byte[] bytes, BooleanSupplier cancelled) {
        super(new ByteArrayInputStream(bytes));
        this.cancelled = cancelled;
    }

    @Override
    public int read() throws IOException {
        return checked(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return checked(super.read(bytes, offset, length));
    }

    private int checked(int result) throws IOException {
        if (result < 0 && ++pastEnd > MAX_PAST_END) {
            throw new IOException("read far past the end");
        }
        if (++reads % READS_A_CHECK == 0 && cancelled.getAsBoolean()) {
            throw new CancelledException("A decoding was cancelled");
        }
        return result;
    }
}
