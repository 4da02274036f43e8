package dev.leat.vision.jpeg;

import dev.leat.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The segments of a JPEG file (T.81, annex B), read in their order. Confined to one decoding. */
final class JpegFile {

    /**
     * More scans than any encoder writes (ten or so). Each costs time in proportion to the picture, however few bytes it
     * has; libjpeg-turbo's documentation on hostile progressive files advises such a limit.
     */
    private static final int MAX_SCANS = 100;

    private static final int MAX_SAMPLING = 4;

    private final byte[] bytes;
    private final int scaledSide;
    private final BooleanSupplier cancelled;

    private final int[] @Nullable [] quantisations = new int[4][];
    private final @Nullable HuffmanTable[] dcTables = new HuffmanTable[4];
    private final @Nullable HuffmanTable[] acTables = new HuffmanTable[4];
    private int restartInterval;
    private boolean jfif;

    /** The transform that Adobe's segment states, -1 if there is none. */
    private int adobe = -1;

    private @Nullable Frame frame;
    private int at;
    private int warnings;

    JpegFile(byte[] bytes, int scaledSide, BooleanSupplier cancelled) {
        this.bytes = bytes;
        this.scaledSide = scaledSide;
        this.cancelled = cancelled;
    }

    Jpeg decode() {
        if (bytes.length < 4 || u8(0) != 0xff || u8(1) != 0xd8) {
            throw new InvalidInputException("unknown-format", "The bytes are no JPEG");
        }
        at = 2;
        int scans = 0;
        while (true) {
            int marker = marker();
            if (marker == 0xd9) {
                break;
            }
            if (marker == 0xda) {
                if (++scans > MAX_SCANS) {
                    throw damaged("more than " + MAX_SCANS + " scans");
                }
                scan();
            } else {
                segment(marker);
            }
        }
        Frame read = frame;
        if (read == null || scans == 0) {
            throw damaged("no picture in it");
        }
        read.finish();
        return new Output(read, colors(read)).picture(warnings + read.warnings());
    }

    private Output.Colors colors(Frame read) {
        List<Component> all = read.components();
        if (all.size() == 1) {
            return Output.Colors.GREY;
        } else if (all.size() == 4) {
            return adobe == 0 || adobe < 0 ? Output.Colors.CMYK : Output.Colors.YCCK;
        } else if (jfif) {
            return Output.Colors.YCC;
        } else if (adobe >= 0) {
            return adobe == 0 ? Output.Colors.RGB : Output.Colors.YCC;
        }
        boolean named = all.get(0).id == 'R' && all.get(1).id == 'G' && all.get(2).id == 'B';
        return named ? Output.Colors.RGB : Output.Colors.YCC;
    }

    private int u8(int index) {
        if (index >= bytes.length) {
            throw truncated();
        }
        return bytes[index] & 0xff;
    }

    private int u16(int index) {
        return u8(index) << 8 | u8(index + 1);
    }

    static InvalidInputException truncated() {
        return new InvalidInputException("truncated", "The JPEG ends too early; fetch it again");
    }

    static InvalidInputException damaged(String what) {
        return new InvalidInputException("damaged", "The JPEG is damaged (" + what + "); fetch or save it again");
    }

    /** Passes over what is no marker, and markers without content. */
    private int marker() {
        while (true) {
            int skipped = 0;
            while (u8(at) != 0xff || u8(at + 1) == 0 || u8(at + 1) == 0xff) {
                skipped += u8(at) == 0xff && u8(at + 1) == 0xff ? 0 : 1; // repeated 0xff is allowed
                at++;
            }
            if (skipped > 0) {
                warnings++;
            }
            int marker = u8(at + 1);
            at += 2;
            if (marker != 0x01 && (marker < 0xd0 || marker > 0xd7)) {
                return marker;
            }
        }
    }

    private void segment(int marker) {
        int length = u16(at);
        int from = at + 2;
        int end = at + length;
        if (length < 2 || end > bytes.length) {
            throw length < 2 ? damaged("a segment of no length") : truncated();
        }
        switch (marker) {
            case 0xc0, 0xc1, 0xc2 -> frame(from, end, marker == 0xc2);
            case 0xc4 -> huffman(from, end);
            case 0xdb -> quantisation(from, end);
            case 0xdd -> restartInterval = u16(from);
            case 0xe0 -> jfif |= length >= 16 && begins(from, "JFIF\0");
            case 0xee -> {
                if (length >= 14 && begins(from, "Adobe")) {
                    adobe = u8(from + 11);
                }
            }
            case 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf, 0xd8 ->
                throw new InvalidInputException(
                        "unsupported",
                        "The JPEG is of a kind that is not read (marker " + marker
                                + ": lossless, hierarchical or arithmetic); save it as baseline or progressive");
            default -> {} // comments, metadata, colour profiles
        }
        at = end;
    }

    private boolean begins(int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (u8(from + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void quantisation(int from, int end) {
        int i = from;
        while (i < end) {
            int head = u8(i++);
            int size = head >> 4 == 0 ? 1 : 2;
            if ((head & 15) > 3 || i + 64 * size > end) {
                throw damaged("a table of quantisation");
            }
            int[] table = new int[64];
            for (int k = 0; k < 64; k++, i += size) {
                table[EntropyDecoder.natural(k)] = size == 1 ? u8(i) : u16(i);
            }
            quantisations[head & 15] = table;
        }
    }

    private void huffman(int from, int end) {
        int i = from;
        while (i < end) {
            int head = u8(i++);
            if ((head & 15) > 3 || head >> 4 > 1 || i + 16 > end) {
                throw damaged("a table of codes");
            }
            int[] counts = new int[17];
            int sum = 0;
            for (int length = 1; length <= 16; length++) {
                counts[length] = u8(i++);
                sum += counts[length];
            }
            if (sum > 256 || i + sum > end) {
                throw damaged("a table of codes");
            }
            HuffmanTable table = new HuffmanTable(counts, Arrays.copyOfRange(bytes, i, i + sum));
            (head >> 4 == 0 ? dcTables : acTables)[head & 15] = table;
            i += sum;
        }
    }

    private void frame(int from, int end, boolean progressive) {
        if (frame != null) {
            throw damaged("two frames");
        }
        int count = u8(from + 5);
        if (from + 6 + 3 * count > end) {
            throw damaged("a frame header of another length");
        }
        if (u8(from) != 8 || count != 1 && count != 3 && count != 4) {
            throw new InvalidInputException(
                    "unsupported",
                    "The JPEG has " + count + " colours of " + u8(from)
                            + " bits; 1, 3 or 4 of 8 bits are read. Save it as an ordinary JPEG");
        }
        List<Component> components = new ArrayList<>();
        for (int i = from + 6; i < from + 6 + 3 * count; i += 3) {
            int h = u8(i + 1) >> 4;
            int v = u8(i + 1) & 15;
            if (h < 1 || h > MAX_SAMPLING || v < 1 || v > MAX_SAMPLING || u8(i + 2) > 3) {
                throw damaged("sampling factors");
            }
            components.add(new Component(u8(i), h, v, u8(i + 2)));
        }
        int height = u16(from + 1);
        int width = u16(from + 3);
        if (width == 0 || height == 0) {
            throw damaged(width + " x " + height + " pixels");
        }
        frame = new Frame(width, height, progressive, components, scaledSide, cancelled);
    }

    private void scan() {
        Frame open = frame;
        if (open == null) {
            throw damaged("a scan without a frame");
        }
        int count = u8(at + 2);
        int parameters = at + 3 + 2 * count;
        if (count < 1 || count > open.components().size() || u16(at) != 6 + 2 * count) {
            throw damaged("a scan header");
        }
        List<Component> chosen = new ArrayList<>();
        for (int i = at + 3; i < parameters; i += 2) {
            Component component = open.component(u8(i));
            int tables = u8(i + 1);
            if (component == null || chosen.contains(component) || tables >> 4 > 3 || (tables & 15) > 3) {
                throw damaged("a scan header");
            }
            if (component.quantisation == null) {
                component.quantisation = quantisations[component.table];
            }
            component.dc = dcTables[tables >> 4];
            component.ac = acTables[tables & 15];
            chosen.add(component);
        }
        Scan scan = new Scan(
                open,
                chosen,
                new EntropyDecoder(bytes, parameters + 3),
                new Scan.Band(u8(parameters), u8(parameters + 1), u8(parameters + 2) >> 4, u8(parameters + 2) & 15),
                restartInterval,
                cancelled);
        at = scan.run(bytes);
        warnings += scan.warnings();
    }
}
