package dev.leat.examples.cli;

import dev.leat.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The lines of a file as items, read one by one; confined to one thread.
 *
 * <p>A line ends at a line feed, a carriage return before it is dropped. Bytes that are no UTF-8 become U+FFFD. A line
 * of more than {@link #MAX_LINE_BYTES} is passed over without being held, and is an item that fails.
 */
final class Lines implements Iterator<Item<String>>, Closeable {

    /** The most bytes of a line; 10 million chars fit, even if each is written as a JSON escape. */
    static final int MAX_LINE_BYTES = 64 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;
    private int next;
    private int end;

    Lines(InputStream in) throws IOException {
        this(in, MAX_LINE_BYTES);
    }

    Lines(InputStream in, int maxLineBytes) throws IOException {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
        fill();
    }

    @Override
    public boolean hasNext() {
        return end > 0;
    }

    @Override
    public Item<String> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the file is read");
        }
        number++;
        try {
            boolean fits = readLine();
            String text = fits ? decode() : "";
            if (line.size() > BUFFER_BYTES) {
                line = new ByteArrayOutputStream(); // a long line is not held on to
            }
            if (!fits) {
                return failed(new InvalidInputException(
                        "too-long", "The line has more than " + maxLineBytes + " bytes; split it"));
            }
            return TextLine.read(text, Long.toString(number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Item<String> failed(InvalidInputException why) {
        return TextLine.failed(Long.toString(number), why);
    }

    /** Reads on if the buffer is used up; end is 0 when the file is read. */
    private void fill() throws IOException {
        if (next == end) {
            next = 0;
            end = Math.max(0, in.read(buffer));
        }
    }

    private boolean readLine() throws IOException {
        line.reset();
        boolean fits = true;
        boolean whole = false;
        while (end > 0 && !whole) {
            int stop = next;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            whole = stop < end;
            int room = Math.min(stop - next, maxLineBytes - line.size());
            fits &= room == stop - next;
            line.write(buffer, next, room);
            next = whole ? stop + 1 : stop;
            fill();
        }
        return fits;
    }

    private String decode() {
        String text = line.toString(StandardCharsets.UTF_8);
        if (number == 1 && text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
