package dev.leat.examples.cli;

import dev.leat.InvalidInputException;
import dev.leat.vision.Image;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Finds pictures: files as given, directories with all that look like pictures in them, sorted by name. */
final class Pictures {

    private static final List<String> EXTENSIONS = List.of(".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp");

    private final List<Item<Image>> items = new ArrayList<>();

    private Pictures() {}

    /** Returns an item for each picture; content is read later. A directory that cannot be read is an item that fails. */
    static List<Item<Image>> find(List<Path> paths) {
        Pictures found = new Pictures();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                found.walk(path);
            } else {
                found.add(path);
            }
        }
        return found.items;
    }

    private void walk(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            items.add(new Item<>(directory.toString(), () -> {
                throw new InvalidInputException(
                        "unreadable-directory", "The directory must not or cannot be read by this user", e);
            }));
        }
        Collections.sort(entries);
        for (Path entry : entries) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) { // a link to a parent would never end
                walk(entry);
            } else if (looksLikePicture(entry) && !Files.isDirectory(entry)) {
                add(entry);
            }
        }
    }

    private void add(Path file) {
        items.add(new Item<>(file.toString(), () -> Image.of(file)));
    }

    private static boolean looksLikePicture(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return EXTENSIONS.stream().anyMatch(name::endsWith);
    }
}
