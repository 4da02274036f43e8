package dev.leat.schedule;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the library's threads: daemons named {@code leat-<role>-<n>}, so that a thread dump can be read. */
public final class Threads {

    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private Threads() {}

    /**
     * Returns a factory of daemon threads.
     *
     * @param role what the threads do, one word
     * @return the factory, numbering its threads from 1
     */
    public static ThreadFactory daemon(String role) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(null, work, "leat-" + role + "-" + number.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((t, error) -> LOG.error(
                    "Thread {} ended by {}; this is a bug",
                    t.getName(),
                    error.getClass().getName()));
            return thread;
        };
    }
}
