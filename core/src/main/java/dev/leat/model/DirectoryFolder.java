package dev.leat.model;

import dev.leat.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A model in a directory of the default file system, used where it lies. */
final class DirectoryFolder extends ModelFolder {

    private final Path root;

    private DirectoryFolder(ModelDescriptor descriptor, Path root) {
        super(descriptor);
        this.root = root;
    }

    /**
     * Opens the folder.
     *
     * @param folder an existing directory with a {@code model.json}
     */
    static DirectoryFolder open(String id, Path folder) {
        Path root;
        byte[] json;
        try {
            root = folder.toRealPath();
            Path file = inside(root, ModelDescriptor.FILE, id);
            try (InputStream in = Files.newInputStream(file)) {
                json = readDescriptor(id, in, file.toString());
            }
        } catch (IOException e) {
            throw new ModelLoadException(
                    id,
                    "Model '" + id + "': cannot read " + folder.resolve(ModelDescriptor.FILE) + " ("
                            + e.getClass().getSimpleName()
                            + "). A model is a folder with a model.json; restore it, or make it readable.",
                    e);
        }
        return new DirectoryFolder(
                ModelDescriptor.parse(
                        id, json, root.resolve(ModelDescriptor.FILE).toString()),
                root);
    }

    @Override
    public Optional<Path> path(String file) {
        ModelFile expected = descriptor().file(file);
        try {
            Path path = inside(root, file, id());
            long bytes = Files.size(path);
            if (bytes != expected.bytes()) {
                throw damaged(file, expected, bytes + " bytes");
            }
            String found = Digests.sha256(path);
            if (!found.equals(expected.sha256())) {
                throw damaged(file, expected, "SHA-256 " + found);
            }
            return Optional.of(path);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    InputStream open(String file) throws IOException {
        return Files.newInputStream(inside(root, file, id()));
    }

    @Override
    String where() {
        return root.toString();
    }

    /** Returns the real path of a file, which after following every link must still be under the root. */
    private static Path inside(Path root, String file, String id) throws IOException {
        Path real = root.resolve(file).toRealPath();
        if (!real.startsWith(root)) {
            throw new ModelLoadException(
                    id,
                    "Model '" + id + "': '" + file + "' in " + root
                            + " is a link that leads out of the folder. Put the file itself there.");
        }
        if (!Files.isRegularFile(real)) {
            throw new ModelLoadException(
                    id, "Model '" + id + "': '" + file + "' in " + root + " is not a file. Put the file there.");
        }
        return real;
    }
}
