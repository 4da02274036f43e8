package dev.leat.vision.jpeg;

import static java.util.Objects.requireNonNull;

import dev.leat.CancelledException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One pass over some or all colours of a JPEG. Confined to one decoding. */
final class Scan {

    /**
     * Which coefficients a scan brings, and which of their bits.
     *
     * @param from the first zigzag index
     * @param to the last one
     * @param high the bit that was the lowest so far, 0 if there was none
     * @param low the lowest bit that this scan brings
     */
    record Band(int from, int to, int high, int low) {}

    private final Frame frame;
    private final List<Component> components;
    private final EntropyDecoder decoder;
    private final Band band;
    private final int interval;
    private final BooleanSupplier cancelled;
    private final int[] block = new int[64];
    private final InverseDct dct = new InverseDct();

    /** Units until the next restart marker. */
    private int left;

    private int nextRestart;

    /** No data come before the next restart marker. */
    private boolean dry;

    Scan(
            Frame frame,
            List<Component> components,
            EntropyDecoder decoder,
            Band band,
            int interval,
            BooleanSupplier cancelled) {
        this.frame = frame;
        this.components = List.copyOf(components);
        this.decoder = decoder;
        this.band = band;
        this.interval = interval;
        this.cancelled = cancelled;
        requireTables();
    }

    private void requireTables() {
        if (frame.progressive()) {
            boolean ac = band.from > 0;
            if (band.from > band.to
                    || band.to > 63
                    || !ac && band.to != 0
                    || ac && components.size() > 1
                    || band.low > 13
                    || band.high != 0 && band.high != band.low + 1) {
                throw JpegFile.damaged("a scan of impossible coefficients");
            }
        }
        boolean dc = band.from == 0 && band.high == 0 || !frame.progressive();
        boolean ac = band.from > 0 || !frame.progressive();
        for (Component c : components) {
            c.before = 0;
            HuffmanTable table = c.dc;
            if (c.quantisation == null || dc && (table == null || !table.fitsDc()) || ac && c.ac == null) {
                throw JpegFile.damaged("a table is missing");
            }
        }
    }

    int warnings() {
        return decoder.warnings();
    }

    /** Decodes it all; returns where the next marker may be. */
    int run(byte[] bytes) {
        boolean alone = components.size() == 1;
        Component first = components.get(0);
        int wide = alone ? first.blocksWide : frame.unitsWide();
        int high = alone ? first.blocksHigh : frame.unitsHigh();
        left = interval;
        long missing = 0;
        for (int y = 0; y < high; y++) {
            if (cancelled.getAsBoolean()) {
                throw new CancelledException("A decoding was cancelled");
            }
            for (int x = 0; x < wide; x++) {
                if (interval > 0 && left-- == 0) {
                    restart(bytes);
                }
                if (dry) {
                    missing++;
                    continue;
                }
                if (alone) {
                    block(first, x, y);
                } else {
                    unit(x, y);
                }
                dry = decoder.exhausted();
            }
            if (dry && interval == 0) {
                missing += (long) (high - 1 - y) * wide;
                break; // an empty scan takes no time, however large the picture
            }
        }
        frame.scanned((long) wide * high, missing);
        return decoder.position();
    }

    private void unit(int x, int y) {
        for (Component c : components) {
            for (int v = 0; v < c.v; v++) {
                for (int h = 0; h < c.h; h++) {
                    block(c, x * c.h + h, y * c.v + v);
                }
            }
        }
    }

    private void block(Component c, int x, int y) {
        if (!frame.progressive()) {
            Arrays.fill(block, 0);
            int last = decoder.block(
                    c, present(c.dc), present(c.ac), requireNonNull(c.quantisation), block, c.blockSide > 1);
            dct.transform(block, last, c.blockSide, c.plane, (y * c.stride + x) * c.blockSide, c.stride);
            return;
        }
        int at = 64 * (y * c.blocksStored + x);
        if (band.from == 0) {
            if (band.high == 0) {
                decoder.dcFirst(c, present(c.dc), at, band.low);
            } else {
                decoder.dcRefine(c, at, band.low);
            }
        } else if (band.high == 0) {
            decoder.acFirst(c.coefficients, present(c.ac), at, band.from, band.to, band.low);
        } else {
            decoder.acRefine(c.coefficients, present(c.ac), at, band.from, band.to, band.low);
        }
    }

    /** Tables were looked for when the scan began. */
    private static HuffmanTable present(@Nullable HuffmanTable table) {
        return requireNonNull(table);
    }

    /**
     * Looks for the restart marker that is due. One that should have come already is passed over; one that is due later
     * stays, and what lies before it is missing (libjpeg, jpeg_resync_to_restart).
     */
    private void restart(byte[] bytes) {
        int at = decoder.position();
        int due = nextRestart;
        nextRestart = nextRestart + 1 & 7;
        left = interval - 1;
        for (Component c : components) {
            c.before = 0;
        }
        int skipped = 0;
        while (at + 1 < bytes.length) {
            int marker = bytes[at + 1] & 0xff;
            if (bytes[at] != (byte) 0xff || marker == 0 || marker == 0xff) {
                skipped++;
                at++;
                continue;
            }
            int ahead = marker - 0xd0 - due & 7;
            if (marker < 0xd0 || marker > 0xd7 || ahead == 1 || ahead == 2) {
                break;
            }
            at += 2;
            if (ahead == 0) {
                decoder.restart(at);
                dry = false;
                if (skipped > 0) {
                    decoder.warn();
                }
                return;
            }
        }
        decoder.restart(at);
        decoder.warn();
        dry = true;
    }
}
