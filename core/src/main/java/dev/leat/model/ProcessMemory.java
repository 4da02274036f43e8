package dev.leat.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory this process may take and takes, as Linux tells: the limits of its control groups (version 1 or 2) and
 * the machine's memory; immutable. Elsewhere nothing is known, and nothing is refused for want of memory.
 */
public final class ProcessMemory {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessMemory.class);

    private final Path root;
    private final long limitBytes;

    private ProcessMemory(Path root, long limitBytes) {
        this.root = root;
        this.limitBytes = limitBytes;
    }

    /**
     * Returns what holds for this process.
     *
     * @return read once; the use is read anew each time
     */
    public static ProcessMemory detect() {
        return at(Path.of("/"));
    }

    /**
     * Returns this process's use under a limit of the caller's.
     *
     * @param limitBytes the most that the process may take, at least 1
     * @return the limit instead of the system's
     */
    public static ProcessMemory limitedTo(long limitBytes) {
        if (limitBytes < 1) {
            throw new IllegalArgumentException("limitBytes must be at least 1, was " + limitBytes);
        }
        return new ProcessMemory(Path.of("/"), limitBytes);
    }

    /** Reads a system's files below another folder. */
    static ProcessMemory at(Path root) {
        long limit = kilobytes(root.resolve("proc/meminfo"), "MemTotal:").orElse(Long.MAX_VALUE);
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[0].equals("0") && parts[1].isEmpty()) {
                limit = Math.min(limit, limit(root.resolve("sys/fs/cgroup"), parts[2], "memory.max"));
            } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
                limit = Math.min(limit, limit(root.resolve("sys/fs/cgroup/memory"), parts[2], "memory.limit_in_bytes"));
            }
        }
        return new ProcessMemory(root, limit);
    }

    /** The smallest limit of a group and those around it; the group's own folder may be hidden by a container. */
    private static long limit(Path top, String group, String file) {
        long limit = Long.MAX_VALUE;
        Path folder = top.resolve(group.replaceFirst("^/+", "")).normalize();
        for (Path each = folder; each != null && each.startsWith(top); each = each.getParent()) {
            for (String line : lines(each.resolve(file))) {
                if (line.strip().matches("\\d{1,18}")) { // "max" and 2^63-4096 mean none
                    limit = Math.min(limit, Long.parseLong(line.strip()));
                }
            }
        }
        return limit;
    }

    /**
     * Returns the most that this process may take.
     *
     * @return bytes, or {@code Long.MAX_VALUE} if nothing is known
     */
    public long limitBytes() {
        return limitBytes;
    }

    /**
     * Returns what this process takes and cannot give back at once: memory that mirrors no file.
     *
     * @return bytes, or 0 if nothing is known
     */
    public long usedBytes() {
        Path status = root.resolve("proc/self/status");
        return kilobytes(status, "RssAnon:").orElse(0)
                + kilobytes(status, "RssShmem:").orElse(0);
    }

    private static OptionalLong kilobytes(Path file, String name) {
        Optional<String> found =
                lines(file).stream().filter(line -> line.startsWith(name)).findFirst();
        String digits = found.map(line -> line.replaceAll("\\D", "")).orElse("");
        return digits.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits) << 10);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            LOG.debug("{} cannot be read: {}", file, e.getClass().getName());
            return List.of();
        }
    }
}
