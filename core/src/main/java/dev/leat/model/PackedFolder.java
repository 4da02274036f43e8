package dev.leat.model;

import dev.leat.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.Optional;

/** A model inside a jar, or wherever else a class loader finds it; unpacked into the cache when a path is wanted. */
final class PackedFolder extends ModelFolder {

    private final URL json;
    private final ModelCache cache;

    private PackedFolder(ModelDescriptor descriptor, URL json, ModelCache cache) {
        super(descriptor);
        this.json = json;
        this.cache = cache;
    }

    static PackedFolder open(String id, URL json, ModelCache cache) {
        byte[] bytes;
        try (InputStream in = stream(json)) {
            bytes = readDescriptor(id, in, json.toString());
        } catch (IOException e) {
            throw new ModelLoadException(
                    id,
                    "Model '" + id + "': cannot read " + json + " ("
                            + e.getClass().getSimpleName() + "). Fetch the artifact again.",
                    e);
        }
        return new PackedFolder(ModelDescriptor.parse(id, bytes, json.toString()), json, cache);
    }

    @Override
    public Optional<Path> path(String file) {
        descriptor().file(file);
        return cache.place(this, file);
    }

    @Override
    InputStream open(String file) throws IOException {
        return stream(beside(file));
    }

    @Override
    String where() {
        String url = json.toString();
        return url.substring(0, url.length() - ModelDescriptor.FILE.length());
    }

    private URL beside(String file) throws MalformedURLException {
        // The name was checked by FileNames, so the relative URL cannot lead anywhere else.
        return new URL(json, file);
    }

    /** Opens without the JVM's cache of jar files, which would keep the jar open for good. */
    private static InputStream stream(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }
}
