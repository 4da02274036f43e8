package dev.leat.schedule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many processors this process may use; immutable.
 *
 * <p>The JVM heeds affinity, cpusets and the quota of its own control group, but before JDK 24 not the quotas of the
 * groups around it (JDK-8336881), such as that of a systemd slice. Those are read here, of version 1 and 2.
 *
 * @param jvm as {@link Runtime#availableProcessors()} says
 * @param quota the smallest quota of the control groups, in processors; infinite if there is none
 */
record Processors(int jvm, double quota) {

    private static final Logger LOG = LoggerFactory.getLogger(Processors.class);

    static Processors detect() {
        return at(Path.of("/"), Runtime.getRuntime().availableProcessors());
    }

    /** Reads a system's files below another folder. */
    static Processors at(Path root, int jvm) {
        double quota = Double.POSITIVE_INFINITY;
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[0].equals("0") && parts[1].isEmpty()) {
                quota = Math.min(quota, smallest(root.resolve("sys/fs/cgroup"), parts[2]));
            } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("cpu")) {
                quota = Math.min(quota, smallest(root.resolve("sys/fs/cgroup/cpu"), parts[2]));
            }
        }
        return new Processors(jvm, quota);
    }

    /** Of a group and those around it; the group's own folder may be hidden by a container. */
    private static double smallest(Path top, String group) {
        double quota = Double.POSITIVE_INFINITY;
        Path folder = top.resolve(group.replaceFirst("^/+", "")).normalize();
        for (Path each = folder; each != null && each.startsWith(top); each = each.getParent()) {
            String both = String.join(" ", lines(each.resolve("cpu.max"))); // version 2: "150000 100000", "max 100000"
            String first = String.join(" ", lines(each.resolve("cpu.cfs_quota_us"))); // version 1: -1 for none
            String second = String.join(" ", lines(each.resolve("cpu.cfs_period_us")));
            quota = Math.min(quota, quota((both.isEmpty() ? first + " " + second : both).strip()));
        }
        return quota;
    }

    private static double quota(String quotaAndPeriod) {
        if (!quotaAndPeriod.matches("\\d{1,15} [1-9]\\d{0,14}")) {
            return Double.POSITIVE_INFINITY;
        }
        String[] parts = quotaAndPeriod.split(" ", 2);
        return Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            LOG.debug("{} cannot be read: {}", file, e.getClass().getName());
            return List.of();
        }
    }

    /** A part of a processor counts as one: the quota is used up with no permit idle, and there is always one. */
    int permits() {
        return (int) Math.max(1, Math.min(jvm, Math.ceil(quota)));
    }

    /** For people. */
    @Override
    public String toString() {
        String limit =
                quota == Double.POSITIVE_INFINITY ? "no quota" : String.format(Locale.ROOT, "a quota of %.2f", quota);
        return jvm + " as the JVM sees them, " + limit + " in its control groups: "
                + (permits() == 1
                        ? "one permit, which leaves no room for parallel work"
                        : permits() + " permits unless set otherwise");
    }
}
