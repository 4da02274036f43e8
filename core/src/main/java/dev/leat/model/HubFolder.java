package dev.leat.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** A model of a hub's snapshot; its files are fetched when they are first asked for. */
final class HubFolder extends ModelFolder {

    private final DirectoryFolder files;
    private final Download download;

    HubFolder(ModelDescriptor descriptor, DirectoryFolder files, Download download) {
        super(descriptor);
        this.files = files;
        this.download = download;
    }

    @Override
    public Optional<Path> path(String file) {
        fetch(file);
        return files.path(file);
    }

    @Override
    InputStream open(String file) throws IOException {
        fetch(file);
        return files.open(file);
    }

    private void fetch(String file) {
        ModelFile expected = descriptor().file(file);
        download.fetch(file, expected.bytes(), expected.sha256());
    }

    @Override
    String where() {
        return files.where();
    }
}
