package dev.leat.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativesTest {

    @Test
    void library_reportsToNobody() throws IOException {
        try (InputStream in =
                OrtEnvironment.class.getResourceAsStream("/ai/onnxruntime/native/linux-x64/libonnxruntime.so")) {
            assertThat(in).isNotNull();
            String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(bytes).hasSizeGreaterThan(10_000_000);
            assertThat(bytes.contains("PosixTelemetry")).isFalse();
            assertThat(bytes.contains("events.data.microsoft.com")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1.9.0, true",
        "1.19.2, true",
        "1.20.0, true",
        "1.21.0, false",
        "1.28.0, false",
        "1.100.0, false",
        "2.0.0, false"
    })
    void isOutdated_upTo1_20(String version, boolean outdated) {
        assertThat(Natives.isOutdated(version)).isEqualTo(outdated);
    }

    @Test
    void explain_ofAnOutdatedLibrary_saysWhichAndWhatToUse() {
        assertThat(Natives.explain(new Natives.Outdated("1.20.0"), "linux-x64", false))
                .contains("version 1.20.0", "1.21 or later", "mvn dependency:tree");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Native Library x already loaded in another classloader | linux-x64 | false | class loader",
                "ld-linux-x86-64.so.2: cannot open | linux-x64 | true | musl",
                "anything | freebsd-x64 | false | none for this platform",
                "/lib64/libc.so.6: version `GLIBC_2.28' not found | linux-x64 | false | C library",
                "x.so: failed to map segment from shared object | linux-x64 | false | noexec",
                "anything else | linux-x64 | false | onnxruntime"
            })
    void explain_everyReason_saysWhatToDo(String failure, String platform, boolean musl, String said) {
        assertThat(Natives.explain(new UnsatisfiedLinkError(failure), platform, musl))
                .contains(said);
    }
}
