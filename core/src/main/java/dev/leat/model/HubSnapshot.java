package dev.leat.model;

import static java.util.Objects.requireNonNull;

import dev.leat.ModelLoadException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model in a repository of a hub, at one revision, fetched when it is needed and kept; immutable.
 *
 * <p>The repository's root is the model's folder: its {@code model.json} names the files, their sizes and digests. A
 * revision is a commit, and {@code model.json} itself is known by its digest, so that what is loaded is what was looked
 * at when this was written down, whoever controls the hub. Files that are there already are never asked for again; a
 * broken download goes on where it stopped. Nothing but the files' names is sent.
 *
 * @param hub where {@code <hub>/<repository>/resolve/<revision>/<file>} answers, such as {@code https://huggingface.co}
 * @param repository such as {@code organisation/name}
 * @param revision the commit, 40 hexadecimal digits
 * @param descriptorSha256 the digest of {@code model.json}, lower-case hexadecimal
 * @param directory where files are kept, below a folder for each repository and revision
 * @param offline true to use what is there and never the network
 */
public record HubSnapshot(
        URI hub, String repository, String revision, String descriptorSha256, Path directory, boolean offline)
        implements ModelSource {

    /** Checks the components. */
    public HubSnapshot {
        String scheme = String.valueOf(hub.getScheme());
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("hub must be an http(s) address, was of scheme " + scheme);
        }
        if (!FileNames.isFile(repository)) {
            throw new IllegalArgumentException("repository must be a name such as organisation/name");
        }
        if (!revision.matches("[0-9a-f]{40}")) {
            throw new IllegalArgumentException(
                    "revision must be a commit of 40 hexadecimal digits: a branch or tag may name other files tomorrow");
        }
        if (!Digests.isSha256(descriptorSha256)) {
            throw new IllegalArgumentException("descriptorSha256 must be 64 lower-case hexadecimal digits");
        }
        directory = requireNonNull(directory, "directory").toAbsolutePath();
    }

    /**
     * Returns this snapshot without the network.
     *
     * @return a copy that fails where a file is not there
     */
    public HubSnapshot asOffline() {
        return new HubSnapshot(hub, repository, revision, descriptorSha256, directory, true);
    }

    /**
     * Returns the model's folder; fetches {@code model.json} if it is not there.
     *
     * @param id the id that {@code model.json} states
     */
    @Override
    public ModelFolder folder(String id) {
        ClassPathSource.requireId(id);
        Path root = directory.resolve(repository.replace("/", "--")).resolve(revision);
        Download download = new Download(id, this, root);
        Path json = download.fetch(ModelDescriptor.FILE, Download.UNKNOWN_BYTES, descriptorSha256);
        try {
            return new HubFolder(
                    ModelDescriptor.parse(id, Files.readAllBytes(json), json.toString()),
                    DirectoryFolder.open(id, root),
                    download);
        } catch (IOException e) {
            throw new ModelLoadException(
                    id, "Model '" + id + "': cannot read " + json + ". Make it readable, or remove it.", e);
        }
    }
}
