package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.spi.ContentDigest;
import dev.leat.spi.ContentKeyed;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeysTest {

    private record Blob(String content) implements ContentKeyed {
        @Override
        public Object contentKey() {
            return ContentDigest.of(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private final KeyedHash hash = new KeyedHash();

    @Test
    void shared_digest_isKeyedByTheRuntime() {
        Object key = Keys.of(new Blob("a"));
        assertThat(Keys.shared(key, hash, null))
                .isEqualTo(Keys.shared(Keys.of(new Blob("a")), hash, null))
                .isNotEqualTo(Keys.shared(Keys.of(new Blob("b")), hash, null))
                .isNotEqualTo(Keys.shared(key, new KeyedHash(), null));
    }

    @Test
    void shared_digest_differsByScopeAndFromItsText() {
        ContentDigest digest = (ContentDigest) Keys.of(new Blob("a"));
        assertThat(Keys.shared(digest, hash, null))
                .isNotEqualTo(Keys.shared(digest, hash, "tenant"))
                .isNotEqualTo(Keys.shared(digest.sha256(), hash, null));
    }

    @Test
    void toString_digest_showsNothing() {
        ContentDigest digest = (ContentDigest) Keys.of(new Blob("a"));
        assertThat(digest.toString()).doesNotContain(digest.sha256());
    }
}
