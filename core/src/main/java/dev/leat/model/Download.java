package dev.leat.model;

import dev.leat.ModelLoadException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches files of a hub's snapshot, each once, resuming what broke off; thread-safe. */
final class Download {

    /*
     * A file grows as <name>.part and gets its name, by an atomic rename, once its size and digest are right; so what
     * has its name is whole, whoever was killed when. A part that is as long as it should be, and wrong, is removed.
     */

    static final long UNKNOWN_BYTES = -1;

    private static final Logger LOG = LoggerFactory.getLogger(Download.class);
    private static final int CONNECT_MILLIS = 10_000;
    private static final int READ_MILLIS = 30_000;
    private static final long MAX_UNKNOWN_BYTES = 4L << 20;

    private final String modelId;
    private final HubSnapshot snapshot;
    private final Path root;

    Download(String modelId, HubSnapshot snapshot, Path root) {
        this.modelId = modelId;
        this.snapshot = snapshot;
        this.root = root;
    }

    /** Returns a file that is there, fetched if need be; what was there before is checked by whoever reads it. */
    Path fetch(String file, long bytes, String sha256) {
        Path target = root.resolve(file);
        if (Files.exists(target)) {
            return target;
        }
        if (snapshot.offline()) {
            throw failed(
                    file,
                    "is not in " + root + ", and this snapshot is offline. Fetch it once online, or copy it there",
                    null);
        }
        try {
            Files.createDirectories(target.getParent());
            try (FolderLock lock = FolderLock.acquire(Path.of(target + ".lock"))) {
                if (lock == null) {
                    throw failed(
                            file, "is being fetched by somebody else for more than half a minute. Try again", null);
                }
                if (!Files.exists(target)) {
                    load(file, target, bytes, sha256);
                }
            }
            return target;
        } catch (IOException e) {
            throw failed(
                    file,
                    "cannot be fetched (" + e.getClass().getSimpleName()
                            + "). What came is kept and the next try goes on"
                            + " from there; check the address, the network and the disk",
                    e);
        }
    }

    private void load(String file, Path target, long bytes, String sha256) throws IOException {
        Path part = Path.of(target + ".part");
        long most = bytes == UNKNOWN_BYTES ? MAX_UNKNOWN_BYTES : bytes;
        LOG.info("Fetching {} of model {}", file, modelId);
        long there = Files.exists(part) ? Files.size(part) : 0;
        if (there < most) {
            append(file, part, there, most);
        }
        String found = Digests.sha256(part);
        if (!found.equals(sha256)) {
            Files.delete(part);
            throw failed(
                    file,
                    "at the hub is not what was pinned: expected SHA-256 " + sha256 + ", found " + found
                            + ". Look at the repository, and pin what you trust",
                    null);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        LOG.info("Fetched {} of model {}, {} bytes", file, modelId, Files.size(target));
    }

    private void append(String file, Path part, long there, long most) throws IOException {
        URI address = URI.create(snapshot.hub().toString().replaceFirst("/+$", "") + '/' + snapshot.repository()
                + "/resolve/" + snapshot.revision() + '/' + file);
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        try {
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(READ_MILLIS);
            connection.setRequestProperty("User-Agent", "leat");
            connection.setRequestProperty("Accept-Encoding", "identity");
            if (there > 0) {
                connection.setRequestProperty("Range", "bytes=" + there + '-');
            }
            int status = connection.getResponseCode();
            boolean resumed = status == HttpURLConnection.HTTP_PARTIAL && there > 0;
            if (status == 416) { // the part is longer than the file: it is another file's
                Files.delete(part);
                throw new IOException("the hub knows no more of the file");
            }
            if (!resumed && status != HttpURLConnection.HTTP_OK) {
                throw failed(file, "cannot be fetched: the hub answered " + status + ". " + advice(status), null);
            }
            try (InputStream in = connection.getInputStream();
                    OutputStream out = resumed
                            ? Files.newOutputStream(part, StandardOpenOption.APPEND)
                            : Files.newOutputStream(part)) {
                long wanted = resumed ? most - there : most;
                long announced = connection.getContentLengthLong();
                long copied = copy(in, out, wanted);
                // The JDK's stream mostly throws when a connection breaks, but may just end.
                if (announced >= 0 && copied < Math.min(announced, wanted)) {
                    throw new EOFException("the connection ended early");
                }
            }
        } finally {
            connection.disconnect();
        }
    }

    /** Copies no more than the file may have: a hub that sends for ever fills no disk. */
    private static long copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] buffer = new byte[Digests.BUFFER_BYTES];
        long left = most;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                break;
            }
            out.write(buffer, 0, read);
            left -= read;
        }
        return most - left;
    }

    private static String advice(int status) {
        return switch (status) {
            case 401, 403 -> "The repository is closed to strangers; copy its files to a directory instead";
            case 404 -> "Check repository, revision and the names in model.json";
            case 429, 500, 502, 503, 504 -> "Try again later";
            default -> "Check the address of the hub";
        };
    }

    private ModelLoadException failed(String file, String what, @Nullable Throwable cause) {
        return new ModelLoadException(modelId, "Model '" + modelId + "': '" + file + "' " + what + ".", cause);
    }
}
