package dev.leat.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorsTest {

    @TempDir
    private Path root;

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content + "\n");
    }

    @Test
    void permits_noControlGroups_areTheJvms() {
        assertThat(Processors.at(root, 8).permits()).isEqualTo(8);
    }

    @Test
    void permits_version2WithoutQuota_areTheJvms() throws IOException {
        file("proc/self/cgroup", "0::/");
        file("sys/fs/cgroup/cpu.max", "max 100000");

        assertThat(Processors.at(root, 8).permits()).isEqualTo(8);
    }

    @Test
    void permits_version2QuotaOfAPart_countThePartAsOne() throws IOException {
        file("proc/self/cgroup", "0::/");
        file("sys/fs/cgroup/cpu.max", "150000 100000");

        assertThat(Processors.at(root, 8).permits()).isEqualTo(2);
        assertThat(Processors.at(root, 8))
                .hasToString(
                        "8 as the JVM sees them, a quota of 1.50 in its control groups: 2 permits unless set otherwise");
    }

    @Test
    void permits_quotaBelowOne_isOne() throws IOException {
        file("proc/self/cgroup", "0::/");
        file("sys/fs/cgroup/cpu.max", "20000 100000");

        assertThat(Processors.at(root, 8).permits()).isEqualTo(1);
        assertThat(Processors.at(root, 8).toString()).contains("one permit");
    }

    @Test
    void permits_quotaOfAGroupAround_isHeeded() throws IOException {
        file("proc/self/cgroup", "0::/host.slice/app.service");
        file("sys/fs/cgroup/host.slice/app.service/cpu.max", "max 100000");
        file("sys/fs/cgroup/host.slice/cpu.max", "300000 100000");

        assertThat(Processors.at(root, 8).permits()).isEqualTo(3);
    }

    @Test
    void permits_version1_isHeeded() throws IOException {
        file("proc/self/cgroup", "5:cpu,cpuacct:/docker/abc\n3:memory:/docker/abc");
        file("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us", "-1");
        file("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us", "100000");
        file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "400000");
        file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");

        assertThat(Processors.at(root, 8).permits()).isEqualTo(4);
    }

    @Test
    void permits_cpusetSmallerThanQuota_areTheCpusets() throws IOException {
        file("proc/self/cgroup", "0::/");
        file("sys/fs/cgroup/cpu.max", "800000 100000");

        assertThat(Processors.at(root, 2).permits()).isEqualTo(2);
    }

    @Test
    void permits_nonsenseInTheFiles_areTheJvms() throws IOException {
        file("proc/self/cgroup", "0::/../../..\nx\n::");
        file("sys/fs/cgroup/cpu.max", "12 0");

        assertThat(Processors.at(root, 8).permits()).isEqualTo(8);
    }
}
