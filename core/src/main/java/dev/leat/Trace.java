package dev.leat;

import dev.leat.Provenance.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What each node of a run did, once each; immutable, without content. Prints as a waterfall. */
public final class Trace {

    private static final int BAR = 40;

    private final List<Entry> entries;
    private final Duration total;

    /**
     * What a node did.
     *
     * @param name the step's or function's name
     * @param delivery whether it was computed for this run
     * @param begin since the start of the run; negative if the work was under way before
     * @param duration how long it took
     * @param queue how long it waited for a thread
     */
    public record Entry(String name, Delivery delivery, Duration begin, Duration duration, Duration queue) {}

    Trace(Settled.Work[] works, long started, long ended) {
        List<Entry> all = new ArrayList<>();
        for (Settled.Work work : works) {
            all.add(new Entry(
                    work.source().name(),
                    work.delivery(),
                    Duration.ofNanos(work.started() - started),
                    Duration.ofNanos(work.ended() - work.started()),
                    Duration.ofNanos(work.queue())));
        }
        all.sort(Comparator.comparing(Entry::begin));
        this.entries = List.copyOf(all);
        this.total = Duration.ofNanos(ended - started);
    }

    /**
     * Returns what was done.
     *
     * @return one entry for each node that ran or was shared, in order of beginning
     */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * Returns how long the run took.
     *
     * @return from start to the last stage's end
     */
    public Duration total() {
        return total;
    }

    /** Returns a waterfall, a line for each node. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "run %.2f ms%n", millis(total)));
        double scale = BAR / Math.max(1.0, total.toNanos());
        for (Entry entry : entries) {
            int from = (int) Math.min(BAR - 1, Math.max(0, entry.begin().toNanos() * scale));
            int to = (int) Math.min(BAR, Math.max(from + 1, (entry.begin().plus(entry.duration())).toNanos() * scale));
            text.append(String.format(
                    Locale.ROOT,
                    "  %-20s |%s%s%s| %9.3f ms %s%n",
                    entry.name(),
                    " ".repeat(from),
                    "=".repeat(to - from),
                    " ".repeat(BAR - to),
                    millis(entry.duration()),
                    entry.delivery().name().toLowerCase(Locale.ROOT)));
        }
        return text.toString();
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
