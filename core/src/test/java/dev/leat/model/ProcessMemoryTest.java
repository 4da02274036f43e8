package dev.leat.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {

    @TempDir
    Path root;

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void detect_here_knowsALimitAboveWhatIsUsed() {
        ProcessMemory here = ProcessMemory.detect();

        assertThat(here.limitBytes()).isPositive().isGreaterThan(here.usedBytes());
    }

    @Test
    void limit_groupsOfVersion2_isTheSmallestOnTheWayUp() throws IOException {
        file("proc/meminfo", "MemTotal:       16384 kB\nMemFree: 1 kB\n");
        file("proc/self/cgroup", "0::/pods/one\n");
        file("sys/fs/cgroup/pods/one/memory.max", "max\n");
        file("sys/fs/cgroup/pods/memory.max", "8388608\n");

        assertThat(ProcessMemory.at(root).limitBytes()).isEqualTo(8 << 20);
    }

    @Test
    void limit_groupsOfVersion2InsideAContainer_isTheTopsAsTheGroupIsHidden() throws IOException {
        file("proc/self/cgroup", "0::/docker/abc\n");
        file("sys/fs/cgroup/memory.max", "1048576\n");

        assertThat(ProcessMemory.at(root).limitBytes()).isEqualTo(1 << 20);
    }

    @Test
    void limit_groupsOfVersion1_isTheMemoryControllers() throws IOException {
        file("proc/meminfo", "MemTotal:       16384 kB\n");
        file("proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/b\n");
        file("sys/fs/cgroup/memory/b/memory.limit_in_bytes", "2097152\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        assertThat(ProcessMemory.at(root).limitBytes()).isEqualTo(2 << 20);
    }

    @Test
    void limit_noGroups_isTheMachinesMemory() throws IOException {
        file("proc/meminfo", "MemTotal:       16384 kB\n");

        assertThat(ProcessMemory.at(root).limitBytes()).isEqualTo(16 << 20);
    }

    @Test
    void limit_noLinux_isUnknown() {
        assertThat(ProcessMemory.at(root).limitBytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(ProcessMemory.at(root).usedBytes()).isZero();
    }

    @Test
    void used_status_countsWhatMirrorsNoFile() throws IOException {
        file("proc/self/status", "VmRSS: 900 kB\nRssAnon:\t 100 kB\nRssFile: 700 kB\nRssShmem:\t 20 kB\n");

        assertThat(ProcessMemory.at(root).usedBytes()).isEqualTo(120 << 10);
    }
}
