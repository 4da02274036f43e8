/**
 * Where models come from and what they say about themselves: sources, folders, {@code model.json}, the cache on disk.
 *
 * <p>A model is a folder with a {@code model.json}. Its files are used from disk, so that the runtime can map them into
 * memory; weights inside jars are unpacked once into a {@link dev.leat.model.ModelCache}.
 */
@NullMarked
package dev.leat.model;

import org.jspecify.annotations.NullMarked;
