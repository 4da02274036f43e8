package dev.leat.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** The native libraries in a folder of a jar, which is open meanwhile; confined to one thread. */
final class PackedLibraries implements AutoCloseable {

    private final JarFile jar;
    private final List<ZipEntry> entries;

    private PackedLibraries(JarFile jar, String folder) {
        this.jar = jar;
        this.entries = jar.stream()
                .<ZipEntry>map(entry -> entry)
                .filter(entry -> entry.getName().startsWith(folder)
                        && !entry.isDirectory()
                        && entry.getName().indexOf('/', folder.length()) < 0)
                .toList();
    }

    /** Opens the jar of a class; null if it comes from none. */
    static @Nullable PackedLibraries of(Class<?> owner, String folder) throws IOException {
        URL url = owner.getResource(owner.getSimpleName() + ".class");
        if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
            return null;
        }
        connection.setUseCaches(false);
        return new PackedLibraries(connection.getJarFile(), folder);
    }

    List<ZipEntry> entries() {
        return entries;
    }

    /** Whether there are some, and none but those named. */
    boolean areAmong(Set<String> names) {
        return !entries.isEmpty() && entries.stream().allMatch(entry -> names.contains(name(entry)));
    }

    static String name(ZipEntry entry) {
        return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
    }

    /** Tells these libraries from those of any other version or system. */
    String digest() {
        MessageDigest digest = Digests.sha256();
        for (ZipEntry entry : entries) {
            String line = entry.getName() + ' ' + entry.getSize() + ' ' + entry.getCrc() + '\n';
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return Digests.hex(digest);
    }

    /** Whether a file is what the entry unpacks to, by length and CRC-32. */
    static boolean isRight(Path file, ZipEntry entry) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == entry.getSize()
                && Digests.crc32(file) == entry.getCrc();
    }

    InputStream open(ZipEntry entry) throws IOException {
        return jar.getInputStream(entry);
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
